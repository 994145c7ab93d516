-- Layout 2: referrals, the ledger of places, sealed fields and the audit chain. Every change of a
-- place or a referral is an appended event that points at its record in the chain, where who, when
-- and why stand once.

-- One row a network: the clock that never goes back, the numbers given out, the end of the chain.
CREATE TABLE journal (
    network_id INTEGER NOT NULL PRIMARY KEY REFERENCES network (id),
    clock_s INTEGER NOT NULL DEFAULT 0,
    -- The time since boot at clock_s, and of which boot: while it lasts, the clock of the wall may
    -- be set back and no hold grows longer.
    boot TEXT,
    boot_s INTEGER CHECK ((boot_s IS NULL) = (boot IS NULL)),
    referrals INTEGER NOT NULL DEFAULT 0 CHECK (referrals >= 0),
    holds INTEGER NOT NULL DEFAULT 0 CHECK (holds >= 0),
    cases INTEGER NOT NULL DEFAULT 0 CHECK (cases >= 0),
    records INTEGER NOT NULL DEFAULT 0 CHECK (records >= 0),
    head BLOB NOT NULL DEFAULT (zeroblob(32)) CHECK (length(head) = 32)
) STRICT;
INSERT INTO journal (network_id) SELECT id FROM network;

-- hash = SHA-256 of the hash before and the other columns, each with its length before it. Nothing
-- of a case stands here: a record cannot be taken out again.
CREATE TABLE audit_record (
    network_id INTEGER NOT NULL REFERENCES network (id),
    number INTEGER NOT NULL CHECK (number > 0),
    at_s INTEGER NOT NULL,
    actor TEXT NOT NULL CHECK (length(actor) BETWEEN 1 AND 64),
    action TEXT NOT NULL CHECK (length(action) BETWEEN 1 AND 64),
    subject TEXT NOT NULL CHECK (length(subject) BETWEEN 1 AND 256),
    detail TEXT NOT NULL CHECK (length(detail) <= 1024),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (network_id, number)
) STRICT, WITHOUT ROWID;

-- ---- Sealed fields. The public key lets anybody seal; the secret one is in nobody's store.

CREATE TABLE seal_key (
    network_id INTEGER NOT NULL PRIMARY KEY REFERENCES network (id),
    public BLOB NOT NULL CHECK (length(public) = 32)
) STRICT;

-- What provider_site does not hold of a provider that is not public. Each box is padded, so that
-- its length tells little, and each field has one, so that its presence tells nothing.
CREATE TABLE provider_seal (
    network_id INTEGER NOT NULL,
    provider_id TEXT NOT NULL,
    field TEXT NOT NULL CHECK (field IN ('name', 'area', 'point', 'address', 'phone', 'email')),
    box BLOB NOT NULL CHECK (length(box) BETWEEN 48 AND 65536),
    PRIMARY KEY (network_id, provider_id, field),
    FOREIGN KEY (network_id, provider_id) REFERENCES provider (network_id, id)
) STRICT, WITHOUT ROWID;

-- ---- Cases that were referred: the opaque reference, consents, and a key of their own. Without the
-- secret of that key what was sealed for the case can never be read again, wherever a copy is.

CREATE TABLE case_record (
    network_id INTEGER NOT NULL REFERENCES network (id),
    id INTEGER NOT NULL CHECK (id > 0),
    ref TEXT CHECK (length(ref) BETWEEN 1 AND 64), -- NULL: erased
    public BLOB CHECK (length(public) = 32),
    secret_box BLOB,
    consent TEXT NOT NULL CHECK (consent IN ('unstated', 'none', 'minimum', 'full')),
    erased_s INTEGER,
    PRIMARY KEY (network_id, id),
    UNIQUE (network_id, ref),
    CHECK ((ref IS NULL) = (erased_s IS NOT NULL)),
    CHECK (erased_s IS NULL OR secret_box IS NULL)
) STRICT, WITHOUT ROWID;

CREATE TABLE consent (
    network_id INTEGER NOT NULL,
    case_id INTEGER NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 0),
    given_by TEXT NOT NULL CHECK (given_by IN ('child-assent', 'non-offending-guardian', 'lswdo',
                                               'adult-self')),
    void INTEGER NOT NULL CHECK (void IN (0, 1)), -- of a guardian who offends
    given_on TEXT CHECK (given_on GLOB '[12][0-9][0-9][0-9]*'),
    expires TEXT CHECK (expires GLOB '[12][0-9][0-9][0-9]*'),
    withdrawn TEXT CHECK (withdrawn GLOB '[12][0-9][0-9][0-9]*'),
    PRIMARY KEY (network_id, case_id, position),
    FOREIGN KEY (network_id, case_id) REFERENCES case_record (network_id, id)
) STRICT, WITHOUT ROWID;

-- To whom; no row: to every provider.
CREATE TABLE consent_to (
    network_id INTEGER NOT NULL,
    case_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    provider_id TEXT NOT NULL,
    PRIMARY KEY (network_id, case_id, position, provider_id),
    FOREIGN KEY (network_id, case_id, position)
        REFERENCES consent (network_id, case_id, position)
) STRICT, WITHOUT ROWID;

-- ---- Referrals.

