-- A conference of {times} × 1,500 mayors, 6,000 staff and 2,000 events, grown round the seeds: everybody who can sign in
-- there still can. The same every time but for its ids and dates. Written by SQL and not by acts, in seconds.
SET LOCAL synchronous_commit = off;
--;
ALTER TABLE notices DISABLE TRIGGER seal;
--;
-- More places than there are: the same cities once more, a little to the north.
INSERT INTO cities (slug, name, region, country, population, time_zone, latitude, longitude, geonames_id)
SELECT slug || '-' || n, name || ' ' || chr(64 + n), region, country, population, time_zone, latitude + n / 50.0,
       longitude, geonames_id + 20000000 * n
FROM cities, generate_series(2, {times}) n;
--;
CREATE TEMP TABLE sworn_in ON COMMIT DROP AS
SELECT c.id AS city_id, c.slug, uuidv7() AS person_id, uuidv7() AS account_id, uuidv7() AS term_id, n
FROM (SELECT id, slug, row_number() OVER (ORDER BY country <> 'US', population DESC, slug) AS n FROM cities
      WHERE NOT EXISTS (SELECT FROM terms WHERE city_id = cities.id)) c
ORDER BY n LIMIT 1500 * {times} - (SELECT count(DISTINCT city_id) FROM terms);
--;
CREATE TEMP TABLE names ON COMMIT DROP AS
SELECT ARRAY['Abena', 'Bertil', 'Carmen', 'Dalia', 'Emeka', 'Farida', 'Gustav', 'Hana', 'Iker', 'Joyce', 'Kamal'] AS given,
       ARRAY['Abbott', 'Bergström', 'Castillo', 'Dlamini', 'Egwu', 'Fontaine', 'Grieco', 'Haddad', 'Ito'] AS family;
--;
INSERT INTO people (id, name, biography)
SELECT person_id, given[1 + n % 11] || ' ' || family[1 + n % 9], 'Serves a city that keeps its books in order.'
FROM sworn_in, names;
--;
UPDATE cities SET joined_on = current_date - 700 WHERE id IN (SELECT city_id FROM sworn_in);
--;
INSERT INTO seats (city_id, office_email)
SELECT city_id, 'office@' || slug || '.example' FROM sworn_in ON CONFLICT DO NOTHING;
--;
INSERT INTO accounts (id, person_id, email) SELECT account_id, person_id, 'mayor@' || slug || '.example' FROM sworn_in;
--;
INSERT INTO terms (id, city_id, person_id, during)
SELECT term_id, city_id, person_id, daterange(current_date - 600 - (n % 400)::int, current_date + 400 + (n % 400)::int)
FROM sworn_in;
--;
-- Four who act for each mayor in office; the seeds have brought the first of some.
CREATE TEMP TABLE hired ON COMMIT DROP AS
SELECT t.id AS term_id, t.city_id, t.person_id AS mayor_id, t.during, c.slug, n, uuidv7() AS person_id, uuidv7() AS account_id,
       row_number() OVER (ORDER BY c.slug, n) AS place
FROM terms t JOIN cities c ON c.id = t.city_id, generate_series(1, 4) n
WHERE t.during @> current_date
  AND n > (SELECT count(*) FROM delegations d WHERE d.term_id = t.id AND d.status = 'active');
--;
INSERT INTO people (id, name)
SELECT person_id, given[1 + place % 11] || ' ' || family[1 + place / 11 % 9] FROM hired, names;
--;
INSERT INTO accounts (id, person_id, email) SELECT account_id, person_id, 'staff' || n || '@' || slug || '.example' FROM hired;
--;
INSERT INTO delegations (term_id, city_id, person_id, account_id, scopes, during, status, accepted_at)
SELECT term_id, city_id, mayor_id, account_id, '{{rsvp,register,draft_resolution}}', daterange(lower(during), upper(during)),
       'active', now()
