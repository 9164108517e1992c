WITH viewer AS ({viewer}), {looks}
SELECT CASE WHEN viewer.state <> 'ok' THEN to_json(viewer.state) ELSE json_build_object('data', json_build_object(
    'thread', (
        SELECT json_build_object(
            'id', 'thr_' || replace(t.id::text, '-', ''),
            'title', t.title,
            'posts', (
                SELECT json_build_object(
                    'edges', coalesce(json_agg(json_build_object('node', json_build_object(
                        'id', 'pst_' || replace(p.id::text, '-', ''),
                        'number', p.number,
                        'at', to_char(p.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                        'bodyHtml', CASE WHEN p.stands THEN p.body_html END,
                        'author', CASE WHEN NOT p.chatham_house
                                OR coalesce(p.group_id = ANY ((SELECT rooms FROM rooms)::uuid[]), false) AND viewer.kind <> 'delegation'
                            THEN json_build_object(
                                'name', who.name,
                                'forOffice', p.for_office,
                                'mayor', CASE WHEN term.id IS NOT NULL THEN json_build_object(
                                    'city', json_build_object('slug', city.slug, 'name', city.name)) END) END,
                        'reactions', coalesce((
                            SELECT json_agg(json_build_object('mark', upper(m.mark), 'count', m.count) ORDER BY m.count DESC, m.mark)
                            FROM reaction_tallies m WHERE m.post_id = p.id AND p.stands
                        ), '[]')
                    )) ORDER BY p.n) FILTER (WHERE p.n <= 50), '[]'),
                    'pageInfo', json_build_object('hasNextPage', count(*) > 50))
                FROM (
                    SELECT *, row_number() OVER () AS n
                    FROM (SELECT * FROM posts p
                          WHERE p.thread_id = t.id
                            AND viewer.reads AND coalesce(viewer.object_id = p.group_id, true) AND (viewer.mayor OR NOT p.mayors_only)
                            AND CASE p.audience WHEN 'open' THEN true WHEN 'members' THEN viewer.member OR viewer.secretariat
                                ELSE coalesce(p.group_id = ANY ((SELECT rooms FROM rooms)::uuid[]), false) END
                          ORDER BY p.number LIMIT 51) found
                ) p
                JOIN accounts account ON account.id = p.author_id
                JOIN people who ON who.id = account.person_id
                LEFT JOIN terms term ON term.id = p.term_id
                LEFT JOIN cities city ON city.id = term.city_id))
        FROM threads t
        WHERE t.id = $3
          AND viewer.reads AND coalesce(viewer.object_id = t.group_id, true) AND (viewer.mayor OR NOT t.mayors_only)
          AND CASE t.audience WHEN 'open' THEN true WHEN 'members' THEN viewer.member OR viewer.secretariat
              ELSE coalesce(t.group_id = ANY ((SELECT rooms FROM rooms)::uuid[]), false) END
    ))) END
FROM viewer
