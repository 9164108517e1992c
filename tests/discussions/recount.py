"""Everything that is counted as posts come and go, counted once more from the posts themselves."""

from typing import Any

_THREADS = """
    SELECT 'thread' AS of, t.id::text, ARRAY[t.post_count, t.last_number] AS kept, told AS counted
    FROM threads t CROSS JOIN LATERAL (
        SELECT ARRAY[count(*) FILTER (WHERE p.stands), coalesce(max(p.number), 0)]::int[] AS told,
            (SELECT l.id FROM posts l WHERE l.thread_id = t.id AND l.stands ORDER BY l.number DESC LIMIT 1) AS last
        FROM posts p WHERE p.thread_id = t.id) c
    WHERE ARRAY[t.post_count, t.last_number] <> told OR t.last_post_id IS DISTINCT FROM last
"""
_GROUPS = """
    SELECT 'group', g.id::text, ARRAY[g.thread_count, g.post_count],
        ARRAY[(SELECT count(*) FROM threads t WHERE t.group_id = g.id), c.posts]::int[]
    FROM groups g CROSS JOIN LATERAL (
        SELECT count(*) AS posts FROM posts p WHERE p.group_id = g.id AND p.stands) c
    WHERE g.post_count <> c.posts OR g.thread_count <> (SELECT count(*) FROM threads t WHERE t.group_id = g.id)
"""
_READINGS = """
    SELECT 'reading', r.id::text, ARRAY[r.read_count], ARRAY[c.posts]::int[]
    FROM readings r CROSS JOIN LATERAL (SELECT count(*) AS posts FROM posts p
        WHERE p.thread_id = r.thread_id AND p.stands AND r.read @> p.number) c
    WHERE r.read_count <> c.posts
"""
_READINGS_OF_GROUPS = """
    SELECT 'reading of a group', coalesce(k.group_id, c.group_id)::text, ARRAY[k.read_count], ARRAY[c.posts]::int[]
    FROM group_readings k FULL JOIN (
        SELECT r.account_id, r.capacity_id, r.group_id, count(p.id) AS posts
        FROM readings r LEFT JOIN posts p ON p.thread_id = r.thread_id AND p.stands AND r.read @> p.number
        GROUP BY 1, 2, 3) c USING (account_id, capacity_id, group_id)
    WHERE k.read_count IS DISTINCT FROM c.posts::int
"""
_TALLIES = """
    SELECT 'tally', coalesce(k.post_id, c.post_id)::text || ' ' || mark, ARRAY[k.count], ARRAY[c.count]::int[]
    FROM reaction_tallies k FULL JOIN (
        SELECT post_id, mark, count(*) FROM reactions GROUP BY 1, 2) c USING (post_id, mark)
    WHERE k.count IS DISTINCT FROM c.count::int
"""


async def differences(connection: Any) -> list[Any]:
    """Every count that is kept and does not hold, beside what there is."""
    counts = (_THREADS, _GROUPS, _READINGS, _READINGS_OF_GROUPS, _TALLIES)
    return [row for one in counts for row in await connection.fetch(one)]