FROM hired;
--;
-- Sign-ins of earlier days.
INSERT INTO tokens (hash, account_id, kind, expires_at)
SELECT sha256((a.id::text || n)::bytea), a.id, 'session', now() - interval '1 day' FROM accounts a, generate_series(1, 3) n;
--;
-- Three years of events, the same days however many there are; every third was moved, some of those again.
CREATE TEMP TABLE occasions ON COMMIT DROP AS
SELECT uuidv7() AS id, n, CASE WHEN n % 27 = 0 THEN 3 WHEN n % 9 = 0 THEN 2 WHEN n % 3 = 0 THEN 1 ELSE 0 END AS moves,
       date_trunc('day', now() AT TIME ZONE 'UTC') + interval '9 hours' + (n * 761 % 1100 - 730) * interval '1 day'
           + n % 8 * interval '1 hour' AS starts_wall,
       (ARRAY['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles'])[1 + n % 4] AS time_zone,
       CASE WHEN n % 3 = 1 THEN 'public' ELSE 'members' END AS audience,
       (SELECT account_id FROM sworn_in s WHERE s.n = 1 + o.n / 4) AS host_id
FROM generate_series(1, 2000 * {times} - (SELECT count(*)::int FROM events)) AS o(n);
--;
INSERT INTO events (id, title, summary, kind, audience, status, location, time_zone, starts_wall, ends_wall, host_id,
                    reason, version, revision)
SELECT id, 'Session ' || n || ' on ' || (ARRAY['water', 'housing', 'transit', 'budgets', 'heat', 'safety'])[1 + n % 6],
       'What other cities tried, what it cost, and what they would do again.',
       (ARRAY['meeting', 'webinar', 'community_session', 'trade_mission', 'course'])[1 + n % 5], audience,
       CASE WHEN starts_wall < now() - interval '2 days' THEN CASE WHEN n % 13 = 0 THEN 'cancelled' ELSE 'held' END
            WHEN moves % 2 = 1 THEN 'postponed' WHEN n % 17 = 1 THEN 'draft' WHEN n % 7 = 1 THEN 'save_the_date'
            WHEN n % 11 = 1 THEN 'moved_online' ELSE 'scheduled' END,
       'Room ' || n % 40, time_zone, starts_wall, starts_wall + interval '75 minutes', host_id,
       CASE WHEN moves > 0 THEN 'The speakers asked for another day.' END, moves + 1, moves + 1
FROM occasions;
--;
CREATE TEMP TABLE moved ON COMMIT DROP AS
SELECT o.*, m, o.starts_wall - (o.moves + 1 - m) * interval '9 days' AS was_wall
FROM occasions o, generate_series(1, o.moves) m;
--;
INSERT INTO event_moves (event_id, revision, verb, status, time_zone, starts_wall, ends_wall, location, reason, at, actor_id)
SELECT id, m, CASE WHEN m % 2 = 1 THEN 'postpone' ELSE 'reschedule' END,
       CASE WHEN m % 2 = 1 THEN 'scheduled' ELSE 'postponed' END, time_zone, was_wall, was_wall + interval '75 minutes',
       'Room ' || n % 40, 'The speakers asked for another day.', now() - (20 - m) * interval '1 day', host_id
FROM moved;
--;
-- The log of three months: each event put on the calendar, and each of its moves.
INSERT INTO notices (pos, kind, subject, revision, topics, payload, at, actor_id)
SELECT nextval('notice_positions'), kind, id, revision,
       array_remove(ARRAY[audience, 'secretariat', 'account:' || replace(host_id::text, '-', '')], NULL),
       jsonb_build_object('version', revision, 'reason', reason, 'was', was, 'now', stands), at, host_id
