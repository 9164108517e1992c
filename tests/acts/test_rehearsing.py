"""Rehearsing an act: judged by every rule it has, and nothing comes of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from rotunda.graphql.service import Caller as Knocking
from tests.acts.making import Cast
from tests.living import Caller

_TRACES = "SELECT " + ", ".join(
    f"(SELECT count(*) FROM {table})"
    for table in (
        "notices",
        "audit",
        "used_keys",
        "events",
        "event_moves",
        "delegations",
        "accounts",
        "terms",
    )
)


async def _rehearsed(cast: Cast, caller: Caller, act: str, /, **given: Any) -> Any:
    wanted = {"idempotencyKey": "a key never used", **given}
    answer = await cast.home.house.rehearse(act, wanted, Knocking(caller.token))
    return orjson.loads(answer.body)["data"]["outcome"]


async def test_a_rehearsal_leaves_no_trace(cast: Cast) -> None:
    event, city = await cast.event("SCHEDULED"), await cast.vacant_city()
    stood = await cast.home.rows("SELECT * FROM events WHERE id = $1::uuid", event[4:])
    before = await cast.home.rows(_TRACES)

    draft = {"title": "A talk", "kind": "WEBINAR", "timeZone": "UTC"}
    assert await _rehearsed(cast, cast.secretariat, "createEvent", **draft) is None
    assert await _rehearsed(cast, cast.secretariat, "postponeEvent", eventId=event) is None
    person = {"name": "Ada Newcomer", "email": "ada@nobody.example", "startsOn": "2031-01-04"}
    assert await _rehearsed(cast, cast.secretariat, "openTerm", cityId=city, **person) is None
    invited = {"email": "rehearsed@nobody.example", "scopes": ["RSVP"]}
    assert await _rehearsed(cast, cast.mayor, "inviteDelegate", **invited) is None

    assert await cast.home.rows(_TRACES) == before
    assert await cast.home.rows("SELECT * FROM events WHERE id = $1::uuid", event[4:]) == stood
    assert cast.home.letters(to="rehearsed@nobody.example") == []


async def test_the_key_of_a_rehearsal_is_still_good_for_the_act(cast: Cast) -> None:
    event = await cast.event("SCHEDULED")
    given = {"eventId": event, "reason": "The roof leaks.", "idempotencyKey": "rehearsed, then done"}

    await _rehearsed(cast, cast.secretariat, "postponeEvent", **given | {"reason": "Another reason."})
    outcome = await cast.secretariat.act("postponeEvent", **given)

    assert outcome["__typename"] == "Event"


@pytest.mark.parametrize(
    ("act", "given", "field"),
    [
        ("createEvent", {"timeZone": "Mars/Olympus"}, "timeZone"),
        ("createEvent", {"timeZone": "EST"}, "timeZone"),
        ("createEvent", {"startsAt": "2031-03-09T02:30"}, "startsAt"),
        ("createEvent", {"title": "x" * 400}, "title"),
        ("inviteDelegate", {"email": "mayor@alexandria-va.example", "scopes": ["RSVP"]}, "email"),
    ],
)
async def test_what_would_be_refused_in_a_field_is_foreseen(
    cast: Cast, act: str, given: dict[str, Any], field: str
) -> None:
    draft = {"title": "A talk", "kind": "WEBINAR", "timeZone": "America/Chicago"}
    who, wanted = (cast.secretariat, draft | given) if act == "createEvent" else (cast.mayor, given)

    problem = await _rehearsed(cast, who, act, **wanted)

    assert problem["__typename"] == "Invalid"
    assert [one["name"] for one in problem["fields"]] == [field]


async def test_what_the_database_alone_knows_is_foreseen(cast: Cast) -> None:
    _, city = await cast.term()
    person = {"name": "Ada Second", "email": "second@city.example", "startsOn": str(_days_ago(10))}

    problem = await _rehearsed(cast, cast.secretariat, "openTerm", cityId=city, **person)

    assert problem["__typename"] == "WrongMoment"
    assert "has a mayor on some of these days" in problem["message"]


async def test_a_rehearsal_is_refused_to_whom_the_act_is(cast: Cast) -> None:
    event = await cast.event("SCHEDULED")

    problem = await _rehearsed(cast, cast.outsider, "postponeEvent", eventId=event)

    assert problem["__typename"] == "Refused"


async def test_what_changed_meanwhile_is_foreseen(cast: Cast) -> None:
    event = await cast.event("SCHEDULED")

    problem = await _rehearsed(cast, cast.secretariat, "postponeEvent", eventId=event, expectedVersion=7)

    assert (problem["__typename"], problem["version"]) == ("Conflict", 1)


def _days_ago(days: int) -> Any:
    return datetime.now(UTC).date() - timedelta(days=days)
