WITH viewer AS ({viewer}), {looks}
SELECT CASE WHEN viewer.state <> 'ok' THEN to_json(viewer.state) ELSE json_build_object('data', json_build_object(
    'cities', (
        SELECT json_build_object(
            'totalCount', (SELECT count(*) FROM cities
                           WHERE country = 'US' AND region = 'VA' AND population >= 30000),
            'pageInfo', json_build_object(
                'hasNextPage', count(*) > 50,
                'endCursor', max(c.cursor) FILTER (WHERE c.n = least(c.fetched, 50))),
            'edges', coalesce(json_agg(json_build_object(
                'cursor', c.cursor,
                'node', json_build_object(
                    'id', 'cit_' || replace(c.id::text, '-', ''),
                    'slug', c.slug,
                    'name', c.name,
                    'population', c.population,
                    'timeZone', c.time_zone,
                    'mayor', CASE WHEN t.id IS NOT NULL THEN json_build_object(
                        'name', p.name,
                        'since', to_char(lower(t.during), 'YYYY-MM-DD')) END)
            ) ORDER BY c.n) FILTER (WHERE c.n <= 50), '[]'))
        FROM (
            SELECT c.*, translate(encode(keys || substr(sha256($4::bytea || sha256(
                       $3::bytea || 'City:{row}.sort_name,{row}.id\037'::bytea || keys)), 1, 8), 'base64'),
                       E'+/=\n', '-_') AS cursor
            FROM (
                SELECT *, row_number() OVER (ORDER BY sort_name, id) AS n, count(*) OVER () AS fetched,
                       convert_to(json_build_array(sort_name, id)::text, 'UTF8') AS keys
                FROM (SELECT * FROM cities
                      WHERE country = 'US' AND region = 'VA' AND population >= 30000
                      ORDER BY sort_name, id LIMIT 51) found
            ) c
            OFFSET 0
        ) c
        LEFT JOIN terms t ON t.city_id = c.id AND t.during @> timezone(c.time_zone, now())::date
        LEFT JOIN people p ON p.id = t.person_id
    ))) END
FROM viewer
