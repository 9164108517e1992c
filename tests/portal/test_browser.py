"""The portal in a browser: whole without JavaScript, and live with it. That it is fit for everyone: tests/walk."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from portal import live
from tests.portal.fake_house import FakeApi

pytestmark = pytest.mark.browser

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
Visit = Callable[..., Any]


@asynccontextmanager
async def visit(
    browser: Browser, address: str, token: str | None = None, **options: Any
) -> AsyncIterator[Page]:
    """A browser of one's own, perhaps signed in, with a clean console and no call to another host."""
    context = await browser.new_context(base_url=address, **options)
    page = await context.new_page()
    await _sign_in(page, address, token)
    words: list[str] = []
    page.on("console", lambda message: words.append(message.text))
    page.on("pageerror", lambda error: words.append(str(error)))
    page.on("response", lambda answer: words.append(f"{answer.status} {answer.url}"))
    yield page
    await context.close()
    # A page may be a refusal, and Chromium then says so in the console; a file it needs may not.
    words = [word for word in words if not word.startswith("Failed to load resource")]
    assert [
        word for word in words if not re.match(rf"(2|3|4)\d\d {address}(?!/static)|200 {address}/", word)
    ] == []


async def test_all_of_it_works_without_javascript(browser: Browser, address: str, api: FakeApi) -> None:
    async with visit(browser, address, java_script_enabled=False) as page:
        await page.goto("/")
        await page.get_by_role("main").get_by_role("link", name="Sign in").click()
        await page.get_by_label("E-mail address").fill("secretariat@rotunda.example")
        await page.get_by_role("button", name="Send me a link").click()
        await page.get_by_label("Six-digit code").fill("123456")
        await page.get_by_role("button", name="Sign in").click()
        await page.get_by_role("link", name="Trade Mission to Lisbon and Porto").click()
        await page.get_by_role("link", name="Postpone").click()
        await page.get_by_label("Why").fill("The ferries are on strike.")
        await page.get_by_role("button", name="See what it will say").click()
        await expect(page.get_by_role("heading", name="is this right?")).to_be_visible()
        await page.get_by_role("button", name="Postpone and tell everyone").click()

        await expect(page.get_by_text("New date to come", exact=True).first).to_be_visible()
    assert api.events["evt_trade"]["reason"] == "The ferries are on strike."


async def test_an_open_calendar_changes_by_itself(browser: Browser, address: str, api: FakeApi) -> None:
    async with visit(browser, address, "token-staff") as page:
        await page.goto("/calendar")
        await api.heard.wait()
        await page.evaluate("window.kept = 'the same page'")
        await page.get_by_role("link", name="Standing Committee on Transport").focus()

        await _postpone(api)

        row = page.get_by_role("listitem").filter(has_text="Trade Mission")
        await expect(row).to_contain_text("Postponed")
        await expect(page.get_by_role("status")).to_contain_text(
            "Trade Mission to Lisbon and Porto was postponed."
        )
        await expect(page.get_by_role("link", name="Standing Committee on Transport")).to_be_focused()
        assert await page.evaluate("window.kept") == "the same page"


async def test_an_open_event_tells_was_and_now_by_itself(
    browser: Browser, address: str, api: FakeApi
) -> None:
    async with visit(browser, address) as page:
        await page.goto("/events/evt_trade")
        await api.heard.wait()

        await _postpone(api)

        await expect(page.get_by_text("New date to come", exact=True).first).to_be_visible()
        await expect(page.get_by_text("The ferries are on strike.").first).to_be_visible()


async def test_a_revoked_delegate_is_told_at_once(browser: Browser, address: str, api: FakeApi) -> None:
    async with visit(browser, address, "token-staff") as page:
        await page.goto("/calendar")
        await api.heard.wait()

        api.tell("StreamEnded", message="The mayor has ended your delegation.")

        await expect(page.get_by_role("status")).to_contain_text("The mayor has ended your delegation.")


async def test_a_page_that_could_not_be_read_for_a_moment_comes_back_to_where_it_was(
    browser: Browser, address: str, api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: object) -> dict[str, Any]:
        return {"errors": [{"message": "no hand is free", "extensions": {"code": "UNAVAILABLE"}}]}

    monkeypatch.setattr(live, "LATER", live.LATER.replace(b"5000", b"200"))
    async with visit(browser, address, "token-staff") as page:
        await page.goto("/calendar")
        await api.heard.wait()
        api.tell("EventEdited", "heat")
        await expect(page.get_by_role("status")).to_contain_text("reads differently now")
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(api, "run", busy)
            api.heard.clear()
            api.tell("EventPostponed", "water")
            await asyncio.wait_for(api.heard.wait(), 10)

        await _postpone(api)

        await expect(page.get_by_role("listitem").filter(has_text="Trade Mission")).to_contain_text(
            "Postponed"
        )
        await expect(page.get_by_role("status")).not_to_contain_text("no longer")
    heard = [given["after"] for name, given in api.asked if name == "subscription"]
    assert heard == ["cursor-1", "cursor-EventEdited"]


async def test_leaving_a_page_leaves_no_stream_behind(browser: Browser, address: str, api: FakeApi) -> None:
    async with visit(browser, address) as page:
        await page.goto("/calendar")
        await api.heard.wait()
        await page.goto("/sign-in")
        await expect(page.get_by_label("E-mail address")).to_be_visible()
        await page.wait_for_timeout(200)

        assert api.listeners == []


async def test_escape_closes_the_switcher_and_gives_the_focus_back(browser: Browser, address: str) -> None:
    async with visit(browser, address, "token-staff") as page:
        await page.goto("/calendar")
        await page.get_by_text("Change", exact=True).click()
        await page.keyboard.press("Escape")

        await expect(page.get_by_role("button", name="Tomás Okonjo")).to_be_hidden()


async def test_acting_for_another_is_two_taps_on_a_phone(browser: Browser, address: str) -> None:
    async with visit(browser, address, "token-staff", viewport=PHONE, has_touch=True) as page:
        await page.goto("/calendar")
        await page.get_by_text("Change", exact=True).tap()
        await page.get_by_role("button", name="Tomás Okonjo, Mayor of Alexandria").tap()

        await expect(page.get_by_label("For whom you act")).to_contain_text(
            "Tomás Okonjo, Mayor of Alexandria"
        )
        await expect(page).to_have_url(f"{address}/calendar")


async def _sign_in(page: Page, address: str, token: str | None) -> None:
    await page.context.clear_cookies()
    if token:
        await page.context.add_cookies([{"name": "rotunda_session", "value": token, "url": address}])


async def _postpone(api: FakeApi) -> None:
    act: Callable[..., Awaitable[Any]] = api.run
    wanted = {"eventId": "evt_trade", "reason": "The ferries are on strike."}
    await act("mutation Postpone($input: X!) { x }", {"input": wanted}, "token-secretariat")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
async def test_a_word_without_end_widens_no_page(
    browser: Browser, address: str, api: FakeApi, viewport: dict[str, int]
) -> None:
    api.events["evt_annual"] |= {"title": "W" * 185, "location": "L" * 150, "summary": "S" * 400}
    async with visit(browser, address, "token-secretariat", viewport=viewport) as page:
        for path in ("/calendar", "/", "/events/evt_annual", "/events/evt_annual/postpone"):
            await page.goto(path)

            assert await page.evaluate("document.documentElement.scrollWidth") == viewport["width"], path