FROM (
    SELECT n, 0 AS m, id, 'EventScheduled' AS kind, 1 AS revision, audience, host_id, NULL AS reason, NULL::jsonb AS was,
           now() - interval '60 days' + n * interval '1 second' AS at,
           jsonb_build_object('status', 'SCHEDULED', 'timeZone', time_zone, 'location', 'Room ' || n % 40,
                              'startsAtLocal', to_char(starts_wall, 'YYYY-MM-DD"T"HH24:MI')) AS stands
    FROM occasions
    UNION ALL
    SELECT n, m, id, CASE WHEN m % 2 = 1 THEN 'EventPostponed' ELSE 'EventRescheduled' END, m + 1, audience, host_id,
           'The speakers asked for another day.',
           jsonb_build_object('status', CASE WHEN m % 2 = 1 THEN 'SCHEDULED' ELSE 'POSTPONED' END, 'timeZone', time_zone,
                              'location', 'Room ' || n % 40, 'startsAtLocal', to_char(was_wall, 'YYYY-MM-DD"T"HH24:MI')),
           now() - (20 - m) * interval '1 day' + n * interval '1 second',
           jsonb_build_object('status', CASE WHEN m % 2 = 1 THEN 'POSTPONED' ELSE 'SCHEDULED' END, 'timeZone', time_zone,
                              'location', 'Room ' || n % 40,
                              'startsAtLocal', to_char(was_wall + interval '9 days', 'YYYY-MM-DD"T"HH24:MI'))
    FROM moved
) told ORDER BY at, n, m;
--;
ALTER TABLE notices ENABLE TRIGGER seal;
--;
-- What was done in each mayor's name, twenty lines of it.
INSERT INTO audit (act, actor_id, term_id, subject, at)
SELECT 'editEvent', a.id, t.id, (SELECT id FROM occasions o WHERE o.n = 1 + n), now() - n * interval '1 day' - a.place * interval '1 ms'
FROM terms t JOIN (SELECT *, row_number() OVER (ORDER BY email) AS place FROM accounts) a ON a.person_id = t.person_id,
     generate_series(1, 20) n
WHERE t.during @> current_date;
--;
-- Discussions: 200 groups with 20,000 threads and 400,000 posts, the same however large the conference: ten times of them
-- would take many minutes to make. Written past the triggers that count and find, and counted and found at the end.
ALTER TABLE groups DISABLE TRIGGER ALL;
--;
ALTER TABLE threads DISABLE TRIGGER ALL;
--;
ALTER TABLE posts DISABLE TRIGGER ALL;
--;
ALTER TABLE reactions DISABLE TRIGGER ALL;
--;
ALTER TABLE reaction_tallies DISABLE TRIGGER ALL;
--;
ALTER TABLE readings DISABLE TRIGGER ALL;
--;
CREATE TEMP TABLE speakers ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY a.email <> 'mayor@alexandria-va.example', a.email) - 1 AS n, a.id AS account_id, t.id AS term_id,
       t.person_id
FROM terms t JOIN accounts a ON a.person_id = t.person_id
WHERE t.during @> current_date AND starts_with(a.email, 'mayor@') ORDER BY 1 LIMIT 1000;
--;
-- Every eighth group is the members', every fortieth open, the others are joined by invitation.
CREATE TEMP TABLE founded ON COMMIT DROP AS
SELECT uuidv7() AS id, n, CASE WHEN n % 40 = 1 THEN 'open' WHEN n % 8 = 0 THEN 'members' ELSE 'invited' END AS audience,
       CASE WHEN n % 50 = 3 THEN 'chatham_house' WHEN n % 50 = 4 THEN 'mayors_only' ELSE 'ordinary' END AS confidentiality
FROM generate_series(1, 200) n;
--;
INSERT INTO groups (id, name, purpose, audience, confidentiality, founder_id)
SELECT id, 'Exchange ' || n, 'What cities of one kind ask each other.', audience, confidentiality, account_id
FROM founded JOIN speakers USING (n);
--;
-- Forty to a group; the mayor of Alexandria (0) is in ten of those by invitation, and so reads forty groups.
INSERT INTO memberships (group_id, person_id, term_id, status, joined_at, accepted_rule_at)
SELECT f.id, s.person_id, s.term_id, 'joined', now(), now()
FROM founded f JOIN speakers s ON (s.n > 0 AND s.n % 25 = f.n % 25) OR (s.n = 0 AND f.n BETWEEN 2 AND 14 AND f.audience = 'invited');
--;
CREATE TEMP TABLE opened ON COMMIT DROP AS
SELECT uuidv7() AS id, t.n, f.id AS group_id, f.audience, f.confidentiality LIKE 'mayors_only%' AS mayors_only,
       f.confidentiality LIKE '%chatham_house' AS chatham_house, CASE WHEN t.n / 200 % 10 = 0 THEN 110 ELSE 10 END AS posts
