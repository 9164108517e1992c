"""Performing an act: versions that are expected, input that is checked, locks waited for, and rules never forgotten."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models import ids
from models.events import Event
from policy import events as policy
from resolvers.act import Act, Asked, perform
from rotunda.credentials import hashed
from tests.acts.making import Cast

ACTS_WITH_VERSIONS = {
    "saveTheDate": ("DRAFT", {}),
    "scheduleEvent": ("SAVE_THE_DATE", {}),
    "postponeEvent": ("SCHEDULED", {}),
    "rescheduleEvent": ("POSTPONED", {"startsAt": "2031-05-16T12:00"}),
    "moveEventOnline": ("SCHEDULED", {}),
    "cancelEvent": ("SCHEDULED", {}),
    "holdEvent": ("SCHEDULED", {}),
}


@pytest.mark.parametrize("act", ACTS_WITH_VERSIONS)
async def test_whoever_read_another_version_is_told_the_one_that_stands(cast: Cast, act: str) -> None:
    status, given = ACTS_WITH_VERSIONS[act]
    event = await cast.event(status, starts="2021-03-16T09:00" if act == "holdEvent" else "2031-03-16T09:00")
    asked = "query ($id: ID!) { event(id: $id) { version } }"
    version = (await cast.secretariat.ask(asked, id=event))["event"]["version"]

    stale = await cast.secretariat.act(act, eventId=event, expectedVersion=version + 7, **given)
    right = await cast.secretariat.act(act, eventId=event, expectedVersion=version, **given)

    assert (stale["__typename"], stale["version"]) == ("Conflict", version)
    assert (right["__typename"], right["version"]) == ("Event", version + 1)


async def test_of_two_editors_who_read_the_same_version_one_is_told(cast: Cast) -> None:
    event = await cast.event("SCHEDULED")

    outcomes = await asyncio.gather(
        *(
            cast.secretariat.act("postponeEvent", eventId=event, expectedVersion=1, reason=f"Reason {n}.")
            for n in range(4)
        )
    )

    assert sorted(outcome["__typename"] for outcome in outcomes) == ["Conflict"] * 3 + ["Event"]
    assert {outcome["version"] for outcome in outcomes} == {2}


INVALID: list[tuple[str, dict[str, Any], str]] = [
    ("createEvent", {"title": " "}, "title"),
    ("createEvent", {"title": "x" * 201}, "title"),
    ("createEvent", {"timeZone": "CST"}, "timeZone"),
    ("createEvent", {"startsAt": "12pm CST"}, "startsAt"),
    ("createEvent", {"startsAt": "2031-05-16T12:00", "endsAt": "2031-05-16T11:00"}, "endsAt"),
    ("createEvent", {"startsAt": "2031-05-16T12:00", "endsAt": "later"}, "endsAt"),
    ("createEvent", {"startsAt": "9999-05-16T12:00"}, "startsAt"),
    ("inviteDelegate", {"email": "nobody"}, "email"),
    ("inviteDelegate", {"email": "mayor@alexandria-va.example"}, "email"),
    ("inviteDelegate", {"scopes": []}, "scopes"),
    ("inviteDelegate", {"startsOn": "1999-01-01"}, "startsOn"),
    ("inviteDelegate", {"startsOn": "2031-02-30"}, "startsOn"),
    ("inviteDelegate", {"endsOn": "2022-02-10"}, "endsOn"),
    ("inviteDelegate", {"startsOn": "2031-02-10", "endsOn": "2031-02-09"}, "endsOn"),
    ("inviteDelegate", {"objectId": "acc_1"}, "objectId"),
    ("openTerm", {"name": ""}, "name"),
    ("openTerm", {"email": "nobody"}, "email"),
    ("openTerm", {"startsOn": "soon"}, "startsOn"),
    ("openTerm", {"startsOn": "2031-01-04", "endsOn": "2031-01-04"}, "endsOn"),
    ("updateProfile", {"officeEmail": "nobody"}, "officeEmail"),
    ("updateProfile", {"officePhone": "abc"}, "officePhone"),
    ("updateProfile", {"officePhone": "+1 703 call me"}, "officePhone"),
    ("updateProfile", {"officePhone": "12"}, "officePhone"),
    ("updateProfile", {"biography": "x" * 5_001}, "biography"),
]


@pytest.mark.parametrize(("act", "given", "field"), INVALID)
async def test_input_that_cannot_be_taken_is_invalid_by_field(
    cast: Cast, act: str, given: dict[str, Any], field: str
) -> None:
    goods: dict[str, dict[str, Any]] = {
        "createEvent": {"title": "A meeting", "kind": "MEETING", "timeZone": "America/Chicago"},
        "inviteDelegate": {"email": "new@staff.example", "scopes": ["RSVP"]},
        "openTerm": {"name": "Bo", "email": "bo@x.example", "startsOn": "2031-01-04"},
        "updateProfile": {},
    }
    good = goods[act]
    if act == "openTerm":
        good["cityId"] = await cast.vacant_city()
    caller = cast.mayor if act in {"inviteDelegate", "updateProfile"} else cast.secretariat

    outcome = await caller.act(act, **{**good, **given})

    assert outcome["__typename"] == "Invalid", outcome
    assert [said["name"] for said in outcome["fields"]] == [field]


async def test_every_bad_field_is_named_at_once(cast: Cast) -> None:
    outcome = await cast.secretariat.act(
        "createEvent", title="A", kind="MEETING", timeZone="America/Chicago", startsAt="now", endsAt="later"
    )

    assert [field["name"] for field in outcome["fields"]] == ["startsAt", "endsAt"]


async def test_an_act_nobody_judged_is_an_error_and_leaves_nothing(cast: Cast) -> None:
    event = await cast.event("SCHEDULED")

    async def careless(act: Act) -> Event:
        found = await act.locked(Event, event)
        found.title = "Stolen"
        await act.save(found)
        return found

    with pytest.raises(AssertionError, match="without having been judged"):
        await _perform(cast, careless)

    assert await cast.home.value("SELECT title FROM events WHERE id = $1", _id(event)) == "A meeting"
    assert await cast.home.value("SELECT count(*) FROM used_keys WHERE key = 'careless'") == 0


@pytest.mark.parametrize("state", ["40001", "40P01", "55P03"])
async def test_a_passing_quarrel_in_the_database_is_tried_again_from_the_start(
    cast: Cast, state: str
) -> None:
    event, tries = await cast.event("SCHEDULED"), []

    async def quarrelled_with(act: Act) -> Event:
        tries.append(state)
        found = await act.locked(Event, event)
        act.must(policy.move, found)
        found.title = f"Try {len(tries)}"
        await act.save(found)
        if len(tries) < 3:
            await act.session.execute(text(f"DO $$ BEGIN RAISE USING ERRCODE = '{state}'; END $$"))
        return found

    await _perform(cast, quarrelled_with, key=f"quarrel-{state}")

    assert await cast.home.value("SELECT title FROM events WHERE id = $1", _id(event)) == "Try 3"


async def test_a_lasting_quarrel_is_given_up_and_leaves_nothing(cast: Cast) -> None:
    tries = []

    async def hopeless(act: Act) -> Event:
        tries.append(1)
        await act.session.execute(text("DO $$ BEGIN RAISE USING ERRCODE = '40001'; END $$"))
        raise AssertionError

    with pytest.raises(DBAPIError):
        await _perform(cast, hopeless, key="hopeless")

    assert 2 <= len(tries) <= 10
    assert await cast.home.value("SELECT count(*) FROM used_keys WHERE key = 'hopeless'") == 0


async def test_any_other_failure_is_not_tried_again(cast: Cast) -> None:
    tries = []

    async def broken(act: Act) -> Event:
        tries.append(1)
        await act.session.execute(text("SELECT 1/0"))
        raise AssertionError

    with pytest.raises(DBAPIError):
        await _perform(cast, broken, key="broken")

    assert len(tries) == 1


async def test_a_row_somebody_holds_for_longer_than_the_lock_timeout_is_waited_for(cast: Cast) -> None:
    event = await cast.event("SCHEDULED")
    holder = await asyncpg.connect(cast.home.dsn)
    try:
        async with holder.transaction():
            await holder.fetch("SELECT FROM events WHERE id = $1 FOR UPDATE", _id(event))
            waiting = asyncio.create_task(cast.secretariat.act("postponeEvent", eventId=event))
            await asyncio.sleep(2.3)  # the lock timeout of acts is 2 s
            assert not waiting.done()
        outcome = await waiting
    finally:
        await holder.close()

    assert outcome["status"] == "POSTPONED"


async def test_an_edit_with_an_outdated_revision_changes_nothing(cast: Cast) -> None:
    event = await cast.event("SCHEDULED")

    outcome = await cast.secretariat.act("editEvent", eventId=event, title="Mine", expectedRevision=1)

    assert outcome["__typename"] == "WrongMoment"
    assert "revision 2" in outcome["message"]
    assert await cast.home.value("SELECT title FROM events WHERE id = $1", _id(event)) == "A meeting"


@pytest.mark.parametrize(
    "words", [{"title": " A  meeting "}, {"title": "A meeting", "summary": ""}, {"summary": ""}, {}]
)
async def test_an_edit_that_changes_no_word_is_refused_and_tells_nobody(
    cast: Cast, words: dict[str, str]
) -> None:
    event = await cast.event("SCHEDULED")
    counted = "SELECT (SELECT count(*) FROM audit) + (SELECT count(*) FROM notices)"
    before = await cast.home.value(counted)

    outcome = await cast.secretariat.act("editEvent", eventId=event, **words)

    assert outcome["__typename"] == "Invalid"
    assert "the words read so already" in outcome["message"] + str(outcome)
    assert await cast.home.value(counted) == before
    assert await cast.home.value("SELECT revision FROM events WHERE id = $1", _id(event)) == 2


async def _perform(cast: Cast, act: Any, *, key: str = "careless") -> None:
    asked = Asked("test", act, hashed(cast.secretariat.token), None, key, {})
    await perform(cast.home.house.engine, asked)


def _id(event: str) -> UUID:
    found = ids.read("evt", event)
    assert found
    return found
