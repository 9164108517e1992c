"""A page that keeps itself fresh, as the server sees it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette

from portal.live import shown_in
from tests.portal.fake_house import FakeApi


class Page:
    """An open stream: what came, and a way to leave."""

    def __init__(self) -> None:
        self.pieces: asyncio.Queue[str] = asyncio.Queue()
        self.left = asyncio.Event()
        self.asked = False

    async def receive(self) -> dict[str, Any]:
        if not self.asked:
            self.asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.body":
            self.pieces.put_nowait(message["body"].decode())

    async def next(self) -> str:
        return await asyncio.wait_for(self.pieces.get(), 5)


@asynccontextmanager
async def opened(portal: Starlette, api: FakeApi, path: str, **headers: str) -> AsyncIterator[Page]:
    page = Page()
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"after=cursor-1",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        "server": ("testserver", 80),
        "scheme": "http",
        "root_path": "",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
    }
    running = asyncio.ensure_future(portal(scope, page.receive, page.send))
    assert "retry" in await page.next()
    await asyncio.wait_for(api.heard.wait(), 5)
    try:
        yield page
    finally:
        page.left.set()
        await asyncio.wait_for(running, 5)


async def test_a_notice_brings_the_block_anew_and_a_sentence(portal: Starlette, api: FakeApi) -> None:
    async with opened(portal, api, "/live/calendar") as page:
        api.events["evt_trade"]["status"] = "POSTPONED"
        api.tell("EventPostponed", "trade")

        message = await page.next()

    assert message.startswith("id: cursor-EventPostponed\n")
    assert "Trade Mission to Lisbon and Porto was postponed." in message
    assert "Lead Service Lines" in message
    assert "just-changed" in message
    assert "<html" not in message


async def test_a_burst_is_shown_once(portal: Starlette, api: FakeApi) -> None:
    async with opened(portal, api, "/live/calendar") as page:
        for _ in range(20):
            api.tell("EventPostponed", "trade")

        await page.next()
        await asyncio.sleep(0.3)

        assert page.pieces.empty()
    assert [name for name, _ in api.asked].count("Calendar") == 1


async def test_an_event_s_page_hears_of_its_event_alone(portal: Starlette, api: FakeApi) -> None:
    async with opened(portal, api, "/live/events/evt_trade"):
        pass

    assert ("subscription", {"id": "evt_trade", "after": "cursor-1"}) in api.asked


async def test_a_heartbeat_moves_the_cursor_and_nothing_else(portal: Starlette, api: FakeApi) -> None:
    async with opened(portal, api, "/live/calendar") as page:
        api.tell("Heartbeat")

        message = await page.next()

    assert message == "id: cursor-Heartbeat\n: beat\n\n"
    assert [name for name, _ in api.asked] == ["subscription"]


async def test_a_lost_stream_resumes_where_it_was(portal: Starlette, api: FakeApi) -> None:
    async with opened(portal, api, "/live/calendar", last_event_id="cursor-9"):
        pass

    assert ("subscription", {"after": "cursor-9"}) in api.asked


async def test_a_stream_that_the_server_ends_says_why_and_closes(portal: Starlette, api: FakeApi) -> None:
    async with opened(portal, api, "/live/calendar") as page:
        api.tell("StreamEnded", message="Your delegation was revoked.")

        said, closed, end = await page.next(), await page.next(), await page.next()

    assert "Your delegation was revoked. This page no longer keeps itself up to date." in said
    assert closed.startswith("event: ended")
    assert end == ""


@pytest.mark.parametrize(
    ("reason", "onward"),
    [
        ("DELEGATION_REVOKED", '<a href="/">Go on as yourself</a>'),
        ("SIGNED_OUT", '<a href="/sign-in">Sign in again</a>'),
    ],
)
async def test_a_page_whose_stream_has_ended_says_where_to_go_on(
    portal: Starlette, api: FakeApi, reason: str, onward: str
) -> None:
    async with opened(portal, api, "/live/calendar") as page:
        api.tell("StreamEnded", message="<It> is over.", reason=reason)

        said = await page.next()

    assert f"&lt;It&gt; is over. This page no longer keeps itself up to date. {onward}" in said


async def test_an_expired_cursor_shows_how_things_stand(portal: Starlette, api: FakeApi) -> None:
    async with opened(portal, api, "/live/calendar") as page:
        api.tell("CursorExpired", cursor=None, head="cursor-head")

        message, end = await page.next(), await page.next()

    assert message.startswith("id: cursor-head\n")
    assert "Lead Service Lines" in message
    assert end == ""


async def test_a_page_that_may_no_longer_be_shown_says_so(portal: Starlette, api: FakeApi) -> None:
    async with opened(portal, api, "/live/events/evt_trade") as page:
        api.tell("EventEdited", "trade")
        del api.events["evt_trade"]

        message = await page.next()

    assert "can no longer be shown to you" in message


@pytest.mark.parametrize("code", ["UNAVAILABLE", "TOO_SLOW", "RATE_LIMITED"])
async def test_a_page_that_cannot_be_read_for_the_moment_is_told_nothing_but_to_come_back(
    portal: Starlette, api: FakeApi, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    async def busy(*_: object) -> dict[str, Any]:
        return {"errors": [{"message": "no hand is free", "extensions": {"code": code}}]}

    monkeypatch.setattr(api, "run", busy)
    async with opened(portal, api, "/live/events/evt_trade") as page:
        api.tell("EventEdited", "trade")

        closing, end = await page.next(), await page.next()

    assert (closing, end) == ("event: busy\nretry: 5000\ndata: busy\n\n", "")


async def test_a_stream_that_cannot_be_opened_for_the_moment_is_opened_a_moment_later(
    portal: Starlette, api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: object) -> AsyncIterator[dict[str, Any]]:
        api.heard.set()
        yield {"errors": [{"message": "no hand is free", "extensions": {"code": "UNAVAILABLE"}}]}

    monkeypatch.setattr(api, "stream", busy)
    async with opened(portal, api, "/live/calendar") as page:
        closing, end = await page.next(), await page.next()

    assert (closing, end) == ("event: busy\nretry: 5000\ndata: busy\n\n", "")


async def test_leaving_the_page_closes_the_stream(portal: Starlette, api: FakeApi) -> None:
    async with opened(portal, api, "/live/calendar"):
        assert len(api.listeners) == 1

    assert api.listeners == []


async def test_words_in_the_sentence_are_escaped(portal: Starlette, api: FakeApi) -> None:
    api.events["evt_trade"]["title"] = "<b>Trade</b>"
    async with opened(portal, api, "/live/calendar") as page:
        api.tell("EventPostponed", "trade")

        assert "<b>" not in await page.next()


async def test_what_may_not_be_named_is_said_without_its_name(portal: Starlette, api: FakeApi) -> None:
    async with opened(portal, api, "/live/calendar") as page:
        api.tell("TermOpened")
        unnamed = await page.next()
        api.tell("TermOpened", mayor={"name": "Ada", "city": {"name": "Norfolk", "slug": "norfolk-va"}})
        named = await page.next()

    assert "The calendar has changed." in unnamed
    assert "Ada took office in Norfolk." in named


def test_a_narrowed_list_says_nothing_of_what_it_does_not_show() -> None:
    block = '<a href="/cities/norfolk-va">Norfolk</a> <a href="/events/evt_1">A meeting</a>'
    of_city = {"mayor": {"city": {"slug": "norfolk-va"}}}

    assert shown_in({"event": {"id": "evt_1"}}, block)
    assert not shown_in({"event": {"id": "evt_11"}}, block)
    assert shown_in(of_city, block)
    assert not shown_in({"mayor": {"city": {"slug": "norfolk"}}}, block)
    assert shown_in({"account": {"name": "Ada"}}, block)
