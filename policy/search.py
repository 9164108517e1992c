"""Who may find what: whoever may know of it. The clause of each kind, said of the row by which it is found."""

from policy import discussions, events, groups, resolutions

_GROUP = groups.READABLE.replace("{row}.id", "{row}.group_id")
_EVENT = events.READABLE.replace("{row}.id", "{row}.subject")

READABLE = f"""CASE {{row}}.kind WHEN 'Group' THEN {_GROUP} WHEN 'Event' THEN {_EVENT}
    WHEN 'Thread' THEN {discussions.READABLE} WHEN 'Post' THEN {discussions.READABLE}
    WHEN 'Resolution' THEN {resolutions.FOUND} ELSE true END"""

#: Among what the viewer may look, as a query of the documents: each says whose it is (migration 0011), so that no
#: search is delayed, nor timed, by what it may not find. All that is readable is let through, perhaps a little more.
AMONG = f"""(SELECT string_agg('''in ' || whose || '''', '|') FROM unnest(ARRAY['all',
    CASE WHEN {resolutions.CALLS} THEN 'resolutions' END,
    CASE WHEN {resolutions.DRAFTING} THEN 'office of ' || {{viewer.term_id}} END] || CASE
    WHEN NOT {{viewer.reads}} THEN ARRAY[]::text[]
    WHEN {{viewer.object_id}} IS NOT NULL THEN ARRAY[{{viewer.object_id}}::text]
    ELSE ARRAY['open', CASE WHEN {{viewer.mayor}} THEN 'open of mayors' END,
        CASE WHEN {{viewer.member}} OR {{viewer.secretariat}} THEN 'members' END,
        CASE WHEN {{viewer.mayor}} THEN 'members of mayors' END] || {{viewer.rooms}}::text[] END) whose)::tsquery"""

#: What was said under the Chatham House Rule is found as its thread, and never quoted: a quotation tells who spoke.
QUOTED = "NOT ({row}.kind = 'Post' AND {row}.chatham_house)"
