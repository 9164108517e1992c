"""Threads, groups and lists open in Chromium over the real house while others speak: nothing moves that one reads."""

from collections.abc import AsyncIterator

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests.living import Place
from tests.portal.test_browser import DESK, PHONE
from tests.portal.test_groups_with_the_house import ADA, BEN, STAFF, Talk
from tests.portal.test_live_rooms import STREAMS, looking
from tests.portal.test_with_the_house import house

__all__ = ["house"]
pytestmark = pytest.mark.browser

TOLD = 8000  # milliseconds that it is said for, as in static/rotunda.js
HALF = "What we did first was"
TRICKS = """<script>window.struck = 1</script><img src=x onerror="window.struck=2"> <svg/onload=window.struck=3>

[a link](javascript:window.struck=4) <b onclick="window.struck=5">bold</b> <form action=/><button>Press</button></form>

<hx-partial hx-target="#answer">struck</hx-partial> <div hx-get="/sign-out" hx-trigger="load">struck</div>"""


@pytest.fixture
async def talk(house: str, planted_database: str) -> AsyncIterator[Talk]:
    """A group with one thread, and those who talk in it beside the browser."""
    async with httpx.AsyncClient() as client:
        place = Place(house, planted_database, client)
        ada, ben = await place.caller(ADA), await place.caller(BEN)
        group = await ada.done("createGroup", name="Leaks", audience="MEMBERS", confidentiality="ORDINARY")
        thread = await ada.done("startThread", groupId=group["id"], title="Who pays?", body="We do.")
        yield Talk(place, ada, ben, group["id"], thread["id"])  # type: ignore[arg-type]  # a place will do


async def test_a_thread_grows_and_neither_the_place_nor_a_half_typed_answer_is_lost(
    browser: Browser, talk: Talk
) -> None:
    await talk.said(talk.ada, "A paragraph that is read slowly. " * 12, 30)
    async with looking(browser, talk.ben, f"/threads/{talk.thread}?from=1", viewport=PHONE) as page:
        answer = page.get_by_label("What you want to say")
        await answer.fill(HALF)
        await answer.evaluate("field => field.blur()")
        await page.evaluate("document.getElementById('p9').scrollIntoView()")
        await page.wait_for_timeout(200)
        before = await _top(page, "#p9")

        post = await talk.said(talk.ada, "Something **new**.")

        fresh = page.locator(f"#p{post['number']}")
        await expect(fresh).to_contain_text("Something new.")
        await expect(fresh.locator(".post-new")).to_have_text("New")
        await expect(page.locator("#live-said")).to_have_text("Something new was said.")
        assert abs(await _top(page, "#p9") - before) <= 1
        await expect(answer).to_have_value(HALF)


async def test_who_types_keeps_the_field_under_their_eyes_while_others_answer(
    browser: Browser, talk: Talk
) -> None:
    await talk.said(talk.ada, "A paragraph that is read slowly. " * 12, 10)
    async with looking(browser, talk.ben, f"/threads/{talk.thread}?from=1", viewport=DESK) as page:
        answer = page.get_by_label("What you want to say")
        await answer.press_sequentially(HALF)
        before = await _top(page, "#body")

        post = await talk.said(talk.ada, "A long answer meanwhile. " * 60)

        await expect(page.locator(f"#p{post['number']}")).to_be_attached()
        await expect(answer).to_be_focused()
        await expect(answer).to_have_value(HALF)
        assert abs(await _top(page, "#body") - before) <= 1


async def test_a_page_in_the_middle_of_a_thread_stays_as_long_as_it_was(browser: Browser, talk: Talk) -> None:
    await talk.said(talk.ada, "And more.", 79)
    async with looking(browser, talk.ben, f"/threads/{talk.thread}?from=5") as page:
        await talk.said(talk.ada, "At the very end.")

        await expect(page.locator(".thread-count")).to_contain_text("81 posts")
        assert await page.locator(".post").count() == 50
        assert await page.locator(".post").first.get_attribute("id") == "p5"


