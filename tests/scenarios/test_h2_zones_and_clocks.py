"""H2: a series keeps its wall time when clocks change; what names no place or moment is refused, with a suggestion."""

from typing import Any

import pytest

from tests.living import Caller, Home


@pytest.fixture
async def host(home: Home) -> Caller:
    return await home.caller("host@water.example")


async def test_a_monthly_session_at_noon_in_chicago_keeps_noon_when_the_clocks_change(host: Caller) -> None:
    sessions = [
        await host.done(
            "createEvent",
            title="Water affordability",
            kind="COMMUNITY_SESSION",
            timeZone="America/Chicago",
            startsAt=f"2031-{month:02}-13T12:00",
            endsAt=f"2031-{month:02}-13T13:00",
        )
        for month in (2, 3, 4, 5)
    ]

    assert [session["startsAt"][11:16] for session in sessions] == ["18:00", "17:00", "17:00", "17:00"]
    assert [session["endsAt"][11:16] for session in sessions] == ["19:00", "18:00", "18:00", "18:00"]
    assert {session["startsAtLocal"][11:] for session in sessions} == {"12:00"}


@pytest.mark.parametrize(
    ("zone", "suggestion"),
    [
        ("CST", "America/Chicago"),
        ("cst", "America/Chicago"),
        ("EST", "America/New_York"),
        ("Atlantis/Center", None),
    ],
)
async def test_a_zone_that_names_no_place_is_refused_with_the_one_that_was_meant(
    host: Caller, zone: str, suggestion: str | None
) -> None:
    refused = await _created(host, timeZone=zone, startsAt="2031-10-16T12:00")

    assert refused["__typename"] == "Invalid"
    (field,) = refused["fields"]
    assert (field["name"], field["suggestion"]) == ("timeZone", suggestion)


@pytest.mark.parametrize("typed", ["12pm CST", "2031-10-16T12:00 CST", "2031-10-16 12:00 CDT"])
async def test_an_abbreviation_in_a_time_is_refused_and_told_to_be_left_out(host: Caller, typed: str) -> None:
    refused = await _created(host, timeZone="America/Chicago", startsAt=typed)

    assert refused["__typename"] == "Invalid"
    (field,) = refused["fields"]
    assert field["name"] == "startsAt"
    assert "Leave “C" in field["message"]
    assert "America/Chicago" in field["message"]
    assert field["suggestion"] == "2031-03-16T09:00"


async def test_a_wall_time_the_clocks_jump_over_is_refused_with_the_hour_after(host: Caller) -> None:
    refused = await _created(host, timeZone="America/New_York", startsAt="2022-03-13T02:30")

    (field,) = refused["fields"]
    assert field["suggestion"] == "2022-03-13T03:30"
    assert "does not exist" in field["message"]


async def test_a_wall_time_that_comes_twice_is_one_certain_moment(host: Caller) -> None:
    # In the night of 6 November 2022 it was 1:30 in New York at 5:30 and at 6:30 UTC. PostgreSQL takes standard time.
    twice = await _created(host, timeZone="America/New_York", startsAt="2022-11-06T01:30")

    assert twice["startsAt"] == "2022-11-06T06:30:00.000Z"


@pytest.mark.parametrize(
    "typed", ["2031-10-16T12:00Z", "2031-10-16T12:00-05:00", "2031-02-30T12:00", "tomorrow", ""]
)
async def test_what_is_no_wall_time_is_invalid_and_never_a_coercion_error(host: Caller, typed: str) -> None:
    refused = await _created(host, timeZone="America/Chicago", startsAt=typed)

    assert (refused["__typename"], refused["fields"][0]["name"]) == ("Invalid", "startsAt")


async def _created(host: Caller, **given: str) -> dict[str, Any]:
    return await host.act("createEvent", title="Water affordability", kind="COMMUNITY_SESSION", **given)
