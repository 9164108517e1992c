"""The portal over the real house: a browser, the schema, PostgreSQL and the seeds, and nothing between."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from playwright.async_api import Browser, Page, expect

from rotunda.app import build_app
from rotunda.settings import load
from tests.living import a_free_port

pytestmark = pytest.mark.browser

GOLDEN = "Winter 2022 Meeting"
SIGN_IN_SECONDS = 60


@pytest.fixture
async def house(planted_database: str, tmp_path: Path) -> AsyncIterator[str]:
    """The whole application on a real socket, with its mail in a folder."""
    socket = a_free_port()
    settings = load(database_url=planted_database, var=tmp_path, port=socket.getsockname()[1])
    app = build_app(settings)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=5))
    running = asyncio.ensure_future(server._serve([socket]))  # noqa: SLF001  # without signal handlers of its own
    while not server.started:  # noqa: ASYNC110  # uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield settings.public_url
    await app.state.drain()
    server.should_exit = True
    await running


@asynccontextmanager
async def member(browser: Browser, house: str, email: str, **options: Any) -> AsyncIterator[Page]:
    """Somebody at home in a browser of their own, with the session that a mailed link has brought them."""
    async with httpx.AsyncClient(base_url=house) as client:
        await client.post("/sign-in", data={"email": email})
        await client.post(await _mailed_link(house, email))
        session = client.cookies["rotunda_session"]
    context = await browser.new_context(base_url=house, **options)
    await context.add_cookies([{"name": "rotunda_session", "value": session, "url": house}])
    page = await context.new_page()
    await page.goto("/")
    yield page
    await context.close()


async def test_whoever_asks_for_a_link_is_in_by_what_was_mailed(browser: Browser, house: str) -> None:
    email = "mayor@richmond-va.example"
    context = await browser.new_context(base_url=house)
    page = await context.new_page()

    await page.goto("/sign-in")
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_role("button", name="Send me a link").click()
    await page.goto(await _mailed_link(house, email))
    await page.get_by_role("main").get_by_role("button", name="Sign in").click()

    await expect(page.get_by_text("You are signed in.")).to_be_visible()
    await context.close()


async def test_a_meeting_moves_while_a_mayor_looks_on(browser: Browser, house: str) -> None:
    async with (
        member(browser, house, "mayor@richmond-va.example", viewport={"width": 390, "height": 844}) as mayor,
        member(browser, house, "secretariat@rotunda.example", java_script_enabled=False) as secretariat,
    ):
        await mayor.goto("/calendar")
        title = await mayor.locator(".event:not(:has(.standing)) .event-title").first.inner_text()
        await secretariat.goto("/calendar")
        await secretariat.get_by_role("link", name=title).first.click()

        await secretariat.get_by_role("link", name="Postpone").click()
        await secretariat.get_by_label("Why").fill("The river is over its banks.")
        await secretariat.get_by_role("button", name="See what it will say").click()
        await secretariat.get_by_role("button", name="Postpone and tell everyone").click()

        await expect(secretariat.get_by_text("New date to come", exact=True).first).to_be_visible()
        await expect(mayor.get_by_role("status")).to_contain_text(f"{title} was postponed.")
        row = mayor.locator(".event.is-off", has_text=title).first
        await expect(row).to_contain_text("new date to come")

        await secretariat.get_by_role("link", name="Set the new date").click()
        await secretariat.get_by_label("Why").fill("The river is back in its bed.")
        await secretariat.get_by_label("First day").fill("2031-03-12")
        await secretariat.get_by_role("button", name="See what it will say").click()
        await secretariat.get_by_role("button", name="Set the date and tell everyone").click()

        await expect(mayor.get_by_role("status")).to_contain_text(f"{title} has a new date.")
        await expect(mayor.locator(".event", has_text="Mar 12, 2031")).to_contain_text("Re-scheduled")


async def test_a_delegate_is_told_the_moment_the_mayor_takes_the_grant_back(
    browser: Browser, house: str
) -> None:
    async with (
        member(browser, house, "mayor@norfolk-va.example") as mayor,
        member(browser, house, "staff@norfolk-va.example") as staff,
    ):
        await expect(staff.get_by_label("For whom you act")).to_contain_text("Mayor of Norfolk")

        await _revoke(mayor, house, "staff@norfolk-va.example")

        await expect(staff.get_by_role("status").last).to_contain_text("no longer keeps itself up to date")
        await staff.goto("/calendar")
        await expect(staff.get_by_label("For whom you act")).to_contain_text("yourself")


async def test_the_golden_case_is_told_as_it_was_and_as_it_became(browser: Browser, house: str) -> None:
    async with member(browser, house, "mayor@richmond-va.example") as mayor:
        await mayor.goto("/calendar?year=2022")
        await mayor.get_by_role("link", name=GOLDEN).click()

        sheet = mayor.locator(".wasnow")
        await expect(sheet.locator(".wasnow-was")).to_contain_text("Saturday, January 22, 2022")
        await expect(sheet.locator(".wasnow-now")).to_contain_text("Thursday, March 17, 2022")


async def test_every_room_opens_for_everyone_in_the_seeds(house: str) -> None:
    emails = ("secretariat@rotunda.example", "mayor@richmond-va.example", "host@water.example")
    for email in (None, *emails):
        async with httpx.AsyncClient(base_url=house, follow_redirects=True) as browser:
            if email:
                await browser.post("/sign-in", data={"email": email})
                await browser.post(await _mailed_link(house, email))
            for path in ("/", "/calendar", "/calendar?year=2022", "/delegations", "/sign-out", "/dev/mail"):
                answer = await browser.get(path)
                assert answer.status_code == 200, (email, path)
            first = re.findall(r'href="(/events/[^"]+)"', (await browser.get("/calendar")).text)[0]
            assert (await browser.get(first)).status_code == 200


async def _mailed_link(house: str, email: str) -> str:
    async with httpx.AsyncClient(base_url=house) as browser, asyncio.timeout(SIGN_IN_SECONDS):
        while True:
            for name in re.findall(r'href="(/dev/mail/[^"]+)"', (await browser.get("/dev/mail")).text):
                letter = (await browser.get(name)).text
                if f"To {email} " in letter:
                    return str(re.findall(r'href="([^"]+/sign-in/[^"]+)"', letter)[0])
            await asyncio.sleep(0.05)


async def _revoke(mayor: Page, house: str, email: str) -> None:
    """There is no button yet; the mayor's session is as good at the API."""
    cookie = next(c["value"] for c in await mayor.context.cookies() if "session" in c["name"])
    bearer = {"authorization": f"Bearer {cookie}"}
    grants = "{ delegations(first: 100) { edges { node { id status delegate { email } } } } }"
    act = "mutation ($i: RevokeDelegationInput!) { revokeDelegation(input: $i) { __typename } }"
    async with httpx.AsyncClient(base_url=house, headers=bearer) as client:
        found = (await client.post("/graphql", json={"query": grants})).json()["data"]["delegations"]["edges"]
        for node in (edge["node"] for edge in found):
            if node["status"] == "ACTIVE" and node["delegate"]["email"] == email:
                wanted = {"delegationId": node["id"], "idempotencyKey": node["id"]}
                await client.post("/graphql", json={"query": act, "variables": {"i": wanted}})
