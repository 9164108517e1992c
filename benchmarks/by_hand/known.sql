-- A viewer who has been looked up once, when the server started: for the variant that looks nobody up.
SELECT 'ok' AS state, {account_id}::uuid AS account_id, {capacity_id}::uuid AS capacity_id, {object_id}::uuid AS object_id, {term_id}::uuid AS term_id, {scopes}::text[] AS scopes,
       {member}::boolean AS member, {secretariat}::boolean AS secretariat,
       {mayor}::boolean AS mayor, {reads}::boolean AS reads, {kind}::text AS kind
WHERE $1::bytea IS NOT NULL AND $2::uuid IS NULL
