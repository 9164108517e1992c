"""The limit: the same answers by SQL that was written for them, served without GraphQL."""
