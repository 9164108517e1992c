CREATE EXTENSION IF NOT EXISTS unaccent;
--;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
--;
-- A name as a finger finds it: small letters without accents, words parted by one space. "O'Fallon" is "ofallon",
-- "Mayagüez" is "mayaguez", "Winston-Salem" is "winston salem".
-- unaccent is STABLE only because its rules are a file that could be exchanged; ours is PostgreSQL's own. After an
-- upgrade that changes the rules, REINDEX and rewrite the column, as one does for a new collation.
CREATE FUNCTION plain_name(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = public, pg_temp AS $$
    SELECT btrim(regexp_replace(
        regexp_replace(lower(public.unaccent('public.unaccent', normalize(name, NFC))), '[''’ʻʼ`´]', '', 'g'),
        '[^[:alnum:]]+', ' ', 'g'))
$$;
--;
ALTER TABLE cities ADD COLUMN sort_name text NOT NULL GENERATED ALWAYS AS (plain_name(name)) STORED;
--;
DROP INDEX cities_by_name;
--;
DROP INDEX cities_by_region;
--;
CREATE INDEX cities_by_sort_name ON cities (sort_name, id);
--;
CREATE INDEX cities_by_place ON cities (country, region, sort_name, id);
--;
-- The beginnings of words, the region's letters among them: "portland me" finds one Portland of two. Without a list
-- of pending entries, which a reader would have to scan: cities and people are written seldom and searched often.
CREATE INDEX cities_by_words ON cities USING gin ((' ' || sort_name || ' ' || lower(region)) gin_trgm_ops)
    WITH (fastupdate = off);
--;
CREATE INDEX people_by_words ON people USING gin ((' ' || plain_name(name)) gin_trgm_ops) WITH (fastupdate = off);
--;
-- Sizes of cities, as the conference's dues table draws them (seed: US Conference of Mayors, eleven bands). What a band
-- owes is a matter of dues; here it says which cities are of one size.
CREATE TABLE bands (
    number smallint PRIMARY KEY,
    people int4range NOT NULL CHECK (NOT isempty(people)),
    CONSTRAINT one_band_per_size EXCLUDE USING gist (people WITH &&)
);
--;
INSERT INTO bands (number, people) VALUES
    (1, '[0,30000)'), (2, '[30000,50000)'), (3, '[50000,100000)'), (4, '[100000,150000)'),
    (5, '[150000,300000)'), (6, '[300000,500000)'), (7, '[500000,1000000)'), (8, '[1000000,1500000)'),
    (9, '[1500000,3000000)'), (10, '[3000000,4000000)'), (11, '[4000000,)');
--;
CREATE VIEW cities_by_region AS
    SELECT country || ' ' || region AS place, country, region, count(*) AS cities, count(joined_on) AS members
    FROM cities GROUP BY country, region;
--;
-- Great-circle distance on a sphere of the Earth's mean radius, in kilometres; right to half of one per cent.
CREATE FUNCTION kilometres(a_lat float8, a_lon float8, b_lat float8, b_lon float8) RETURNS float8
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT 2 * 6371.0088 * asin(least(1, sqrt(
        power(sind((b_lat - a_lat) / 2), 2) + cosd(a_lat) * cosd(b_lat) * power(sind((b_lon - a_lon) / 2), 2))))
$$;
--;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rotunda_app') THEN
        GRANT SELECT ON bands, cities_by_region TO rotunda_app;
    END IF;
END $$;
