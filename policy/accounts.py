"""Who may know of accounts, and of their addresses."""

#: One's own, those one has granted something to or holds a grant from, whoever hosts an event; the secretariat all.
READABLE = """(
    {row}.id = {viewer.account_id}
    OR {viewer.secretariat}
    OR EXISTS (SELECT FROM delegations d WHERE d.account_id = {row}.id
               AND d.term_id = {viewer.term_id} AND {viewer.capacity_kind} = 'term')
    OR EXISTS (SELECT FROM events e WHERE e.host_id = {row}.id AND e.status <> 'draft')
)"""

#: The address: one's own, that of one's own staff; the secretariat all.
EMAIL = """(
    {row}.id = {viewer.account_id}
    OR {viewer.secretariat}
    OR EXISTS (SELECT FROM delegations d WHERE d.account_id = {row}.id
               AND d.term_id = {viewer.term_id} AND {viewer.capacity_kind} = 'term')
)"""
