"""Who may know of groups, read in them, and run them. Nothing of a mayors-only group is known to any delegate."""

from models.groups import Group, GroupAudience, Membership
from policy.rights import SIGN_IN, not_for_staff
from policy.viewer import Acting

#: Who is kept out before anything else: visitors, delegates without the scope or for another thing, non-mayors.
_ADMITTED = """{viewer.reads} AND coalesce({viewer.object_id} = {group}, true)
    AND ({viewer.mayor} OR NOT {row}.mayors_only)"""

_LET_IN = "coalesce({group} = ANY ({viewer.rooms}), false)"

#: Reading what is said, of any row that carries its group's audience and confidentiality. One definition for
#: threads, posts and everything that hangs on them; ``{group}`` is the group's id.
_READING = f"""(coalesce({_ADMITTED}, false) AND CASE {{row}}.audience
    WHEN 'open' THEN true
    WHEN 'members' THEN {{viewer.member}} OR {{viewer.secretariat}}
    ELSE {_LET_IN} END)"""

#: Rows that have a ``group_id``.
READING = _READING.replace("{group}", "{row}.group_id")

#: Groups themselves: whether the viewer reads what is said in them.
ENTERED = _READING.replace("{group}", "{row}.id")

#: Knowing that a group exists. An invite-only one is known to those it could invite, a hidden one to those it did.
#: The secretariat answers for the house and knows of every group; what is said it reads only where it was let in.
READABLE = f"""({{viewer.secretariat}} OR (coalesce({_ADMITTED}, false) AND CASE {{row}}.audience
    WHEN 'open' THEN true
    WHEN 'members' THEN {{viewer.member}}
    WHEN 'invited' THEN {{viewer.member}} OR {_LET_IN} OR coalesce({{group}} = ANY ({{viewer.doors}}), false)
    ELSE {_LET_IN} OR coalesce({{group}} = ANY ({{viewer.doors}}), false) END))""".replace(
    "{group}", "{row}.id"
)

#: Whether the viewer runs the group: a keeper, or of the secretariat where it reads; of a row with a ``group_id``.
_KEEPING = f"(coalesce({{group}} = ANY ({{viewer.keeps}}), false) OR ({{viewer.secretariat}} AND {_READING}))"
KEPT = _KEEPING.replace("{group}", "{row}.id")
KEEPING = _KEEPING.replace("{group}", "{row}.group_id")

#: Who is in a group, for those who read in it; under the Chatham House Rule for those alone who are in it themselves.
MEMBERS_READABLE = f"""(EXISTS (SELECT FROM groups known WHERE known.id = {{row}}.group_id
        AND {ENTERED.replace("{row}", "known")} AND (NOT known.chatham_house
            OR ({{viewer.capacity_kind}} <> 'delegation' AND {_LET_IN.replace("{group}", "known.id")})))
    OR ({{row}}.person_id = {{viewer.principal_id}} AND {{viewer.capacity_kind}} <> 'delegation'
        AND {{row}}.term_id IS NOT DISTINCT FROM {{viewer.term_id}}))"""


def found(acting: Acting, _group: object) -> str | None:
    """Any mayor in person, and the secretariat."""
    if acting.account_id is None:
        return SIGN_IN
    if acting.secretariat or acting.mayor:
        return None
    return not_for_staff(acting, "Founding a group") or (
        "Groups are founded by mayors in office and by the secretariat; ask one of them to found it."
    )


def join(acting: Acting, group: Group) -> str | None:
    """Whoever the group is for, in person; into an invite-only or hidden one whoever was invited."""
    if acting.account_id is None:
        return SIGN_IN
    staff = not_for_staff(acting, "Joining a group, and accepting its rule,")
    if staff:
        return staff
    if group.mayors_only and not acting.mayor:
        return "This group is for mayors in office, in person."
    return _for_others(acting, group)


def _for_others(acting: Acting, group: Group) -> str | None:
    if group.audience is GroupAudience.OPEN:
        return None
    if group.audience is GroupAudience.MEMBERS:
        return None if acting.member or acting.secretariat else "This group is for member mayors."
    if group.id in {*(acting.doors or ()), *(acting.rooms or ())}:
        return None
    return "This group is joined by invitation; ask one of its keepers for one."


def _walked_into(acting: Acting, group: Group) -> bool:
    """Whether it is read without an invitation, or the viewer was let in."""
    closed = group.audience in {GroupAudience.INVITED, GroupAudience.HIDDEN}
    return not closed or group.id in (acting.rooms or ())


def leave(acting: Acting, membership: Membership) -> str | None:
    """Whoever joined, in person."""
    if acting.account_id is None:
        return SIGN_IN
    staff = not_for_staff(acting, "Leaving a group")
    if staff:
        return staff
    if membership.person_id == acting.principal_id and membership.term_id == acting.term_id:
        return None
    return "Only whoever joined can leave; a keeper can take somebody out."


def keep(acting: Acting, group: Group) -> str | None:
    """Its keepers, in person; the secretariat in the groups it reads."""
    if acting.account_id is None:
        return SIGN_IN
    staff = not_for_staff(acting, "Running a group")
    if staff:
        return staff
    if group.id in (acting.keeps or ()):
        return None
    if acting.secretariat and not group.mayors_only and _walked_into(acting, group):
        return None
    return "A group is run by its keepers; ask one of them."
