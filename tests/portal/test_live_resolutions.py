"""Resolutions open in Chromium over the real house while others draft and sponsor: the pages change in their place."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.living import Place
from tests.portal.test_browser import PHONE
from tests.portal.test_groups_with_the_house import SECRETARIAT
from tests.portal.test_live_rooms import looking, told
from tests.portal.test_resolutions_with_the_house import Levees, levees
from tests.portal.test_with_the_house import house

__all__ = ["house"]
pytestmark = pytest.mark.browser

TITLE = "Levees, before the water"


@pytest.fixture
async def draft(house: str, planted_database: str) -> AsyncIterator[Levees]:
    """A draft that its mayor has not opened yet, and those who may sponsor it beside the browser."""
    async with httpx.AsyncClient() as client:
        place: Any = Place(house, planted_database, client)  # a place will do for a home
        yield await levees(place, opened=False)


async def test_a_draft_stands_on_every_open_list_once_it_is_opened_and_counts_its_sponsors(
    browser: Browser, draft: Levees
) -> None:
    async with looking(browser, draft.ben, "/resolutions", viewport=PHONE) as page:
        line = page.locator(f"#gathering-{draft.id}")
        await expect(line).to_have_count(0)

        await draft.ada.done("gatherSponsors", resolutionId=draft.id)

        await expect(line).to_contain_text("1 of 3 sponsors")
        await told(page).to_have_text(f"{TITLE} is open for sponsors.")

        await draft.cy.done("sponsorResolution", resolutionId=draft.id, version=1)

        await expect(line).to_contain_text("2 of 3 sponsors")
        await expect(line.locator(".seat.is-taken")).to_have_count(2)
        await told(page).to_have_text(f"Beatrice Thackeray sponsors {TITLE}.")


async def test_the_mayor_who_leads_it_sees_each_sponsor_come_and_then_may_submit(
    browser: Browser, draft: Levees
) -> None:
    await draft.ada.done("gatherSponsors", resolutionId=draft.id)
    async with looking(browser, draft.ada, draft.path) as page:
        submit = page.get_by_role("button", name="Submit it")
        await expect(page.get_by_role("heading", name="2 sponsors missing")).to_be_visible()
        await expect(submit).to_have_count(0)

        for peer in (draft.ben, draft.cy):
            await peer.done("sponsorResolution", resolutionId=draft.id, version=1)

        await expect(page.locator(".sponsor.is-taken")).to_have_count(3)
        await expect(submit).to_be_visible()

        await draft.cy.done("withdrawSponsorship", resolutionId=draft.id)

        await expect(page.locator(".sponsor.has-left")).to_contain_text("Beatrice Thackeray")
        await expect(page.get_by_role("heading", name="1 sponsor missing")).to_be_visible()
        await expect(submit).to_have_count(0)
        await told(page).to_have_text(f"Beatrice Thackeray no longer sponsors {TITLE}.")


async def test_a_text_that_moves_on_under_its_reader_is_not_sponsored_unread(
    browser: Browser, draft: Levees
) -> None:
    await draft.ada.done("gatherSponsors", resolutionId=draft.id)
    async with looking(browser, draft.ben, draft.path, viewport=PHONE) as page:
        sponsor = page.get_by_role("button", name="Sponsor it")
        await expect(sponsor).to_be_visible()

        await draft.edited(1, "all rivers rise")

        await expect(page.locator(".clauses")).to_contain_text("all rivers rise")
        await expect(page.get_by_text("Its text has changed since you opened this page.")).to_be_visible()
        await expect(sponsor).to_have_count(0)

        await page.get_by_role("link", name="See what changed").click()
        await expect(page.locator(".change-now").first).to_contain_text("all rivers rise")
        await page.get_by_role("link", name="Read it as it stands").click()
        await sponsor.click()

        await expect(page.locator(".flash")).to_contain_text("You sponsor it, as the text stands.")
        await page.evaluate("window.kept = 'the same page'")  # this one was left on purpose


async def test_a_submitted_resolution_that_loses_a_sponsor_says_so_to_its_mayor_at_once(
    browser: Browser, draft: Levees
) -> None:
    await draft.ada.done("gatherSponsors", resolutionId=draft.id)
    for peer in (draft.ben, draft.cy):
        await peer.done("sponsorResolution", resolutionId=draft.id, version=1)
    await draft.ada.done("submitResolution", resolutionId=draft.id)
    async with looking(browser, draft.ada, "/", viewport=PHONE) as page:
        await draft.ben.done("withdrawSponsorship", resolutionId=draft.id)

        news = page.locator(".news-item", has_text=TITLE)
        await expect(news).to_contain_text("Gathering sponsors again")
        await expect(page.locator(".wait", has_text=TITLE)).to_contain_text("1 sponsor missing")


async def test_a_moved_deadline_stands_on_an_open_list(browser: Browser, draft: Levees) -> None:
    secretariat = await draft.home.caller(SECRETARIAT)
    async with looking(browser, draft.ben, "/resolutions") as page:
        await secretariat.done(
            "moveDeadline", callId=draft.call, dueAt="2131-03-16T12:00", reason="The hall burned."
        )

        await expect(page.locator(".call .due")).to_contain_text("March 16, 2131")
        await told(page).to_have_text("The deadline of 94th Annual Meeting was moved.")


async def test_a_page_hears_of_its_deadline_and_of_no_other_resolution(
    browser: Browser, draft: Levees
) -> None:
    secretariat = await draft.home.caller(SECRETARIAT)
    await draft.ada.done("gatherSponsors", resolutionId=draft.id)
    other = await levees(draft.home, title="Snow plows")
    async with looking(browser, draft.ben, draft.path) as page:
        await draft.cy.done("sponsorResolution", resolutionId=other.id, version=1)
        await secretariat.done(
            "moveDeadline", callId=draft.call, dueAt="2131-03-16T12:00", reason="The hall burned."
        )

        await expect(page.locator(".due")).to_contain_text("March 16, 2131")
        await told(page).to_have_text("The deadline of 94th Annual Meeting was moved.")


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
async def test_clauses_are_added_moved_and_taken_out_and_what_is_typed_stays(
    *, browser: Browser, draft: Levees, script: bool
) -> None:
    async with looking(
        browser, draft.ada, "/resolutions/new", viewport=PHONE, java_script_enabled=script
    ) as page:
        await page.get_by_label("What it is called").fill("To lend each other plows")
        await page.locator("textarea").first.fill("snow falls on one city")
        await page.get_by_role("button", name="One more whereas").click()
        await expect(page.locator("textarea")).to_have_count(3)
        await page.locator("textarea").nth(1).fill("and not on the next")
        await page.get_by_role("button", name="One more resolved").click()
        await expect(page.locator("textarea")).to_have_count(4)
        await page.locator("textarea").nth(3).fill("plows be lent")

        await page.get_by_role("button", name="Up: Whereas, clause 2").click()
        await expect(page.locator("textarea").first).to_have_value("and not on the next")
        await page.get_by_role("button", name="Take out: Now, therefore, be it resolved, clause 1").click()
        await expect(page.locator("textarea")).to_have_count(3)

        assert await _typed(page) == ["and not on the next", "snow falls on one city", "plows be lent"]
        await page.get_by_label("What it is called").press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_have_text("To lend each other plows")
        await expect(page.locator(".clauses")).to_contain_text(
            "Now, therefore, be it resolved, that plows be lent."
        )
        await page.evaluate("window.kept = 'the same page'")  # this one was left on purpose


async def test_who_adds_a_clause_goes_on_typing_in_it(browser: Browser, draft: Levees) -> None:
    async with looking(browser, draft.ada, f"{draft.path}/edit", viewport=PHONE) as page:
        await page.get_by_label("What it is called").fill("Half typed")
        await page.get_by_role("button", name="One more resolved").click()

        await expect(page.locator("#text-new-1")).to_be_focused()
        await expect(page.locator("#text-new-1")).to_be_in_viewport()
        await expect(page.get_by_label("What it is called")).to_have_value("Half typed")

        await page.get_by_role("button", name="Up: Be it further resolved, clause 2").press("Enter")

        await expect(page.locator("#down-new-1")).to_be_focused()


async def test_what_is_typed_while_a_clause_is_on_its_way_stays(browser: Browser, draft: Levees) -> None:
    typed = asyncio.Event()

    async def held(route: Route) -> None:
        await typed.wait()
        await route.continue_()

    async with looking(browser, draft.ada, f"{draft.path}/edit", viewport=PHONE) as page:
        await page.locator("textarea").nth(1).fill("levees be built soon")
        await page.route("**/edit", held)
        await page.get_by_role("button", name="One more resolved").click()
        await page.get_by_role("button", name="Take out: Whereas, clause 1").click()  # one thing at a time
        await page.locator("textarea").nth(1).fill("levees be built at once")
        await page.get_by_label("What it is called").fill("Levees at once")
        typed.set()

        await expect(page.locator("#text-new-1")).to_be_visible()
        await expect(page.locator("textarea")).to_have_count(3)
        await expect(page.locator("textarea").nth(1)).to_have_value("levees be built at once")
        await expect(page.get_by_label("What it is called")).to_have_value("Levees at once")


async def _typed(page: Page) -> list[str]:
    fields = page.locator("textarea")
    return [await fields.nth(at).input_value() for at in range(await fields.count())]
