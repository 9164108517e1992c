"""The events of the conference: those everybody remembers, the water sessions, and those to come."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from models.events import Audience, EventKind
from seeds.days import THURSDAY, hours, instant, nth, span, utc
from seeds.rows import House, Ids
from seeds.stories import CHICAGO, NEW_YORK, Step, Story, lived, told_to_the_end
from seeds.upcoming import to_come

WINTER_MEETING: Final = "Winter 2022 Meeting"
WATER_SERIES: Final = "Water Affordability Community of Practice"


def fill_the_calendar(house: House, *, ids: Ids, now: datetime, secretariat: UUID, host: UUID) -> None:
    """Add every event with the moves that brought it where it stands."""
    for story in (*_remembered(), *_water_sessions(now), *to_come(now)):
        author = host if story.hosted else secretariat
        event, moves = lived(story, ids, author)
        event.host_id = host if story.hosted else None
        house.events.append(event)
        house.moves.extend(moves)


def _remembered() -> Iterator[Story]:
    """Events with fixed dates; the Winter Meeting's words are the Mayors Innovation Project's own (seed)."""
    march = span("2022-03-16T09:00", "2022-03-17T17:00", NEW_YORK)
    yield Story(
        title=WINTER_MEETING,
        summary="Based on overwhelming feedback from our mayors, we are meeting in person.",
        audience=Audience.PUBLIC,
        location="Washington, DC",
        when=span("2022-01-21T09:00", "2022-01-22T17:00", NEW_YORK),
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
        when=span("2021-10-14T12:00", "2021-10-14T13:00", CHICAGO),
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
        when=span("2022-04-20T14:00", "2022-04-20T15:30", CHICAGO),
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
        when=span("2020-06-26T09:00", "2020-06-29T13:00", CHICAGO),
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
        when = hours(day, time(12), time(13), CHICAGO)
        story = Story(
            title=f"{WATER_SERIES}: {topic}",
            summary=f"{summary} In partnership with the Water Center at Penn.",
            kind=EventKind.COMMUNITY_SESSION,
            when=when,
            steps=(Step(verb="schedule", at=min(instant(when.starts, CHICAGO), now) - timedelta(days=30)),),
            hosted=True,
        )
        yield told_to_the_end(story, now)
