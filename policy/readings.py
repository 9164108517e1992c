"""Who may know of marks and wishes: whoever made them, in the same capacity. Marking is anybody's who reads."""

from policy import groups
from policy.rights import SIGN_IN
from policy.viewer import Acting

READABLE = "({row}.account_id = {viewer.account_id} AND {row}.capacity_id = {viewer.capacity_id})"

_OWN = "{kind}.account_id = {{viewer.account_id}} AND {kind}.capacity_id = {{viewer.capacity_id}}"
_READ = _OWN.format(kind="r")
_WISH = _OWN.format(kind="w")

#: How many posts of a thread that stand are unread.
UNREAD_OF_THREAD = f"""({{row}}.post_count - coalesce(
    (SELECT r.read_count FROM readings r WHERE r.thread_id = {{row}}.id AND {_READ}), 0))"""

#: The earliest unread post that stands, if any: looked for in the gaps of what was read, and in nothing that was.
FIRST_UNREAD = f"""{{child}}.id = (SELECT p.id
    FROM unnest('{{{{[1,)}}}}'::int4multirange - coalesce((SELECT r.read FROM readings r
        WHERE r.thread_id = {{row}}.id AND {_READ}), '{{{{}}}}'::int4multirange)) gap
    CROSS JOIN LATERAL (SELECT p.id FROM posts p WHERE p.thread_id = {{row}}.id AND p.stands
        AND p.number >= lower(gap) AND p.number < coalesce(upper(gap), 2147483647)
        ORDER BY p.number LIMIT 1) p
    ORDER BY lower(gap) LIMIT 1)"""

#: Whether a post is unread.
UNREAD = f"""({{row}}.stands AND NOT coalesce((SELECT {{row}}.number <@ r.read FROM readings r
    WHERE r.thread_id = {{row}}.thread_id AND {_READ}), false))"""

_MUTED = "w.level = 'muted' AND (w.until IS NULL OR w.until > now())"

# Posts in threads that are muted by themselves: few rows, and none for most.
_UNREAD_IN_MUTED = f"""(SELECT coalesce(sum(t.post_count - coalesce(
        (SELECT r.read_count FROM readings r WHERE r.thread_id = t.id AND {_READ}), 0)), 0)
    FROM attentions w JOIN threads t ON t.id = w.thread_id
    WHERE {_WISH} AND w.group_id = {{row}}.id AND {_MUTED})"""

#: How many posts of a group are unread, but for those in threads the viewer muted; nothing to whom may not read it.
UNREAD_OF_GROUP = f"""(CASE WHEN {groups.ENTERED} THEN {{row}}.post_count - coalesce(
        (SELECT r.read_count FROM group_readings r WHERE r.group_id = {{row}}.id AND {_READ}), 0)
    - {_UNREAD_IN_MUTED} ELSE 0 END)"""

_HEARD = f"""({groups.ENTERED} AND NOT EXISTS (SELECT FROM attentions w
    WHERE {_WISH} AND w.group_id = {{row}}.id AND w.thread_id IS NULL AND {_MUTED}))"""

#: Whether something in a group is unread, and the group not muted.
WITH_UNREAD = f"({_HEARD} AND {UNREAD_OF_GROUP} > 0)"

#: How many are unread in all: in every group the viewer reads, but for muted ones.
UNREAD_IN_ALL = f"""(SELECT coalesce(sum({UNREAD_OF_GROUP.replace("{row}", "g")}), 0) FROM groups g
    WHERE {_HEARD.replace("{row}", "g")})"""

_TAKES_PART = """EXISTS (SELECT FROM posts p WHERE p.thread_id = {row}.id
    AND p.author_id = {viewer.account_id} AND p.term_id IS NOT DISTINCT FROM {viewer.term_id})"""
_NAMED = """EXISTS (SELECT FROM mentions m JOIN posts p ON p.id = m.post_id
    WHERE p.thread_id = {row}.id AND p.stands AND m.term_id = {viewer.term_id})"""

#: Why somebody hears of a thread, or does not: the first of these that holds. There is no other precedence.
PRECEDENCE = (
    ("thread_muted", "muted"),
    ("thread_followed", "followed"),
    ("group_muted", "muted"),
    ("group_followed", "followed"),
    ("named", "followed"),
    ("takes_part", "followed"),
    ("nothing", "quiet"),
)

_WISHED = f"""EXISTS (SELECT FROM attentions w WHERE {_WISH} AND w.group_id = {{row}}.group_id
    AND w.thread_id IS NOT DISTINCT FROM {{thread}}
    AND w.level = '{{level}}' AND (w.until IS NULL OR w.until > now()))"""


def _wished(thread: str, level: str) -> str:
    return _WISHED.replace("{thread}", thread).replace("{level}", level)


#: The first reason of ``PRECEDENCE`` that holds for a thread.
BECAUSE = f"""(CASE WHEN {_wished("{row}.id", "muted")} THEN 'thread_muted'
    WHEN {_wished("{row}.id", "followed")} THEN 'thread_followed'
    WHEN {_wished("NULL::uuid", "muted")} THEN 'group_muted'
    WHEN {_wished("NULL::uuid", "followed")} THEN 'group_followed'
    WHEN {_NAMED} THEN 'named'
    WHEN {_TAKES_PART} THEN 'takes_part'
    ELSE 'nothing' END)"""


def mark(acting: Acting, _row: object) -> str | None:
    """Whoever reads keeps marks and wishes of their own."""
    return SIGN_IN if acting.account_id is None else None