CREATE TABLE referral (
    network_id INTEGER NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0), -- shown as R-<number>
    case_id INTEGER NOT NULL,
    need TEXT NOT NULL,    -- the service that was asked for
    offering_id TEXT NOT NULL,
    urgency TEXT NOT NULL CHECK (urgency IN ('emergency', 'urgent', 'routine')),
    units INTEGER NOT NULL CHECK (units BETWEEN 1 AND 1000),
    -- Whether its places are counted: not for services that are not.
    counted INTEGER NOT NULL CHECK (counted IN (0, 1)),
    state TEXT NOT NULL CHECK (state IN ('draft', 'sent', 'received', 'accepted', 'started',
                                         'completed', 'not-completed', 'declined', 'redirected',
                                         'waitlisted', 'expired', 'cancelled')),
    hold_until_s INTEGER,  -- until when the provider may answer
    waiting_s INTEGER,     -- since when it waits
    reason TEXT,
    basis TEXT NOT NULL CHECK (basis IN ('none', 'consent', 'not-asked', 'override')),
    basis_reason TEXT,
    from_number INTEGER,   -- the referral that was redirected to this one
    created_s INTEGER NOT NULL,
    changed_s INTEGER NOT NULL,
    facts BLOB,            -- sealed to the key of the case
    PRIMARY KEY (network_id, number),
    CHECK ((state IN ('sent', 'received')) = (hold_until_s IS NOT NULL)),
    CHECK ((state = 'waitlisted') = (waiting_s IS NOT NULL)),
    CHECK ((basis = 'override') = (basis_reason IS NOT NULL)),
    FOREIGN KEY (network_id, case_id) REFERENCES case_record (network_id, id),
    FOREIGN KEY (network_id, need) REFERENCES service (network_id, id)
        DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (network_id, offering_id) REFERENCES offering (network_id, id),
    FOREIGN KEY (network_id, from_number) REFERENCES referral (network_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX referral_by_case ON referral (network_id, case_id);
CREATE INDEX referral_by_offering ON referral (network_id, offering_id, state);
CREATE INDEX referral_by_need ON referral (network_id, need);
CREATE INDEX referral_redirected ON referral (network_id, from_number)
    WHERE from_number IS NOT NULL;

CREATE TABLE referral_event (
    network_id INTEGER NOT NULL,
    referral INTEGER NOT NULL,
    record INTEGER NOT NULL,
    from_state TEXT, -- NULL: it was made
    to_state TEXT NOT NULL,
    reason TEXT,
    hold_until_s INTEGER,
    by_phone INTEGER NOT NULL CHECK (by_phone IN (0, 1)),
    PRIMARY KEY (network_id, referral, record),
    FOREIGN KEY (network_id, referral) REFERENCES referral (network_id, number),
    FOREIGN KEY (network_id, record) REFERENCES audit_record (network_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX referral_event_by_record ON referral_event (network_id, record);

-- ---- The ledger. capacity.held is the sum of the holds below, expired ones included until the next
-- writer sweeps them; readers leave those out.

CREATE TABLE hold (
    network_id INTEGER NOT NULL,
    offering_id TEXT NOT NULL,
    id TEXT NOT NULL, -- that of its referral, or H-<number>
    units INTEGER NOT NULL CHECK (units > 0),
    until_s INTEGER NOT NULL,
    referral INTEGER,
    PRIMARY KEY (network_id, offering_id, id),
    FOREIGN KEY (network_id, offering_id) REFERENCES capacity (network_id, offering_id),
    FOREIGN KEY (network_id, referral) REFERENCES referral (network_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX hold_by_id ON hold (network_id, id);
CREATE INDEX hold_by_end ON hold (network_id, until_s);
CREATE INDEX hold_by_referral ON hold (network_id, referral) WHERE referral IS NOT NULL;

-- The differences, and what they led to. A take that leads to more than there are places is not
-- storable; a report of fewer places than are taken is.
CREATE TABLE capacity_event (
    network_id INTEGER NOT NULL,
    offering_id TEXT NOT NULL,
    record INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('report', 'hold', 'release', 'expire', 'occupy', 'free')),
    total_by INTEGER NOT NULL,
    occupied_by INTEGER NOT NULL,
    held_by INTEGER NOT NULL,
    total INTEGER NOT NULL CHECK (total >= 0),
    occupied INTEGER NOT NULL CHECK (occupied >= 0),
    held INTEGER NOT NULL CHECK (held >= 0),
    PRIMARY KEY (network_id, offering_id, record),
    CHECK (kind <> 'hold' OR occupied + held <= total),
    CHECK (kind = 'report' OR total_by = 0),
    FOREIGN KEY (network_id, offering_id) REFERENCES capacity (network_id, offering_id),
    -- An import knows only at its end what its record says.
    FOREIGN KEY (network_id, record) REFERENCES audit_record (network_id, number)
        DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX capacity_event_by_record ON capacity_event (network_id, record);

-- What stood in a store of layout 1 before anybody wrote down changes.
CREATE TABLE capacity_opening (
    network_id INTEGER NOT NULL,
    offering_id TEXT NOT NULL,
    total INTEGER NOT NULL CHECK (total >= 0),
    occupied INTEGER NOT NULL CHECK (occupied >= 0),
    held INTEGER NOT NULL CHECK (held >= 0),
    PRIMARY KEY (network_id, offering_id),
    FOREIGN KEY (network_id, offering_id) REFERENCES capacity (network_id, offering_id)
) STRICT, WITHOUT ROWID;
INSERT INTO capacity_opening (network_id, offering_id, total, occupied, held)
    SELECT network_id, offering_id, total, occupied, held FROM capacity;

-- ---- Requests that name a key: the same request again gives the answer that it gave.

CREATE TABLE request (
    network_id INTEGER NOT NULL REFERENCES network (id),
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 128),
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    subject TEXT NOT NULL,
    record INTEGER NOT NULL,
    PRIMARY KEY (network_id, key),
    FOREIGN KEY (network_id, record) REFERENCES audit_record (network_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_by_record ON request (network_id, record);
