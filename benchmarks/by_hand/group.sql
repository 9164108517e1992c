WITH viewer AS ({viewer}), {looks}
SELECT CASE WHEN viewer.state <> 'ok' THEN to_json(viewer.state) ELSE json_build_object('data', json_build_object(
    'group', (
        SELECT json_build_object(
            'id', 'grp_' || replace(g.id::text, '-', ''),
            'name', g.name,
            'threads', (
                SELECT json_build_object(
                    'edges', coalesce(json_agg(json_build_object('node', json_build_object(
                        'id', 'thr_' || replace(t.id::text, '-', ''),
                        'title', t.title,
                        'pinned', t.pinned,
                        'postCount', t.post_count,
                        'lastPost', CASE WHEN p.id IS NOT NULL THEN json_build_object(
                            'number', p.number,
                            'at', to_char(p.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                            'excerpt', CASE WHEN p.stands THEN p.excerpt END,
                            'author', CASE WHEN NOT p.chatham_house
                                    OR coalesce(p.group_id = ANY ((SELECT rooms FROM rooms)::uuid[]), false) AND viewer.kind <> 'delegation'
                                THEN json_build_object(
                                    'name', who.name,
                                    'mayor', CASE WHEN term.id IS NOT NULL THEN json_build_object(
                                        'city', json_build_object('slug', city.slug, 'name', city.name)) END) END) END
                    )) ORDER BY t.n) FILTER (WHERE t.n <= 20), '[]'),
                    'pageInfo', json_build_object('hasNextPage', count(*) > 20))
                FROM (
                    SELECT *, row_number() OVER () AS n
                    FROM (SELECT * FROM threads t
                          WHERE t.group_id = g.id
                            AND viewer.reads AND coalesce(viewer.object_id = t.group_id, true) AND (viewer.mayor OR NOT t.mayors_only)
                            AND CASE t.audience WHEN 'open' THEN true WHEN 'members' THEN viewer.member OR viewer.secretariat
                                ELSE coalesce(t.group_id = ANY ((SELECT rooms FROM rooms)::uuid[]), false) END
                          ORDER BY t.place, t.id LIMIT 21) found
                ) t
                LEFT JOIN posts p ON p.id = t.last_post_id
                    AND viewer.reads AND coalesce(viewer.object_id = p.group_id, true) AND (viewer.mayor OR NOT p.mayors_only)
                    AND CASE p.audience WHEN 'open' THEN true WHEN 'members' THEN viewer.member OR viewer.secretariat
                        ELSE coalesce(p.group_id = ANY ((SELECT rooms FROM rooms)::uuid[]), false) END
                LEFT JOIN accounts account ON account.id = p.author_id
                LEFT JOIN people who ON who.id = account.person_id
                LEFT JOIN terms term ON term.id = p.term_id
                LEFT JOIN cities city ON city.id = term.city_id))
        FROM groups g
        WHERE g.id = $3
          AND (viewer.secretariat
               OR viewer.reads AND coalesce(viewer.object_id = g.id, true) AND (viewer.mayor OR NOT g.mayors_only)
                  AND CASE g.audience WHEN 'open' THEN true WHEN 'members' THEN viewer.member
                      WHEN 'invited' THEN viewer.member OR coalesce(g.id = ANY ((SELECT rooms FROM rooms)::uuid[] || (SELECT doors FROM doors)::uuid[]), false)
                      ELSE coalesce(g.id = ANY ((SELECT rooms FROM rooms)::uuid[] || (SELECT doors FROM doors)::uuid[]), false) END)
    ))) END
FROM viewer
