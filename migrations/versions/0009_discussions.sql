-- Groups. Whom a group is for and how confidential it is never change: what was said in confidence stays in it.
CREATE TABLE groups (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    name text NOT NULL CHECK (name <> ''),
    purpose text NOT NULL DEFAULT '',
    audience text NOT NULL CHECK (audience IN ('open', 'members', 'invited', 'hidden')),
    confidentiality text NOT NULL
        CHECK (confidentiality IN ('ordinary', 'mayors_only', 'chatham_house', 'mayors_only_chatham_house')),
    mayors_only boolean NOT NULL GENERATED ALWAYS AS (confidentiality LIKE 'mayors_only%') STORED,
    chatham_house boolean NOT NULL GENERATED ALWAYS AS (confidentiality LIKE '%chatham_house') STORED,
    offices_post boolean NOT NULL DEFAULT false,
    founder_id uuid NOT NULL REFERENCES accounts,
    founded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    thread_count integer NOT NULL DEFAULT 0 CHECK (thread_count >= 0),
    post_count integer NOT NULL DEFAULT 0 CHECK (post_count >= 0),
    last_place bigint NOT NULL DEFAULT 0,
    last_post_at timestamptz,
    revision integer NOT NULL DEFAULT 1,
    UNIQUE (id, audience, mayors_only, chatham_house),
    -- Who may not read under confidence, or could not say who speaks, does not speak for an office there.
    CHECK (NOT offices_post OR confidentiality = 'ordinary')
);
--;
CREATE INDEX groups_by_name ON groups (plain_name(name), id);
--;
CREATE FUNCTION confidence_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a group keeps its audience and its confidentiality' USING ERRCODE = '23514';
END $$;
--;
CREATE TRIGGER kept BEFORE UPDATE OF audience, confidentiality ON groups
    FOR EACH ROW WHEN (OLD.audience <> NEW.audience OR OLD.confidentiality <> NEW.confidentiality)
    EXECUTE FUNCTION confidence_is_kept();
