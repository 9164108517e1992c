"""Several events moved together in Chromium: told as it goes, whole without JavaScript, and safe to break off."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests.living import Caller, Place
from tests.portal.test_browser import PHONE
from tests.portal.test_live_rooms import SECRETARIAT, looking, place
from tests.portal.test_with_the_house import house

__all__ = ["house", "place"]
pytestmark = pytest.mark.browser

# Every state that the progress bar is ever in, as it stands on the page.
WATCH = """() => {
  window.steps = [];
  const look = () => {
    const bar = document.querySelector("#together progress");
    if (bar && window.steps.at(-1) !== bar.value) window.steps.push(bar.value);
  };
  new MutationObserver(look).observe(document.getElementById("together"), { childList: true, subtree: true });
}"""


async def test_with_javascript_the_bar_grows_event_by_event_on_one_page(
    browser: Browser, place: Place
) -> None:
    secretariat = await place.caller(SECRETARIAT)
    events = await _drafted_and_scheduled(secretariat, 4)
    async with looking(browser, secretariat, "/desk/events?q=Bulk+meeting", viewport=PHONE) as page:
        await _chosen(page, events)
        await page.get_by_role("button", name="Postpone").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Postpone 4 events?")
        await page.get_by_role("button", name="Postpone all 4 and tell everyone").click()
        await expect(page.locator("#reason-problem")).to_be_visible()  # a reason is due; nothing was done
        await page.evaluate(WATCH)
        await page.get_by_label("Why").fill("The river is over its banks.")

        await page.get_by_role("button", name="Postpone all 4 and tell everyone").click()

        await expect(page.get_by_role("status").last).to_contain_text("All 4 are postponed")
        await expect(page.locator(".together-done")).to_have_count(4)
        await expect(page.get_by_label("Why")).to_be_hidden()
        assert await page.evaluate("window.steps") == [0, 1, 2, 3, 4]
        await page.evaluate("window.kept = 'the same page'")  # it was left for the form's own page, as meant
    assert await _states(place, events) == ["postponed"] * 4


async def test_without_javascript_all_of_it_is_reported_at_once(browser: Browser, place: Place) -> None:
    secretariat = await place.caller(SECRETARIAT)
    events = await _drafted_and_scheduled(secretariat, 3)
    context = await browser.new_context(base_url=place.url, java_script_enabled=False)
    await context.add_cookies(
        [{"name": "rotunda_session", "value": secretariat.token or "", "url": place.url}]
    )
    page = await context.new_page()
    await page.goto("/desk/events?q=Bulk+meeting")
    await _chosen(page, events)
    await page.get_by_role("button", name="Cancel").click()
    await page.get_by_label("Why").fill("The river is over its banks.")
    await secretariat.done("postponeEvent", eventId=events[1])  # somebody was quicker

    await page.get_by_role("button", name="Cancel all 3 and tell everyone").click()

    await expect(page.get_by_role("status").last).to_have_text(
        "2 of 3 are cancelled. 1 could not be; each says why."
    )
    await expect(page.locator(".together-problem")).to_contain_text("Somebody changed it meanwhile")
    await context.close()
    assert await _states(place, events) == ["cancelled", "postponed", "cancelled"]


async def test_a_tab_closed_in_the_middle_leaves_what_can_be_taken_up_again(
    browser: Browser, place: Place
) -> None:
    secretariat = await place.caller(SECRETARIAT)
    events = await _drafted_and_scheduled(secretariat, 4)
    context = await browser.new_context(base_url=place.url)
    await context.add_cookies(
        [{"name": "rotunda_session", "value": secretariat.token or "", "url": place.url}]
    )
    page = await context.new_page()
    await page.goto("/desk/events?q=Bulk+meeting")
    await _chosen(page, events)
    await page.get_by_role("button", name="Postpone").click()
    await page.get_by_label("Why").fill("The river is over its banks.")
    order = await page.locator('input[name="event"]').evaluate_all("all => all.map(one => one.value)")
    form = await page.locator("form.rotunda-form").evaluate("form => [...new FormData(form)]")

    holder = await asyncpg.connect(place.dsn)
    held = holder.transaction()
    await held.start()
    await holder.execute("SELECT FROM events WHERE id = $1 FOR UPDATE", UUID(order[2][4:]))
    await page.get_by_role("button", name="Postpone all 4 and tell everyone").click()
    await expect(page.locator("#together progress")).to_have_attribute("value", "2")
    await context.close()
    await asyncio.sleep(0.5)  # until the server knows that nobody reads on
    await held.rollback()
    await holder.close()
    left = await _states(place, order)

    again = await _sent(secretariat, form)

    assert left[:2] == ["postponed", "postponed"]
    assert left[3] == "scheduled"
    assert "All 4 are postponed" in again
    assert await _states(place, order) == ["postponed"] * 4
    moves = "SELECT count(*) FROM event_moves WHERE event_id = ANY ($1) AND verb = 'postpone'"
    assert await place.value(moves, [UUID(event[4:]) for event in order]) == 4


async def _drafted_and_scheduled(caller: Caller, count: int) -> list[str]:
    made = []
    for number in range(count):
        event = await caller.done(
            "createEvent",
            title=f"Bulk meeting {number}",
            kind="MEETING",
            timeZone="UTC",
            startsAt=f"2031-05-0{number + 1}T09:00",
        )
        await caller.done("scheduleEvent", eventId=event["id"])
        made.append(str(event["id"]))
    return made


async def _chosen(page: Page, events: list[str]) -> None:
    for event in events:
        await page.locator(f"#pick-{event}").check()


async def _states(place: Place, events: list[str]) -> list[str]:
    found = await place.rows(
        "SELECT id, status FROM events WHERE id = ANY ($1)", [UUID(e[4:]) for e in events]
    )
    by_id = {f"evt_{row['id'].hex}": str(row["status"]) for row in found}
    return [by_id[event] for event in events]


async def _sent(caller: Caller, form: list[list[str]]) -> str:
    """The same form once more, as a browser sends it again."""
    fields: dict[str, Any] = {}
    for name, value in form:
        fields.setdefault(name, []).append(value)
    cookies = {"rotunda_session": caller.token or ""}
    async with httpx.AsyncClient(base_url=caller.place.url, cookies=cookies, timeout=20) as client:
        return (await client.post("/desk/events/together", data=fields)).text
