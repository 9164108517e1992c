"""The golden case: the Winter 2022 Meeting, announced, postponed, re-scheduled past the change of clocks."""

import pytest

from tests.living import Caller, Home
from tests.scenarios.documents import EVENT, MOVES

WHY = "After thoughtful feedback from our steering committee we've made the difficult decision to postpone."


@pytest.fixture
async def secretariat(home: Home) -> Caller:
    return await home.caller("secretariat@rotunda.example")


async def test_an_early_reader_learns_of_the_new_date_and_of_the_old_ones(
    home: Home, secretariat: Caller
) -> None:
    reader = await home.caller()
    start = await reader.head()

    event = await _winter_meeting(secretariat)
    seen = (await reader.ask(EVENT, id=event))["event"]
    async with reader.listening(MOVES, after=start) as heard:
        announced, postponed, rescheduled = await heard.notices(3)

    # 9:00 on the wall in Washington: 14:00 UTC in January, 13:00 UTC in March, three days after the clocks moved.
    assert (seen["status"], seen["version"]) == ("SCHEDULED", 3)
    assert (seen["startsAt"], seen["endsAt"]) == ("2022-03-16T13:00:00.000Z", "2022-03-17T21:00:00.000Z")
    assert [(p["status"], p["startsAt"], p["reason"]) for p in seen["previously"]] == [
        ("POSTPONED", None, "Re-scheduled for March 16 and 17."),
        ("SAVE_THE_DATE", "2022-01-21T14:00:00.000Z", WHY),
    ]
    assert (
        announced["now"]
        == postponed["was"]
        == {
            "status": "SAVE_THE_DATE",
            "startsAt": "2022-01-21T14:00:00.000Z",
        }
    )
    assert postponed["now"]["startsAt"] is None
    assert rescheduled["now"] == {"status": "SCHEDULED", "startsAt": "2022-03-16T13:00:00.000Z"}


async def test_the_wall_time_agreed_on_is_kept_beside_the_instant(home: Home, secretariat: Caller) -> None:
    reader = await home.caller()
    event = await _winter_meeting(secretariat)

    asked = """query ($id: ID!) { event(id: $id) { startsAtLocal endsAtLocal
      denver: startsAtIn(timeZone: "America/Denver") previously { startsAtLocal timeZone } } }"""
    seen = (await reader.ask(asked, id=event))["event"]

    assert (seen["startsAtLocal"], seen["endsAtLocal"]) == ("2022-03-16T09:00", "2022-03-17T17:00")
    assert seen["denver"] == "2022-03-16T07:00"
    assert seen["previously"][1] == {"startsAtLocal": "2022-01-21T09:00", "timeZone": "America/New_York"}


async def test_the_seeded_winter_meeting_tells_the_same_story(home: Home) -> None:
    reader = await home.caller()
    asked = """{ events(first: 100, startsFrom: "2022-01-01T00:00:00Z", startsBefore: "2022-12-31T00:00:00Z") {
      edges { node { title status startsAt previously { status startsAt } } } } }"""

    events = [edge["node"] for edge in (await reader.ask(asked))["events"]["edges"]]

    (winter,) = [event for event in events if event["title"] == "Winter 2022 Meeting"]
    assert (winter["status"], winter["startsAt"]) == ("HELD", "2022-03-16T13:00:00.000Z")
    assert [(p["status"], p["startsAt"]) for p in winter["previously"]] == [
        ("SCHEDULED", "2022-03-16T13:00:00.000Z"),
        ("POSTPONED", None),
        ("SAVE_THE_DATE", "2022-01-21T14:00:00.000Z"),
    ]


async def _winter_meeting(secretariat: Caller) -> str:
    created = await secretariat.done(
        "createEvent",
        title="Winter 2022 Meeting, as it was",
        kind="MEETING",
        audience="PUBLIC",
        timeZone="America/New_York",
        startsAt="2022-01-21T09:00",
        endsAt="2022-01-22T17:00",
        location="Washington, DC",
    )
    event = str(created["id"])
    await secretariat.done("saveTheDate", eventId=event)
    await secretariat.done("postponeEvent", eventId=event, reason=WHY)
    await secretariat.done(
        "rescheduleEvent",
        eventId=event,
        startsAt="2022-03-16T09:00",
        reason="Re-scheduled for March 16 and 17.",
    )
    return event
