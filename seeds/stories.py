"""A story: an event as it was first written down, and what has happened to it since."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from models.events import Audience, Event, EventKind, EventMove, EventStatus
from models.schedules import Schedule
from seeds.days import instant
from seeds.rows import Ids

ONLINE: Final = "Online"
NEW_YORK, CHICAGO, LOS_ANGELES = "America/New_York", "America/Chicago", "America/Los_Angeles"

Verb = Literal["save_the_date", "schedule", "postpone", "reschedule", "move_online", "cancel", "hold"]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of an event's life: when it was taken, why, and the new time that came with it."""

    verb: Verb
    at: datetime
    reason: str | None = None
    until: Schedule | None = None


@dataclass(frozen=True, kw_only=True)
class Story:
    """An event as it was first written down, and what has happened to it since."""

    title: str
    summary: str
    kind: EventKind = EventKind.MEETING
    audience: Audience = Audience.MEMBERS
    location: str = ONLINE
    when: Schedule
    steps: tuple[Step, ...] = ()
    hosted: bool = False


def lived(story: Story, ids: Ids, author: UUID) -> tuple[Event, list[EventMove]]:
    """Take the story's steps one by one, as the acts would have."""
    event = Event(
        id=next(ids),
        title=story.title,
        summary=story.summary,
        kind=story.kind,
        audience=story.audience,
        status=EventStatus.DRAFT,
        location=story.location,
        time_zone=story.when.time_zone,
        starts_wall=story.when.starts,
        ends_wall=story.when.ends,
    )
    moves = [_taken(event, step, next(ids), author) for step in story.steps]
    return event, moves


def told_to_the_end(story: Story, now: datetime) -> Story:
    """The story, with its end told where that lies behind us."""
    ended = instant(story.when.ends or story.when.starts, story.when.time_zone)
    if ended > now:
        return story
    return replace(story, steps=(*story.steps, Step(verb="hold", at=ended + timedelta(minutes=10))))


def _taken(event: Event, step: Step, id: UUID, author: UUID) -> EventMove:
    move = event.move(step.verb, reason=step.reason)
    move.id, move.at, move.actor_id = id, step.at, author
    if step.verb in {"postpone", "reschedule"}:
        event.set_time(step.until)
    elif step.verb == "move_online":
        event.location = ONLINE
    return move
