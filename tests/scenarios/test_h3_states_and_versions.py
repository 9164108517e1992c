"""H3, states and versions: the calendar's number grows with material change alone, the revision with every change."""

import pytest

from tests.living import Caller, Home

MOVED = """subscription ($after: Cursor) { eventsMoved(after: $after) { __typename
  ... on EventNotice { version now { status location startsAt } } } }"""


@pytest.fixture
async def host(home: Home) -> Caller:
    return await home.caller("host@water.example")


@pytest.fixture
async def session(host: Caller) -> str:
    created = await host.done(
        "createEvent",
        title="Wtaer affordability",
        kind="COMMUNITY_SESSION",
        timeZone="America/Chicago",
        startsAt="2031-02-13T12:00",
        endsAt="2031-02-13T13:00",
        location="City hall",
    )
    assert (created["status"], created["version"], created["revision"]) == ("DRAFT", 0, 1)
    return str(created["id"])


async def test_each_material_change_is_one_version_and_every_change_one_revision(
    host: Caller, session: str
) -> None:
    steps = [
        ("scheduleEvent", {}),
        ("editEvent", {"title": "Water affordability"}),
        ("postponeEvent", {"reason": "Snow."}),
        ("postponeEvent", {"newStartsAt": "2031-02-20T12:00"}),
        ("editEvent", {"summary": "Bring your bills."}),
        ("rescheduleEvent", {"startsAt": "2031-02-27T12:00"}),
        ("moveEventOnline", {}),
        ("cancelEvent", {}),
    ]

    stood = [await host.done(act, eventId=session, **given) for act, given in steps]

    assert [(e["status"], e["version"], e["revision"]) for e in stood] == [
        ("SCHEDULED", 1, 2),
        ("SCHEDULED", 1, 3),
        ("POSTPONED", 2, 4),
        ("POSTPONED", 3, 5),
        ("POSTPONED", 3, 6),
        ("SCHEDULED", 4, 7),
        ("MOVED_ONLINE", 5, 8),
        ("CANCELLED", 6, 9),
    ]


async def test_a_typo_mended_is_told_as_such_and_bumps_nothing(host: Caller, session: str) -> None:
    await host.done("scheduleEvent", eventId=session)

    async with host.listening(MOVED, after=await host.head()) as heard:
        mended = await host.done("editEvent", eventId=session, title="Water affordability")
        notice = await heard.notice()

    assert (mended["version"], mended["title"]) == (1, "Water affordability")
    assert (notice["__typename"], notice["version"]) == ("EventEdited", 1)


async def test_a_new_date_keeps_the_length_and_a_lost_date_is_remembered(host: Caller, session: str) -> None:
    await host.done("scheduleEvent", eventId=session)

    lost = await host.done("postponeEvent", eventId=session)
    found = await host.done("rescheduleEvent", eventId=session, startsAt="2031-03-13T12:00")

    assert (lost["startsAt"], lost["endsAt"]) == (None, None)
    assert (found["startsAtLocal"], found["endsAtLocal"]) == ("2031-03-13T12:00", "2031-03-13T13:00")


async def test_postponing_to_a_known_date_is_still_postponed_until_it_is_confirmed(
    host: Caller, session: str
) -> None:
    await host.done("scheduleEvent", eventId=session)

    later = await host.done("postponeEvent", eventId=session, newStartsAt="2031-03-13T12:00")
    sure = await host.done("rescheduleEvent", eventId=session, startsAt="2031-03-13T12:00")

    assert (later["status"], later["startsAt"]) == ("POSTPONED", "2031-03-13T17:00:00.000Z")
    assert (sure["status"], sure["startsAt"], sure["version"]) == ("SCHEDULED", later["startsAt"], 3)


async def test_moving_online_keeps_the_time_and_leaves_the_place(host: Caller, session: str) -> None:
    scheduled = await host.done("scheduleEvent", eventId=session)

    async with host.listening(MOVED, after=await host.head()) as heard:
        online = await host.done("moveEventOnline", eventId=session)
        notice = await heard.notice()

    assert (online["startsAt"], online["location"]) == (scheduled["startsAt"], "")
    assert notice["now"] == {"status": "MOVED_ONLINE", "location": "", "startsAt": scheduled["startsAt"]}