FROM generate_series(0, 19999) AS t(n) JOIN founded f ON f.n = 1 + t.n % 200;
--;
-- Words as they come in talk: some in every tenth post, most in one of a hundred, and one of its own in every post.
CREATE TEMP TABLE vocabulary ON COMMIT DROP AS
SELECT string_to_array('the of and what city asked bus water housing budget council street heat permits library bridge snow '
    'trees grants pipes fares crews sidewalks meters ledger tunnel shelters harbor gravel ordinance zoning brine culvert', ' ')
    || ARRAY(SELECT first || second FROM unnest(string_to_array('water north south east west high low over under out in fore '
    'back side mid up down hill lake river stone wood iron salt sand clay corn mill ford bay sea snow sun rain wind moss oak '
    'elm ash fen', ' ')) first, unnest(string_to_array('gate works line house yard field market bridge side light way '
    'hall court bank wall path port dock barn pond ridge crest well brook mead croft thorpe wick stead den holm worth bury '
    'moor dale garth combe hurst leigh lynn marsh mere nook quay reach row slip toft vale wharf', ' ')) second) AS words;
--;
CREATE TEMP TABLE sentences ON COMMIT DROP AS
SELECT s AS n, (
    SELECT string_agg(words[1 + (abs(hashint8(s * 31 + w) % 2000)::bigint * abs(hashint8(s + w * 7919) % 2000) / 2000)], ' ' ORDER BY w)
    FROM generate_series(1, 14) w) AS text
FROM generate_series(0, 4999) s, vocabulary;
--;
INSERT INTO threads (id, group_id, audience, mayors_only, chatham_house, title, author_id, term_id, started_at, pinned)
SELECT o.id, group_id, audience, mayors_only, chatham_house, initcap(left(text, 40)), account_id, term_id,
       now() - interval '300 days' + o.n * interval '20 minutes', o.n / 200 = 50
FROM opened o JOIN sentences e ON e.n = o.n % 5000 JOIN speakers s ON s.n = o.n * 7 % 1000;
--;
INSERT INTO posts (thread_id, group_id, audience, mayors_only, chatham_house, number, place, body, body_html, words, author_id,
                   term_id, at)
SELECT o.id, group_id, audience, mayors_only, chatham_house, number, 1000000 + o.n * 11 + number * 5000, said, '<p>' || said || '</p>',
       said, account_id, term_id, now() - interval '299 days' + o.n * interval '18 minutes' + number * interval '1 hour'
FROM opened o CROSS JOIN LATERAL generate_series(1, o.posts) number
JOIN sentences a ON a.n = (o.n * 37 + number) % 5000 JOIN sentences b ON b.n = (o.n * 11 + number * 13) % 5000
JOIN sentences c ON c.n = (o.n + number * 101) % 5000 JOIN speakers s ON s.n = (o.n * 3 + number * 29) % 1000
CROSS JOIN LATERAL (SELECT a.text || ', ' || b.text || '. ' || c.text || ' no' || o.n || 'x' || number || '.' AS said) told;
--;
SELECT setval('post_places', (SELECT max(place) FROM posts));
--;
INSERT INTO reactions (post_id, person_id, mark)
SELECT p.id, s.person_id, (ARRAY['agree', 'thanks', 'insight', 'celebrate'])[1 + (p.number + m) % 4]
FROM opened o JOIN posts p ON p.thread_id = o.id CROSS JOIN generate_series(0, 2) m JOIN speakers s ON s.n = (o.n + p.number + m) % 1000
WHERE p.number % 3 = 0;
--;
INSERT INTO reaction_tallies SELECT post_id, mark, count(*) FROM reactions WHERE NOT EXISTS (
    SELECT FROM reaction_tallies kept WHERE kept.post_id = reactions.post_id) GROUP BY post_id, mark;
--;
UPDATE threads t SET post_count = o.posts, last_number = o.posts, last_post_id = p.id, bump = p.place
FROM opened o JOIN posts p ON p.thread_id = o.id AND p.number = o.posts WHERE t.id = o.id;
--;
UPDATE groups g SET thread_count = c.threads, post_count = c.posts, last_place = c.place, last_post_at = c.at
FROM (SELECT group_id, count(DISTINCT thread_id) AS threads, count(*) AS posts, max(place) AS place, max(at) AS at
      FROM posts GROUP BY group_id) c WHERE c.group_id = g.id AND g.id IN (SELECT id FROM founded);
