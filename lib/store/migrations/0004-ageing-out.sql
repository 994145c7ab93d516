-- From when on the survivor of an open referral may be older than the offering takes. A month, since a
-- birth date is never known here: the earliest in which the age of then can have passed the limit.
-- NULL: no limit, an unknown age, or the referral has ended.
ALTER TABLE referral ADD COLUMN ages_out TEXT
    CHECK (ages_out GLOB '[12][0-9][0-9][0-9]-[01][0-9]');
CREATE INDEX referral_ages_out ON referral (network_id, ages_out) WHERE ages_out IS NOT NULL;
