CREATE EXTENSION IF NOT EXISTS btree_gist;
--;
CREATE TABLE cities (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    slug text NOT NULL UNIQUE,
    name text NOT NULL,
    region text NOT NULL DEFAULT '',
    country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    population integer NOT NULL CHECK (population >= 0),
    time_zone text NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    geonames_id integer NOT NULL UNIQUE,
    joined_on date
);
--;
CREATE INDEX cities_by_name ON cities (name, id);
--;
CREATE INDEX cities_by_region ON cities (country, region, name, id);
--;
CREATE TABLE seats (
    city_id uuid PRIMARY KEY REFERENCES cities,
    title text NOT NULL DEFAULT 'Mayor',
    office_email text,
    office_phone text
);
--;
CREATE TABLE people (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    name text NOT NULL CHECK (name <> ''),
    biography text NOT NULL DEFAULT ''
);
--;
-- One mayor a seat, and one seat a mayor, on any day (PostgreSQL 18, temporal constraints).
-- The second UNIQUE is what delegations refer to: a plain reference to (city, during) would accept a grant
-- that spans two successive mayors.
CREATE TABLE terms (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    city_id uuid NOT NULL REFERENCES seats,
    person_id uuid NOT NULL REFERENCES people,
    during daterange NOT NULL CHECK (lower(during) IS NOT NULL),
    revision integer NOT NULL DEFAULT 1,
    CONSTRAINT one_mayor_per_seat UNIQUE (city_id, during WITHOUT OVERLAPS),
    CONSTRAINT one_seat_per_mayor UNIQUE (person_id, during WITHOUT OVERLAPS),
    CONSTRAINT a_mayors_days UNIQUE (city_id, person_id, during WITHOUT OVERLAPS)
);
--;
CREATE TABLE accounts (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    person_id uuid NOT NULL UNIQUE REFERENCES people,
    email text NOT NULL UNIQUE CHECK (email = lower(email) AND email LIKE '%_@_%'),
    secretariat boolean NOT NULL DEFAULT false
);
--;
CREATE TABLE delegations (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    term_id uuid NOT NULL REFERENCES terms,
    city_id uuid NOT NULL REFERENCES cities,
    person_id uuid NOT NULL REFERENCES people,
    account_id uuid NOT NULL REFERENCES accounts,
    scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
    object_id uuid,
    during daterange NOT NULL CHECK (lower(during) IS NOT NULL),
    status text NOT NULL CHECK (status IN ('invited', 'active', 'expired', 'revoked', 'term_ended', 'left')),
    code_hash bytea UNIQUE,
    invited_at timestamptz NOT NULL DEFAULT now(),
    accepted_at timestamptz,
    ended_at timestamptz,
    revision integer NOT NULL DEFAULT 1,
    CONSTRAINT within_the_term
        FOREIGN KEY (city_id, person_id, PERIOD during) REFERENCES terms (city_id, person_id, PERIOD during)
);
--;
CREATE INDEX delegations_held ON delegations (account_id, id);
--;
CREATE INDEX delegations_given ON delegations (term_id, id);
--;
CREATE TABLE tokens (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    hash bytea NOT NULL UNIQUE,
    account_id uuid NOT NULL REFERENCES accounts,
    kind text NOT NULL CHECK (kind IN ('session', 'api')),
    label text NOT NULL DEFAULT '',
    capacity_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
--;
CREATE INDEX tokens_of_account ON tokens (account_id);
--;
CREATE TABLE sign_ins (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    account_id uuid NOT NULL REFERENCES accounts,
    link_hash bytea NOT NULL UNIQUE,
    code_hash bytea NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
--;
CREATE INDEX sign_ins_of_account ON sign_ins (account_id, created_at);
--;
CREATE TABLE events (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    title text NOT NULL CHECK (title <> ''),
    summary text NOT NULL DEFAULT '',
    kind text NOT NULL,
    audience text NOT NULL CHECK (audience IN ('public', 'members')),
    status text NOT NULL,
    location text NOT NULL DEFAULT '',
    time_zone text NOT NULL,
    starts_wall timestamp,
    ends_wall timestamp,
    starts_at timestamptz GENERATED ALWAYS AS (timezone(time_zone, starts_wall)) STORED,
    ends_at timestamptz GENERATED ALWAYS AS (timezone(time_zone, ends_wall)) STORED,
    host_id uuid REFERENCES accounts,
    reason text,
    version integer NOT NULL DEFAULT 0,
    revision integer NOT NULL DEFAULT 1,
    CHECK (ends_wall IS NULL OR starts_wall IS NOT NULL),
    CHECK (ends_wall > starts_wall),
    CHECK (starts_wall IS NOT NULL OR status IN ('draft', 'postponed', 'cancelled'))
);
--;
-- The calendar's order: by start, and what has no date yet comes last.
CREATE INDEX events_by_start ON events ((coalesce(starts_at, 'infinity'::timestamptz)), id);
--;
CREATE INDEX events_hosted ON events (host_id) WHERE host_id IS NOT NULL;
--;
CREATE TABLE event_transitions (
    leaves text NOT NULL,
    reaches text NOT NULL,
    PRIMARY KEY (leaves, reaches)
);
--;
INSERT INTO event_transitions (leaves, reaches) VALUES
    ('draft', 'save_the_date'), ('draft', 'scheduled'), ('draft', 'cancelled'),
    ('save_the_date', 'scheduled'), ('save_the_date', 'postponed'), ('save_the_date', 'cancelled'),
    ('scheduled', 'postponed'), ('scheduled', 'moved_online'), ('scheduled', 'cancelled'), ('scheduled', 'held'),
    ('moved_online', 'postponed'), ('moved_online', 'cancelled'), ('moved_online', 'held'),
    ('postponed', 'postponed'), ('postponed', 'scheduled'), ('postponed', 'cancelled');
--;
CREATE FUNCTION only_known_event_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM event_transitions WHERE leaves = OLD.status AND reaches = NEW.status) THEN
        RAISE EXCEPTION 'an event cannot go from % to %', OLD.status, NEW.status USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
--;
CREATE TRIGGER known_moves BEFORE UPDATE OF status ON events
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION only_known_event_moves();
--;
CREATE TABLE event_moves (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    event_id uuid NOT NULL REFERENCES events,
    revision integer NOT NULL,
    verb text NOT NULL,
    status text NOT NULL,
    time_zone text NOT NULL,
    starts_wall timestamp,
    ends_wall timestamp,
    starts_at timestamptz GENERATED ALWAYS AS (timezone(time_zone, starts_wall)) STORED,
    ends_at timestamptz GENERATED ALWAYS AS (timezone(time_zone, ends_wall)) STORED,
    location text NOT NULL DEFAULT '',
    reason text,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_id uuid REFERENCES accounts,
    term_id uuid REFERENCES terms,
    UNIQUE (event_id, revision)
);
--;
CREATE TABLE audit (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    act text NOT NULL,
    actor_id uuid NOT NULL REFERENCES accounts,
    term_id uuid REFERENCES terms,
    delegation_id uuid REFERENCES delegations,
    subject uuid,
    detail jsonb NOT NULL DEFAULT '{}'
);
--;
CREATE INDEX audit_of_subject ON audit (subject, at);
--;
CREATE INDEX audit_of_principal ON audit (term_id, at) WHERE term_id IS NOT NULL;
--;
CREATE TABLE used_keys (
    actor_id uuid NOT NULL REFERENCES accounts,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    outcome_id uuid,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (actor_id, key)
);
--;
CREATE INDEX used_keys_by_age ON used_keys (at);
--;
-- The log. A position is given as the last thing a transaction does, under one advisory lock that is held from
-- there to the end of COMMIT, so positions become visible in their own order: a reader never skips one.
CREATE SEQUENCE notice_positions;
--;
CREATE TABLE notices (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    pos bigint UNIQUE,
    kind text NOT NULL,
    subject uuid NOT NULL,
    revision integer NOT NULL,
    topics text[] NOT NULL,
    rights uuid[] NOT NULL DEFAULT '{}',
    payload jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_id uuid REFERENCES accounts,
    term_id uuid REFERENCES terms,
    UNIQUE (subject, revision)
);
--;
CREATE TABLE log_meta (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    pruned_through bigint NOT NULL DEFAULT 0
);
--;
INSERT INTO log_meta DEFAULT VALUES;
--;
-- SECURITY DEFINER: the application's role may insert notices and nothing more.
CREATE FUNCTION seal_notice() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7401);
    UPDATE notices SET pos = nextval('notice_positions') WHERE id = NEW.id;
    PERFORM pg_notify('rotunda_log', '');
    RETURN NULL;
