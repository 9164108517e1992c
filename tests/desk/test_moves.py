"""What may be done with an event, and who will be told: said by the API, and true."""

import re

import httpx
import pytest

from models.events import EventVerb
from tests.acts.making import PATHS, Cast

_ACTS = {
    EventVerb.SAVE_THE_DATE: "saveTheDate",
    EventVerb.SCHEDULE: "scheduleEvent",
    EventVerb.POSTPONE: "postponeEvent",
    EventVerb.RESCHEDULE: "rescheduleEvent",
    EventVerb.MOVE_ONLINE: "moveEventOnline",
    EventVerb.CANCEL: "cancelEvent",
    EventVerb.HOLD: "holdEvent",
}
_AHEAD, _PAST = "2031-03-16T09:00", "2021-03-16T09:00"
_CAN_BE = "query ($id: ID!) { event(id: $id) { canBe hearers { mayors staff secretariat } } }"


@pytest.mark.parametrize(
    ("state", "starts"),
    [(state, _AHEAD) for state in PATHS if state != "HELD"]
    + [(state, _PAST) for state in ("DRAFT", "SCHEDULED", "POSTPONED", "HELD")],
)
async def test_what_the_api_offers_is_just_what_succeeds(cast: Cast, state: str, starts: str) -> None:
    event = await cast.event(state, starts=starts)
    offered = (await cast.secretariat.ask(_CAN_BE, id=event))["event"]["canBe"]

    for verb, act in _ACTS.items():
        # A move that is refused leaves the event as it is, for the next to be tried; one that succeeds wants its own.
        tried = await cast.event(state, starts=starts) if verb.name in offered else event
        dates = {"startsAt": "2031-05-16T12:00"} if verb is EventVerb.RESCHEDULE else {}
        outcome = await cast.secretariat.act(act, eventId=tried, **dates)
        assert (outcome["__typename"] == "Event") == (verb.name in offered), (verb, outcome)


async def test_what_has_begun_and_knows_no_end_is_not_offered_to_be_called_off(cast: Cast) -> None:
    made = await cast.secretariat.done(
        "createEvent", title="A talk", kind="WEBINAR", timeZone="UTC", startsAt="2021-03-16T09:00"
    )

    assert "CANCEL" not in (await cast.secretariat.ask(_CAN_BE, id=made["id"]))["event"]["canBe"]
    assert (await cast.secretariat.act("cancelEvent", eventId=made["id"]))["__typename"] == "WrongMoment"


async def test_whoever_may_not_move_an_event_is_offered_nothing_and_told_no_numbers(cast: Cast) -> None:
    event = await cast.event("SCHEDULED")

    assert (await cast.outsider.ask(_CAN_BE, id=event))["event"] == {"canBe": [], "hearers": None}


async def test_who_will_be_told_are_those_who_may_read_it(cast: Cast) -> None:
    event = await cast.event("SCHEDULED")

    hearers = (await cast.secretariat.ask(_CAN_BE, id=event))["event"]["hearers"]

    members = """SELECT count(DISTINCT account_id) FROM capacities WHERE member AND kind = $1"""
    assert hearers["mayors"] == await cast.home.value(members, "term")
    assert hearers["staff"] == await cast.home.value(members, "delegation")
    assert hearers["secretariat"] == await cast.home.value("SELECT count(*) FROM accounts WHERE secretariat")


@pytest.mark.parametrize(
    ("state", "path", "reaches", "sent"),
    [
        ("DRAFT", "save-the-date", "SAVE_THE_DATE", {"start_date": "2031-04-01"}),
        ("DRAFT", "schedule", "SCHEDULED", {"start_date": "2031-04-01"}),
        ("SCHEDULED", "postpone", "POSTPONED", {"reason": "The roof leaks."}),
        ("POSTPONED", "reschedule", "SCHEDULED", {"reason": "It is mended.", "start_date": "2031-04-01"}),
        ("SCHEDULED", "move-online", "MOVED_ONLINE", {"reason": "The roof leaks."}),
        ("SCHEDULED", "cancel", "CANCELLED", {"reason": "The roof fell."}),
    ],
)
async def test_every_move_is_read_over_before_it_is_done(
    cast: Cast, desk: httpx.AsyncClient, state: str, path: str, reaches: str, sent: dict[str, str]
) -> None:
    event = await cast.event(state)
    address = f"/events/{event}/{path}"
    assert address in (await desk.get(f"/events/{event}")).text

    form = _hidden((await desk.get(address)).text)
    look = await desk.post(address, data=form | sent | {"step": "look"})
    untouched = await cast.home.value("SELECT status FROM events WHERE id = $1::uuid", event[4:])
    done = await desk.post(address, data=_hidden(look.text) | {"step": "do"})

    assert "Who will be told" in look.text
    assert untouched == state.lower()
    assert (done.status_code, done.headers["location"]) == (303, f"/events/{event}")
    assert (
        await cast.home.value("SELECT status FROM events WHERE id = $1::uuid", event[4:]) == reaches.lower()
    )


