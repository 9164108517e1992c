"""Who may know of grants, give them and take them back."""

from models.delegations import Delegation, Scope
from policy.rights import SIGN_IN, not_for_staff
from policy.viewer import Acting

#: The mayor who gave it, in the term it hangs on; its holder, but acting for one principal only that one's grant.
READABLE = """(
    ({viewer.capacity_kind} = 'term' AND {row}.term_id = {viewer.term_id})
    OR ({row}.account_id = {viewer.account_id}
        AND ({viewer.capacity_kind} <> 'delegation' OR {row}.id = {viewer.delegation_id}))
    OR {viewer.secretariat}
)"""

#: The same by what an index knows: the secretariat's reading, else the mayor's, else the holder's.
WAYS = (
    "{viewer.secretariat}",
    "NOT {viewer.secretariat} AND {viewer.capacity_kind} = 'term' AND {row}.term_id = {viewer.term_id}",
    """NOT {viewer.secretariat} AND {row}.account_id = {viewer.account_id}
        AND ({viewer.capacity_kind} = 'term' AND {row}.term_id = {viewer.term_id}) IS NOT TRUE""",
)

#: What counts of an invitation or grant by dates alone: past its last day it has expired, or ended with the term.
STATUS = """(SELECT CASE WHEN {row}.status NOT IN ('invited', 'active') THEN {row}.status
    WHEN upper({row}.during) > timezone(c.time_zone, now())::date IS NOT FALSE THEN {row}.status
    WHEN upper({row}.during) = upper(t.during) THEN 'term_ended' ELSE 'expired' END
    FROM terms t JOIN cities c ON c.id = t.city_id WHERE t.id = {row}.term_id)"""

#: Scopes that reach further than preparing: they commit the mayor only once the mayor has released the act.
NEEDS_RELEASE = frozenset({Scope.SPONSOR, Scope.SIGN_LETTER})


def invite(acting: Acting, _term: object) -> str | None:
    """Only a mayor in office grants, and in person."""
    if acting.account_id is None:
        return SIGN_IN
    staff = not_for_staff(acting, "Granting a delegation")
    if staff or acting.capacity_kind == "term":
        return staff
    return "Only a mayor in office can grant a delegation, and you are acting for yourself."


def accept(acting: Acting, delegation: Delegation) -> str | None:
    """Only the person it was sent to."""
    if acting.account_id != delegation.account_id:
        return "This invitation was sent to somebody else; sign in with the address it reached."
    return None


def revoke(acting: Acting, delegation: Delegation) -> str | None:
    """The mayor who gave it, in person; the secretariat, when the mayor cannot."""
    if acting.secretariat:
        return None
    staff = not_for_staff(acting, "Revoking a delegation")
    if staff or (acting.capacity_kind == "term" and delegation.term_id == acting.term_id):
        return staff
    return "A delegation is revoked by the mayor who gave it; you can leave it instead."


def narrow(acting: Acting, delegation: Delegation) -> str | None:
    """The mayor who gave it, in person; the secretariat may end it, but what a mayor grants is the mayor's to weigh."""
    if acting.account_id is None:
        return SIGN_IN
    staff = not_for_staff(acting, "Narrowing a delegation")
    if staff or (acting.capacity_kind == "term" and delegation.term_id == acting.term_id):
        return staff
    return "A delegation is narrowed by the mayor who gave it; ask them to, or, if you hold it, leave it."


def leave(acting: Acting, delegation: Delegation) -> str | None:
    """Its holder."""
    if delegation.account_id != acting.account_id:
        return "Only its holder can leave a delegation; as its mayor you can revoke it."
    return None
