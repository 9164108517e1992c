"""Several events at once: each under its own key, failures told, a repeat harmless."""

import re

import httpx

from tests.acts.making import Cast
from tests.desk.conftest import browser_of

PAGE = "/desk/events/together"


async def test_a_failure_in_the_middle_stops_nobody_and_a_repeat_changes_nothing(
    cast: Cast, desk: httpx.AsyncClient
) -> None:
    events = [await cast.event("SCHEDULED") for _ in range(3)]
    form = await _form(desk, events, "CANCEL")
    await cast.secretariat.done("postponeEvent", eventId=events[1])  # somebody was quicker

    first = await desk.post(PAGE, data=form)
    moves = await cast.home.value("SELECT count(*) FROM event_moves")
    second = await desk.post(PAGE, data=form)

    for report in (first.text, second.text):
        assert "2 of 3 are cancelled. 1 could not be; each says why." in report
        assert report.count("Somebody changed it meanwhile") == 1
    assert await cast.home.value("SELECT count(*) FROM event_moves") == moves
    assert [await _status(cast, event) for event in events] == ["cancelled", "postponed", "cancelled"]


async def test_with_javascript_each_result_is_told_as_it_comes(cast: Cast, desk: httpx.AsyncClient) -> None:
    events = [await cast.event("SCHEDULED") for _ in range(2)]
    form = await _form(desk, events, "POSTPONE")

    async with desk.stream("POST", PAGE, data=form, headers={"hx-request": "true"}) as answer:
        told = [text async for text in answer.aiter_text()]

    steps = re.findall(r'<progress[^>]* value="(\d)" max="2"', "".join(told))
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert steps == ["0", "1", "2"]
    assert [await _status(cast, event) for event in events] == ["postponed", "postponed"]


async def test_without_a_reason_nothing_is_done(cast: Cast, desk: httpx.AsyncClient) -> None:
    event = await cast.event("SCHEDULED")
    form = await _form(desk, [event], "CANCEL") | {"reason": ""}

    answer = await desk.post(PAGE, data=form)

    assert answer.status_code == 422
    assert 'id="reason-problem"' in answer.text
    assert await _status(cast, event) == "scheduled"


async def test_what_has_no_date_is_not_postponed_again(cast: Cast, desk: httpx.AsyncClient) -> None:
    dated, undated = await cast.event("SCHEDULED"), await cast.event("POSTPONED")
    asked = (await desk.post(PAGE, data={"event": [dated, undated], "verb": "POSTPONE"})).text
    version = await cast.home.value("SELECT version FROM events WHERE id = $1::uuid", undated[4:])

    report = await desk.post(PAGE, data=await _form(desk, [dated, undated], "POSTPONE"))

    assert "It has no date already; it will be left as it is." in asked
    assert re.search(r"Who will be told of each: \d+ mayors in office, \d+ of their staff", asked)
    assert "1 of 2 are postponed. 1 could not be; each says why." in report.text
    assert "It has no date already; it was left as it is." in report.text
    still = await cast.home.value("SELECT version FROM events WHERE id = $1::uuid", undated[4:])
    assert still == version


async def test_what_one_may_not_move_is_not_even_named(cast: Cast) -> None:
    event = await cast.event("SCHEDULED")
    async with browser_of(await cast.home.caller("host@water.example")) as host:
        answer = await host.post(PAGE, data={"event": event, "verb": "CANCEL"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/events")


async def _form(desk: httpx.AsyncClient, events: list[str], verb: str) -> dict[str, object]:
    """The confirm page's form as a browser would send it, each event named in it."""
    page = (await desk.post(PAGE, data={"event": events, "verb": verb})).text
    assert all(f'value="{event}"' in page for event in events)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    return {**hidden, "event": events, "reason": "The river is over its banks."}


async def _status(cast: Cast, event: str) -> str:
    return str(await cast.home.value("SELECT status FROM events WHERE id = $1::uuid", event[4:]))
