"""Who may know of events, and who may move them."""

from uuid import UUID

from models.delegations import Scope
from models.events import LIFECYCLE, Event, EventVerb
from policy.rights import SIGN_IN, lacks_scope
from policy.viewer import EVERYBODY, Acting, of

#: On the public calendar everyone, on the members' calendar members; drafts only their host and the secretariat.
READABLE = """(
    ({row}.status <> 'draft' AND ({row}.audience = 'public' OR {viewer.member}))
    OR {viewer.secretariat}
    OR ({row}.host_id = {viewer.host_id} AND coalesce({viewer.object_id} = {row}.id, true))
)"""

#: Whether the viewer may move this event: the answer that pages show, and ``move`` explains.
MOVABLE = """coalesce({viewer.secretariat}
    OR ({row}.host_id = {viewer.host_id} AND coalesce({viewer.object_id} = {row}.id, true)), false)"""

#: What the clock has to say to a move, beside the state.
_CLOCK = {
    EventVerb.CANCEL: "(coalesce({row}.ends_at, {row}.starts_at) > now()) IS NOT FALSE",
    EventVerb.HOLD: "{row}.starts_at <= now()",
}


def _possible() -> str:
    """Every verb with the states it leaves, in the order of a life, as the rows of a ``VALUES``."""
    verbs = (
        (place, verb, ",".join(f"'{state}'" for state in sorted(LIFECYCLE.moves[verb][0])))
        for place, verb in enumerate(EventVerb)
    )
    return ", ".join(
        f"({place}, '{verb}', ARRAY[{states}], {_CLOCK.get(verb, 'true')})" for place, verb, states in verbs
    )


#: What the viewer may do with this event as it stands: the lifecycle's moves, for whoever may move it at all.
CAN_BE = f"""CASE WHEN {MOVABLE} THEN ARRAY(
        SELECT m.verb FROM (VALUES {_possible()}) AS m(place, verb, leaves, timely)
        WHERE {{row}}.status = ANY (m.leaves) AND m.timely ORDER BY m.place)
    ELSE '{{{{}}}}'::text[] END"""

#: How many may know of this event once it is no draft: the same clause, asked of everybody instead of the viewer.
HEARERS = f"""(SELECT jsonb_build_object(
        'mayors', count(DISTINCT hearer.account_id) FILTER (WHERE hearer.capacity_kind = 'term'),
        'staff', count(DISTINCT hearer.account_id) FILTER (WHERE hearer.capacity_kind = 'delegation'),
        'secretariat', count(DISTINCT hearer.account_id) FILTER (WHERE hearer.secretariat))
    FROM (SELECT {{row}}.id, {{row}}.audience, {{row}}.host_id, 'scheduled' AS status) told
    CROSS JOIN {EVERYBODY} hearer
    WHERE {of("hearer", READABLE).replace("{row}", "told")})"""


def move(acting: Acting, event: Event) -> str | None:
    """The secretariat, the event's host, and the host's staff with the scope ``host_sessions``.

    What the mayor could not do either is refused with the mayor's reason: no scope would mend it.
    """
    if acting.account_id is None:
        return SIGN_IN
    if acting.secretariat:
        return None
    if event.host_id is None or event.host_id != _host(acting):
        return "Only the event's host and the secretariat can move it; ask them to."
    return lacks_scope(acting, Scope.HOST_SESSIONS, event.id)


def create(acting: Acting, _event: object) -> str | None:
    """The secretariat, and whoever already hosts sessions."""
    if acting.account_id is None:
        return SIGN_IN
    if acting.secretariat:
        return None
    if _host(acting) is None:
        return "Events are put on the calendar by their hosts and the secretariat; ask them to."
    return lacks_scope(acting, Scope.HOST_SESSIONS)


def _host(acting: Acting) -> UUID | None:
    """Whose sessions the viewer hosts, or would with a grant that reached them."""
    return acting.principal_host_id if acting.capacity_kind == "delegation" else acting.host_id
