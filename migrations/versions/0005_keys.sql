-- What a session is known by to its owner, and what a token may do. The User-Agent and the full address are not
-- kept: words are enough to recognise one's own device, and nobody else's business.
ALTER TABLE tokens
    ADD COLUMN device text NOT NULL DEFAULT '',
    ADD COLUMN place text NOT NULL DEFAULT '',
    ADD COLUMN last_used_at timestamptz,
    ADD COLUMN scopes text[] NOT NULL DEFAULT '{read,act}'
        CHECK (scopes <@ ARRAY['read', 'act'] AND 'read' = ANY (scopes));
--;
-- Whoever ends a token, its open streams learn of it at the commit, whichever process they run in.
CREATE FUNCTION tell_that_a_token_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('rotunda_rights', NEW.account_id::text);
    RETURN NULL;
END $$;
--;
CREATE TRIGGER a_token_ended AFTER UPDATE OF revoked_at ON tokens
    FOR EACH ROW WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL)
    EXECUTE FUNCTION tell_that_a_token_ended();
--;
CREATE TABLE passkeys (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    account_id uuid NOT NULL REFERENCES accounts,
    credential_id bytea NOT NULL UNIQUE,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL CHECK (sign_count >= 0),
    name text NOT NULL CHECK (name <> ''),
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    removed_at timestamptz
);
--;
CREATE INDEX passkeys_of_account ON passkeys (account_id, id);
--;
-- A challenge is good once and for five minutes; its account is whose new passkey it is for, null when signing in.
CREATE TABLE challenges (
    hash bytea PRIMARY KEY,
    account_id uuid REFERENCES accounts,
    expires_at timestamptz NOT NULL DEFAULT now() + interval '5 minutes'
);
--;
-- How often somebody tried a door in a span of time, told apart by a hash: the table names nobody. Losing it in a
-- crash costs a few tries more, so it is not written to the WAL.
CREATE UNLOGGED TABLE knocks (
    who bytea NOT NULL,
    since timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 1,
    PRIMARY KEY (who, since)
);
--;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rotunda_app') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON passkeys, challenges, knocks TO rotunda_app;
    END IF;
END $$;
