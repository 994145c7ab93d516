-- Layout 3: what the programme of a network built. A record belongs to the programme of a region, or to
-- that of the network itself, whose id is empty. Ids are given for bodies; of the other records they
-- follow from what the record is, so that an import meets it again.

CREATE TABLE programme (
    network_id INTEGER NOT NULL REFERENCES network (id),
    id TEXT NOT NULL,
    region_id TEXT, -- NULL: the network's
    example INTEGER NOT NULL CHECK (example IN (0, 1)),
    from_on TEXT CHECK (from_on GLOB '[12][0-9][0-9][0-9]*'),
    until_on TEXT CHECK (until_on GLOB '[12][0-9][0-9][0-9]*'),
    network_formed_on TEXT CHECK (network_formed_on GLOB '[12][0-9][0-9][0-9]*'),
    network_members INTEGER CHECK (network_members >= 0),
    PRIMARY KEY (network_id, id),
    CHECK (id = coalesce(region_id, '')),
    FOREIGN KEY (network_id, region_id) REFERENCES region (network_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX programme_by_region ON programme (network_id, region_id);

CREATE TABLE programme_actor (
    network_id INTEGER NOT NULL,
    id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    programme_id TEXT NOT NULL,
    name TEXT NOT NULL CHECK (length(name) > 0),
    role TEXT NOT NULL CHECK (role IN ('funder', 'implementer', 'partner', 'supporter')),
    PRIMARY KEY (network_id, id),
    FOREIGN KEY (network_id, programme_id) REFERENCES programme (network_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX programme_actor_by_programme ON programme_actor (network_id, programme_id);

-- ---- Bodies of the network: whom they consist of, and when they met.

CREATE TABLE body (
    network_id INTEGER NOT NULL,
    id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 64 AND id NOT GLOB '*[^a-z0-9-]*'),
    programme_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('working-group', 'survivor-network', 'council')),
    name TEXT NOT NULL CHECK (length(name) > 0),
    area TEXT NOT NULL,
    formed_on TEXT CHECK (formed_on GLOB '[12][0-9][0-9][0-9]*'),
    PRIMARY KEY (network_id, id),
    FOREIGN KEY (network_id, programme_id) REFERENCES programme (network_id, id),
    FOREIGN KEY (network_id, area) REFERENCES area (network_id, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX body_by_programme ON body (network_id, programme_id);
CREATE INDEX body_by_area ON body (network_id, area);

-- A member is an organization or a provider, never a person; an import looks whether it exists.
CREATE TABLE body_member (
    network_id INTEGER NOT NULL,
    body_id TEXT NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 0), -- the order of the file
    member TEXT NOT NULL CHECK (length(member) BETWEEN 1 AND 64
                                AND member NOT GLOB '*[^a-z0-9-]*'),
    PRIMARY KEY (network_id, body_id, position),
    FOREIGN KEY (network_id, body_id) REFERENCES body (network_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE meeting (
    network_id INTEGER NOT NULL,
    id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    body_id TEXT NOT NULL,
    held_on TEXT NOT NULL CHECK (held_on GLOB '[12][0-9][0-9][0-9]*'),
    kind TEXT NOT NULL CHECK (kind IN ('general-assembly', 'regular', 'special')),
    PRIMARY KEY (network_id, id),
    FOREIGN KEY (network_id, body_id) REFERENCES body (network_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX meeting_by_body ON meeting (network_id, body_id);

-- ---- What was planned, decided and taught.

CREATE TABLE strategic_plan (
    network_id INTEGER NOT NULL,
    id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    programme_id TEXT NOT NULL,
    area TEXT NOT NULL,
    conducted_on TEXT NOT NULL CHECK (conducted_on GLOB '[12][0-9][0-9][0-9]*'),
    adopted_on TEXT CHECK (adopted_on GLOB '[12][0-9][0-9][0-9]*'),
    until_on TEXT CHECK (until_on GLOB '[12][0-9][0-9][0-9]*'),
    PRIMARY KEY (network_id, id),
    FOREIGN KEY (network_id, programme_id) REFERENCES programme (network_id, id),
    FOREIGN KEY (network_id, area) REFERENCES area (network_id, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX strategic_plan_by_programme ON strategic_plan (network_id, programme_id);
CREATE INDEX strategic_plan_by_area ON strategic_plan (network_id, area);

CREATE TABLE ordinance (
    network_id INTEGER NOT NULL,
    id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    programme_id TEXT NOT NULL,
    area TEXT NOT NULL,
    title TEXT NOT NULL CHECK (length(title) > 0),
    passed_on TEXT CHECK (passed_on GLOB '[12][0-9][0-9][0-9]*'),
    implemented_on TEXT CHECK (implemented_on GLOB '[12][0-9][0-9][0-9]*'),
    PRIMARY KEY (network_id, id),
    FOREIGN KEY (network_id, programme_id) REFERENCES programme (network_id, id),
    FOREIGN KEY (network_id, area) REFERENCES area (network_id, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX ordinance_by_programme ON ordinance (network_id, programme_id);
CREATE INDEX ordinance_by_area ON ordinance (network_id, area);

CREATE TABLE protocol (
    network_id INTEGER NOT NULL,
    id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    programme_id TEXT NOT NULL,
    title TEXT NOT NULL CHECK (length(title) > 0),
    area TEXT NOT NULL,
    adopted_on TEXT CHECK (adopted_on GLOB '[12][0-9][0-9][0-9]*'),
    policy TEXT CHECK (length(policy) BETWEEN 1 AND 64 AND policy NOT GLOB '*[^a-z0-9-]*'),
    PRIMARY KEY (network_id, id),
    FOREIGN KEY (network_id, programme_id) REFERENCES programme (network_id, id),
    FOREIGN KEY (network_id, area) REFERENCES area (network_id, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX protocol_by_programme ON protocol (network_id, programme_id);
CREATE INDEX protocol_by_area ON protocol (network_id, area);

CREATE TABLE training (
    network_id INTEGER NOT NULL,
    id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    programme_id TEXT NOT NULL,
    course TEXT,
    title TEXT,
    held_on TEXT NOT NULL CHECK (held_on GLOB '[12][0-9][0-9][0-9]*'),
    area TEXT NOT NULL,
    audience TEXT NOT NULL CHECK (audience IN ('social-workers', 'mental-health-providers',
                                               'practitioners', 'individuals', 'caregivers',
                                               'survivors', 'officials')),
    participants INTEGER NOT NULL CHECK (participants >= 0),
    organization TEXT, -- of an organization or a provider; an import looks whether it exists
    PRIMARY KEY (network_id, id),
    CHECK (course IS NOT NULL OR title IS NOT NULL),
    FOREIGN KEY (network_id, programme_id) REFERENCES programme (network_id, id),
    FOREIGN KEY (network_id, area) REFERENCES area (network_id, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX training_by_programme ON training (network_id, programme_id);
CREATE INDEX training_by_area ON training (network_id, area);

CREATE TABLE tally (
    network_id INTEGER NOT NULL,
    id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    programme_id TEXT NOT NULL,
    indicator TEXT NOT NULL CHECK (length(indicator) BETWEEN 1 AND 64),
    area TEXT,
    value INTEGER NOT NULL CHECK (value >= 0),
    reported_on TEXT NOT NULL CHECK (reported_on GLOB '[12][0-9][0-9][0-9]*'),
    source TEXT NOT NULL CHECK (length(source) > 0),
    PRIMARY KEY (network_id, id),
    FOREIGN KEY (network_id, programme_id) REFERENCES programme (network_id, id),
    FOREIGN KEY (network_id, area) REFERENCES area (network_id, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX tally_by_programme ON tally (network_id, programme_id);
CREATE INDEX tally_by_area ON tally (network_id, area);

-- ---- What is known of cases. The reference stands in case_record only, beside that of referrals: when
-- a case is erased there, nothing here tells any more whose it was, and the figures stay.

CREATE TABLE service_start (
    network_id INTEGER NOT NULL,
    id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    programme_id TEXT NOT NULL,
    case_id INTEGER NOT NULL,
    service_id TEXT NOT NULL,
    area TEXT NOT NULL,
    started_on TEXT NOT NULL CHECK (started_on GLOB '[12][0-9][0-9][0-9]*'),
    PRIMARY KEY (network_id, id),
    FOREIGN KEY (network_id, programme_id) REFERENCES programme (network_id, id),
    FOREIGN KEY (network_id, case_id) REFERENCES case_record (network_id, id),
    FOREIGN KEY (network_id, service_id) REFERENCES service (network_id, id)
        DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (network_id, area) REFERENCES area (network_id, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX service_start_by_programme ON service_start (network_id, programme_id);
CREATE INDEX service_start_by_case ON service_start (network_id, case_id);
CREATE INDEX service_start_by_service ON service_start (network_id, service_id);
CREATE INDEX service_start_by_area ON service_start (network_id, area);

CREATE TABLE care_plan (
    network_id INTEGER NOT NULL,
    id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
    programme_id TEXT NOT NULL,
    case_id INTEGER NOT NULL,
    area TEXT NOT NULL,
    made_on TEXT NOT NULL CHECK (made_on GLOB '[12][0-9][0-9][0-9]*'),
    review_on TEXT CHECK (review_on GLOB '[12][0-9][0-9][0-9]*'),
    status TEXT NOT NULL CHECK (status IN ('draft', 'active', 'on-hold', 'completed', 'revoked')),
    PRIMARY KEY (network_id, id),
    FOREIGN KEY (network_id, programme_id) REFERENCES programme (network_id, id),
    FOREIGN KEY (network_id, case_id) REFERENCES case_record (network_id, id),
    FOREIGN KEY (network_id, area) REFERENCES area (network_id, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX care_plan_by_programme ON care_plan (network_id, programme_id);
CREATE INDEX care_plan_by_case ON care_plan (network_id, case_id);
CREATE INDEX care_plan_by_area ON care_plan (network_id, area);

CREATE TABLE care_plan_goal (
    network_id INTEGER NOT NULL,
    care_plan_id TEXT NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 0),
    goal TEXT NOT NULL CHECK (length(goal) > 0),
    PRIMARY KEY (network_id, care_plan_id, position),
    FOREIGN KEY (network_id, care_plan_id) REFERENCES care_plan (network_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE care_plan_need (
    network_id INTEGER NOT NULL,
    care_plan_id TEXT NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 0),
    service_id TEXT NOT NULL,
    PRIMARY KEY (network_id, care_plan_id, position),
    FOREIGN KEY (network_id, care_plan_id) REFERENCES care_plan (network_id, id),
    FOREIGN KEY (network_id, service_id) REFERENCES service (network_id, id)
        DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX care_plan_need_by_service ON care_plan_need (network_id, service_id);