async def test_a_thread_marks_itself_read_when_its_end_is_seen_and_the_other_device_knows_at_once(
    browser: Browser, talk: Talk
) -> None:
    await talk.said(talk.ada, "A paragraph that is read slowly. " * 12, 20)
    path = f"/threads/{talk.thread}?from=1"
    async with (
        looking(browser, talk.ben, "/groups", viewport=PHONE) as groups,
        looking(browser, talk.ben, f"/groups/{talk.group}") as group,
        looking(browser, talk.ben, path) as page,
    ):
        line = groups.locator(f"#group-{talk.group}")
        await expect(line).to_contain_text("21 unread")
        await page.wait_for_timeout(STREAMS)
        assert await _unread(talk) == 21  # what was not seen is not read

        await page.get_by_role("button", name="Mark as read up to here").scroll_into_view_if_needed()

        await expect(page.get_by_text("Read up to here.")).to_be_visible()
        await expect(line).not_to_contain_text("unread")
        await expect(group.locator(f"#thread-{talk.thread}")).not_to_contain_text("unread")
        await expect(group.get_by_role("heading", level=1)).to_have_text("Leaks")
        assert await _unread(talk) == 0

        await talk.said(talk.ada, "One more.")

        await expect(line).to_contain_text("1 unread")
        await expect(group.locator(f"#thread-{talk.thread}")).to_contain_text("One more.")


async def test_what_is_kept_unread_on_one_device_an_open_page_on_another_does_not_mark(
    browser: Browser, talk: Talk
) -> None:
    kept = await talk.said(talk.ada, "To come back to.")
    async with looking(browser, talk.ben, f"/threads/{talk.thread}?from=1") as page:
        button = page.get_by_role("button", name="Mark as read up to here")
        await expect(page.get_by_text("Read up to here.")).to_be_visible()  # its end is in view
        await talk.ben.done("keepUnread", postId=kept["id"])
        await expect(page.locator(".thread-count")).to_contain_text("1 unread")

        await talk.said(talk.ada, "Meanwhile.")

        await button.scroll_into_view_if_needed()
        await page.wait_for_timeout(STREAMS)
        assert await _unread(talk) == 2
        await button.click()
        await expect(page.locator(".thread-count")).not_to_contain_text("unread")

        await talk.said(talk.ada, "And on it goes.")

        await expect(page.locator(".post")).to_have_count(4)
        await expect(page.locator(".thread-count")).not_to_contain_text("unread")
        await page.evaluate("window.kept = 'the same page'")  # pressed by hand, the button comes back here


async def test_that_something_is_new_is_said_each_time_and_covers_nothing_for_long(
    browser: Browser, talk: Talk
) -> None:
    async with looking(browser, talk.ben, f"/threads/{talk.thread}?from=1", viewport=PHONE) as page:
        said = page.locator("#live-said")
        await page.clock.install()
        for _ in range(2):
            await talk.said(talk.ada, "More.")
            await expect(said).to_have_text("Something new was said.")
            await page.clock.fast_forward(TOLD)
            await expect(said).to_be_empty()
            await expect(said).to_be_hidden()


async def test_one_line_alone_says_where_the_new_begins_however_often_one_has_read_on(
    browser: Browser, talk: Talk
) -> None:
    async with looking(browser, talk.ben, f"/threads/{talk.thread}?from=1") as page:
        for number in (2, 3):
            await talk.ben.done("markRead", threadId=talk.thread)
            await talk.said(talk.ada, "More.")
            await expect(page.locator(f"#p{number} .post-new")).to_be_visible()

        lines = [
            await page.locator(f"#p{number}").evaluate("post => getComputedStyle(post).borderTopWidth")
            for number in (1, 2, 3)
        ]

    assert lines == ["2px", "1px", "1px"]


