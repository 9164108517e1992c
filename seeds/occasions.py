"""The events of the conference: those everybody remembers, and those to come, counted from today."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final, Literal
from uuid import UUID

from models.events import Audience, Event, EventKind, EventMove, EventStatus
from models.schedules import Schedule
from seeds.days import (
    FRIDAY,
    MONDAY,
    SATURDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    ahead,
    hours,
    instant,
    next_year_with,
    nth,
    ordinal,
    span,
    utc,
    whole_days,
)
from seeds.rows import House, Ids

WINTER_MEETING: Final = "Winter 2022 Meeting"
WATER_SERIES: Final = "Water Affordability Community of Practice"

_NEW_YORK, _CHICAGO, _LOS_ANGELES = "America/New_York", "America/Chicago", "America/Los_Angeles"
_ONLINE: Final = "Online"

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
    location: str = _ONLINE
    when: Schedule
    steps: tuple[Step, ...] = ()
    hosted: bool = False


def fill_the_calendar(house: House, *, ids: Ids, now: datetime, secretariat: UUID, host: UUID) -> None:
    """Add every event with the moves that brought it where it stands."""
    for story in (*_remembered(), *_water_sessions(now), *_to_come(now)):
        author = host if story.hosted else secretariat
        event, moves = _lived(story, ids, author)
        event.host_id = host if story.hosted else None
        house.events.append(event)
        house.moves.extend(moves)


def _lived(story: Story, ids: Ids, author: UUID) -> tuple[Event, list[EventMove]]:
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


def _taken(event: Event, step: Step, id: UUID, author: UUID) -> EventMove:
    move = event.move(step.verb, reason=step.reason)
    move.id, move.at, move.actor_id = id, step.at, author
    if step.verb in {"postpone", "reschedule"}:
        event.set_time(step.until)
    elif step.verb == "move_online":
        event.location = _ONLINE
    return move


def _remembered() -> Iterator[Story]:
    """Events with fixed dates; the Winter Meeting's words are the Mayors Innovation Project's own (seed)."""
    march = span("2022-03-16T09:00", "2022-03-17T17:00", _NEW_YORK)
    yield Story(
        title=WINTER_MEETING,
        summary="Based on overwhelming feedback from our mayors, we are meeting in person.",
        audience=Audience.PUBLIC,
        location="Washington, DC",
        when=span("2022-01-21T09:00", "2022-01-22T17:00", _NEW_YORK),
        steps=(
            Step(verb="save_the_date", at=utc("2021-11-09T16:00")),
            Step(
                verb="postpone",
                at=utc("2022-01-04T20:30"),
                reason="After thoughtful feedback from our steering committee and review of public health "
                "data, we've made the difficult decision to postpone.",
            ),
            Step(
                verb="reschedule",
                at=utc("2022-01-28T17:00"),
                reason="The Winter Meeting has been re-scheduled for March 16 \N{EN DASH} 17.",
                until=march,
            ),
            Step(verb="hold", at=utc("2022-03-17T21:30")),
        ),
    )
    yield Story(
        title="Water Affordability in Alexandria, VA",
        summary="In partnership with the Water Center at Penn: how one city made its bills bearable, "
        "with ample time for questions.",
        kind=EventKind.COMMUNITY_SESSION,
        when=span("2021-10-14T12:00", "2021-10-14T13:00", _CHICAGO),
        steps=(
            Step(verb="schedule", at=utc("2021-09-20T15:00")),
            Step(verb="hold", at=utc("2021-10-14T18:05")),
        ),
        hosted=True,
    )
    yield Story(
        title="The Discourse of Public Work",
        summary="A discussion amongst mayors and city leaders on how to foster and support productive "
        "mayor-council relationships.",
        kind=EventKind.WEBINAR,
        when=span("2022-04-20T14:00", "2022-04-20T15:30", _CHICAGO),
        steps=(
            Step(verb="schedule", at=utc("2022-03-28T15:00")),
            Step(verb="hold", at=utc("2022-04-20T20:35")),
        ),
    )
    yield Story(
        title="88th Annual Meeting",
        summary="Committee sessions, the plenary, and a host city that had looked forward to it.",
        kind=EventKind.ANNUAL_MEETING,
        audience=Audience.PUBLIC,
        location="Austin, TX",
        when=span("2020-06-26T09:00", "2020-06-29T13:00", _CHICAGO),
        steps=(
            Step(verb="save_the_date", at=utc("2019-09-03T15:00")),
            Step(verb="schedule", at=utc("2020-01-15T15:00")),
            Step(
                verb="cancel",
                at=utc("2020-04-02T19:00"),
                reason="We cannot ask mayors to leave their cities in a public health emergency.",
            ),
        ),
    )


_WATER_TOPICS = (
    ("Bills people can read", "One page, plain words, and what happened to late payments afterwards."),
    ("Rates by income", "What the law allows in your state, and what two cities did within it."),
    ("Leaks first", "Help with plumbing before help with the bill: what it saved whom."),
    ("After shut-offs", "Ending disconnections without ending the utility."),
    ("Lead lines, fairly", "Replacing service lines on both sides of the meter."),
    ("Talking to the council", "Presenting a rate case that a council can pass and a neighbour can follow."),
)


def _water_sessions(now: datetime) -> Iterator[Story]:
    """Monthly, 12:00-13:00 in Chicago whatever the clocks do: a year back, half a year on."""
    for number, months in enumerate(range(-12, 7)):
        day = nth(now.year, now.month + months, THURSDAY, 2)
        topic, summary = _WATER_TOPICS[number % len(_WATER_TOPICS)]
        when = hours(day, time(12), time(13), _CHICAGO)
        story = Story(
            title=f"{WATER_SERIES}: {topic}",
            summary=f"{summary} In partnership with the Water Center at Penn.",
            kind=EventKind.COMMUNITY_SESSION,
            when=when,
            steps=(Step(verb="schedule", at=min(instant(when.starts, _CHICAGO), now) - timedelta(days=30)),),
            hosted=True,
        )
        yield _held(story, now)


def _to_come(now: datetime) -> Iterator[Story]:
    """What a member sees ahead: every state, several continents; dates are counted from ``now``."""
    for story in (*_meetings(now), *_missions_and_courses(now), *_webinars(now)):
        yield _held(story, now)
    yield from _changed(now)


def _meetings(now: datetime) -> Iterator[Story]:
    announced = Step(verb="save_the_date", at=now - timedelta(days=120))
    scheduled = Step(verb="schedule", at=now - timedelta(days=45))
    today = now.date()
    june = nth(next_year_with(6, today), 6, FRIDAY, 3)
    yield Story(
        title=f"{ordinal(june.year - 1932)} Annual Meeting",
        summary="Resolutions are first business. Mayors of large cities and small work side by side; "
        "committees on Friday and Saturday, the plenary on Monday.",
        kind=EventKind.ANNUAL_MEETING,
        audience=Audience.PUBLIC,
        location="Minneapolis, MN",
        when=whole_days(june, 4, _CHICAGO),
        steps=(announced, scheduled),
    )
    january = nth(next_year_with(1, today), 1, WEDNESDAY, 3)
    yield Story(
        title=f"Winter Meeting {january.year}",
        summary="Three days in the capital: with each other, with Congress, and with the agencies.",
        audience=Audience.PUBLIC,
        location="Washington, DC",
        when=whole_days(january, 3, _NEW_YORK),
        steps=(announced, scheduled),
    )
    october = nth(next_year_with(10, today), 10, TUESDAY, 2)
    yield Story(
        title=f"World Convention {october.year}",
        summary="Trust, trade, tourism, technology transfer, twin cities, treasury, training: four days.",
        kind=EventKind.ANNUAL_MEETING,
        audience=Audience.PUBLIC,
        location="Accra, Ghana",
        when=whole_days(october, 4, "Africa/Accra"),
        steps=(announced,),
    )
    yield Story(
        title="Play Ball: a Saturday in every park",
        summary="Bring a glove. A kit for hosting your own day comes with the registration.",
        audience=Audience.PUBLIC,
        location="Detroit, MI",
        when=hours(ahead(today, 95, SATURDAY), time(10), time(15), "America/Detroit"),
        steps=(scheduled,),
    )
    yield Story(
        title="Executive Committee, between meetings",
        summary="Resolutions referred since the Annual Meeting; amendments are open.",
        when=hours(ahead(today, 38, TUESDAY), time(15), time(16, 30), _NEW_YORK),
        steps=(scheduled,),
    )


def _missions_and_courses(now: datetime) -> Iterator[Story]:
    scheduled = Step(verb="schedule", at=now - timedelta(days=60))
    today = now.date()
    yield Story(
        title="Trade mission to Nairobi",
        summary="Five days with the county, the port authority and forty firms. Interpreters for Kiswahili.",
        kind=EventKind.TRADE_MISSION,
        location="Nairobi, Kenya",
        when=whole_days(ahead(today, 110, MONDAY), 5, "Africa/Nairobi"),
        steps=(scheduled,),
    )
    yield Story(
        title="Trade mission to Yokohama",
        summary="Ports, hydrogen, and a signing of twin cities that took eleven years.",
        kind=EventKind.TRADE_MISSION,
        location="Yokohama, Japan",
        when=whole_days(ahead(today, 160, MONDAY), 4, "Asia/Tokyo"),
        steps=(scheduled,),
    )
    yield Story(
        title="Mayors' training: the first hundred days",
        summary="A certificate course for mayors newly in office, and their chiefs of staff.",
        kind=EventKind.COURSE,
        location="Mobile, AL",
        when=whole_days(ahead(today, 52, TUESDAY), 3, _CHICAGO),
        steps=(scheduled,),
    )
    yield Story(
        title="Mayors' training: reading a budget aloud",
        summary="A certificate course. Bring your own; leave with two pages that a resident can follow.",
        kind=EventKind.COURSE,
        location="Medellín, Colombia",
        when=whole_days(ahead(today, 130, WEDNESDAY), 2, "America/Bogota"),
        steps=(scheduled,),
    )


def _webinars(now: datetime) -> Iterator[Story]:
    scheduled = Step(verb="schedule", at=now - timedelta(days=20))
    today = now.date()
    webinar = Story(
        title="The Discourse of Public Work: the budget in public",
        summary="Mayors and council presidents in pairs, on a year they would rather not repeat.",
        kind=EventKind.WEBINAR,
        when=hours(ahead(today, 17, WEDNESDAY), time(14), time(15, 30), _CHICAGO),
        steps=(scheduled,),
    )
    yield webinar
    yield replace(
        webinar,
        title="Best practices: streets that cool",
        summary="Three award winners show their trees, their bills and their mistakes.",
        audience=Audience.PUBLIC,
        when=hours(ahead(today, 24, THURSDAY), time(11), time(12), _LOS_ANGELES),
    )
    yield replace(
        webinar,
        title="New to the Conference?",
        summary="Half an hour on committees, staff access and submitting a resolution. Bring your staff.",
        when=hours(ahead(today, 10, TUESDAY), time(12, 30), time(13), _NEW_YORK),
    )
    yield replace(
        webinar,
        title="Observing an election",
        summary="What an observer may do, may say, and must write down. For mayors joining a mission.",
        when=hours(ahead(today, 66, THURSDAY), time(16), time(17), "Europe/London"),
    )


def _changed(now: datetime) -> Iterator[Story]:
    """What did not go as planned: postponed, re-scheduled, moved online, cancelled; and one draft."""
    today = now.date()
    scheduled = Step(verb="schedule", at=now - timedelta(days=70))
    last_week = now - timedelta(days=6)
    council = Story(
        title="Council on Metro Economies",
        summary="The half-yearly report on growth, and what it leaves out.",
        location="Kansas City, MO",
        when=whole_days(ahead(today, 31, THURSDAY), 2, _CHICAGO),
        steps=(
            scheduled,
            Step(
                verb="postpone",
                at=last_week,
                reason="The report is late, and we would rather meet over figures. A new date will follow.",
            ),
        ),
    )
    yield council
    yield replace(
        council,
        title="Youth Involvement Task Force",
        summary="Young people speak first; mayors answer.",
        location="Long Beach, CA",
        when=whole_days(ahead(today, 26, THURSDAY), 2, _LOS_ANGELES),
        steps=(
            scheduled,
            Step(
                verb="postpone",
                at=last_week,
                reason="The date fell into examination week. The schools are still to confirm the new one.",
                until=whole_days(ahead(today, 75, THURSDAY), 2, _LOS_ANGELES),
            ),
        ),
    )
    yield replace(
        council,
        title="Mayors of the great rivers",
        summary="Floods, freight and drinking water, from the headwaters down. Mayors from four continents.",
        audience=Audience.PUBLIC,
        location="Rotterdam, Netherlands",
        when=whole_days(ahead(today, 14, TUESDAY), 2, "Europe/Amsterdam"),
        steps=(
            scheduled,
            Step(
                verb="postpone",
                at=now - timedelta(days=40),
                reason="High water: the hosts are needed on their dikes.",
            ),
            Step(
                verb="reschedule",
                at=last_week,
                reason="The water has gone, and a date suits all but one of us.",
                until=whole_days(ahead(today, 84, TUESDAY), 2, "Europe/Amsterdam"),
            ),
        ),
    )
    yield replace(
        council,
        title="Business Council roundtable",
        summary="Mayors and employers on hiring from the neighbourhood.",
        location="San Juan, PR",
        when=hours(ahead(today, 20, FRIDAY), time(9), time(12), "America/Puerto_Rico"),
        steps=(
            scheduled,
            Step(
                verb="move_online",
                at=last_week,
                reason="A storm closed the convention centre; the hour stays the same.",
            ),
        ),
    )
    yield replace(
        council,
        title="Trade mission to Lima",
        summary="Ports and produce.",
        kind=EventKind.TRADE_MISSION,
        location="Lima, Peru",
        when=whole_days(ahead(today, 45, MONDAY), 4, "America/Lima"),
        steps=(
            scheduled,
            Step(
                verb="cancel",
                at=last_week,
                reason="Too few cities could travel this season; deposits are on their way back.",
            ),
        ),
    )
    yield replace(
        council,
        title="Mayors' retreat",
        summary="A sketch: no press, no slides, one lake.",
        location="Burlington, VT",
        when=whole_days(ahead(today, 200, FRIDAY), 2, _NEW_YORK),
        steps=(),
    )


def _held(story: Story, now: datetime) -> Story:
    """The story, with its end told where that lies behind us."""
    ended = instant(story.when.ends or story.when.starts, story.when.time_zone)
    if ended > now:
        return story
    return replace(story, steps=(*story.steps, Step(verb="hold", at=ended + timedelta(minutes=10))))
