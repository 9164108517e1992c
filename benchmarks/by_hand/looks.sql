-- What takes a look of its own, of the viewer: taken only where a clause comes so far as to ask, and once a statement.
host AS (SELECT (
    SELECT h.id FROM accounts h
    WHERE h.id = CASE WHEN viewer.kind <> 'delegation' THEN viewer.account_id
                      WHEN 'host_sessions' = ANY (viewer.scopes)
                      THEN (SELECT p.id FROM accounts p WHERE p.person_id = viewer.principal_id) END
      AND EXISTS (SELECT FROM events e WHERE e.host_id = h.id)) AS host_id FROM viewer),
rooms AS (SELECT (
    SELECT array_agg(m.group_id ORDER BY m.group_id) FROM memberships m JOIN groups g ON g.id = m.group_id
    WHERE m.person_id = viewer.principal_id AND m.term_id IS NOT DISTINCT FROM viewer.term_id AND m.status = 'joined'
      AND (g.audience IN ('invited', 'hidden') OR g.chatham_house)
      AND (viewer.kind <> 'delegation' OR 'read_group' = ANY (viewer.scopes) AND NOT g.mayors_only)) AS rooms FROM viewer),
doors AS (SELECT (
    SELECT array_agg(m.group_id ORDER BY m.group_id) FROM memberships m
    WHERE m.person_id = viewer.principal_id AND m.term_id IS NOT DISTINCT FROM viewer.term_id AND m.status = 'invited'
      AND viewer.kind <> 'delegation') AS doors FROM viewer)
