"""The directory's pages over the real house: whole without JavaScript, and narrowing with it."""

import gzip
import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, expect

from tests.living import Home, shared_home, street
from tests.portal.test_browser import DESK, PHONE
from tests.portal.test_with_the_house import house

__all__ = ["house", "shared_home", "street"]
A_PAGE = 60_000  # bytes, compressed
MAYOR, STAFF = "mayor@norfolk-va.example", "staff@norfolk-va.example"


@asynccontextmanager
async def browsing(home: Home, email: str | None = None) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who reads pages as they come, perhaps signed in."""
    cookies = {"rotunda_session": (await home.caller(email)).token or ""} if email else {}
    headers = {"origin": home.url.rsplit("/", 1)[0]}
    async with httpx.AsyncClient(base_url=home.url, cookies=cookies, headers=headers) as client:
        yield client


async def _read(client: httpx.AsyncClient, path: str, status: int = 200) -> str:
    answer = await client.get(path.lstrip("/"))
    assert answer.status_code == status, (path, answer.text[:400])
    return re.sub(r"\s+", " ", answer.text)


async def test_a_visitor_finds_a_city_or_its_mayor_and_goes_on_to_more(shared_home: Home) -> None:
    async with browsing(shared_home) as visitor:
        first = await _read(visitor, "/cities")
        assert "400 member cities, by name. Here are 50, " in first
        assert len(re.findall(r'<li class="place">', first)) == 50
        more = re.findall(r'href="/cities\?(page=[^"]+)"', first)[0]
        second = await _read(visitor, f"/cities?{more}")
        assert not set(re.findall(r'class="place-name"><a href="([^"]+)"', first)) & set(
            re.findall(r'class="place-name"><a href="([^"]+)"', second)
        )

        assert "1 member city for “RICHMOND”, by name." in await _read(visitor, "/cities?named=RICHMOND&who=")
        assert "Mayagüez" in await _read(visitor, "/cities?named=MAYAGUEZ&who=all")
        assert "No member city matches." in await _read(visitor, "/cities?named=nowhere+at+all")
        assert "There is nothing here" in await _read(visitor, "/cities/nowhere-xx", 404)
        await _read(visitor, "/cities?page=nonsense", 404)


async def test_the_directory_is_light_and_its_dots_are_no_stops_of_the_tab_key(shared_home: Home) -> None:
    async with browsing(shared_home) as visitor:
        page = (await visitor.get("cities")).text

    dots = re.findall(r'<a href="/cities/[^"]+" tabindex="-1" transform=', page)
    assert len(dots) == 400
    assert len(gzip.compress(page.encode())) < A_PAGE


async def test_an_office_is_reached_by_members_alone(shared_home: Home) -> None:
    async with browsing(shared_home) as visitor, browsing(shared_home, MAYOR) as mayor:
        unseen, seen = await _read(visitor, "/cities/richmond-va"), await _read(mayor, "/cities/richmond-va")

    assert "office@richmond-va.example" not in unseen
    assert 'href="/sign-in?next=/cities/richmond-va"' in unseen
    assert "office@richmond-va.example" in seen
    assert "Keep this profile" not in seen


async def test_a_member_sees_cities_like_the_own_one_with_their_distance(shared_home: Home) -> None:
    async with browsing(shared_home, "mayor@richmond-va.example") as mayor:
        page = (await _read(mayor, "/cities")).replace("\N{NO-BREAK SPACE}", " ")

    assert '<a href="#like">Cities like Richmond ↓</a>' in page
    like = page[page.rindex("Cities like Richmond") :]
    assert re.findall(r'class="place-name"><a href="/cities/([^"]+)"', like)[0] == "norfolk-va"
    assert "81 miles (130 km) away" in like


async def test_earlier_mayors_are_remembered(shared_home: Home) -> None:
    slug = await shared_home.value(
        "SELECT c.slug FROM cities c JOIN terms t ON t.city_id = c.id WHERE upper(t.during) <= current_date LIMIT 1"
    )
    name = await shared_home.value(
        "SELECT p.name FROM people p JOIN terms t ON t.person_id = p.id JOIN cities c ON c.id = t.city_id "
        "WHERE c.slug = $1 AND upper(t.during) <= current_date LIMIT 1",
        slug,
    )
    async with browsing(shared_home) as visitor:
        page = await _read(visitor, f"/cities/{slug}")

    assert name in page[page.index("Other terms of office") :]


async def test_staff_keep_the_profile_and_their_name_stands_by_it(shared_home: Home) -> None:
    async with browsing(shared_home, STAFF) as staff:
        form = _form(await _read(staff, "/cities/norfolk-va/profile"))
        slip = await staff.post("cities/norfolk-va/profile", data=form | {"office_email": "no address"})
        assert slip.status_code == 422
        assert 'href="#office_email"' in slip.text
        form = _form(re.sub(r"\s+", " ", slip.text)) | {
            "office_email": "hello@norfolk.example",
            "office_phone": "1 757",
        }

        kept = await staff.post("cities/norfolk-va/profile", data=form | {"biography": "Sails.\r\n\r\nWell."})

        assert (kept.status_code, kept.headers["location"]) == (303, "/cities/norfolk-va")
        page = await _read(staff, "/cities/norfolk-va")
    me = (await (await shared_home.caller(STAFF)).ask("{ viewer { account { name } } }"))["viewer"][
        "account"
    ]["name"]
    assert "hello@norfolk.example" in page
    assert re.search(rf"Last changed on [^<]+ by {me}, for [^<]+, Mayor of Norfolk\.", page)
    async with browsing(shared_home, "mayor@richmond-va.example") as other:
        assert me not in await _read(other, "/cities/norfolk-va")


async def test_two_who_keep_one_profile_do_not_undo_each_other(shared_home: Home) -> None:
    async with browsing(shared_home, "mayor@alexandria-va.example") as mayor:
        form = _form(await _read(mayor, "/cities/alexandria-va/profile"))
        staff = await shared_home.caller("staff@alexandria-va.example")
        await staff.done("updateProfile", officePhone="+1 703 555 0199")

        await mayor.post("cities/alexandria-va/profile", data=form | {"biography": "Reads at night."})

        page = await _read(mayor, "/cities/alexandria-va")
    assert "+1 703 555 0199" in page
    assert "Reads at night." in page


async def test_a_refusal_says_what_would_mend_it(shared_home: Home) -> None:
    mayor = await shared_home.caller(MAYOR)
    await mayor.done("inviteDelegate", email="scheduler@norfolk.example", scopes=["RSVP"])
    code = await shared_home.mailed_code(to="scheduler@norfolk.example")
    await (await shared_home.caller("scheduler@norfolk.example")).done("acceptDelegation", code=code)

    async with browsing(shared_home, "scheduler@norfolk.example") as scheduler:
        without = await _read(scheduler, "/cities/norfolk-va/profile", 403)
    async with browsing(shared_home, "mayor@richmond-va.example") as outsider:
        foreign = await _read(outsider, "/cities/norfolk-va/profile", 403)
        forged = await outsider.post(
            "cities/norfolk-va/profile", data={"name": "X", "key": "k", "acting": ""}
        )
    async with browsing(shared_home) as visitor:
        unknown = await visitor.get("cities/norfolk-va/profile")

    assert "needs one scope more, “profile”" in without
    assert "by staff to whom the mayor granted “profile”" in foreign
    assert forged.status_code == 403
    assert unknown.headers["location"] == "/sign-in?next=/cities/norfolk-va/profile"


def _form(page: str) -> dict[str, str]:
    """What a browser would send back: hidden fields, inputs and the text area as they stand."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        if name:
            found[name[1]] = html.unescape(value[1]) if value else ""
    text = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    return found | ({"biography": html.unescape(text[1])} if text else {})


