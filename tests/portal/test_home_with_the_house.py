"""Home over the real house: its number moves by itself, and marking clears it."""

import secrets

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests.portal.test_browser import PHONE
from tests.portal.test_with_the_house import house, member

__all__ = ["house"]
pytestmark = pytest.mark.browser

POSTPONE = "mutation ($i: PostponeEventInput!) { postponeEvent(input: $i) { __typename } }"
SCHEDULED = "{ events(first: 1, status: [SCHEDULED], movable: true) { nodes { id title } } }"


async def test_the_number_changes_by_itself_and_marking_clears_it(browser: Browser, house: str) -> None:
    async with (
        member(browser, house, "secretariat@rotunda.example") as secretariat,
        member(browser, house, "mayor@richmond-va.example", viewport=PHONE) as mayor,
    ):
        await mayor.goto("/")
        await expect(mayor.get_by_role("heading", level=1)).to_have_text("Nothing new")
        await mayor.wait_for_timeout(300)  # until its stream stands; it would be told anyway, from `head` on

        title = await _postpone(secretariat, house)

        await expect(mayor.get_by_role("heading", level=1)).to_contain_text("1 change")
        await expect(mayor.get_by_role("status")).to_contain_text(f"{title} was postponed.")
        await expect(mayor.locator(".news-item")).to_contain_text("new date to come")

        await mayor.get_by_role("button", name="Mark as seen").click()

        await expect(mayor.get_by_role("heading", level=1)).to_have_text("Nothing new")
        await secretariat.goto("/")
        await expect(secretariat.get_by_role("heading", name="Postponed, without a date")).to_be_visible()


async def _postpone(page: Page, house: str) -> str:
    cookie = next(c["value"] for c in await page.context.cookies() if "session" in c["name"])
    async with httpx.AsyncClient(base_url=house, headers={"authorization": f"Bearer {cookie}"}) as client:
        found = (await client.post("/graphql", json={"query": SCHEDULED})).json()["data"]["events"]["nodes"][
            0
        ]
        wanted = {"eventId": found["id"], "reason": "Snow.", "idempotencyKey": secrets.token_hex(4)}
        await client.post("/graphql", json={"query": POSTPONE, "variables": {"i": wanted}})
        return str(found["title"])
