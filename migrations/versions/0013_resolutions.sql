-- Calls for resolutions: until when, by the wall of a zone, and how many sponsors a resolution needs, the lead included.
CREATE TABLE resolution_calls (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    name text NOT NULL CHECK (name <> ''),
    time_zone text NOT NULL,
    due_wall timestamp NOT NULL,
    due_at timestamptz NOT NULL GENERATED ALWAYS AS (timezone(time_zone, due_wall)) STORED,
    sponsors_needed integer NOT NULL CHECK (sponsors_needed BETWEEN 1 AND 100),
    called_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    revision integer NOT NULL DEFAULT 1
);
--;
-- Resolutions. `opened_at` says whether anybody but the lead's office ever knew of it: one that was withdrawn as a draft
-- stays the office's own. `recency` orders lists, the newest first; it says nothing of what lies between.
CREATE TABLE resolutions (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    call_id uuid NOT NULL REFERENCES resolution_calls,
    term_id uuid NOT NULL REFERENCES terms,
    author_id uuid NOT NULL REFERENCES accounts,
    number integer CHECK (number > 0),
    title text NOT NULL CHECK (title <> ''),
    words text NOT NULL,
    status text NOT NULL CHECK (status IN ('draft', 'gathering', 'submitted', 'withdrawn')),
    version integer NOT NULL DEFAULT 1 CHECK (version > 0),
    opened_version integer CHECK (opened_version <= version),
    sponsor_count integer NOT NULL DEFAULT 0 CHECK (sponsor_count >= 0),
    drafted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    opened_at timestamptz,
    submitted_at timestamptz,
    withdrawn_at timestamptz,
    withdrawn_because text,
    recency bigint NOT NULL GENERATED ALWAYS AS
        ((extract(epoch FROM timezone('UTC', coalesce(opened_at, drafted_at))) * 1000000)::bigint) STORED,
    revision integer NOT NULL DEFAULT 1,
    UNIQUE (call_id, number),
    CHECK ((opened_at IS NULL) = (opened_version IS NULL)),
    CHECK (status <> 'draft' OR opened_at IS NULL),
    CHECK (status NOT IN ('gathering', 'submitted') OR opened_at IS NOT NULL),
    CHECK (status <> 'submitted' OR (number IS NOT NULL AND submitted_at IS NOT NULL)),
    CHECK ((status = 'withdrawn') = (withdrawn_at IS NOT NULL))
);
--;
-- What all members read, state by state, newest first; the same of one call; and what one office leads, drafts with it.
CREATE INDEX resolutions_opened ON resolutions (status, (-recency), id) WHERE opened_at IS NOT NULL;
--;
CREATE INDEX resolutions_of_call ON resolutions (call_id, status, (-recency), id) WHERE opened_at IS NOT NULL;
--;
CREATE INDEX resolutions_led ON resolutions (term_id, (-recency), id);
--;
CREATE TABLE resolution_transitions (
    leaves text NOT NULL,
    reaches text NOT NULL,
    PRIMARY KEY (leaves, reaches)
);
--;
INSERT INTO resolution_transitions (leaves, reaches) VALUES
    ('draft', 'gathering'), ('gathering', 'submitted'), ('submitted', 'gathering'),
    ('draft', 'withdrawn'), ('gathering', 'withdrawn'), ('submitted', 'withdrawn');
--;
CREATE FUNCTION only_known_resolution_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM resolution_transitions WHERE leaves = OLD.status AND reaches = NEW.status) THEN
        RAISE EXCEPTION 'a resolution cannot go from % to %', OLD.status, NEW.status USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
--;
CREATE TRIGGER known_moves BEFORE UPDATE OF status ON resolutions
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION only_known_resolution_moves();
--;
-- A number was printed and quoted, and an opening was seen by many: neither is taken back.
CREATE FUNCTION what_was_said_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a resolution keeps its number, and stays opened' USING ERRCODE = '23514';
END $$;
--;
CREATE TRIGGER kept BEFORE UPDATE ON resolutions
    FOR EACH ROW WHEN ((OLD.number IS NOT NULL AND OLD.number IS DISTINCT FROM NEW.number)
        OR (OLD.opened_at IS NOT NULL AND OLD.opened_at IS DISTINCT FROM NEW.opened_at))
    EXECUTE FUNCTION what_was_said_stays();
