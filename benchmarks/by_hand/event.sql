WITH viewer AS ({viewer}), {looks}
SELECT CASE WHEN viewer.state <> 'ok' THEN to_json(viewer.state) ELSE json_build_object('data', json_build_object(
    'event', (
        SELECT json_build_object(
            'id', 'evt_' || replace(e.id::text, '-', ''),
            'title', e.title,
            'status', upper(e.status),
            'version', e.version,
            'startsAt', to_char(e.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'endsAt', to_char(e.ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'timeZone', e.time_zone,
            'previously', coalesce((
                SELECT json_agg(json_build_object(
                    'startsAt', to_char(m.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                    'status', upper(m.status),
                    'reason', m.reason,
                    'at', to_char(m.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
                ) ORDER BY m.revision DESC)
                FROM (SELECT * FROM event_moves WHERE event_id = e.id AND status <> 'draft' ORDER BY revision DESC LIMIT 100) m
            ), '[]'))
        FROM events e
        WHERE e.id = $3
          AND (e.status <> 'draft' AND (e.audience = 'public' OR viewer.member)
               OR viewer.secretariat
               OR e.host_id = (SELECT host_id FROM host) AND coalesce(viewer.object_id = e.id, true))
    ))) END
FROM viewer