--;
-- Who was let in: a mayor in a term, which it ends with, or a person as themselves (`term_id` null).
CREATE TABLE memberships (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    group_id uuid NOT NULL REFERENCES groups,
    person_id uuid NOT NULL REFERENCES people,
    term_id uuid REFERENCES terms,
    status text NOT NULL CHECK (status IN ('invited', 'joined', 'left', 'removed')),
    keeper boolean NOT NULL DEFAULT false,
    accepted_rule_at timestamptz,
    joined_at timestamptz,
    revision integer NOT NULL DEFAULT 1,
    CONSTRAINT one_membership UNIQUE NULLS NOT DISTINCT (group_id, person_id, term_id),
    CHECK (status <> 'joined' OR joined_at IS NOT NULL),
    CHECK (NOT keeper OR status = 'joined')
);
--;
CREATE INDEX memberships_of_person ON memberships (person_id, status);
--;
-- Threads and posts carry their group's audience and confidentiality, held equal by the reference: who may read a
-- row is said of the row itself, with no second look. `bump` is the place of the latest post.
CREATE SEQUENCE post_places;
--;
CREATE TABLE threads (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    group_id uuid NOT NULL,
    audience text NOT NULL,
    mayors_only boolean NOT NULL,
    chatham_house boolean NOT NULL,
    title text NOT NULL CHECK (title <> ''),
    author_id uuid NOT NULL REFERENCES accounts,
    term_id uuid REFERENCES terms,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    post_count integer NOT NULL DEFAULT 0 CHECK (post_count >= 0),
    last_number integer NOT NULL DEFAULT 0,
    last_post_id uuid,
    bump bigint NOT NULL DEFAULT 0,
    pinned boolean NOT NULL DEFAULT false,
    -- Pinned ones first, then by their latest post, the newest first.
    place bigint NOT NULL GENERATED ALWAYS AS (CASE WHEN pinned THEN -4611686018427387904 ELSE 0 END - bump) STORED,
    locked_at timestamptz,
    resolved_at timestamptz,
    revision integer NOT NULL DEFAULT 1,
    UNIQUE (id, group_id),
    FOREIGN KEY (group_id, audience, mayors_only, chatham_house)
        REFERENCES groups (id, audience, mayors_only, chatham_house)
);
--;
CREATE INDEX threads_of_group ON threads (group_id, place, id);
--;
CREATE TABLE posts (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    thread_id uuid NOT NULL,
    group_id uuid NOT NULL,
    audience text NOT NULL,
    mayors_only boolean NOT NULL,
    chatham_house boolean NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    place bigint NOT NULL,
    body text NOT NULL,
    body_html text NOT NULL,
    words text NOT NULL,
    excerpt text NOT NULL GENERATED ALWAYS AS (CASE WHEN length(words) <= 240 THEN words
        ELSE regexp_replace(left(words, 240), '\s+\S*$', '') || ' …' END) STORED,
    author_id uuid NOT NULL REFERENCES accounts,
    term_id uuid REFERENCES terms,
    for_office boolean NOT NULL DEFAULT false,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    edited_at timestamptz,
    deleted_at timestamptz,
    hidden_at timestamptz,
    hidden_because text,
    -- Whether it still stands: what is neither deleted nor hidden counts, shows its text, and is found.
    stands boolean NOT NULL GENERATED ALWAYS AS (deleted_at IS NULL AND hidden_at IS NULL) STORED,
    revision integer NOT NULL DEFAULT 1,
    UNIQUE (thread_id, number),
    FOREIGN KEY (thread_id, group_id) REFERENCES threads (id, group_id),
    FOREIGN KEY (group_id, audience, mayors_only, chatham_house)
        REFERENCES groups (id, audience, mayors_only, chatham_house)
);
--;
-- Whether somebody takes part in a thread, however long it is.
CREATE INDEX posts_of_author ON posts (author_id, thread_id);
--;
ALTER TABLE threads ADD FOREIGN KEY (last_post_id) REFERENCES posts;
--;
-- How a post read before each edit. Shown to whoever reads the post, while it stands.
CREATE TABLE post_versions (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    post_id uuid NOT NULL REFERENCES posts,
    revision integer NOT NULL,
    body text NOT NULL,
    body_html text NOT NULL,
    at timestamptz NOT NULL,
    UNIQUE (post_id, revision)
);
--;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON post_versions FOR EACH ROW EXECUTE FUNCTION rows_are_frozen();
--;
-- One of each mark from each principal: a mayor and the mayor's office speak with one voice.
CREATE TABLE reactions (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    post_id uuid NOT NULL REFERENCES posts,
    person_id uuid NOT NULL REFERENCES people,
    mark text NOT NULL CHECK (mark IN ('agree', 'thanks', 'insight', 'question', 'celebrate')),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (post_id, mark, person_id)
);
--;
CREATE VIEW reaction_tallies AS
    SELECT post_id, mark, count(*)::int AS count FROM reactions GROUP BY post_id, mark;
