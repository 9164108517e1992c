"""The account page and passkeys in Chromium, with its virtual authenticator, over the real house."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import asyncpg
import httpx
import pytest
import uvicorn
from playwright.async_api import Browser, BrowserContext, Page, expect

from rotunda.app import build_app
from rotunda.credentials import hashed
from rotunda.settings import load
from tests.living import a_free_port

pytestmark = pytest.mark.browser

MAYOR = "mayor@richmond-va.example"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
async def house(planted_database: str, tmp_path: Path) -> AsyncIterator[str]:
    """The whole application on a real socket, at the name that its passkeys belong to."""
    socket = a_free_port()
    app = build_app(load(database_url=planted_database, var=tmp_path, port=socket.getsockname()[1]))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=5))
    running = asyncio.ensure_future(server._serve([socket]))  # noqa: SLF001  # without signal handlers of its own
    while not server.started:  # noqa: ASYNC110  # uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield f"http://localhost:{socket.getsockname()[1]}"
    await app.state.drain()
    server.should_exit = True
    await running


@asynccontextmanager
async def at_home(browser: Browser, house: str, dsn: str, **options: Any) -> AsyncIterator[Page]:
    """A mayor in a browser, with a session as the door gives it."""
    context = await browser.new_context(base_url=house, **options)
    await signed_in(context, house, dsn)
    page = await context.new_page()
    await page.goto("/account")
    yield page
    await context.close()


async def signed_in(context: BrowserContext, house: str, dsn: str, session: str = "rot_browser") -> None:
    await rows(
        dsn,
        "INSERT INTO tokens (hash, account_id, kind, device, place, expires_at) SELECT $1, id, 'session', "
        "'Chrome on Linux', 'this machine', now() + interval '1 day' FROM accounts WHERE email = $2",
        hashed(session),
        MAYOR,
    )
    await context.add_cookies([{"name": "rotunda_session", "value": session, "url": house}])


async def with_a_passkey(page: Page) -> None:
    """Give the browser an authenticator, and the account a passkey in it."""
    devices = await page.context.new_cdp_session(page)
    await devices.send("WebAuthn.enable")
    await devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    await page.get_by_label("A name for it").fill("My phone")
    await page.get_by_role("button", name="Add a passkey").click()
    await expect(page.get_by_text("Next time, sign in with your passkey.")).to_be_visible()


async def test_a_passkey_is_the_quicker_way_in_and_answers_each_challenge_once(
    browser: Browser, house: str, planted_database: str
) -> None:
    async with at_home(browser, house, planted_database) as page:
        await with_a_passkey(page)
        await page.context.clear_cookies()
        sent: list[Any] = []
        page.on(
            "request",
            lambda request: sent.append(request) if request.url.endswith("/sign-in/passkey") else None,
        )

        await page.goto("/sign-in?next=/account")
        await page.get_by_role("button", name="Sign in with a passkey").click()
        await expect(page.get_by_role("heading", name="My phone")).to_be_visible()
        await expect(page.locator(".key", has_text="My phone")).to_contain_text("last used within the hour")

        headers, body = await sent[0].all_headers(), parse_qs(sent[0].post_data)
        async with httpx.AsyncClient(base_url=house, headers={"cookie": headers["cookie"]}) as thief:
            replayed = await thief.post("/sign-in/passkey", data={"credential": body["credential"][0]})
        assert replayed.status_code == 422
        assert "rotunda_session" not in replayed.cookies


async def test_whoever_owns_the_account_is_told_of_a_new_passkey_by_letter(
    browser: Browser, house: str, planted_database: str
) -> None:
    async with at_home(browser, house, planted_database) as page:
        await with_a_passkey(page)

        await page.goto("/dev/mail")
        await page.get_by_role("link", name="A new passkey opens your account at Rotunda").click()

        letter = page.locator(".letter-text")
        await expect(letter).to_contain_text("“My phone”")
        await expect(letter).to_contain_text("on Linux, from this machine")
        await expect(letter).to_contain_text("If it was not you")


async def test_a_passkey_that_was_removed_or_copied_signs_nobody_in(
    browser: Browser, house: str, planted_database: str
) -> None:
    async with at_home(browser, house, planted_database) as page:
        await with_a_passkey(page)
        await rows(
            planted_database, "UPDATE passkeys SET sign_count = 1000000"
        )  # as if a copy were further on
        await page.goto("/sign-in")
        await page.get_by_role("button", name="Sign in with a passkey").click()
        await expect(page.get_by_role("alert")).to_contain_text("not known here")

        await rows(planted_database, "UPDATE passkeys SET sign_count = 0")
        await page.goto("/account")
        await page.get_by_role("button", name="Remove the passkey My phone").click()
        await expect(page.get_by_text("That passkey signs nobody in any more.")).to_be_visible()
        await page.goto("/sign-in")
        await page.get_by_role("button", name="Sign in with a passkey").click()
        await expect(page.get_by_role("alert")).to_contain_text("not known here")
        assert (
            await rows(planted_database, "SELECT FROM audit WHERE act IN ('addPasskey', 'removePasskey')")
            != []
        )


async def test_a_passkey_made_for_one_session_is_not_added_to_another(
    browser: Browser, house: str, planted_database: str
) -> None:
    async with at_home(browser, house, planted_database) as page:
        other = "secretariat@rotunda.example"
        await rows(
            planted_database,
            "INSERT INTO tokens (hash, account_id, kind, expires_at) SELECT $1, id, 'session', 'infinity' "
            "FROM accounts WHERE email = $2",
            hashed("rot_other"),
            other,
        )
        swapped = [{"name": "rotunda_session", "value": "rot_other", "url": house}]

        async def swap(route: Any) -> None:
            await page.context.add_cookies(swapped)  # type: ignore[arg-type]  # playwright's own typed dict
            await route.continue_(headers={**route.request.headers, "cookie": await cookies(page)})

        await page.route("**/account/passkeys", swap)
        devices = await page.context.new_cdp_session(page)
        await devices.send("WebAuthn.enable")
        await devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        await page.get_by_role("button", name="Add a passkey").click()

        await expect(page.get_by_text("That passkey could not be added.")).to_be_visible()
        assert await rows(planted_database, "SELECT FROM passkeys") == []


async def test_without_javascript_everything_but_passkeys_is_there(
    browser: Browser, house: str, planted_database: str
) -> None:
    async with at_home(browser, house, planted_database, java_script_enabled=False) as page:
        await expect(page.get_by_role("button", name="Add a passkey")).to_be_hidden()
        await page.get_by_text("Make a token", exact=True).click()
        await page.get_by_label("What is it for?").fill(" ")
        await page.get_by_role("button", name="Make the token").click()
        await expect(page.get_by_role("alert")).to_contain_text("Give it a name")
        await expect(page.get_by_label("What is it for?")).to_have_accessible_description(
            re.compile("^Give it a name")
        )
        await page.get_by_label("What is it for?").fill("Wall calendar")
        await page.get_by_label("A year").check()
        await page.get_by_role("button", name="Make the token").click()
        await expect(page.get_by_label("The token")).to_have_value(re.compile("^rot_"))

        await page.goto("/account")
        await page.get_by_role("button", name="End the token Wall calendar").click()
        await expect(page.get_by_text("That token is no good any more")).to_be_visible()
        await signed_in(page.context, house, planted_database, "rot_second")
        await page.goto("/account")
        await page.get_by_role("button", name="Sign out Chrome on Linux").click()
        await expect(page.get_by_text("That device is signed out")).to_be_visible()
        await page.get_by_text("Sign out everywhere").first.click()
        await page.get_by_role("button", name="Sign out everywhere").click()
        await expect(page.get_by_text("You are signed out everywhere.")).to_be_visible()
        await page.goto("/sign-in")
        await expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
        await expect(page.get_by_role("button", name="Send me a link")).to_be_visible()
    live = "SELECT FROM tokens WHERE revoked_at IS NULL AND hash = ANY ($1)"
    assert await rows(planted_database, live, [hashed("rot_browser"), hashed("rot_second")]) == []


async def test_the_account_page_is_not_for_visitors(house: str) -> None:
    async with httpx.AsyncClient(base_url=house) as visitor:
        shown, posted = (
            await visitor.get("/account"),
            await visitor.post("/account/sessions/end", data={"id": "ses_1"}),
        )

    assert shown.headers["location"] == "/sign-in?next=/account"
    assert posted.status_code == 303


async def rows(dsn: str, statement: str, *values: Any) -> list[Any]:
    connection = await asyncpg.connect(dsn)
    try:
        return list(await connection.fetch(statement, *values))
    finally:
        await connection.close()


async def cookies(page: Page) -> str:
    return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in await page.context.cookies())
