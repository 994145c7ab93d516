-- Layout 1: one network of care. network_id stands first in every key, so that the layout can be
-- split by network. Words, terms and services are kept by id. A day may be partial: 2023, 2023-03.

CREATE TABLE network (
    id INTEGER NOT NULL PRIMARY KEY,
    slug TEXT CHECK (length(slug) BETWEEN 1 AND 64 AND slug NOT GLOB '*[^a-z0-9-]*'),
    name TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('live', 'demonstration')),
    -- The instant at which a demonstration is looked at; a live network has a real clock.
    demonstration_now_s INTEGER CHECK (demonstration_now_s IS NULL OR kind = 'demonstration'),
    demonstration_now_day_only INTEGER NOT NULL DEFAULT 0
        CHECK (demonstration_now_day_only IN (0, 1)),
    -- Moves with the directory; capacity has its own, so that an image of the directory stays valid.
    revision INTEGER NOT NULL DEFAULT 0 CHECK (revision >= 0),
    capacity_revision INTEGER NOT NULL DEFAULT 0 CHECK (capacity_revision >= 0),
    -- Which reference data the tables area and service were filled from.
    reference_digest TEXT NOT NULL
) STRICT;

-- ---- Places and services, copied from the reference data.

CREATE TABLE area (
    network_id INTEGER NOT NULL REFERENCES network (id),
    code TEXT NOT NULL CHECK (length(code) BETWEEN 1 AND 16),
    name TEXT NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('country', 'island-group', 'region', 'province', 'city',
                                         'municipality')),
    parent TEXT,
    geographic_province TEXT,
    island TEXT,
    lat_deg REAL NOT NULL CHECK (lat_deg BETWEEN -90 AND 90),
    lon_deg REAL NOT NULL CHECK (lon_deg BETWEEN -180 AND 180),
    population INTEGER NOT NULL,
    -- Pre-order: the areas at or below this one have position >= first_below AND < end_below.
    first_below INTEGER NOT NULL CHECK (first_below >= 0),
    end_below INTEGER NOT NULL CHECK (end_below > first_below),
    PRIMARY KEY (network_id, code),
    UNIQUE (network_id, first_below),
    FOREIGN KEY (network_id, parent) REFERENCES area (network_id, code)
        DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (network_id, geographic_province) REFERENCES area (network_id, code)
        DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX area_by_parent ON area (network_id, parent);
CREATE INDEX area_by_geographic_province ON area (network_id, geographic_province);

CREATE TABLE service (
    network_id INTEGER NOT NULL REFERENCES network (id),
    id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 64 AND id NOT GLOB '*[^a-z0-9-]*'),
    name TEXT NOT NULL,
    parent TEXT,
    unit TEXT NOT NULL CHECK (unit IN ('bed', 'place', 'caseload', 'slot', 'kit', 'grant', 'team',
                                       'none')),
    sensitive INTEGER NOT NULL CHECK (sensitive IN (0, 1)),
    routable INTEGER NOT NULL CHECK (routable IN (0, 1)),
    first_below INTEGER NOT NULL CHECK (first_below >= 0),
    end_below INTEGER NOT NULL CHECK (end_below > first_below),
    PRIMARY KEY (network_id, id),
    UNIQUE (network_id, first_below),
    FOREIGN KEY (network_id, parent) REFERENCES service (network_id, id)
        DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX service_by_parent ON service (network_id, parent);

-- ---- The network: regions, organizations, providers, offerings.