--;
-- Mayors named in a post who could read it when it was written; whoever could not was not told, and is not here.
CREATE TABLE mentions (
    post_id uuid NOT NULL REFERENCES posts,
    term_id uuid NOT NULL REFERENCES terms,
    PRIMARY KEY (post_id, term_id)
);
--;
CREATE INDEX mentions_of_mayor ON mentions (term_id, post_id);
--;
CREATE TABLE reports (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    post_id uuid NOT NULL REFERENCES posts,
    group_id uuid NOT NULL,
    mayors_only boolean NOT NULL,
    reporter_id uuid NOT NULL REFERENCES accounts,
    reason text NOT NULL CHECK (reason <> ''),
    words text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'hidden', 'dismissed')),
    settled_at timestamptz,
    revision integer NOT NULL DEFAULT 1,
    UNIQUE (post_id, reporter_id)
);
--;
CREATE INDEX reports_open ON reports (group_id, at) WHERE status = 'open';
--;
-- What somebody has read, apart for each capacity: the numbers of the posts, as ranges. The high-water mark is the end of
-- the first range; a gap is a post kept unread. `read_count` counts those of them that still stand.
CREATE TABLE readings (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    account_id uuid NOT NULL REFERENCES accounts,
    capacity_id uuid NOT NULL,
    thread_id uuid NOT NULL,
    group_id uuid NOT NULL,
    read int4multirange NOT NULL DEFAULT '{}',
    read_count integer NOT NULL DEFAULT 0 CHECK (read_count >= 0),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    revision integer NOT NULL DEFAULT 1,
    -- The thread first: one index for all who read it, and for one of them, however many they are.
    UNIQUE (thread_id, account_id, capacity_id),
    FOREIGN KEY (thread_id, group_id) REFERENCES threads (id, group_id)
);
--;
CREATE TABLE group_readings (
    account_id uuid NOT NULL REFERENCES accounts,
    capacity_id uuid NOT NULL,
    group_id uuid NOT NULL REFERENCES groups,
    read_count integer NOT NULL DEFAULT 0 CHECK (read_count >= 0),
    PRIMARY KEY (account_id, capacity_id, group_id)
);
--;
-- What somebody wants to hear of: of a thread, or of a group where `thread_id` is null.
CREATE TABLE attentions (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    account_id uuid NOT NULL REFERENCES accounts,
    capacity_id uuid NOT NULL,
    group_id uuid NOT NULL REFERENCES groups,
    thread_id uuid,
    level text NOT NULL CHECK (level IN ('followed', 'muted')),
    until timestamptz CHECK (until IS NULL OR level = 'muted'),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE NULLS NOT DISTINCT (account_id, capacity_id, group_id, thread_id),
    FOREIGN KEY (thread_id, group_id) REFERENCES threads (id, group_id)
);
--;
-- The counts that pages show are kept here, in the transaction that changes them, and nowhere else.
CREATE FUNCTION count_posts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    more integer := CASE WHEN NEW.stands THEN 1 WHEN TG_OP = 'INSERT' THEN 0 ELSE -1 END;
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE threads SET post_count = post_count + more, last_number = NEW.number, bump = NEW.place,
            last_post_id = CASE WHEN NEW.stands THEN NEW.id ELSE last_post_id END WHERE id = NEW.thread_id;
        UPDATE groups SET post_count = post_count + more, last_place = NEW.place, last_post_at = NEW.at
            WHERE id = NEW.group_id;
    ELSE
        -- Waited for first: which post is the last is asked only when nobody is adding one.
        PERFORM FROM threads WHERE id = NEW.thread_id FOR NO KEY UPDATE;
        UPDATE threads SET post_count = post_count + more, last_post_id = (
            SELECT p.id FROM posts p WHERE p.thread_id = NEW.thread_id AND p.stands ORDER BY p.number DESC LIMIT 1
        ) WHERE id = NEW.thread_id;
        UPDATE groups SET post_count = post_count + more WHERE id = NEW.group_id;
        UPDATE readings SET read_count = read_count + more WHERE thread_id = NEW.thread_id AND read @> NEW.number;
    END IF;
    RETURN NULL;
END $$;
--;
CREATE TRIGGER counted_in AFTER INSERT ON posts FOR EACH ROW EXECUTE FUNCTION count_posts();
--;
CREATE TRIGGER counted_anew AFTER UPDATE ON posts
    FOR EACH ROW WHEN (OLD.stands <> NEW.stands) EXECUTE FUNCTION count_posts();
--;
CREATE FUNCTION count_threads() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE groups SET thread_count = thread_count + 1 WHERE id = NEW.group_id;
    RETURN NULL;
END $$;
--;
CREATE TRIGGER counted AFTER INSERT ON threads FOR EACH ROW EXECUTE FUNCTION count_threads();
--;
CREATE FUNCTION count_readings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO group_readings AS g (account_id, capacity_id, group_id, read_count)
        VALUES (NEW.account_id, NEW.capacity_id, NEW.group_id, NEW.read_count)
        ON CONFLICT (account_id, capacity_id, group_id) DO UPDATE
            SET read_count = g.read_count + NEW.read_count - CASE WHEN TG_OP = 'UPDATE' THEN OLD.read_count ELSE 0 END;
    RETURN NULL;
