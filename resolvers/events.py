"""Acts upon events: announced, scheduled, postponed, re-scheduled, moved online, cancelled, held."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from models.events import (
    Audience,
    Event,
    EventAnnounced,
    EventCancelled,
    EventEdited,
    EventHeld,
    EventKind,
    EventMove,
    EventMovedOnline,
    EventNotice,
    EventPostponed,
    EventRescheduled,
    EventScheduled,
    EventStatus,
)
from models.problems import BadField, Invalid, WrongMoment
from models.schedules import Schedule, read_schedule, read_zone
from models.texts import line
from policy import events as policy
from resolvers.act import Act

_LONGEST_TITLE, _LONGEST_TEXT = 200, 5_000


async def create(  # noqa: PLR0913, PLR0917 - an event has this many sides
    act: Act,
    title: str,
    kind: EventKind,
    time_zone: str,
    summary: str | None = None,
    audience: Audience | None = None,
    starts_at: str | None = None,
    ends_at: str | None = None,
    location: str | None = None,
) -> Event:
    """Draft an event; nobody else sees it yet."""
    act.must(policy.create, None)
    read_zone(time_zone)
    if starts_at is None and ends_at is not None:
        raise Invalid(BadField("startsAt", "An end needs a start."))
    event = Event(
        title=_worded("title", line(title), _LONGEST_TITLE),
        summary=_worded("summary", summary or "", _LONGEST_TEXT, empty=True),
        kind=kind,
        audience=audience or Audience.MEMBERS,
        status=EventStatus.DRAFT,
        location=_worded("location", line(location or ""), _LONGEST_TITLE, empty=True),
        time_zone=time_zone,
        host_id=act.acting.host_id if not act.acting.secretariat else None,
    )
    if starts_at is not None:
        event.set_time(read_schedule(starts_at, ends_at, time_zone))
    await act.save(event)
    act.note(event.id)
    return event


async def edit(
    act: Act,
    event_id: str,
    title: str | None = None,
    summary: str | None = None,
    expected_revision: int | None = None,
) -> Event:
    """Change an event's words. Its version stays: no calendar needs to hear of a mended typo."""
    event = await act.locked(Event, event_id)
    act.must(policy.move, event)
    if expected_revision is not None and expected_revision != event.revision:
        raise WrongMoment(
            f"Somebody edited it meanwhile; it is at revision {event.revision}. Read it and try again."
        )
    was = event.title, event.summary
    event.title = _worded("title", line(title), _LONGEST_TITLE) if title is not None else event.title
    event.summary = (
        _worded("summary", summary, _LONGEST_TEXT, empty=True) if summary is not None else event.summary
    )
    if (event.title, event.summary) == was:
        field = "title" if title is not None else "summary"
        raise Invalid(BadField(field, "Nothing would change: the words read so already."))
    event.revision += 1
    await act.save(event)
    act.record(EventEdited.of(event, None))
    return event


async def save_the_date(
    act: Act,
    event_id: str,
    starts_at: str | None = None,
    ends_at: str | None = None,
    expected_version: int | None = None,
) -> Event:
    """Announce the date; details follow."""
    return await _move(act, event_id, "save_the_date", EventAnnounced, expected_version, starts_at, ends_at)


async def schedule(
    act: Act,
    event_id: str,
    starts_at: str | None = None,
    ends_at: str | None = None,
    expected_version: int | None = None,
) -> Event:
    """Put an event on the calendar."""
    return await _move(act, event_id, "schedule", EventScheduled, expected_version, starts_at, ends_at)


async def postpone(
    act: Act,
    event_id: str,
    reason: str | None = None,
    new_starts_at: str | None = None,
    new_ends_at: str | None = None,
    expected_version: int | None = None,
) -> Event:
    """Postpone an event, keeping everyone's place. A new date may come with it, to be confirmed by re-scheduling."""
    event = await act.locked(Event, event_id)
    act.must(policy.move, event)
    act.expect(event, expected_version)
    until = _new_time(event, new_starts_at, new_ends_at, ("newStartsAt", "newEndsAt"))
    move = event.move("postpone", reason=_reason(reason))
    event.set_time(until)
    return await _told(act, event, move, EventPostponed)


async def reschedule(
    act: Act,
    event_id: str,
    starts_at: str,
    ends_at: str | None = None,
    reason: str | None = None,
    expected_version: int | None = None,
) -> Event:
    """Confirm a date for a postponed event."""
    event = await act.locked(Event, event_id)
    act.must(policy.move, event)
    act.expect(event, expected_version)
    until = _new_time(event, starts_at, ends_at, ("startsAt", "endsAt"), await _last_length(act, event))
    move = event.move("reschedule", reason=_reason(reason))
    event.set_time(until)
    return await _told(act, event, move, EventRescheduled)


