"""Who may read what was done: the secretariat all, a mayor what was done in the term, anybody their own acts."""

from policy import delegations

#: What somebody does with their own login is in no principal's history, whomever they act for just then.
PERSONAL = "{child}.act IN ('markSeen','createToken','revokeToken','revokeSession','signOutEverywhere','removePasskey')"

_GRANT = delegations.READABLE.replace("{row}", "own_grant")

#: Acting under one delegation, only what was done under that one: two principals never mix.
#: What was done to a grant itself (accepted, narrowed, ended) is known to those who may know the grant.
#: What was done in confidence only who did it reads, in person. What stays in an office is not the secretariat's.
READABLE = f"""(CASE WHEN {{row}}.confidential
    THEN {{row}}.actor_id = {{viewer.account_id}} AND {{viewer.capacity_kind}} <> 'delegation' ELSE (
    ({{viewer.secretariat}} AND NOT {{row}}.in_office)
    OR ({{viewer.capacity_kind}} = 'term' AND {{row}}.term_id = {{viewer.term_id}})
    OR ({{row}}.actor_id = {{viewer.account_id}}
        AND ({{viewer.capacity_kind}} <> 'delegation' OR {{row}}.delegation_id = {{viewer.delegation_id}}))
    OR EXISTS (SELECT FROM delegations own_grant WHERE own_grant.id = {{row}}.subject AND {_GRANT})
) END)"""
