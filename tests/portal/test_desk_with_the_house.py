"""The desk over the real house: every room of it is fit for everyone, on a phone and on a desk."""

from typing import Any

import pytest
from playwright.async_api import Browser

from rotunda.settings import Settings
from rotunda.tokens import issue
from tests.portal.test_browser import DESK, PHONE, _violations
from tests.portal.test_cities_with_the_house import _context
from tests.portal.test_with_the_house import house

__all__ = ["house"]
pytestmark = pytest.mark.browser

ROOMS = [
    "/desk",
    "/desk/events",
    "/desk/events/new",
    "/desk/cities",
    "/desk/terms",
    "/desk/accounts",
    "/desk/audit",
]


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESK, "dark")], ids=["390", "1280-dark"])
async def test_every_room_of_the_desk_is_fit_for_everyone(
    *, browser: Browser, house: str, planted_database: str, size: Any, scheme: str
) -> None:
    settings = Settings(database_url=planted_database)  # type: ignore[arg-type]  # from text
    token = await issue(settings, "secretariat@rotunda.example", None)
    looks: dict[str, Any] = {"viewport": size, "color_scheme": scheme, "bypass_csp": True}
    context = await _context(browser, house, token, **looks)
    page = await context.new_page()
    found = {}

    for room in ROOMS:
        answer = await page.goto(room)
        assert answer is not None
        assert answer.status == 200, room
        found[room] = await _violations(page)
        assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"], room
    await context.close()

    assert {where: what for where, what in found.items() if what} == {}