--;
-- Thirty readers a group have read most of its threads, to their end or half of them.
INSERT INTO readings (account_id, capacity_id, thread_id, group_id, read, read_count)
SELECT s.account_id, s.term_id, o.id, o.group_id, int4multirange(int4range(1, through + 1)), through
FROM opened o JOIN founded f ON f.id = o.group_id
JOIN speakers s ON s.n = 0 OR s.n % 25 = f.n % 25 AND s.n < 750
CROSS JOIN LATERAL (SELECT CASE WHEN (o.n + s.n) % 7 = 0 THEN o.posts / 2 ELSE o.posts END AS through) told
WHERE (o.n + s.n) % 5 > 0 AND (s.n = 0 OR o.n / 200 % 10 = 1);
--;
INSERT INTO group_readings (account_id, capacity_id, group_id, read_count)
SELECT account_id, capacity_id, group_id, sum(read_count) FROM readings WHERE group_id IN (SELECT id FROM founded) GROUP BY 1, 2, 3;
--;
INSERT INTO findings (subject, kind, title, group_id, audience, mayors_only, chatham_house, recency)
SELECT id, 'Group', name, id, audience, mayors_only, chatham_house, extract(epoch FROM founded_at)
FROM groups WHERE id IN (SELECT id FROM founded);
--;
INSERT INTO findings (subject, kind, title, thread_id, group_id, audience, mayors_only, chatham_house, recency)
SELECT id, 'Thread', title, id, group_id, audience, mayors_only, chatham_house, extract(epoch FROM started_at)
FROM threads WHERE group_id IN (SELECT id FROM founded);
--;
INSERT INTO findings (subject, kind, words, thread_id, group_id, audience, mayors_only, chatham_house, recency)
SELECT id, 'Post', words, thread_id, group_id, audience, mayors_only, chatham_house, place
FROM posts WHERE group_id IN (SELECT id FROM founded);
--;
ALTER TABLE groups ENABLE TRIGGER ALL;
--;
ALTER TABLE threads ENABLE TRIGGER ALL;
--;
ALTER TABLE posts ENABLE TRIGGER ALL;
--;
ALTER TABLE reactions ENABLE TRIGGER ALL;
--;
ALTER TABLE reaction_tallies ENABLE TRIGGER ALL;
--;
ALTER TABLE readings ENABLE TRIGGER ALL;
--;
-- Three thousand resolutions with fifteen thousand sponsors, every third still looking for more.
INSERT INTO resolution_calls (id, name, time_zone, due_wall, sponsors_needed)
VALUES ('01900000-0000-7000-8000-000000000001', 'Conference of the benchmark', 'America/New_York',
        (now() AT TIME ZONE 'America/New_York') + interval '60 days', 4);
--;
CREATE TEMP TABLE moved_for ON COMMIT DROP AS
SELECT uuidv7() AS id, r.n, s.account_id, s.term_id, initcap(left(e.text, 60)) AS title, e.text
FROM generate_series(0, 2999) AS r(n) JOIN speakers s ON s.n = r.n * 7 % 1000 JOIN sentences e ON e.n = r.n;
--;
INSERT INTO resolutions (id, call_id, term_id, author_id, number, title, words, status, opened_version, sponsor_count,
                         drafted_at, opened_at, submitted_at)
SELECT id, '01900000-0000-7000-8000-000000000001', term_id, account_id, CASE WHEN n % 3 > 0 THEN 1 + n END, title, text,
       CASE WHEN n % 3 > 0 THEN 'submitted' ELSE 'gathering' END, 1, 5, now() - (n + 5) * interval '10 minutes',
       now() - n * interval '10 minutes', CASE WHEN n % 3 > 0 THEN now() END
FROM moved_for;
--;
INSERT INTO resolution_versions (resolution_id, version, title) SELECT id, 1, title FROM moved_for;
--;
INSERT INTO clauses (resolution_id, version, position, kind, text)
SELECT m.id, 1, p, CASE WHEN p < 5 THEN 'whereas' ELSE 'resolved' END, e.text
FROM moved_for m CROSS JOIN generate_series(1, 7) p JOIN sentences e ON e.n = (m.n * 7 + p) % 5000;
--;
INSERT INTO sponsorships (resolution_id, term_id, lead, version, at)
SELECT m.id, s.term_id, k = 0, 1, now() - (m.n * 10 - k) * interval '1 minute'
FROM moved_for m CROSS JOIN generate_series(0, 4) k JOIN speakers s ON s.n = (m.n * 7 + k) % 1000;