# ---------------------------------------------------------------------- in a browser


@pytest.mark.browser
async def test_the_directory_narrows_while_one_types_and_lights_what_one_points_at(
    browser: Browser, house: str
) -> None:
    context = await _context(browser, house, None, viewport=DESK)
    page = await context.new_page()
    await page.goto("/cities")

    await page.get_by_label("City or mayor").press_sequentially("richm")

    await expect(page.locator("#found-count")).to_have_text("1 member city for “richm”, by name.")
    await expect(page.locator(".map-dots a")).to_have_count(1)
    await expect(page).to_have_url(re.compile("named=richm"))
    name = page.locator(".map-dots text")
    await expect(name).to_be_hidden()
    await page.get_by_role("link", name="Richmond").focus()
    await expect(name).to_be_visible()
    await page.get_by_label("City or mayor").focus()
    await expect(name).to_be_hidden()
    await page.locator(".map-dots a").hover()
    await expect(name).to_be_visible()
    await page.locator(".map-dots a").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Richmond")
    await context.close()


@pytest.mark.browser
async def test_the_directory_works_without_javascript(browser: Browser, house: str) -> None:
    context = await _context(browser, house, None, viewport=PHONE, java_script_enabled=False)
    page = await context.new_page()
    await page.goto("/cities")

    await page.get_by_label("City or mayor").fill("richm")
    await page.get_by_label("Where").select_option("Virginia")
    await page.get_by_role("button", name="Find").click()
    await expect(page.locator("#found-count")).to_have_text("1 member city for “richm”, by name.")
    await page.locator(".map-dots a").hover()
    await expect(page.locator(".map-dots text")).to_be_visible()
    await page.locator(".map-dots a").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Richmond")
    await context.close()


async def _context(browser: Browser, house: str, token: str | None, **options: Any) -> BrowserContext:
    context = await browser.new_context(base_url=house, **options)
    if token:
        await context.add_cookies([{"name": "rotunda_session", "value": token, "url": house}])
    return context