CREATE TABLE region (
    network_id INTEGER NOT NULL REFERENCES network (id),
    id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 64 AND id NOT GLOB '*[^a-z0-9-]*'),
    name TEXT,
    area TEXT NOT NULL,
    PRIMARY KEY (network_id, id),
    FOREIGN KEY (network_id, area) REFERENCES area (network_id, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX region_by_area ON region (network_id, area);

CREATE TABLE region_language (
    network_id INTEGER NOT NULL,
    region_id TEXT NOT NULL,
    term TEXT NOT NULL,
    PRIMARY KEY (network_id, region_id, term),
    FOREIGN KEY (network_id, region_id) REFERENCES region (network_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE organization (
    network_id INTEGER NOT NULL REFERENCES network (id),
    id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 64 AND id NOT GLOB '*[^a-z0-9-]*'),
    region_id TEXT, -- the region file that it stands in; NULL: the network's
    name TEXT,
    website TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('government', 'ngo', 'hospital', 'community')),
    data_sharing_agreement TEXT CHECK (data_sharing_agreement GLOB '[12][0-9][0-9][0-9]*'),
    example INTEGER NOT NULL CHECK (example IN (0, 1)),
    PRIMARY KEY (network_id, id),
    FOREIGN KEY (network_id, region_id) REFERENCES region (network_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX organization_by_region ON organization (network_id, region_id);

-- What may be listed of a provider. Where it is and what it is really called stands in
-- provider_site only.
CREATE TABLE provider (
    network_id INTEGER NOT NULL REFERENCES network (id),
    id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 64 AND id NOT GLOB '*[^a-z0-9-]*'),
    region_id TEXT,
    organization_id TEXT,
    display_name TEXT,
    example INTEGER NOT NULL CHECK (example IN (0, 1)),
    disclosure TEXT NOT NULL CHECK (disclosure IN ('public', 'network', 'restricted')),
    show_area TEXT,
    remote INTEGER NOT NULL CHECK (remote IN (0, 1)),
    contact_role TEXT,
    contact_gateway TEXT,
    status TEXT NOT NULL CHECK (status IN ('active', 'paused', 'closed', 'suspended')),
    listing_consent TEXT CHECK (listing_consent GLOB '[12][0-9][0-9][0-9]*'),
    verified_on TEXT CHECK (verified_on GLOB '[12][0-9][0-9][0-9]*'),
    verified_by TEXT CHECK (verified_by IN ('phone', 'visit', 'email', 'document')),
    source_url TEXT,
    source_title TEXT,
    source_on TEXT CHECK (source_on GLOB '[12][0-9][0-9][0-9]*'),
    accreditation_body TEXT,
    accreditation_level INTEGER CHECK (accreditation_level > 0),
    accreditation_expires TEXT CHECK (accreditation_expires GLOB '[12][0-9][0-9][0-9]*'),
    PRIMARY KEY (network_id, id),
    CHECK (disclosure = 'public' OR show_area IS NOT NULL),
    FOREIGN KEY (network_id, region_id) REFERENCES region (network_id, id),
    FOREIGN KEY (network_id, organization_id) REFERENCES organization (network_id, id),
    FOREIGN KEY (network_id, show_area) REFERENCES area (network_id, code),
    FOREIGN KEY (network_id, contact_gateway) REFERENCES provider (network_id, id)
        DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX provider_by_region ON provider (network_id, region_id);
CREATE INDEX provider_by_organization ON provider (network_id, organization_id);
CREATE INDEX provider_by_show_area ON provider (network_id, show_area);
CREATE INDEX provider_by_gateway ON provider (network_id, contact_gateway);

-- The part that disclosure guards, in a table of its own so that sealing touches one place.
CREATE TABLE provider_site (
    network_id INTEGER NOT NULL,
    provider_id TEXT NOT NULL,
    name TEXT,
    area TEXT,
    lat_deg REAL CHECK (lat_deg BETWEEN -90 AND 90),
    lon_deg REAL CHECK (lon_deg BETWEEN -180 AND 180),
    address TEXT,
    phone TEXT,
    email TEXT,
    PRIMARY KEY (network_id, provider_id),
    CHECK ((lat_deg IS NULL) = (lon_deg IS NULL)),
    FOREIGN KEY (network_id, provider_id) REFERENCES provider (network_id, id),
    FOREIGN KEY (network_id, area) REFERENCES area (network_id, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX provider_site_by_area ON provider_site (network_id, area);

CREATE TABLE provider_serves (
    network_id INTEGER NOT NULL,
    provider_id TEXT NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 0), -- the order of the file
    area TEXT NOT NULL,
    PRIMARY KEY (network_id, provider_id, position),
    FOREIGN KEY (network_id, provider_id) REFERENCES provider (network_id, id),
    FOREIGN KEY (network_id, area) REFERENCES area (network_id, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX provider_serves_by_area ON provider_serves (network_id, area, provider_id);

CREATE TABLE provider_term (
    network_id INTEGER NOT NULL,
    provider_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('language', 'access')),
    term TEXT NOT NULL,
    PRIMARY KEY (network_id, provider_id, kind, term),
    FOREIGN KEY (network_id, provider_id) REFERENCES provider (network_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE capability (
    network_id INTEGER NOT NULL,
    provider_id TEXT NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 0),
    course TEXT NOT NULL,
    staff INTEGER CHECK (staff >= 0),
    since TEXT CHECK (since GLOB '[12][0-9][0-9][0-9]*'),
    expires TEXT CHECK (expires GLOB '[12][0-9][0-9][0-9]*'),
    PRIMARY KEY (network_id, provider_id, position),
    FOREIGN KEY (network_id, provider_id) REFERENCES provider (network_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE offering (
    network_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    service_id TEXT NOT NULL,
    variant TEXT CHECK (length(variant) BETWEEN 1 AND 64 AND variant NOT GLOB '*[^a-z0-9-]*'),
    all_below INTEGER NOT NULL CHECK (all_below IN (0, 1)),
    age_min INTEGER CHECK (age_min BETWEEN 0 AND 150),
    age_max INTEGER CHECK (age_max BETWEEN 0 AND 150),
    sex TEXT NOT NULL CHECK (sex IN ('unstated', 'female', 'male')),
    siblings_up_to INTEGER CHECK (siblings_up_to >= 0),
    hours TEXT,
    intake_hours TEXT,
    intake_on_call INTEGER NOT NULL CHECK (intake_on_call IN (0, 1)),
    -- No file names it any more. Kept, since referrals will point at it.
    closed INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1)),
    PRIMARY KEY (network_id, id),
    CHECK (id = provider_id || '/' || service_id || coalesce('/' || variant, '')),
    CHECK (age_min IS NULL OR age_max IS NULL OR age_min <= age_max),
    FOREIGN KEY (network_id, provider_id) REFERENCES provider (network_id, id),
    FOREIGN KEY (network_id, service_id) REFERENCES service (network_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX offering_by_service ON offering (network_id, service_id, provider_id);
CREATE INDEX offering_by_provider ON offering (network_id, provider_id);

CREATE TABLE offering_term (
    network_id INTEGER NOT NULL,
    offering_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('group', 'not-for', 'document')),
    term TEXT NOT NULL,
    PRIMARY KEY (network_id, offering_id, kind, term),
    FOREIGN KEY (network_id, offering_id) REFERENCES offering (network_id, id)
) STRICT, WITHOUT ROWID;

-- The latest report of an offering, and the places held for referrals on their way. A report may
-- state more occupied than total (beds lost); nothing is free then. No row: nobody ever reported.
CREATE TABLE capacity (
    network_id INTEGER NOT NULL,
    offering_id TEXT NOT NULL,
    total INTEGER NOT NULL CHECK (total >= 0),
    occupied INTEGER NOT NULL CHECK (occupied >= 0),
    held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),
    as_of_s INTEGER,
    as_of_day_only INTEGER NOT NULL DEFAULT 0 CHECK (as_of_day_only IN (0, 1)),
    source TEXT,
    wait_days INTEGER CHECK (wait_days >= 0),
    PRIMARY KEY (network_id, offering_id),
    FOREIGN KEY (network_id, offering_id) REFERENCES offering (network_id, id)
) STRICT, WITHOUT ROWID;

-- ---- Policies: the rules and weights of routing, as the text of a policy file.

CREATE TABLE policy (
    network_id INTEGER NOT NULL REFERENCES network (id),
    id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 64 AND id NOT GLOB '*[^a-z0-9-]*'),
    is_default INTEGER NOT NULL CHECK (is_default IN (0, 1)),
    text TEXT NOT NULL,
    PRIMARY KEY (network_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX policy_default ON policy (network_id) WHERE is_default = 1;