END $$;
--;
CREATE TRIGGER counted AFTER INSERT OR UPDATE OF read_count ON readings
    FOR EACH ROW EXECUTE FUNCTION count_readings();
--;
-- Everything that can be found, in one place with one index, kept by the transaction that changes it. A row carries what
-- the clause of its kind asks of it, so that who may find a thing is said of the row at hand.
CREATE TEXT SEARCH CONFIGURATION rotunda (COPY = pg_catalog.english);
--;
ALTER TEXT SEARCH CONFIGURATION rotunda
    ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, pg_catalog.english_stem;
--;
CREATE TABLE findings (
    subject uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('City', 'Mayor', 'Group', 'Event', 'Thread', 'Post')),
    title text NOT NULL DEFAULT '',
    words text NOT NULL DEFAULT '',
    thread_id uuid,
    group_id uuid,
    audience text,
    mayors_only boolean NOT NULL DEFAULT false,
    chatham_house boolean NOT NULL DEFAULT false,
    status text,
    host_id uuid,
    -- People, places and groups first, then occasions and threads, then what was said; the newest first in each.
    tier smallint NOT NULL GENERATED ALWAYS AS (CASE WHEN kind IN ('City', 'Mayor', 'Group') THEN 0
        WHEN kind = 'Post' THEN 2 ELSE 1 END) STORED,
    recency bigint NOT NULL DEFAULT 0,
    -- What is looked for by name, and misspelt: places, people, groups, events; not what was said, nor what about.
    named text GENERATED ALWAYS AS (CASE WHEN kind NOT IN ('Thread', 'Post') THEN plain_name(title) END) STORED,
    document tsvector NOT NULL GENERATED ALWAYS AS (setweight(to_tsvector('public.rotunda', title), 'A')
        || setweight(to_tsvector('public.rotunda', words), 'B')) STORED
);
--;
CREATE INDEX findings_by_words ON findings USING gin (document);
--;
CREATE INDEX findings_by_name ON findings USING gin (named gin_trgm_ops);
--;
-- Of names and titles alone: a common word is in few of them, and in tens of thousands of posts.
CREATE INDEX findings_by_title ON findings USING gin (document) WHERE tier < 2;
--;
CREATE INDEX findings_in_order ON findings ((-recency), subject) WHERE tier = 2;
--;
CREATE FUNCTION find(found findings) RETURNS void LANGUAGE sql AS $$
    INSERT INTO findings (subject, kind, title, words, thread_id, group_id, audience, mayors_only, chatham_house, status,
                          host_id, recency)
        VALUES (found.subject, found.kind, found.title, found.words, found.thread_id, found.group_id, found.audience,
                found.mayors_only, found.chatham_house, found.status, found.host_id, found.recency)
        ON CONFLICT (subject) DO UPDATE SET title = excluded.title, words = excluded.words, status = excluded.status,
            audience = excluded.audience, host_id = excluded.host_id, recency = excluded.recency
