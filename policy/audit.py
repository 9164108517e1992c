"""Who may read what was done: the secretariat all, a mayor what was done in the term, anybody their own acts."""

#: Acting under one delegation, only what was done under that one: two principals never mix.
READABLE = """(
    {viewer.secretariat}
    OR ({viewer.capacity_kind} = 'term' AND {row}.term_id = {viewer.term_id})
    OR ({row}.actor_id = {viewer.account_id}
        AND ({viewer.capacity_kind} <> 'delegation' OR {row}.delegation_id = {viewer.delegation_id}))
)"""
