CREATE INDEX audit_by_actor ON audit (actor_id, at);
--;
CREATE INDEX audit_by_time ON audit (at, id);
--;
CREATE INDEX audit_under_grant ON audit (delegation_id, at) WHERE delegation_id IS NOT NULL;
