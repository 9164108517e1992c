"""Delegation over the real house: S1 and S4 on a phone, whole without JavaScript, and nothing of anybody else's."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests.portal.test_browser import PHONE
from tests.portal.test_with_the_house import house, member

__all__ = ["house"]
pytestmark = pytest.mark.browser

JUNE = "june@norfolk-staff.example"
MAYOR = "mayor@norfolk-va.example"


async def test_a_mayor_invites_on_a_phone_the_delegate_meets_a_refusal_and_is_told_of_the_end(
    browser: Browser, house: str
) -> None:
    async with (
        member(browser, house, MAYOR, viewport=PHONE) as mayor,
        invited(browser, house, mayor) as june,
    ):
        grant = mayor.url

        await june.get_by_role("button", name="Accept").click()
        await expect(june.get_by_text("From here on you act for the mayor named above")).to_be_visible()
        await june.get_by_text("What it does not cover").click()
        await expect(june.get_by_text("host sessions")).to_be_visible()

        # S1: outside the grant, with the scope that is missing and what would mend it.
        await june.goto("/why#updateProfile")
        row = june.locator(".right", has=june.locator("#updateProfile"))
        await expect(row).to_contain_text("No")
        await expect(row).to_contain_text("needs the scope “profile”")
        await expect(row).to_contain_text("The mayor can grant it to you anew")
        await june.goto("/delegations/invite")
        await expect(june.get_by_text("it cannot be delegated")).to_be_visible()
        await june.get_by_role("link", name="why not this").click()
        await expect(june).to_have_url(f"{house}/why#inviteDelegate")

        # S4: revoked in mid-session; the open page says so, and one's own account keeps working.
        await june.goto(grant)
        await june.wait_for_timeout(300)  # until its stream stands; it would be told anyway, from `head` on
        await mayor.goto(grant)
        await mayor.get_by_role("link", name="End it").click()
        await mayor.get_by_role("button", name="End it now").click()
        await expect(mayor.get_by_text("Withdrawn", exact=True)).to_be_visible()

        await expect(june.get_by_role("status").last).to_contain_text("took back the delegation")
        await june.reload()
        await expect(june.get_by_label("For whom you act")).to_contain_text("yourself")
        await expect(june.get_by_text("Withdrawn", exact=True)).to_be_visible()
        await expect(june.locator(".deeds li").first).to_contain_text("withdrew this delegation")


async def test_narrowing_and_giving_back_work_without_javascript(browser: Browser, house: str) -> None:
    async with (
        member(browser, house, MAYOR, java_script_enabled=False) as mayor,
        invited(browser, house, mayor, java_script_enabled=False) as june,
        member(browser, house, "mayor@richmond-va.example", java_script_enabled=False) as other,
    ):
        for step in ("", "/narrow", "/end", "/leave"):  # to any other mayor it is not there at all
            answer = await other.goto(f"{mayor.url}{step}")
            assert answer
            assert answer.status == 404
        await june.get_by_role("button", name="Accept").click()

        await mayor.get_by_role("link", name="Narrow it").click()
        await mayor.get_by_label("Register for events").uncheck()
        await mayor.get_by_label("Answer invitations").uncheck()
        await mayor.get_by_role("button", name="See what will change").click()
        await expect(mayor.get_by_role("alert")).to_contain_text("Leave at least one scope")
        await mayor.get_by_label("Answer invitations").check()
        await mayor.get_by_label("Last day").fill(str(datetime.now(UTC).date() + timedelta(days=9)))
        await mayor.get_by_role("button", name="See what will change").click()
        await expect(mayor.locator(".wasnow-was del")).to_have_text("register for events")
        await mayor.get_by_role("button", name="Narrow it").click()
        await expect(mayor.get_by_text("allows only what stands here")).to_be_visible()
        await expect(mayor.locator(".scopes-held")).not_to_contain_text("Register for events")

        await june.goto(mayor.url)
        await june.get_by_role("link", name="Give it back").click()
        await june.get_by_role("button", name="Give it back").click()
        await expect(june.get_by_text("You have given this delegation back.")).to_be_visible()
        await expect(june.get_by_text("Given back", exact=True)).to_be_visible()

        await mayor.goto("/delegations")
        await expect(mayor.get_by_role("region", name="Lately in your name")).to_contain_text("You narrowed")


@asynccontextmanager
async def invited(browser: Browser, house: str, mayor: Page, **options: bool) -> AsyncIterator[Page]:
    """Somebody the mayor has just invited by the form, at the page that the letter leads to."""
    await mayor.goto("/delegations")
    await mayor.get_by_role("link", name="Invite someone").click()
    await mayor.get_by_role("button", name="See what it will say").click()
    await expect(mayor.get_by_role("alert")).to_contain_text("Tick at least one thing")
    await mayor.get_by_label("Their e-mail address").fill(JUNE)
    await mayor.get_by_label("Answer invitations").check()
    await mayor.get_by_label("Register for events").check()
    await mayor.get_by_role("button", name="See what it will say").click()
    await expect(mayor.get_by_text("A letter goes to")).to_contain_text(JUNE)
    await mayor.get_by_role("button", name="Send the invitation").click()
    await expect(mayor.get_by_text("Invited, not yet accepted")).to_be_visible()
    path = await _letter(house)
    async with member(browser, house, JUNE, viewport=PHONE, **options) as june:
        await june.goto(path)
        yield june


async def _letter(house: str) -> str:
    async with httpx.AsyncClient(base_url=house) as client:
        for name in re.findall(r'href="(/dev/mail/[^"]+)"', (await client.get("/dev/mail")).text):
            found = re.findall(r"/delegations/accept\?code=[\w-]+", (await client.get(name)).text)
            if found:
                return str(found[0])
    raise AssertionError("no invitation was mailed")
