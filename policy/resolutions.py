"""Who may know of resolutions and calls for them, draft, sponsor, submit and withdraw."""

from models.delegations import Scope
from models.resolutions import Resolution
from policy.rights import SIGN_IN, lacks_scope, not_for_staff
from policy.viewer import Acting

#: Members and those who act for them, unless for one other thing alone; the secretariat. Never visitors.
_CONFERENCE = "({viewer.secretariat} OR ({viewer.member} AND {viewer.object_id} IS NULL))"

#: Whether the viewer reads the drafts of the mayor they are or act for: that mayor, and staff with the scope.
DRAFTING = """coalesce({viewer.object_id} IS NULL
    AND ({viewer.mayor} OR 'draft_resolution' = ANY ({viewer.scopes})), false)"""

#: The office that drafts it.
OFFICE = f"(coalesce({{row}}.term_id = {{viewer.term_id}}, false) AND {DRAFTING})"

#: Calls, and all that was ever opened for sponsors.
CALLS = f"coalesce({_CONFERENCE}, false)"

_READABLE = f"(({{opened}} AND {CALLS}) OR {OFFICE})"
READABLE = _READABLE.replace("{opened}", "{row}.opened_at IS NOT NULL")
#: The same of the row by which it is found.
FOUND = _READABLE.replace("{opened}", "{row}.audience = 'members'")

#: The same by what an index knows: what was opened, state by state, newest first; and the drafts of one office.
WAYS = (
    *(
        f"{{row}}.opened_at IS NOT NULL AND {{row}}.status = '{one}'"
        for one in ("gathering", "submitted", "withdrawn")
    ),
    "{row}.opened_at IS NULL AND {row}.term_id = {viewer.term_id}",
)

_OF = "EXISTS (SELECT FROM resolutions about WHERE about.id = {row}.resolution_id AND "
#: Versions: how it read before it was opened is the office's own, and stays so.
VERSIONS = f"""{_OF}(({{row}}.version >= about.opened_version AND {CALLS})
    OR {OFFICE.replace("{row}", "about")}))"""

_LEADING = "coalesce({viewer.mayor} AND {row}.term_id = {viewer.term_id}, false)"
_IN_TIME = "(SELECT now() <= call.due_at FROM resolution_calls call WHERE call.id = {row}.call_id)"
_OWN = """EXISTS (SELECT FROM sponsorships own WHERE own.resolution_id = {row}.id AND own.term_id = {viewer.term_id}
    AND own.withdrawn_at IS NULL"""

#: What pages offer: each says what the act of that name would be allowed, as things stand.
CAN_EDIT = f"({OFFICE} AND {{row}}.status IN ('draft', 'gathering'))"
CAN_GATHER = f"({_LEADING} AND {{row}}.status = 'draft' AND {_IN_TIME})"
CAN_SUBMIT = f"({_LEADING} AND {{row}}.status = 'gathering' AND {_IN_TIME})"
CAN_WITHDRAW = f"({_LEADING} AND {{row}}.status <> 'withdrawn')"
CAN_SPONSOR = f"""(coalesce({{viewer.mayor}} AND {{viewer.member}}, false)
    AND {{row}}.status IN ('gathering', 'submitted') AND NOT {_OWN} AND own.version = {{row}}.version))"""
CAN_WITHDRAW_SPONSORSHIP = f"""(coalesce({{viewer.mayor}}, false) AND {{row}}.status IN ('gathering', 'submitted')
    AND {_OWN} AND NOT own.lead))"""

_NOT_A_MEMBER = "Resolutions are drafted and sponsored by mayors in office of member cities"


def call(acting: Acting, _call: object) -> str | None:
    """The secretariat calls for resolutions, and says until when."""
    if acting.account_id is None:
        return SIGN_IN
    if acting.secretariat:
        return None
    return "The secretariat calls for resolutions and moves their deadlines; write to them."


def draft(acting: Acting, _resolution: object) -> str | None:
    """A member mayor, and staff with the scope ``draft_resolution``."""
    if acting.account_id is None:
        return SIGN_IN
    if acting.term_id is None or not acting.member:
        return f"{_NOT_A_MEMBER}, and by their staff."
    return lacks_scope(acting, Scope.DRAFT_RESOLUTION)


def edit(acting: Acting, resolution: Resolution) -> str | None:
    """The office that drafted it."""
    if acting.account_id is None:
        return SIGN_IN
    if resolution.term_id != acting.term_id:
        return "A resolution is edited by the office of the mayor who leads it; write to them, or withdraw your name."
    return lacks_scope(acting, Scope.DRAFT_RESOLUTION)


def lead(acting: Acting, resolution: Resolution) -> str | None:
    """Opening, submitting and withdrawing it: the mayor who leads it, in person."""
    if acting.account_id is None:
        return SIGN_IN
    staff = not_for_staff(acting, "Opening, submitting or withdrawing a resolution")
    if staff:
        return staff
    if acting.mayor and resolution.term_id == acting.term_id:
        return None
    return "That is for the mayor who leads this resolution."


def sponsor(acting: Acting, _resolution: object) -> str | None:
    """A member mayor, in person."""
    if acting.account_id is None:
        return SIGN_IN
    staff = not_for_staff(acting, "Sponsoring a resolution, or withdrawing from it,")
    if staff:
        return staff
    return None if acting.mayor and acting.member else f"{_NOT_A_MEMBER}, and you act as none."
