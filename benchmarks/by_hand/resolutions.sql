WITH viewer AS ({viewer}), {looks}
SELECT CASE WHEN viewer.state <> 'ok' THEN to_json(viewer.state) ELSE json_build_object('data', json_build_object(
    'resolutions', (
        SELECT json_build_object(
            'edges', coalesce(json_agg(json_build_object('node', json_build_object(
                'id', 'res_' || replace(r.id::text, '-', ''),
                'title', r.title,
                'status', upper(r.status),
                'sponsorCount', r.sponsor_count,
                'sponsors', json_build_object('edges', coalesce((
                    SELECT json_agg(json_build_object('node', json_build_object(
                        'lead', s.lead,
                        'mayor', json_build_object(
                            'name', who.name,
                            'city', json_build_object('slug', city.slug, 'name', city.name))
                    )) ORDER BY NOT s.lead, s.at, s.id)
                    FROM (SELECT * FROM sponsorships s WHERE s.resolution_id = r.id
                          ORDER BY (NOT s.lead), s.at, s.id LIMIT 20) s
                    JOIN terms term ON term.id = s.term_id
                    JOIN people who ON who.id = term.person_id
                    JOIN cities city ON city.id = term.city_id
                ), '[]'))
            )) ORDER BY r.n) FILTER (WHERE r.n <= 30), '[]'),
            'pageInfo', json_build_object('hasNextPage', count(*) > 30))
        FROM (
            SELECT *, row_number() OVER () AS n
            FROM (
                (SELECT -r.recency AS place, r.* FROM resolutions r
                 WHERE r.opened_at IS NOT NULL AND r.status = 'gathering'
                   AND coalesce(viewer.secretariat OR viewer.member AND viewer.object_id IS NULL, false)
                 ORDER BY (-r.recency), r.id LIMIT 31)
                UNION ALL
                (SELECT -r.recency, r.* FROM resolutions r
                 WHERE r.opened_at IS NOT NULL AND r.status = 'submitted'
                   AND coalesce(viewer.secretariat OR viewer.member AND viewer.object_id IS NULL, false)
                 ORDER BY (-r.recency), r.id LIMIT 31)
                UNION ALL
                (SELECT -r.recency, r.* FROM resolutions r
                 WHERE r.opened_at IS NOT NULL AND r.status = 'withdrawn'
                   AND coalesce(viewer.secretariat OR viewer.member AND viewer.object_id IS NULL, false)
                 ORDER BY (-r.recency), r.id LIMIT 31)
                UNION ALL
                (SELECT -r.recency, r.* FROM resolutions r
                 WHERE r.opened_at IS NULL AND r.term_id = viewer.term_id
                   AND coalesce(viewer.object_id IS NULL AND (viewer.mayor OR 'draft_resolution' = ANY (viewer.scopes)), false)
                 ORDER BY (-r.recency), r.id LIMIT 31)
                ORDER BY place, id LIMIT 31
            ) found
        ) r
    ))) END
FROM viewer
