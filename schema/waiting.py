"""What waits for the viewer: everything that will not go on unless they, or somebody with their right, does it."""

from planner.declare import node, pages
from planner.pages import Connection
from policy import delegations, events, readings
from schema.cities import City
from schema.delegations import Delegation
from schema.discussions import Post, Report
from schema.events import Event
from schema.groups import Group
from schema.mayors import Mayor

#: How many days ahead an end is worth a word: a grant's, and a term's, whose succession takes longer.
GRANT_DAYS, TERM_DAYS = 30, 60

_MOVABLE = events.MOVABLE.replace("{row}", "{child}")
_STANDING = delegations.STATUS.replace("{row}", "{child}")
_UNREAD_GROUP = readings.WITH_UNREAD.replace("{row}", "{child}")
_UNREAD = readings.UNREAD.replace("{row}", "{child}")
_BY_ID = [("{row}.id", "uuid")]
_BY_NAME = [("{row}.name", "text"), ("{row}.id", "uuid")]
_BY_END = [("upper({row}.during)", "date"), ("{row}.id", "uuid")]
_BY_START = [("coalesce({row}.starts_at,'infinity'::timestamptz)", "timestamptz"), ("{row}.id", "uuid")]


@node("viewer", key="account_id", readable="true")
class Waiting:
    """What waits for the viewer, acting as at present; nothing here reads for one principal what is another's."""

    invitations: Connection[Delegation] = pages(
        "{child}.account_id = {viewer.account_id} AND " + _STANDING + " = 'invited'",
        order=_BY_ID,
        description="Grants offered to the viewer, to be accepted with the code in their letter.",
    )
    grants_ending: Connection[Delegation] = pages(
        "{viewer.capacity_kind} = 'term' AND {child}.term_id = {viewer.term_id} AND "
        f"upper({{child}}.during) <= current_date + {GRANT_DAYS} AND {_STANDING} = 'active'",
        order=_BY_END,
        description=f"For a mayor: grants in force that end within {GRANT_DAYS} days. To go on, they are granted anew.",
    )
    named: Connection[Post] = pages(
        "{child}.stands AND EXISTS (SELECT FROM mentions m "
        "WHERE m.post_id = {child}.id AND m.term_id = {viewer.term_id}) AND " + _UNREAD,
        order=[("-{row}.place", "bigint"), ("{row}.id", "uuid")],
        description="Unread posts that name the mayor whom the viewer is or acts for, newest first.",
    )
    unread: Connection[Group] = pages(
        _UNREAD_GROUP,
        order=_BY_NAME,
        description="Groups with something unread, those the viewer muted left out.",
    )
    group_invitations: Connection[Group] = pages(
        "{child}.id = ANY ({viewer.doors})",
        order=_BY_NAME,
        description="Groups the viewer is invited into.",
    )
    reports: Connection[Report] = pages(
        "{child}.status = 'open'",
        order=[("{row}.at", "timestamptz"), ("{row}.id", "uuid")],
        description="Reported posts that nobody has looked at, for those who keep the group; the oldest first.",
    )
    drafts: Connection[Event] = pages(
        "{child}.status = 'draft' AND " + _MOVABLE,
        order=_BY_START,
        description="Drafts of events the viewer may put on the calendar.",
    )
    undated: Connection[Event] = pages(
        "{child}.status = 'postponed' AND {child}.starts_wall IS NULL AND " + _MOVABLE,
        order=_BY_ID,
        description="Postponed events without a date that the viewer may give one.",
    )
    over: Connection[Event] = pages(
        # What is over has begun: said too, for that is what the index knows.
        "{child}.status IN ('scheduled', 'moved_online') "
        "AND coalesce({child}.starts_at,'infinity'::timestamptz) < now() "
        "AND coalesce({child}.ends_at, {child}.starts_at) < now() AND " + _MOVABLE,
        order=_BY_START,
        description="Events past their end that nobody has noted as held, where the viewer may.",
    )
    seats_vacant: Connection[City] = pages(
        "{viewer.secretariat} AND {child}.joined_on IS NOT NULL AND NOT EXISTS (SELECT FROM terms t "
        "WHERE t.city_id = {child}.id AND t.during @> timezone({child}.time_zone, now())::date)",
        order=_BY_NAME,
        description="For the secretariat: member cities without a mayor in office today.",
    )
    terms_ending: Connection[Mayor] = pages(
        "{viewer.secretariat} AND {child}.during @> current_date AND "
        f"upper({{child}}.during) <= current_date + {TERM_DAYS} AND NOT EXISTS (SELECT FROM terms s "
        "WHERE s.city_id = {child}.city_id AND lower(s.during) = upper({child}.during))",
        order=_BY_END,
        description=f"For the secretariat: terms that end within {TERM_DAYS} days with nobody to follow.",
    )
