"""Events as clients see them, with how they stood before."""

from typing import Annotated

import strawberry

from models import events as rows
from models.events import Audience, EventKind, EventStatus, EventVerb
from planner.declare import column, computed, expression, here, identity, many, node, one, part
from policy import events as policy
from resolvers.events import local_time
from schema.accounts import Account
from schema.enums import described
from schema.nodes import Node
from schema.scalars import Instant, LocalTime

described(
    EventStatus,
    "Where an event stands.",
    DRAFT="Being prepared; nobody else sees it.",
    SAVE_THE_DATE="The date is announced, details follow.",
    SCHEDULED="On the calendar.",
    MOVED_ONLINE="Keeps its time, takes place online.",
    POSTPONED="Lost its date, or has a later one that is still to be confirmed.",
    CANCELLED="Will not take place.",
    HELD="Took place.",
)
described(
    EventKind,
    "What sort of occasion it is.",
    ANNUAL_MEETING="The conference's annual meeting.",
    MEETING="Another meeting in person.",
    WEBINAR="A talk online.",
    COMMUNITY_SESSION="A session of a community of practice.",
    TRADE_MISSION="A journey to establish markets.",
    COURSE="A training course.",
)
described(
    Audience,
    "Whose calendar it is on.",
    PUBLIC="Everybody's.",
    MEMBERS="That of member mayors and those who act for them.",
)
described(
    EventVerb,
    "One way to move an event on.",
    SAVE_THE_DATE="Announce its date; details follow: `saveTheDate`.",
    SCHEDULE="Put it on the calendar: `scheduleEvent`.",
    POSTPONE="Take its date away, or give it a later one to be confirmed: `postponeEvent`.",
    RESCHEDULE="Confirm a date: `rescheduleEvent`.",
    MOVE_ONLINE="Keep the time, leave the place: `moveEventOnline`.",
    CANCEL="Call it off: `cancelEvent`.",
    HOLD="Note that it took place: `holdEvent`.",
)


@part()
class EventHearers:
    """How many people are told when an event moves, each counted once in a line."""

    mayors: int = column(description="Mayors in office who have an account.")
    staff: int = column(description="People who act for a mayor under a delegation in force.")
    secretariat: int = column(description="The secretariat's people.")


@node(rows.EventMove, readable="true")
class EventMove:
    """How an event stood before somebody moved it, when that was, and why."""

    status: EventStatus = column(description="Its state then.")
    starts_at: Instant | None = column(description="Its start then.")
    ends_at: Instant | None = column(description="Its end then.")
    starts_at_local: LocalTime | None = column(
        "starts_wall", description="Its start then, on the wall in `timeZone`."
    )
    ends_at_local: LocalTime | None = column(
        "ends_wall", description="Its end then, on the wall in `timeZone`."
    )
    time_zone: str = column(description="Its zone then.")
    location: str = column(description="Its place then.")
    reason: str | None = column(description="Why it was moved on from this state.")
    at: Instant = column(description="When it was moved on.")
    by: Account | None = one(
        "{child}.id = {row}.actor_id", description="Who moved it on, where the viewer may know."
    )
    next: Annotated["EventMove", strawberry.lazy("schema.events")] | None = one(
        "{child}.event_id = {row}.event_id AND {child}.revision = (SELECT min(later.revision)"
        " FROM event_moves later WHERE later.event_id = {row}.event_id AND later.revision > {row}.revision)",
        description="How it stood before the move after this one; null where it stands so still.",
    )


@node(rows.Event, prefix="evt", readable=policy.READABLE)
class Event(Node):
    """Anything with a time and place: annual meeting, webinar, community session, trade mission, course."""

    id: strawberry.ID = identity()
    title: str = column(description="What it is called.")
    summary: str = column(description="What it is about, in a paragraph.")
    kind: EventKind = column(description="What sort of occasion it is.")
    audience: Audience = column(description="Whose calendar it is on.")
    status: EventStatus = column(description="Where it stands.")
    version: int = column(
        description="Grows only when time, place or state changes: the calendar's SEQUENCE (RFC 5545)."
    )
    revision: int = column(description="Grows with every change.")
    starts_at: Instant | None = column(description="When it begins; null while no date is set.")
    ends_at: Instant | None = column(description="When it ends; null while unknown.")
    starts_at_local: LocalTime | None = column(
        "starts_wall", description="When it begins, on the wall in `timeZone`."
    )
    ends_at_local: LocalTime | None = column(
        "ends_wall", description="When it ends, on the wall in `timeZone`."
    )
    starts_at_in: LocalTime | None = computed(
        local_time,
        needs={"moment": "{row}.starts_at"},
        time_zone=(str, "An IANA zone, for example America/Chicago."),
        description="When it begins, on the wall somewhere else.",
    )
    time_zone: str = column(description="The IANA zone its wall times are in.")
    location: str = column(description="Where; empty while unknown.")
    reason: str | None = column(description="Why it was last moved.")
    host: Account | None = one("{child}.id = {row}.host_id", description="Who hosts it.")
    can_move: bool = expression(
        policy.MOVABLE,
        nullable=False,
        description="Whether the viewer may postpone, re-schedule or cancel it.",
    )
    can_be: list[EventVerb] = expression(
        policy.CAN_BE,
        nullable=False,
        description="What the viewer may do with it as it stands, in the order of an event's life.",
    )
    hearers: EventHearers | None = here(
        f"CASE WHEN {policy.MOVABLE} THEN {policy.HEARERS} END",
        description="How many are told when it moves, and of a draft when it is announced; for those who may move it.",
    )
    previously: list[EventMove] = many(
        "{child}.event_id = {row}.id AND {child}.status <> 'draft'",
        order="{child}.revision DESC",
        description="How it stood before each move, newest first; that it was once a draft is left out.",
    )
