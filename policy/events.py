"""Who may know of events, and who may move them."""

from models.delegations import Scope
from models.events import Event
from policy.rights import SIGN_IN, lacks_scope
from policy.viewer import Acting

#: On the public calendar everyone, on the members' calendar members; drafts only their host and the secretariat.
READABLE = """(
    ({row}.status <> 'draft' AND ({row}.audience = 'public' OR {viewer.member}))
    OR {viewer.secretariat}
    OR ({row}.host_id = {viewer.host_id} AND coalesce({viewer.object_id} = {row}.id, true))
)"""

#: Whether the viewer may move this event: the answer that pages show, and ``move`` explains.
MOVABLE = """coalesce({viewer.secretariat}
    OR ({row}.host_id = {viewer.host_id} AND coalesce({viewer.object_id} = {row}.id, true)), false)"""


def move(acting: Acting, event: Event) -> str | None:
    """The secretariat, the event's host, and the host's staff with the scope ``host_sessions``."""
    if acting.account_id is None:
        return SIGN_IN
    if acting.secretariat:
        return None
    missing = lacks_scope(acting, Scope.HOST_SESSIONS, event.id)
    if missing:
        return missing
    if event.host_id is not None and event.host_id == acting.host_id:
        return None
    return "Only the event's host and the secretariat can move it; ask them to."


def create(acting: Acting, _event: object) -> str | None:
    """The secretariat, and whoever already hosts sessions."""
    if acting.account_id is None:
        return SIGN_IN
    if acting.secretariat:
        return None
    missing = lacks_scope(acting, Scope.HOST_SESSIONS)
    if missing:
        return missing
    return None if acting.host_id else "Events are put on the calendar by their hosts and the secretariat."