async def test_a_keeper_is_offered_to_undo_what_another_device_did(browser: Browser, talk: Talk) -> None:
    async with looking(browser, talk.ada, f"/threads/{talk.thread}") as page:
        answer = page.get_by_label("What you want to say")
        await answer.fill(HALF)

        await talk.ada.done("lockThread", threadId=talk.thread, locked=True)
        await talk.ada.done("pinThread", threadId=talk.thread, pinned=True)

        await expect(page.get_by_role("button", name="Unlock")).to_be_visible()
        await expect(page.get_by_role("button", name="Unpin")).to_be_visible()
        await expect(answer).to_have_value(HALF)


async def test_without_javascript_the_button_marks_and_reading_marks_nothing(
    browser: Browser, talk: Talk
) -> None:
    async with looking(browser, talk.ben, f"/threads/{talk.thread}", java_script_enabled=False) as page:
        assert await _unread(talk) == 1

        await page.get_by_role("button", name="Mark as read up to here").click()

        await expect(page.locator(".flash")).to_contain_text("It counts as read up to there.")
        assert await _unread(talk) == 0
        await page.evaluate("window.kept = 'the same page'")  # this one was left, and come back to


async def test_a_mark_upon_a_post_is_counted_in_its_place(browser: Browser, talk: Talk) -> None:
    await talk.said(talk.ada, "A paragraph that is read slowly. " * 12, 6)
    async with looking(browser, talk.ben, f"/threads/{talk.thread}?from=1", viewport=PHONE) as page:
        post = page.locator("#p4")
        await post.get_by_text("React or more").click()
        before = await _top(page, "#p4")

        await post.get_by_role("button", name="Thank you").click()

        mark = post.locator(".marks button")
        await expect(mark).to_have_text("Thank you · 1")
        await expect(mark).to_have_attribute("aria-pressed", "true")
        assert abs(await _top(page, "#p4") - before) <= 1

        await mark.click()

        await expect(post.locator(".marks")).to_have_count(0)


async def test_whatever_is_written_in_a_post_stands_there_as_words(browser: Browser, talk: Talk) -> None:
    heard: list[str] = []
    async with looking(browser, talk.ben, f"/threads/{talk.thread}") as page:
        page.on("console", lambda said: heard.append(said.text))
        page.on("pageerror", lambda error: heard.append(str(error)))

        await talk.said(talk.ada, TRICKS)

        await expect(page.locator("#p2 .post-body")).to_contain_text("a link")
        await page.reload()
        await page.evaluate("window.kept = 'the same page'")
        body = page.locator("#p2 .post-body")
        await expect(body).to_contain_text("bold")
        assert await page.evaluate("window.struck") is None
        assert (
            await body.locator("script, img, svg, form, button, hx-partial, [hx-get], [onclick]").count() == 0
        )
        assert await body.locator("a[href^=javascript]").count() == 0
        await expect(page.get_by_role("heading", name="Your answer")).to_be_visible()
    assert heard == []


async def test_staff_who_lose_the_grant_are_shown_no_more(browser: Browser, talk: Talk) -> None:
    staff = await talk.home.caller(STAFF)
    async with looking(browser, staff, f"/threads/{talk.thread}") as page:
        grants = await talk.ben.ask("{ delegations(first: 20) { nodes { id status delegate { email } } } }")
        grant = next(g for g in grants["delegations"]["nodes"] if (g["delegate"] or {}).get("email") == STAFF)
        await talk.ben.done("revokeDelegation", delegationId=grant["id"])
        await talk.said(talk.ada, "Not for your ears.")

        await expect(page.locator("#live-said")).to_contain_text("no longer keeps itself up to date")
        await expect(page.get_by_text("Not for your ears.")).to_have_count(0)


async def _top(page: Page, which: str) -> float:
    found: float = await page.locator(which).evaluate("part => part.getBoundingClientRect().top")
    return found


async def _unread(talk: Talk) -> int:
    asked = "query ($id: ID!) { thread(id: $id) { unreadCount } }"
    found: int = (await talk.ben.ask(asked, id=talk.thread))["thread"]["unreadCount"]
    return found