END $$;
--;
CREATE CONSTRAINT TRIGGER seal AFTER INSERT ON notices DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION seal_notice();
--;
CREATE FUNCTION notices_are_frozen() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.pos IS NULL AND NEW.pos IS NOT NULL
       AND to_jsonb(OLD) - 'pos' = to_jsonb(NEW) - 'pos' THEN
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' AND OLD.pos <= (SELECT pruned_through FROM log_meta) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the log is append-only';
END $$;
--;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON notices FOR EACH ROW EXECUTE FUNCTION notices_are_frozen();
--;
CREATE FUNCTION rows_are_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
--;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION rows_are_frozen();
--;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON event_moves FOR EACH ROW EXECUTE FUNCTION rows_are_frozen();
--;
CREATE TRIGGER kept BEFORE TRUNCATE ON notices FOR EACH STATEMENT EXECUTE FUNCTION rows_are_frozen();
--;
CREATE TRIGGER kept BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION rows_are_frozen();
--;
CREATE TRIGGER kept BEFORE TRUNCATE ON event_moves FOR EACH STATEMENT EXECUTE FUNCTION rows_are_frozen();
--;
-- Forgets notices older than `age`, at most `most` at a time; readers behind learn it from `pruned_through`.
-- Advanced first and deleted after, in one transaction: a reader sees both or neither.
CREATE FUNCTION prune_log(age interval, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    through bigint;
    gone integer;
BEGIN
    SELECT max(pos) INTO through FROM (
        SELECT pos FROM notices WHERE at < now() - age AND pos IS NOT NULL ORDER BY pos LIMIT most
    ) AS old;
    IF through IS NULL THEN
        RETURN 0;
    END IF;
    UPDATE log_meta SET pruned_through = greatest(pruned_through, through);
    DELETE FROM notices WHERE pos <= through;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;
--;
-- Every function may be called by everyone unless that is taken back; this one is the worker's, as the owner.
REVOKE EXECUTE ON FUNCTION prune_log FROM PUBLIC;
--;
-- Which log this is: a restored or copied database is another one, and cursors into the first mean nothing here.
-- SECURITY DEFINER, for pg_control_* may be closed to ordinary roles.
CREATE FUNCTION log_epoch() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT substr(md5(concat_ws('.', system_identifier, (SELECT oid FROM pg_database WHERE datname = current_database()),
                                timeline_id)), 1, 12)
    FROM pg_control_system(), pg_control_checkpoint()
$$;
--;
-- A position as clients carry it: opaque, and checked, so that a damaged one is told from a foreign one.
CREATE FUNCTION log_cursor(pos bigint, epoch text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT rtrim(translate(encode(convert_to(
        concat('1:', epoch, ':', pos, ':', substr(md5(concat('rotunda:', epoch, ':', pos)), 1, 6)),
    'UTF8'), 'base64'), '+/', '-_'), '=')
$$;
--;
CREATE FUNCTION log_head() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT max(pos) FROM notices), (SELECT pruned_through FROM log_meta))
$$;
--;
-- Every way an account may act at this moment. A grant counts on the days that its own dates and its term's
-- have in common, each day as it begins and ends where the city is.
CREATE VIEW capacities AS
    SELECT a.id, a.id AS account_id, 'self' AS kind, a.person_id AS principal_id, NULL::uuid AS term_id,
           NULL::uuid AS city_id, NULL::uuid AS delegation_id, NULL::text[] AS scopes, NULL::uuid AS object_id,
           NULL::timestamptz AS until, false AS member
    FROM accounts a
  UNION ALL
    SELECT t.id, a.id, 'term', t.person_id, t.id, t.city_id, NULL, NULL, NULL,
           timezone(c.time_zone, upper(t.during)::timestamp), coalesce(c.joined_on <= current_date, false)
    FROM accounts a
    JOIN terms t ON t.person_id = a.person_id
    JOIN cities c ON c.id = t.city_id
    WHERE t.during @> timezone(c.time_zone, now())::date
  UNION ALL
    SELECT d.id, d.account_id, 'delegation', t.person_id, t.id, t.city_id, d.id, d.scopes, d.object_id,
           timezone(c.time_zone, upper(d.during * t.during)::timestamp), coalesce(c.joined_on <= current_date, false)
    FROM delegations d
    JOIN terms t ON t.id = d.term_id
    JOIN cities c ON c.id = t.city_id
    WHERE d.status = 'active' AND d.during * t.during @> timezone(c.time_zone, now())::date;
--;
-- The application works under a role that cannot rewrite what is meant to last. An operator whose database user
-- may not create roles goes without it; the triggers above still stand, and `doctor` says so.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rotunda_app') THEN
        CREATE ROLE rotunda_app NOLOGIN;
    END IF;
    EXECUTE format('GRANT rotunda_app TO %I', current_user);
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'role rotunda_app was not made: %', SQLERRM;
END $$;
--;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rotunda_app') THEN
        GRANT USAGE ON SCHEMA public TO rotunda_app;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO rotunda_app;
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO rotunda_app;
        REVOKE UPDATE, DELETE, TRUNCATE ON notices, audit, event_moves FROM rotunda_app;
        REVOKE INSERT, UPDATE, DELETE ON log_meta, event_transitions FROM rotunda_app;
    END IF;
END $$;