$$;
--;
CREATE FUNCTION find_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found findings;
BEGIN
    found.subject := NEW.id; found.title := ''; found.words := ''; found.recency := 0;
    found.mayors_only := false; found.chatham_house := false;
    CASE TG_TABLE_NAME
    WHEN 'cities' THEN
        found.kind := 'City'; found.title := NEW.name; found.words := concat_ws(' ', NEW.region, NEW.country);
        found.recency := NEW.population;
    WHEN 'terms' THEN
        SELECT 'Mayor', p.name, concat_ws(' ', c.name, c.region, p.biography) INTO found.kind, found.title, found.words
            FROM people p, cities c WHERE p.id = NEW.person_id AND c.id = NEW.city_id;
        found.recency := lower(NEW.during) - date '1970-01-01';
    WHEN 'events' THEN
        found.kind := 'Event'; found.title := NEW.title; found.words := concat_ws(' ', NEW.summary, NEW.location);
        found.audience := NEW.audience; found.status := NEW.status; found.host_id := NEW.host_id;
        found.recency := coalesce(extract(epoch FROM NEW.starts_at), 0);
    WHEN 'groups' THEN
        found.kind := 'Group'; found.title := NEW.name; found.words := NEW.purpose; found.group_id := NEW.id;
        found.audience := NEW.audience; found.mayors_only := NEW.mayors_only; found.chatham_house := NEW.chatham_house;
        found.recency := extract(epoch FROM NEW.founded_at);
    WHEN 'threads' THEN
        found.kind := 'Thread'; found.title := NEW.title; found.thread_id := NEW.id; found.group_id := NEW.group_id;
        found.audience := NEW.audience; found.mayors_only := NEW.mayors_only; found.chatham_house := NEW.chatham_house;
        found.recency := extract(epoch FROM NEW.started_at);
    WHEN 'posts' THEN
        IF NOT NEW.stands THEN
            DELETE FROM findings WHERE subject = NEW.id;
            RETURN NULL;
        END IF;
        found.kind := 'Post'; found.words := NEW.words; found.thread_id := NEW.thread_id; found.group_id := NEW.group_id;
        found.audience := NEW.audience; found.mayors_only := NEW.mayors_only; found.chatham_house := NEW.chatham_house;
        found.recency := NEW.place;
    END CASE;
    PERFORM find(found);
    RETURN NULL;
END $$;
--;
CREATE TRIGGER found AFTER INSERT OR UPDATE OF name, region, population ON cities FOR EACH ROW EXECUTE FUNCTION find_row();
--;
CREATE TRIGGER found AFTER INSERT OR UPDATE OF during ON terms FOR EACH ROW EXECUTE FUNCTION find_row();
--;
CREATE TRIGGER found AFTER INSERT OR UPDATE OF title, summary, location, audience, status, host_id, starts_wall ON events
    FOR EACH ROW EXECUTE FUNCTION find_row();
--;
CREATE TRIGGER found AFTER INSERT OR UPDATE OF name, purpose ON groups FOR EACH ROW EXECUTE FUNCTION find_row();
--;
CREATE TRIGGER found AFTER INSERT OR UPDATE OF title ON threads FOR EACH ROW EXECUTE FUNCTION find_row();
--;
CREATE TRIGGER found AFTER INSERT OR UPDATE OF words, deleted_at, hidden_at ON posts
    FOR EACH ROW EXECUTE FUNCTION find_row();
--;
-- A mayor is found by the person's words: those change without the term.
CREATE FUNCTION find_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE terms SET during = during WHERE person_id = NEW.id;
    RETURN NULL;
END $$;
--;
CREATE TRIGGER found AFTER UPDATE OF name, biography ON people
    FOR EACH ROW WHEN (OLD.name <> NEW.name OR OLD.biography <> NEW.biography) EXECUTE FUNCTION find_again();
--;
UPDATE cities SET name = name;
--;
UPDATE terms SET during = during;
--;
UPDATE events SET title = title;
--;
-- What was done in confidence is in nobody's history but the actor's own.
ALTER TABLE audit ADD COLUMN confidential boolean NOT NULL DEFAULT false;
--;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rotunda_app') THEN
        GRANT SELECT, INSERT, UPDATE ON groups, memberships, threads, posts, reports, readings, group_readings TO rotunda_app;
        GRANT SELECT, INSERT, UPDATE, DELETE ON attentions, reactions TO rotunda_app;
        GRANT SELECT, INSERT ON post_versions TO rotunda_app;
        GRANT SELECT, INSERT, DELETE ON mentions TO rotunda_app;
        GRANT SELECT, INSERT, UPDATE, DELETE ON findings TO rotunda_app;
        GRANT SELECT ON reaction_tallies TO rotunda_app;
        GRANT USAGE ON SEQUENCE post_places TO rotunda_app;
    END IF;
END $$;
