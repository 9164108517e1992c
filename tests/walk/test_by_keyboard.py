"""The portal by keyboard and by ear: nothing is out of reach, out of sight or out of turn."""

import pytest
from playwright.async_api import Page, expect

from tests.walk.rooms import MAYOR, SECRETARIAT, STAFF
from tests.walk.stage import Stage
from tests.walk.test_every_room import DESK, ENLARGED, PHONE

pytestmark = pytest.mark.browser

# Whether the middle of what has the focus is on the screen, and nothing lies over it.
_SEEN = """() => {
    const focused = document.activeElement;
    const { left, right, top, bottom } = focused.getBoundingClientRect();
    const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return there !== null && (focused.contains(there) || there.contains(focused));
}"""
_MARKED = "getComputedStyle(document.activeElement).outlineStyle !== 'none'"


@pytest.mark.parametrize("size", [PHONE, DESK, ENLARGED], ids=["phone", "desk", "enlarged"])
async def test_whatever_the_tab_key_reaches_is_in_sight_and_marked(
    stage: Stage, size: dict[str, int]
) -> None:
    async with stage.visit(SECRETARIAT, viewport=size, reduced_motion="reduce") as page:
        await page.goto("/desk/events?state=SCHEDULED")
        await page.get_by_role("checkbox").nth(5).check()

        hidden = []
        for _ in range(60):
            await page.keyboard.press("Tab")
            if not (await page.evaluate(_SEEN) and await page.evaluate(_MARKED)):
                hidden.append(await page.evaluate("document.activeElement.outerHTML"))

        assert hidden == []


async def test_the_first_stop_skips_to_the_content(stage: Stage) -> None:
    async with stage.visit(MAYOR, viewport=PHONE) as page:
        await page.goto("/calendar")
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="Skip to the page's content")).to_be_in_viewport()
        await page.keyboard.press("Enter")

        await expect(page.get_by_role("main")).to_be_focused()


async def test_a_refused_form_leads_to_what_is_missing(stage: Stage) -> None:
    async with stage.visit(SECRETARIAT, viewport=PHONE) as page:
        await page.goto("/desk/events/new")
        await page.get_by_role("button", name="Read it over").click()

        alert = page.get_by_role("alert")
        await expect(alert).to_be_focused()
        await expect(alert).to_be_in_viewport()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("What it is called")).to_be_focused()
        await expect(page.get_by_label("What it is called")).to_have_accessible_description("Give it a name.")


async def test_a_refused_field_is_where_one_goes_on(stage: Stage) -> None:
    async with stage.visit(None, viewport=PHONE) as page:
        await page.goto("/sign-in")
        await page.get_by_role("button", name="Send me a link").click()

        await expect(page.get_by_label("E-mail address")).to_be_focused()


async def test_whom_one_acts_for_stays_in_sight(stage: Stage) -> None:
    for size in (PHONE, DESK):
        async with stage.visit(STAFF, viewport=size) as page:
            await page.goto("/calendar")
            await _to_the_end(page)

            await expect(page.get_by_text("You act for")).to_be_in_viewport(ratio=1)
            await page.get_by_text("Change", exact=True).click()
            await expect(page.get_by_role("button", name="Mayor of Portsmouth")).to_be_in_viewport(ratio=1)


async def test_the_rooms_lie_under_the_thumb_on_a_phone(stage: Stage) -> None:
    async with stage.visit(MAYOR, viewport=PHONE, java_script_enabled=False, has_touch=True) as page:
        await page.goto("/calendar")
        rooms = page.get_by_role("navigation", name="Rooms")
        box = await rooms.bounding_box()
        assert box
        assert box["y"] + box["height"] == PHONE["height"]

        await rooms.get_by_role("link", name="Cities").tap()
        await expect(rooms.get_by_role("link", name="Cities")).to_have_attribute("aria-current", "page")


async def test_all_rooms_fit_beside_each_other_on_a_narrow_phone(stage: Stage) -> None:
    async with stage.visit(SECRETARIAT, viewport={"width": 360, "height": 740}) as page:
        await page.goto("/resolutions")
        rooms = await page.get_by_role("navigation", name="Rooms").get_by_role("link").all()
        boxes = [await room.bounding_box() for room in rooms]

        assert len(boxes) == 7
        edges = [edge for box in boxes if box for edge in (box["x"], box["x"] + box["width"])]
        assert edges == sorted(edges)
        assert edges[0] >= 0
        assert edges[-1] <= 360


async def test_a_page_ends_above_the_rooms(stage: Stage) -> None:
    async with stage.visit(MAYOR, viewport=PHONE) as page:
        await page.goto("/calendar")
        await _to_the_end(page)

        foot = await page.get_by_role("contentinfo").bounding_box()
        rooms = await page.get_by_role("navigation", name="Rooms").bounding_box()
        assert foot
        assert rooms
        assert foot["y"] + foot["height"] < rooms["y"] + 1


async def test_what_changes_by_itself_is_said_politely(stage: Stage) -> None:
    async with stage.visit(MAYOR, viewport=PHONE) as page:
        for path in ("/", "/calendar", "/delegations"):
            await page.goto(path)
            await expect(page.locator("#live-said[role=status][aria-live=polite]")).to_have_count(1)


async def test_on_paper_there_is_neither_head_nor_rooms(stage: Stage) -> None:
    async with stage.visit(MAYOR, viewport=PHONE) as page:
        await page.goto("/calendar")
        await page.emulate_media(media="print")

        await expect(page.get_by_role("navigation", name="Rooms")).to_be_hidden()
        await expect(page.get_by_label("For whom you act")).to_be_hidden()
        assert await page.evaluate("getComputedStyle(document.body).paddingBottom") == "0px"


async def _to_the_end(page: Page) -> None:
    await page.evaluate("scrollTo(0, document.body.scrollHeight)")
