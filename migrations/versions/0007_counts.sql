-- What pages show and used to count, kept in the transaction that changes it; and "nearest" as an index can answer it.
CREATE EXTENSION IF NOT EXISTS cube;
--;
-- A place on a sphere of radius one. Along the chord, near and far are as they are along the ground.
CREATE FUNCTION on_the_globe(latitude float8, longitude float8) RETURNS cube
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN cube(ARRAY[cosd(latitude) * cosd(longitude), cosd(latitude) * sind(longitude), sind(latitude)]);
--;
-- The members of some size, the nearest first.
CREATE INDEX cities_around ON cities USING gist (population, on_the_globe(latitude, longitude))
    WHERE joined_on IS NOT NULL;
--;
-- The members by name, and the others.
CREATE INDEX cities_by_membership ON cities ((joined_on IS NOT NULL), sort_name, id);
--;
DROP VIEW cities_by_region;
--;
CREATE TABLE cities_by_region (
    place text PRIMARY KEY,
    country text NOT NULL,
    region text NOT NULL,
    cities integer NOT NULL CHECK (cities >= 0),
    members integer NOT NULL CHECK (members BETWEEN 0 AND cities)
);
--;
INSERT INTO cities_by_region
    SELECT country || ' ' || region, country, region, count(*), count(joined_on) FROM cities GROUP BY country, region;
--;
-- One row a place and statement, and none where nothing changes: acts in one region wait for each other only where a
-- city joins or leaves. SECURITY DEFINER: the application's role may read the counts, and nothing else.
CREATE FUNCTION count_cities() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    come constant text := 'SELECT country, region, 1 AS city, (joined_on IS NOT NULL)::int AS member FROM come';
    gone constant text := 'SELECT country, region, -1 AS city, -(joined_on IS NOT NULL)::int AS member FROM gone';
    changed constant text := concat_ws(' UNION ALL ', CASE WHEN TG_OP <> 'DELETE' THEN come END,
                                       CASE WHEN TG_OP <> 'INSERT' THEN gone END);
BEGIN
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO cities_by_region SELECT DISTINCT country || ' ' || region, country, region, 0, 0 FROM come
        ON CONFLICT DO NOTHING;
    END IF;
    EXECUTE format('
        UPDATE cities_by_region r SET cities = r.cities + c.cities, members = r.members + c.members
        FROM (SELECT country || '' '' || region AS place, sum(city) AS cities, sum(member) AS members
              FROM (%s) c GROUP BY place HAVING sum(city) <> 0 OR sum(member) <> 0) c
        WHERE r.place = c.place
    ', changed);
    RETURN NULL;
END $$;
--;
CREATE TRIGGER counted_in AFTER INSERT ON cities REFERENCING NEW TABLE AS come
    FOR EACH STATEMENT EXECUTE FUNCTION count_cities();
--;
CREATE TRIGGER counted_out AFTER DELETE ON cities REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION count_cities();
--;
CREATE TRIGGER counted_anew AFTER UPDATE ON cities REFERENCING OLD TABLE AS gone NEW TABLE AS come
    FOR EACH STATEMENT EXECUTE FUNCTION count_cities();
--;
REVOKE EXECUTE ON FUNCTION count_cities FROM PUBLIC;
--;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rotunda_app') THEN
        GRANT SELECT ON cities_by_region TO rotunda_app;
    END IF;
END $$;
--;
-- What waits for somebody to do it is little, however many events there are.
CREATE INDEX events_in_draft ON events ((coalesce(starts_at, 'infinity'::timestamptz)), id) WHERE status = 'draft';
--;
CREATE INDEX events_without_date ON events (id) WHERE status = 'postponed' AND starts_wall IS NULL;
--;
CREATE INDEX events_to_be_held ON events ((coalesce(starts_at, 'infinity'::timestamptz)), id)
    WHERE status IN ('scheduled', 'moved_online');
