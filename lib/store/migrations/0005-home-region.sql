-- The region in which the survivor of a referral is at home, so that the flow between regions can be
-- counted; never anything finer, which goes sealed or not at all. No reference to area: it is a fact of
-- the day of the referral. NULL: not known, erased, or made before this layout.
ALTER TABLE referral ADD COLUMN home TEXT CHECK (length(home) BETWEEN 1 AND 16);
