-- Grows when an account joins or leaves the secretariat: it orders the notices about the account.
ALTER TABLE accounts ADD COLUMN revision integer NOT NULL DEFAULT 1;
