"""GraphiQL in a browser, over the real house: as whoever is signed in, with streams, and within its policy."""

import json

import pytest
from playwright.async_api import Browser, expect

from tests.portal.test_browser import DESK
from tests.portal.test_home_with_the_house import _postpone
from tests.portal.test_with_the_house import house, member

__all__ = ["house"]
pytestmark = pytest.mark.browser


async def test_graphiql_asks_as_whoever_is_signed_in_and_hears_streams(browser: Browser, house: str) -> None:
    async with member(browser, house, "secretariat@rotunda.example", viewport=DESK) as page:
        words: list[str] = []
        page.on("console", lambda message: words.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: words.append(str(error)))
        page.on(
            "request",
            lambda asked: words.append(asked.url) if not asked.url.startswith((house, "data:")) else None,
        )

        await page.goto("/graphql?example=mayor/who-am-i")
        await page.get_by_role("button", name="Execute query").click()
        await expect(page.locator(".graphiql-response")).to_contain_text("secretariat@rotunda.example")

        await page.goto("/graphql?example=program/postponed")
        await page.get_by_role("button", name="Execute query").click()
        await expect(page.get_by_role("button", name="Stop query")).to_be_visible()
        await page.wait_for_timeout(500)  # the socket's handshake; this stream begins with now
        title = await _postpone(page, house)
        await expect(page.locator(".graphiql-response")).to_contain_text(json.dumps(title)[1:20])

        assert words == []


async def test_examples_open_without_javascript(browser: Browser, house: str) -> None:
    context = await browser.new_context(base_url=house, java_script_enabled=False)
    page = await context.new_page()
    await page.goto("/graphql")
    await page.get_by_label("Examples").select_option("program/head")
    await page.get_by_role("button", name="Open").click()
    await expect(page.get_by_text("query Head")).to_be_visible()
    await page.get_by_role("link", name="The documentation").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("The API")
    await context.close()
