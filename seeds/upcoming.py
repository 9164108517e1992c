"""What a member sees ahead: counted from today, so that there is always something to come."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta

from models.events import Audience, EventKind
from seeds.days import (
    FRIDAY,
    MONDAY,
    SATURDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    ahead,
    hours,
    next_year_with,
    nth,
    ordinal,
    whole_days,
)
from seeds.stories import CHICAGO, LOS_ANGELES, NEW_YORK, Step, Story, told_to_the_end


def to_come(now: datetime) -> Iterator[Story]:
    """What a member sees ahead: every state, several continents; dates are counted from ``now``."""
    for story in (*_meetings(now), *_missions_and_courses(now), *_webinars(now)):
        yield told_to_the_end(story, now)
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
        when=whole_days(june, 4, CHICAGO),
        steps=(announced, scheduled),
    )
    january = nth(next_year_with(1, today), 1, WEDNESDAY, 3)
    yield Story(
        title=f"Winter Meeting {january.year}",
        summary="Three days in the capital: with each other, with Congress, and with the agencies.",
        audience=Audience.PUBLIC,
        location="Washington, DC",
        when=whole_days(january, 3, NEW_YORK),
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
        when=hours(ahead(today, 38, TUESDAY), time(15), time(16, 30), NEW_YORK),
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
        when=whole_days(ahead(today, 52, TUESDAY), 3, CHICAGO),
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
        when=hours(ahead(today, 17, WEDNESDAY), time(14), time(15, 30), CHICAGO),
        steps=(scheduled,),
    )
    yield webinar
    yield replace(
        webinar,
        title="Best practices: streets that cool",
        summary="Three award winners show their trees, their bills and their mistakes.",
        audience=Audience.PUBLIC,
        when=hours(ahead(today, 24, THURSDAY), time(11), time(12), LOS_ANGELES),
    )
    yield replace(
        webinar,
        title="New to the Conference?",
        summary="Half an hour on committees, staff access and submitting a resolution. Bring your staff.",
        when=hours(ahead(today, 10, TUESDAY), time(12, 30), time(13), NEW_YORK),
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
        when=whole_days(ahead(today, 31, THURSDAY), 2, CHICAGO),
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
        when=whole_days(ahead(today, 26, THURSDAY), 2, LOS_ANGELES),
        steps=(
            scheduled,
            Step(
                verb="postpone",
                at=last_week,
                reason="The date fell into examination week. The schools are still to confirm the new one.",
                until=whole_days(ahead(today, 75, THURSDAY), 2, LOS_ANGELES),
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
        when=whole_days(ahead(today, 200, FRIDAY), 2, NEW_YORK),
        steps=(),
    )
