-- What PostGraphile is shown of the database, with the smart tags its documentation recommends for views. They are read
-- with the rights of whoever asks: `policies.sql` says what those are.
DROP SCHEMA IF EXISTS peers CASCADE;
CREATE SCHEMA peers;

CREATE VIEW peers.cities WITH (security_invoker) AS SELECT id, slug, name, country, region, population, time_zone, sort_name FROM public.cities;
COMMENT ON VIEW peers.cities IS '@primaryKey id';

CREATE VIEW peers.terms WITH (security_invoker) AS
    SELECT t.id, t.city_id, p.name FROM public.terms t JOIN public.people p ON p.id = t.person_id;
COMMENT ON VIEW peers.terms IS E'@primaryKey id\n@foreignKey (city_id) references peers.cities (id)';

CREATE VIEW peers.mayors WITH (security_invoker) AS
    SELECT t.city_id, p.name, lower(t.during) AS since
    FROM public.terms t JOIN public.people p ON p.id = t.person_id JOIN public.cities c ON c.id = t.city_id
    WHERE t.during @> timezone(c.time_zone, now())::date;
COMMENT ON VIEW peers.mayors IS E'@primaryKey city_id\n@foreignKey (city_id) references peers.cities (id)';

CREATE VIEW peers.accounts WITH (security_invoker) AS
    SELECT a.id, p.name, a.email, a.secretariat FROM public.accounts a JOIN public.people p ON p.id = a.person_id;
COMMENT ON VIEW peers.accounts IS '@primaryKey id';

CREATE VIEW peers.capacities WITH (security_invoker) AS SELECT id, account_id, term_id, kind FROM public.capacities;
COMMENT ON VIEW peers.capacities IS
    E'@primaryKey id\n@foreignKey (account_id) references peers.accounts (id)\n@foreignKey (term_id) references peers.terms (id)';

CREATE VIEW peers.events WITH (security_invoker) AS
    SELECT id, title, status, version, starts_at, ends_at, starts_wall, ends_wall, time_zone, location, reason,
           coalesce(starts_at, 'infinity'::timestamptz) AS starts
    FROM public.events WHERE status <> 'draft';
COMMENT ON VIEW peers.events IS '@primaryKey id';

CREATE VIEW peers.event_moves WITH (security_invoker) AS
    SELECT id, event_id, revision, status, time_zone, starts_at, starts_wall, ends_wall, reason, at
    FROM public.event_moves WHERE status <> 'draft';
COMMENT ON VIEW peers.event_moves IS E'@primaryKey id\n@foreignKey (event_id) references peers.events (id)';

CREATE FUNCTION peers.head() RETURNS text LANGUAGE sql STABLE AS $$ SELECT log_cursor(log_head(), log_epoch()) $$;

-- Custom queries keep their own order, and PostgreSQL reads them as part of the statement they stand in.
CREATE FUNCTION peers.events_from(since timestamptz) RETURNS SETOF peers.events LANGUAGE sql STABLE AS $$
    SELECT * FROM peers.events WHERE starts >= since ORDER BY starts, id
$$;

CREATE FUNCTION peers.cities_of(country text, region text, population_at_least integer) RETURNS SETOF peers.cities
LANGUAGE sql STABLE AS $$
    SELECT * FROM peers.cities c WHERE c.country = $1 AND c.region = $2 AND c.population >= $3 ORDER BY sort_name, id
$$;

CREATE VIEW peers.authors WITH (security_invoker) AS SELECT a.id, p.name FROM public.accounts a JOIN public.people p ON p.id = a.person_id;
COMMENT ON VIEW peers.authors IS '@primaryKey id';

CREATE VIEW peers.groups WITH (security_invoker) AS SELECT id, name FROM public.groups;
COMMENT ON VIEW peers.groups IS '@primaryKey id';

CREATE VIEW peers.posts WITH (security_invoker) AS
    SELECT id, thread_id, number, at, CASE WHEN stands THEN body_html END AS body_html, CASE WHEN stands THEN excerpt END AS excerpt,
           author_id, term_id, for_office
    FROM public.posts;
COMMENT ON VIEW peers.posts IS E'@primaryKey id\n@foreignKey (thread_id) references peers.threads (id)\n@foreignKey (author_id) references peers.authors (id)\n@foreignKey (term_id) references peers.terms (id)';

CREATE VIEW peers.threads WITH (security_invoker) AS SELECT id, group_id, title, pinned, post_count, place, last_post_id FROM public.threads;
COMMENT ON VIEW peers.threads IS E'@primaryKey id\n@foreignKey (group_id) references peers.groups (id)\n@foreignKey (last_post_id) references peers.posts (id)';

CREATE VIEW peers.reactions WITH (security_invoker) AS SELECT post_id, mark, count FROM public.reaction_tallies;
COMMENT ON VIEW peers.reactions IS E'@primaryKey post_id,mark\n@foreignKey (post_id) references peers.posts (id)';

-- Rotunda's own index is by state, which it reads one after the other; PostGraphile gets one in the order it asks in.
CREATE INDEX IF NOT EXISTS peers_newest ON public.resolutions ((-recency), id) WHERE opened_at IS NOT NULL;
CREATE VIEW peers.resolutions WITH (security_invoker) AS
    SELECT id, title, status, sponsor_count, -recency AS place FROM public.resolutions WHERE opened_at IS NOT NULL;
COMMENT ON VIEW peers.resolutions IS '@primaryKey id';

CREATE VIEW peers.sponsorships WITH (security_invoker) AS
    SELECT id, resolution_id, term_id, lead, NOT lead AS follows, at FROM public.sponsorships;
COMMENT ON VIEW peers.sponsorships IS E'@primaryKey id\n@foreignKey (resolution_id) references peers.resolutions (id)\n@foreignKey (term_id) references peers.terms (id)';
