-- PostGraphile as its documentation advises it to be guarded: row-level security upon the tables, a role for whoever
-- asks, claims as settings of the transaction (postgraphile.org, "Security"). The policies are Rotunda's clauses
-- (`policy/`), in the form that PostgreSQL works out once a statement. In its favour: whom a token belongs to is known
-- to the server without asking, people and cities are everybody's, and nobody hosts anything.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'peers_reader') THEN CREATE ROLE peers_reader NOLOGIN; END IF;
END $$;
GRANT peers_reader TO rotunda_app;
GRANT USAGE ON SCHEMA public TO peers_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO peers_reader;
GRANT USAGE ON SCHEMA peers TO peers_reader, rotunda_app;
GRANT SELECT ON ALL TABLES IN SCHEMA peers TO peers_reader, rotunda_app;
-- Nobody else's statements feel the policies: the role that everybody works under passes them by.
ALTER ROLE rotunda_app BYPASSRLS;

DROP SCHEMA IF EXISTS judged CASCADE;
CREATE SCHEMA judged;
GRANT USAGE ON SCHEMA judged TO peers_reader;
CREATE FUNCTION judged.account() RETURNS uuid LANGUAGE sql STABLE
RETURN nullif(current_setting('jwt.claims.account_id', true), '')::uuid;
CREATE FUNCTION judged.capacity() RETURNS uuid LANGUAGE sql STABLE
RETURN nullif(current_setting('jwt.claims.capacity_id', true), '')::uuid;
CREATE FUNCTION judged.member() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
RETURN coalesce((SELECT c.member FROM capacities c WHERE c.account_id = judged.account() AND c.id = judged.capacity()), false);
CREATE FUNCTION judged.mayor() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
RETURN EXISTS (SELECT FROM capacities c WHERE c.account_id = judged.account() AND c.id = judged.capacity() AND c.kind = 'term');
CREATE FUNCTION judged.reads() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
RETURN EXISTS (SELECT FROM capacities c WHERE c.account_id = judged.account() AND c.id = judged.capacity()
               AND (c.kind <> 'delegation' OR 'read_group' = ANY (c.scopes)));
CREATE FUNCTION judged.secretariat() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
RETURN EXISTS (SELECT FROM accounts a JOIN capacities c ON c.account_id = a.id AND c.id = judged.capacity()
               WHERE a.id = judged.account() AND a.secretariat AND c.kind <> 'delegation');
CREATE FUNCTION judged.rooms() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
RETURN (SELECT array_agg(m.group_id) FROM capacities c
        JOIN memberships m ON m.person_id = c.principal_id AND m.term_id IS NOT DISTINCT FROM c.term_id AND m.status = 'joined'
        JOIN groups g ON g.id = m.group_id
        WHERE c.account_id = judged.account() AND c.id = judged.capacity()
          AND (c.kind <> 'delegation' OR 'read_group' = ANY (c.scopes) AND NOT g.mayors_only));

DO $$
DECLARE
    said text;
    room text;
BEGIN
    FOREACH said IN ARRAY ARRAY['threads', 'posts', 'groups'] LOOP
        room := CASE said WHEN 'groups' THEN 'id' ELSE 'group_id' END;
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', said);
        EXECUTE format('DROP POLICY IF EXISTS judged ON %I', said);
        EXECUTE format($policy$
            CREATE POLICY judged ON %I FOR SELECT TO peers_reader USING (
                (NOT mayors_only OR (SELECT judged.mayor())) AND (SELECT judged.reads()) AND CASE audience
                    WHEN 'open' THEN true
                    WHEN 'members' THEN (SELECT judged.member()) OR (SELECT judged.secretariat())
                    ELSE coalesce(%I = ANY ((SELECT judged.rooms())::uuid[]), false) END)
        $policy$, said, room);
    END LOOP;
END $$;

ALTER TABLE events ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS judged ON events;
CREATE POLICY judged ON events FOR SELECT TO peers_reader USING (
    status <> 'draft' AND (audience = 'public' OR (SELECT judged.member())) OR (SELECT judged.secretariat()));

ALTER TABLE delegations ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS judged ON delegations;
CREATE POLICY judged ON delegations FOR SELECT TO peers_reader USING (
    account_id = (SELECT judged.account()) OR (SELECT judged.secretariat()));

ALTER TABLE resolutions ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS judged ON resolutions;
CREATE POLICY judged ON resolutions FOR SELECT TO peers_reader USING (
    opened_at IS NOT NULL AND ((SELECT judged.member()) OR (SELECT judged.secretariat())));