async def test_a_move_that_cannot_be_says_what_would_mend_it(cast: Cast, desk: httpx.AsyncClient) -> None:
    event = await cast.event("SCHEDULED")

    answer = await desk.get(f"/events/{event}/reschedule")

    assert answer.status_code == 403
    assert "To move it, postpone it first." in answer.text


async def test_an_event_is_drafted_and_its_words_are_changed(desk: httpx.AsyncClient) -> None:
    new = {"title": "A talk", "kind": "WEBINAR", "audience": "MEMBERS", "start_date": "2031-04-01"}
    form = _hidden((await desk.get("/desk/events/new")).text)
    look = await desk.post("/desk/events/new", data=form | new | {"time_zone": "UTC", "step": "look"})
    made = await desk.post("/desk/events/new", data=_hidden(look.text) | {"step": "do"})
    page = made.headers["location"]

    form = _hidden((await desk.get(f"{page}/edit")).text)
    words = {"title": "A good talk", "summary": "On water."}
    look = await desk.post(f"{page}/edit", data=form | words | {"step": "look"})
    await desk.post(f"{page}/edit", data=_hidden(look.text) | {"step": "do"})

    assert "<del>A talk</del>" in look.text
    assert "A good talk" in (await desk.get(page)).text


async def test_a_zones_abbreviation_is_refused_at_its_field(desk: httpx.AsyncClient) -> None:
    form = _hidden((await desk.get("/desk/events/new")).text)
    new = {"title": "A talk", "kind": "WEBINAR", "audience": "MEMBERS", "time_zone": "CST", "step": "do"}

    answer = await desk.post("/desk/events/new", data=form | new)

    assert answer.status_code == 422
    assert 'id="time_zone-problem"' in answer.text
    assert "America/Chicago" in answer.text


def _hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone", "is not an IANA time zone"),
        ({"time_zone": "EST"}, "time_zone", "Did you mean America/New_York?"),
        ({"start_date": "2031-03-09", "start_time": "02:30"}, "start_date", "clocks go forward"),
        ({"title": "x" * 400}, "title", "longer than 200 characters"),
        ({"start_date": "1900-01-01"}, "start_date", "That day is over."),
    ],
)
async def test_what_cannot_be_is_said_at_the_form_and_not_after_it(
    desk: httpx.AsyncClient, typed: dict[str, str], field: str, said: str
) -> None:
    form = _hidden((await desk.get("/desk/events/new")).text)
    new = {"title": "A talk", "kind": "WEBINAR", "audience": "MEMBERS", "time_zone": "America/Chicago"}

    answer = await desk.post("/desk/events/new", data=form | new | typed | {"step": "look"})

    assert answer.status_code == 422
    assert f'id="{field}-problem"' in answer.text
    assert answer.text.count(said) == 2  # in the summary and at the field
    assert "is this right?" not in answer.text


async def test_of_two_who_write_at_once_the_second_reads_what_stands_and_keeps_their_words(
    cast: Cast, desk: httpx.AsyncClient
) -> None:
    event = await cast.event("SCHEDULED")
    form = _hidden((await desk.get(f"/events/{event}/edit")).text)
    await cast.secretariat.done("editEvent", eventId=event, title="A mended meeting")

    words = {"title": "My meeting", "summary": "On water.", "step": "look"}
    answer = await desk.post(f"/events/{event}/edit", data=form | words)
    again = await desk.post(f"/events/{event}/edit", data=_hidden(answer.text) | words)

    assert answer.status_code == 422
    assert "It reads now: “A mended meeting”." in answer.text
    assert "My meeting" in answer.text
    assert "<del>A mended meeting</del>" in again.text


async def test_words_that_read_so_already_are_not_looked_at_but_said(
    cast: Cast, desk: httpx.AsyncClient
) -> None:
    event = await cast.event("SCHEDULED")
    form = _hidden((await desk.get(f"/events/{event}/edit")).text)

    answer = await desk.post(f"/events/{event}/edit", data=form | {"title": "A meeting", "step": "look"})

    assert answer.status_code == 422
    assert "Nothing would change: the words read so already." in answer.text
    assert "is this right?" not in answer.text


async def test_who_moved_it_meanwhile_is_named_with_how_it_stands(
    cast: Cast, desk: httpx.AsyncClient
) -> None:
    event = await cast.event("SCHEDULED")
    form = _hidden((await desk.get(f"/events/{event}/postpone")).text)
    await cast.secretariat.done("postponeEvent", eventId=event, newStartsAt="2031-04-02T09:00")

    sent = {"reason": "The roof leaks.", "start_date": "2031-05-02", "step": "look"}
    answer = await desk.post(f"/events/{event}/postpone", data=form | sent)
    again = await desk.post(f"/events/{event}/postpone", data=_hidden(answer.text) | sent)

    assert answer.status_code == 422
    assert re.search(r"Meanwhile [^:]+ moved it: it stands as postponed, Apr 2, 2031", answer.text)
    assert "version" not in re.sub(r"<input[^>]*>", "", answer.text)
    assert "is this right?" in again.text
