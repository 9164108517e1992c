"""Who may find what: whoever may know of it. The clause of each kind, said of the row by which it is found."""

from policy import discussions, events, groups

_GROUP = groups.READABLE.replace("{row}.id", "{row}.group_id")
_EVENT = events.READABLE.replace("{row}.id", "{row}.subject")

READABLE = f"""CASE {{row}}.kind WHEN 'Group' THEN {_GROUP} WHEN 'Event' THEN {_EVENT}
    WHEN 'Thread' THEN {discussions.READABLE} WHEN 'Post' THEN {discussions.READABLE} ELSE true END"""

#: What was said under the Chatham House Rule is found as its thread, and never quoted: a quotation tells who spoke.
QUOTED = "NOT ({row}.kind = 'Post' AND {row}.chatham_house)"
