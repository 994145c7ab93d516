-- When a referral last took or freed a place. A report of before does not know of it, so it is not taken over; but as_of
-- stays that of the report, since nobody was asked. NULL: none did, or before this layout, which moved as_of.
ALTER TABLE capacity ADD COLUMN moved_s INTEGER;
