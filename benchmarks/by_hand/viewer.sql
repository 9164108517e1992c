-- Who asks, by token ($1) and chosen capacity ($2); the columns a statement does not use cost it nothing.
SELECT CASE WHEN $1::bytea IS NULL OR c.id IS NOT NULL THEN 'ok'
            WHEN a.id IS NULL THEN 'UNAUTHENTICATED'
            ELSE 'CAPACITY_NOT_HELD' END AS state,
       a.id AS account_id, c.id AS capacity_id, c.object_id, c.term_id, c.principal_id, c.kind, c.scopes,
       coalesce(c.member, false) AS member,
       coalesce(a.secretariat AND c.kind <> 'delegation', false) AS secretariat,
       coalesce(c.kind = 'term', false) AS mayor,
       coalesce(c.kind <> 'delegation' OR 'read_group' = ANY (c.scopes), false) AS reads
FROM (VALUES (true)) AS one
LEFT JOIN tokens k ON k.hash = $1 AND k.revoked_at IS NULL AND k.expires_at > now()
LEFT JOIN accounts a ON a.id = k.account_id
LEFT JOIN LATERAL (
    SELECT held.*, CASE WHEN held.kind = 'term' THEN 1
                        WHEN held.kind = 'self' THEN 3
                        WHEN count(*) FILTER (WHERE held.kind = 'delegation') OVER () = 1 THEN 2
                        ELSE 4 END AS rank
    FROM capacities held
    WHERE held.account_id = a.id AND coalesce(held.id = coalesce($2, k.capacity_id), true)
    ORDER BY rank LIMIT 1
) c ON true
OFFSET 0
