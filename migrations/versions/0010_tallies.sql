DROP VIEW reaction_tallies;
--;
-- A thread's page shows the tallies of fifty posts: they are all in the key's index, in the order of nothing else.
CREATE TABLE reaction_tallies (
    post_id uuid NOT NULL REFERENCES posts,
    mark text NOT NULL,
    count int NOT NULL CHECK (count > 0),
    PRIMARY KEY (post_id, mark) INCLUDE (count)
);
--;
INSERT INTO reaction_tallies SELECT post_id, mark, count(*) FROM reactions GROUP BY post_id, mark;
--;
CREATE FUNCTION tally_reactions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO reaction_tallies AS kept VALUES (NEW.post_id, NEW.mark, 1)
        ON CONFLICT (post_id, mark) DO UPDATE SET count = kept.count + 1;
    ELSE
        DELETE FROM reaction_tallies WHERE post_id = OLD.post_id AND mark = OLD.mark AND count = 1;
        UPDATE reaction_tallies SET count = count - 1 WHERE post_id = OLD.post_id AND mark = OLD.mark;
    END IF;
    RETURN NULL;
END $$;
--;
CREATE TRIGGER tallied AFTER INSERT OR DELETE ON reactions FOR EACH ROW EXECUTE FUNCTION tally_reactions();
--;
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rotunda_app') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON reaction_tallies TO rotunda_app;
    END IF;
END $$;