--;
CREATE TABLE resolution_versions (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    resolution_id uuid NOT NULL REFERENCES resolutions,
    version integer NOT NULL,
    title text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (resolution_id, version)
);
--;
-- Every version whole. `clause_id` lasts from version to version: what is said of a clause finds it however it moved.
CREATE TABLE clauses (
    resolution_id uuid NOT NULL,
    version integer NOT NULL,
    position integer NOT NULL CHECK (position > 0),
    clause_id uuid NOT NULL DEFAULT uuidv7(),
    kind text NOT NULL CHECK (kind IN ('whereas', 'resolved')),
    text text NOT NULL CHECK (text <> ''),
    PRIMARY KEY (resolution_id, version, position),
    UNIQUE (resolution_id, version, clause_id),
    FOREIGN KEY (resolution_id, version) REFERENCES resolution_versions (resolution_id, version)
);
--;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON resolution_versions FOR EACH ROW EXECUTE FUNCTION rows_are_frozen();
--;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON clauses FOR EACH ROW EXECUTE FUNCTION rows_are_frozen();
--;
-- A mayor's name under one version of a text: noted as withdrawn, never taken away.
CREATE TABLE sponsorships (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    resolution_id uuid NOT NULL REFERENCES resolutions,
    term_id uuid NOT NULL REFERENCES terms,
    lead boolean NOT NULL DEFAULT false,
    version integer NOT NULL CHECK (version > 0),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    withdrawn_at timestamptz,
    UNIQUE (resolution_id, term_id),
    CHECK (NOT lead OR withdrawn_at IS NULL)
);
--;
CREATE UNIQUE INDEX one_lead ON sponsorships (resolution_id) WHERE lead;
--;
CREATE INDEX sponsorships_in_order ON sponsorships (resolution_id, (NOT lead), at, id);
--;
-- They are found as events are: by title and words, among what all members read, or among what one office drafts.
ALTER TABLE findings DROP CONSTRAINT findings_kind_check,
    ADD CHECK (kind IN ('City', 'Mayor', 'Group', 'Event', 'Thread', 'Post', 'Resolution')),
    ADD COLUMN term_id uuid;
--;
ALTER TABLE findings
    ALTER COLUMN named SET EXPRESSION AS
        (CASE WHEN kind NOT IN ('Thread', 'Post', 'Resolution') THEN plain_name(title) END),
    ALTER COLUMN document SET EXPRESSION AS (
        setweight(to_tsvector('public.rotunda', title), 'A') || setweight(to_tsvector('public.rotunda', words), 'B')
        || array_to_tsvector(CASE
            WHEN kind = 'Resolution' AND audience = 'members' THEN ARRAY['in resolutions']
            WHEN kind = 'Resolution' THEN ARRAY['in office of ' || term_id::text]
            WHEN kind NOT IN ('Thread', 'Post') THEN ARRAY['in all']
            ELSE array_remove(ARRAY['in ' || group_id::text, CASE WHEN audience IN ('open', 'members')
                THEN 'in ' || audience || CASE WHEN mayors_only THEN ' of mayors' ELSE '' END END], NULL) END));
--;
CREATE FUNCTION find_resolution() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO findings (subject, kind, title, words, term_id, audience, recency)
        VALUES (NEW.id, 'Resolution', NEW.title, concat_ws(' ', 'Resolution ' || NEW.number, NEW.words), NEW.term_id,
                CASE WHEN NEW.opened_at IS NULL THEN 'office' ELSE 'members' END, NEW.recency / 1000000)
        ON CONFLICT (subject) DO UPDATE SET title = excluded.title, words = excluded.words, term_id = excluded.term_id,
            audience = excluded.audience, recency = excluded.recency;
    RETURN NULL;
END $$;
--;
CREATE TRIGGER found AFTER INSERT OR UPDATE OF title, words, number, opened_at, term_id ON resolutions
    FOR EACH ROW EXECUTE FUNCTION find_resolution();
--;
-- What an office does with a draft nobody else knows of is in that office's history, and in no other.
ALTER TABLE audit ADD COLUMN in_office boolean NOT NULL DEFAULT false;
--;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rotunda_app') THEN
        GRANT SELECT, INSERT, UPDATE ON resolution_calls, resolutions, sponsorships TO rotunda_app;
        GRANT SELECT, INSERT ON resolution_versions, clauses TO rotunda_app;
        GRANT SELECT ON resolution_transitions TO rotunda_app;
    END IF;
END $$;
