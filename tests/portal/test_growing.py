"""An open thread takes what it is told, piece by piece; it is read again only when a piece would not do."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest

from policy.viewer import Acting
from portal.rooms import House
from rotunda.feeds import PlannedFeed
from tests.living import Home, home, street
from tests.portal.test_groups_with_the_house import ADA, BEN, Talk, browsing, got, talk

__all__ = ["home", "street"]
PAGES = 30
_STREAM = re.compile(r'hx-sse:connect="/([^"]+)"')


class Asked:
    """What was asked of the database: for whom payloads were read, and which pages were read again."""

    def __init__(self) -> None:
        self.payloads: list[int] = []
        self.pages: list[str] = []


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    found = Asked()
    payloads, read = PlannedFeed.payloads, House.read

    async def counted(
        self: PlannedFeed, kind: str, positions: Sequence[int], viewers: Sequence[Acting]
    ) -> Any:
        found.payloads.append(len(viewers))
        return await payloads(self, kind, positions, viewers)

    async def noted(self: House, name: str, variables: Mapping[str, Any], token: str | None) -> Any:
        found.pages.append(name)
        return await read(self, name, variables, token)

    monkeypatch.setattr(PlannedFeed, "payloads", counted)
    monkeypatch.setattr(House, "read", noted)
    return found


class Open:
    """A page that is open: what its stream sends, message by message."""

    def __init__(self, answer: httpx.Response) -> None:
        self._lines = answer.aiter_lines()
        self.last_id = ""

    async def told(self) -> str:
        """The next message that shows something."""
        async with asyncio.timeout(20):
            while True:
                html = await self._message()
                if "hx-partial" in html:
                    return html

    async def _message(self) -> str:
        said = []
        async for line in self._lines:
            name, _, value = line.partition(": ")
            if name == "id":
                self.last_id = value
            elif name == "data":
                said.append(value)
            elif not line:
                break
        return "\n".join(said)


@asynccontextmanager
async def opened(
    client: httpx.AsyncClient, talk: Talk, query: str = "?from=1", **headers: str
) -> AsyncIterator[Open]:
    page = await got(client, f"/threads/{talk.thread}{query}")
    address = _STREAM.search(page.text)
    assert address, page.text
    place = address[1].replace("&amp;", "&")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client.stream("GET", place, headers=named) as answer:
        assert answer.status_code == 200
        yield Open(answer)


async def test_a_post_reaches_every_open_page_by_one_statement_and_no_page_is_read_again(
    home: Home, asked: Asked
) -> None:
    told = await talk(home)
    async with AsyncExitStack() as stack:
        ben = await stack.enter_async_context(browsing(home, BEN))
        pages = [await stack.enter_async_context(opened(ben, told)) for _ in range(PAGES - 1)]
        ada = await stack.enter_async_context(browsing(home, ADA))
        pages.append(await stack.enter_async_context(opened(ada, told)))
        asked.payloads.clear()
        asked.pages.clear()

        post = await told.said(told.ada, "Once for *all*.")

        heard = [await page.told() for page in pages]
    assert all("Once for <em>all</em>." in html and f'id="p{post["number"]}"' in html for html in heard)
    assert len(set(heard[:-1])) == 1
    assert "2 posts, <strong>2 unread</strong>" in heard[0]
    assert f"/posts/{post['id']}/report" in heard[0]
    assert f"/posts/{post['id']}/edit" in heard[-1]
    assert "unread</strong>" not in heard[-1], "one's own post is read"
    assert asked.payloads == [1, 2], "Ada's own reading, and the post for the two who read it differently"
    assert asked.pages == []


async def test_what_is_put_at_the_end_is_put_there_once_whatever_was_read_meanwhile(
    home: Home, asked: Asked
) -> None:
    told = await talk(home)
    shown = [1]
    async with browsing(home, BEN) as ben, opened(ben, told) as page:
        asked.pages.clear()
        await told.ada.done("lockThread", threadId=told.thread, locked=True)
        await told.ada.done("lockThread", threadId=told.thread, locked=False)
        for number in (2, 3, 4):
            await told.said(told.ada, f"Number {number}.")
            while shown[-1] < number:
                shown = _as_shown(shown, await page.told())
    assert shown == [1, 2, 3, 4]
    assert asked.pages, "a lock is shown by reading the page again"


def _as_shown(shown: list[int], html: str) -> list[int]:
    """The posts on a page once a message is put upon it."""
    for part in html.split("<hx-partial ")[1:]:
        posts = [int(number) for number in re.findall(r'<li [^>]*id="p(\d+)"', part)]
        if part.startswith('hx-target="#live-block"'):
            shown = posts
        elif part.startswith('hx-target="#posts" hx-swap="beforeend"'):
            shown = shown + posts
    return shown


async def test_a_page_that_lost_its_stream_is_read_again_once_and_grows_from_there(
    home: Home, asked: Asked
) -> None:
    told = await talk(home)
    async with browsing(home, BEN) as ben:
        async with opened(ben, told) as page:
            await told.said(told.ada, "Second.")
            await page.told()
        await told.said(told.ada, "Third, while nobody looked.")
        asked.pages.clear()
        address = f"live/threads/{told.thread}?from=1&shown=1&zone=UTC"
        async with ben.stream("GET", address, headers={"last-event-id": page.last_id}) as answer:
            again = Open(answer)
            whole = await again.told()
            await told.said(told.ada, "Fourth.")
            grown = await again.told()
    assert 'hx-target="#live-block"' in whole
    assert "Third" in whole
    assert asked.pages == ["groups/thread"]
    assert 'hx-target="#posts" hx-swap="beforeend"' in grown


async def test_pages_that_are_all_read_again_take_turns_and_none_goes_without(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = await talk(home)
    head, read, at_once = await told.ben.head(), House.read, [0]

    async def noted(self: House, name: str, variables: Mapping[str, Any], token: str | None) -> Any:
        at_once.append(at_once[-1] + 1)
        try:
            return await read(self, name, variables, token)
        finally:
            at_once.append(at_once[-1] - 1)

    async with AsyncExitStack() as stack:
        ben = await stack.enter_async_context(browsing(home, BEN))
        pages = [await stack.enter_async_context(opened(ben, told, last_event_id=head)) for _ in range(PAGES)]
        monkeypatch.setattr(House, "read", noted)
        await told.said(told.ada, "Second.")
        heard = [await page.told() for page in pages]

    assert all("Second." in html and 'hx-target="#live-block"' in html for html in heard)
    assert 1 < max(at_once) <= 4


async def test_a_mark_or_an_edit_touches_one_post_and_a_post_elsewhere_only_the_figures(
    home: Home, asked: Asked
) -> None:
    told = await talk(home)
    await told.said(told.ada, "More.", 60)
    post = await told.said(told.ada, "The sixty-second.")
    async with (
        browsing(home, BEN) as ben,
        opened(ben, told, "?from=1") as early,
        opened(ben, told, "?from=40") as late,
    ):
        asked.pages.clear()
        await told.ben.done("react", postId=post["id"], mark="THANKS")
        beside, upon = await early.told(), await late.told()
        await told.said(told.ada, "At the very end.")
        outside, end = await early.told(), await late.told()
    assert "<li" not in beside.partition("thread-stands")[0]
    assert 'hx-target="#p62" hx-swap="outerMorph"' in upon
    assert "Thank you · 1" in upon
    assert "Here are 1 to 50." in outside
    assert "<li" not in outside
    assert "Later posts" in outside
    assert 'hx-target="#posts" hx-swap="beforeend"' in end
    assert "Later posts" not in end
    assert asked.pages == []


async def test_what_is_read_on_another_device_is_counted_here_and_what_was_new_stays_marked(
    home: Home, asked: Asked
) -> None:
    told = await talk(home)
    await told.said(told.ada, "More.", 4)
    async with browsing(home, BEN) as ben, opened(ben, told) as page:
        asked.pages.clear()
        await told.ben.done("markRead", threadId=told.thread, through=3)
        html = await page.told()
    assert "5 posts, <strong>2 unread</strong>" in html
    assert "<li" not in html
    assert "live-said" not in html, "what one does oneself is not announced"
    assert asked.pages == []


async def test_a_page_does_not_grow_beyond_two_pages(home: Home) -> None:
    told = await talk(home)
    await told.said(told.ada, "More.", 49)
    async with browsing(home, BEN) as ben, opened(ben, told) as page:
        last = (await told.said(told.ada, "And more.", 51))["number"]
        html = ""
        while f"{last} posts" not in html:
            html = await page.told()
    assert last == 101
    assert f'id="p{last}"' not in html
    assert "Later posts" in html
    assert "Here are 1 to 100." in html


@pytest.mark.parametrize("zone", ["../../etc/passwd", "Nowhere/Land", "%00", "a" * 300, ""])
async def test_whatever_the_address_says_of_clocks_the_page_goes_on(home: Home, zone: str) -> None:
    told = await talk(home)
    async with (
        browsing(home, BEN) as ben,
        ben.stream("GET", f"live/threads/{told.thread}?from=1&shown=1&zone={zone}") as answer,
    ):
        page = Open(answer)
        await _listening(home)
        await told.said(told.ada, "Second.")
        assert "Second." in await page.told()


async def _listening(home: Home) -> None:
    async with asyncio.timeout(10):
        while not home.hub.subscribers:  # noqa: ASYNC110  # the hub has no event for it
            await asyncio.sleep(0.01)
