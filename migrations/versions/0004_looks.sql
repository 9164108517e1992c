-- How far an account has seen what changed, apart for each capacity it acts in. A capacity is an account, a term or
-- a grant, so no single reference could hold it; one that has ended leaves a row that nobody can read.
CREATE TABLE looks (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    account_id uuid NOT NULL REFERENCES accounts,
    capacity_id uuid NOT NULL,
    pos bigint NOT NULL CHECK (pos >= 0),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (account_id, capacity_id)
);
--;
CREATE FUNCTION looks_move_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.pos < OLD.pos THEN
        RAISE EXCEPTION 'a look moves only forward' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
--;
CREATE TRIGGER forward BEFORE UPDATE ON looks FOR EACH ROW EXECUTE FUNCTION looks_move_forward();
--;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rotunda_app') THEN
        GRANT SELECT, INSERT, UPDATE ON looks TO rotunda_app;
    END IF;
END $$;
