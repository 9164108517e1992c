WITH viewer AS MATERIALIZED ({viewer}), {looks},
held AS MATERIALIZED (
    SELECT c.id, c.kind, json_build_object(
        'id', 'cap_' || replace(c.id::text, '-', ''),
        'principal', CASE WHEN t.id IS NOT NULL THEN json_build_object(
            'name', p.name, 'city', json_build_object('name', city.name)) END) AS shown
    FROM viewer
    CROSS JOIN LATERAL (SELECT * FROM capacities WHERE account_id = viewer.account_id OFFSET 0) c
    LEFT JOIN terms t ON t.id = c.term_id
    LEFT JOIN people p ON p.id = t.person_id
    LEFT JOIN cities city ON city.id = t.city_id
)
SELECT CASE WHEN viewer.state <> 'ok' THEN to_json(viewer.state) ELSE json_build_object('data', json_build_object(
    'viewer', CASE WHEN viewer.account_id IS NOT NULL THEN json_build_object(
        'account', (SELECT json_build_object('name', p.name, 'email', a.email, 'secretariat', a.secretariat)
                    FROM accounts a JOIN people p ON p.id = a.person_id WHERE a.id = viewer.account_id),
        'capacity', (SELECT shown FROM held WHERE held.id = viewer.capacity_id),
        'capacities', (SELECT json_agg(shown ORDER BY kind DESC, id)
                       FROM (SELECT * FROM held ORDER BY kind DESC, id LIMIT 100) h)) END,
    'head', log_cursor(log_head(), (SELECT log_epoch())),
    'events', (
        SELECT json_build_object(
            'edges', coalesce(json_agg(json_build_object('node', json_build_object(
                'id', 'evt_' || replace(e.id::text, '-', ''),
                'title', e.title,
                'status', upper(e.status),
                'version', e.version,
                'startsAtLocal', to_char(e.starts_wall, 'YYYY-MM-DD"T"HH24:MI'),
                'endsAtLocal', to_char(e.ends_wall, 'YYYY-MM-DD"T"HH24:MI'),
                'endsAt', to_char(e.ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                'timeZone', e.time_zone,
                'location', e.location,
                'reason', e.reason,
                'previously', coalesce((
                    SELECT json_agg(json_build_object(
                        'startsAtLocal', to_char(m.starts_wall, 'YYYY-MM-DD"T"HH24:MI'),
                        'endsAtLocal', to_char(m.ends_wall, 'YYYY-MM-DD"T"HH24:MI'),
                        'timeZone', m.time_zone,
                        'status', upper(m.status),
                        'reason', m.reason,
                        'at', to_char(m.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
                    ) ORDER BY m.revision DESC)
                    FROM (SELECT * FROM event_moves WHERE event_id = e.id AND status <> 'draft' ORDER BY revision DESC LIMIT 100) m
                ), '[]')
            )) ORDER BY e.n) FILTER (WHERE e.n <= 60), '[]'),
            'pageInfo', json_build_object(
                'hasNextPage', count(*) > 60,
                'endCursor', max(translate(encode(e.keys || substr(sha256($4::bytea || sha256(
                    $3::bytea || 'Event:coalesce({row}.starts_at,infinity::timestamptz),{row}.id\037'::bytea
                    || e.keys)), 1, 8), 'base64'), E'+/=\n', '-_')) FILTER (WHERE e.n = least(e.fetched, 60))))
        FROM (
            SELECT *, row_number() OVER (ORDER BY coalesce(starts_at, 'infinity'), id) AS n,
                   count(*) OVER () AS fetched,
                   convert_to(json_build_array(coalesce(starts_at, 'infinity'), id)::text, 'UTF8') AS keys
            FROM (SELECT * FROM events
                  WHERE coalesce(starts_at, 'infinity') >= $5
                    AND (status <> 'draft' AND (audience = 'public' OR viewer.member)
                         OR viewer.secretariat
                         OR host_id = (SELECT host_id FROM host) AND coalesce(viewer.object_id = id, true))
                  ORDER BY coalesce(starts_at, 'infinity'), id LIMIT 61) found
        ) e
    ),
    'earliest', (
        SELECT json_build_object('edges', coalesce(json_agg(json_build_object('node', json_build_object(
            'startsAtLocal', to_char(e.starts_wall, 'YYYY-MM-DD"T"HH24:MI')))), '[]'))
        FROM (SELECT starts_wall FROM events
              WHERE status <> 'draft' AND (audience = 'public' OR viewer.member)
                 OR viewer.secretariat
                 OR host_id = (SELECT host_id FROM host) AND coalesce(viewer.object_id = id, true)
              ORDER BY coalesce(starts_at, 'infinity'), id LIMIT 1) e
    ))) END
FROM viewer