async def move_online(
    act: Act, event_id: str, reason: str | None = None, expected_version: int | None = None
) -> Event:
    """Keep the time, leave the place."""
    event = await act.locked(Event, event_id)
    act.must(policy.move, event)
    act.expect(event, expected_version)
    move = event.move("move_online", reason=_reason(reason))
    event.location = ""
    return await _told(act, event, move, EventMovedOnline)


async def cancel(
    act: Act, event_id: str, reason: str | None = None, expected_version: int | None = None
) -> Event:
    """Call an event off, before its end."""
    event = await act.locked(Event, event_id)
    act.must(policy.move, event)
    act.expect(event, expected_version)
    end = event.ends_at or event.starts_at  # without an end, what has begun can no longer be called off
    if end and end <= await _now(act):
        raise WrongMoment("It is over; what has ended can no longer be cancelled.")
    was_draft = event.status is EventStatus.DRAFT
    move = event.move("cancel", reason=_reason(reason))
    told = await _told(act, event, move, None if was_draft else EventCancelled)
    if was_draft:
        act.note(event.id)
    return told


async def hold(act: Act, event_id: str, expected_version: int | None = None) -> Event:
    """Note that an event took place, once it has begun."""
    event = await act.locked(Event, event_id)
    act.must(policy.move, event)
    act.expect(event, expected_version)
    if event.starts_at is None or event.starts_at > await _now(act):
        raise WrongMoment("It has not begun yet; note it as held once it has.")
    move = event.move("hold")
    return await _told(act, event, move, EventHeld)


def local_time(*, moment: str | None, time_zone: str) -> str | None:
    """An instant as it stands on the wall in another zone; a bad zone is told, with a suggestion."""
    zone = read_zone(time_zone)
    return None if moment is None else f"{datetime.fromisoformat(moment).astimezone(zone):%Y-%m-%dT%H:%M}"


async def _move(
    act: Act,
    event_id: str,
    verb: str,
    notice: type[EventNotice],
    expected_version: int | None,
    starts_at: str | None,
    ends_at: str | None,
) -> Event:
    event = await act.locked(Event, event_id)
    act.must(policy.move, event)
    act.expect(event, expected_version)
    until = _new_time(event, starts_at, ends_at, ("startsAt", "endsAt")) or event.schedule
    if until is None:
        raise Invalid(BadField("startsAt", "Give the date: without one an event cannot be announced."))
    move = event.move(verb)
    event.set_time(until)
    return await _told(act, event, move, notice)


async def _told(act: Act, event: Event, move: EventMove, notice: type[EventNotice] | None) -> Event:
    move.actor_id, move.term_id = act.acting.account_id, act.acting.term_id
    await act.save(event, move)
    if notice:
        act.record(notice.of(event, move))
    return event


def _new_time(
    event: Event,
    starts_at: str | None,
    ends_at: str | None,
    names: tuple[str, str],
    lasting: Schedule | None = None,
) -> Schedule | None:
    """The new time asked for, lasting as long as the old one when no end is given."""
    if starts_at is None:
        if ends_at is not None:
            raise Invalid(BadField(names[0], "An end needs a start."))
        return None
    asked = read_schedule(starts_at, ends_at, event.time_zone, names=names)
    known = event.schedule or lasting
    return asked.lasting_as(known.starts, known.ends) if known else asked


async def _last_length(act: Act, event: Event) -> Schedule | None:
    """The last agreed time of an event that has none now."""
    found = await act.session.execute(
        select(EventMove)
        .where(EventMove.event_id == event.id, col(EventMove.starts_wall).is_not(None))
        .order_by(col(EventMove.revision).desc())
        .limit(1)
    )
    last = found.scalar()
    return Schedule(last.starts_wall, last.ends_wall, last.time_zone) if last and last.starts_wall else None


async def _now(act: Act) -> datetime:
    now: datetime = (await act.session.execute(select(func.clock_timestamp()))).scalar_one()
    return now


def _reason(reason: str | None) -> str | None:
    return _worded("reason", reason, _LONGEST_TEXT) if reason and reason.strip() else None


def _worded(name: str, text: str, longest: int, *, empty: bool = False) -> str:
    trimmed = text.strip()
    if not trimmed and not empty:
        raise Invalid(BadField(name, f"The {name} is missing."))
    if len(trimmed) > longest:
        raise Invalid(BadField(name, f"The {name} is longer than {longest} characters; shorten it."))
    if "\0" in trimmed:
        raise Invalid(BadField(name, f"The {name} contains a NUL character; leave it out."))
    return trimmed
