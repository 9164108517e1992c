"""Every room that shows what others may change, open in Chromium over the real house while somebody changes it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests.keys.test_acts import a_token, signed_in, with_passkey
from tests.living import Caller, Place
from tests.portal.test_browser import DESK, PHONE
from tests.portal.test_cities_with_the_house import _context
from tests.portal.test_with_the_house import _mailed_link, house

__all__ = ["house"]
pytestmark = pytest.mark.browser

# A browser, a server and a database on two busy cores: what is waited for comes, and nobody times it.
expect.set_options(timeout=20_000)

MAYOR, STAFF, SECRETARIAT = (
    "mayor@norfolk-va.example",
    "staff@norfolk-va.example",
    "secretariat@rotunda.example",
)
TELEPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)
STREAMS = 300  # milliseconds until a stream stands; what comes before is told anyway, from `head` on


@pytest.fixture
async def place(house: str, planted_database: str) -> AsyncIterator[Place]:
    """The conference, for those who act beside the browser."""
    async with httpx.AsyncClient() as client:
        yield Place(house, planted_database, client)


@asynccontextmanager
async def looking(browser: Browser, who: Caller, path: str, **options: Any) -> AsyncIterator[Page]:
    """Somebody with a page open that must not be loaded anew."""
    context = await _context(browser, who.place.url, who.token, **{"viewport": DESK, **options})
    page = await context.new_page()
    await page.goto(path)
    await page.wait_for_timeout(STREAMS)
    await page.evaluate("window.kept = 'the same page'")
    yield page
    assert await page.evaluate("window.kept") == "the same page"
    await context.close()


def told(page: Page) -> Any:
    return expect(page.locator("#live-said"))


async def test_the_directory_hears_of_a_new_mayor_as_it_is_narrowed_and_of_nothing_else(
    browser: Browser, place: Place
) -> None:
    secretariat = await place.caller(SECRETARIAT)
    vacant, other = await _vacant(place), await _vacant(place, 1)
    async with looking(browser, await place.caller(), "/cities") as page:
        find = page.get_by_label("City or mayor")
        await find.press_sequentially(vacant["name"][:4])
        await page.get_by_label("Which").select_option("All we know of")
        await page.get_by_label("City or mayor").press_sequentially(vacant["name"][4:])
        row = page.locator(".place", has=page.locator(f'a[href="/cities/{vacant["slug"]}"]'))
        await expect(row).to_contain_text("No mayor known here")
        await page.wait_for_timeout(STREAMS)

        await _opened(secretariat, other["id"], "Nobody Near")
        await _opened(secretariat, vacant["id"], "Ada Newcomer")

        await expect(row).to_contain_text("Ada Newcomer")
        await told(page).to_have_text(f"Ada Newcomer took office in {vacant['name']}.")
        await expect(find).to_be_focused()
        await expect(find).to_have_value(vacant["name"])
        assert await _streams(place) == 1  # the search before this one listens no more


async def test_a_city_s_page_hears_of_its_mayor_and_of_what_is_hosted_there(
    browser: Browser, place: Place
) -> None:
    mayor, other = await place.caller(MAYOR), await place.caller("mayor@richmond-va.example")
    async with looking(browser, other, "/cities/norfolk-va", viewport=PHONE) as page:
        await other.done("updateProfile", biography="Of the falls.")
        await mayor.done("updateProfile", biography="Sails on Sundays.", officePhone="+1 757 555 0100")

        await expect(page.locator(".biography")).to_have_text("Sails on Sundays.")
        await expect(page.get_by_role("link", name="+1 757 555 0100")).to_be_visible()
        await told(page).to_contain_text(", Norfolk, reads differently now.")
        await expect(page.locator("#live-said")).not_to_contain_text("Richmond")


async def test_a_half_filled_profile_keeps_its_words_and_its_focus_while_another_changes_it(
    browser: Browser, place: Place
) -> None:
    mayor, staff = await place.caller(MAYOR), await place.caller(STAFF)
    async with looking(browser, staff, "/cities/norfolk-va/profile") as page:
        about = page.get_by_label("About the mayor")
        await page.get_by_label("The office's telephone").fill("+1 757 1")
        await about.fill("Half a sen")

        await mayor.done("updateProfile", officeEmail="harbor@norfolk.example")

        await told(page).to_contain_text("reads differently now")
        await expect(page.locator(".byline")).to_contain_text("Last changed on")
        await expect(about).to_be_focused()
        await about.press_sequentially("tence.")
        await expect(about).to_have_value("Half a sentence.")
        await expect(page.get_by_label("The office's telephone")).to_have_value("+1 757 1")
        await page.evaluate("window.kept = 'the same page'")


async def test_the_account_hears_of_every_key_and_leaves_what_one_types(
    browser: Browser, place: Place
) -> None:
    owner = await place.caller(MAYOR)
    async with looking(browser, owner, "/account") as page:
        await page.get_by_text("Make a token", exact=True).click()
        name = page.get_by_label("What is it for?")
        await page.get_by_label("Read, and act in my name").check()
        await name.fill("Our wall cal")

        made = await _by_session(place, MAYOR)
        await told(page).to_contain_text("An API token was made for your account.")
        await expect(page.get_by_role("heading", name="Report on Mondays")).to_be_visible()
        await with_passkey(place, MAYOR)  # type: ignore[arg-type]  # it asks for what every place has

        await expect(name).to_be_focused()
        await name.press_sequentially("endar")
        await expect(name).to_have_value("Our wall calendar")
        await expect(page.get_by_label("Read, and act in my name")).to_be_checked()
        elsewhere = await _signed_in_elsewhere(place, MAYOR)
        await told(page).to_contain_text("Somebody signed in with your account")
        await expect(page.get_by_role("heading", name="Safari on iPhone")).to_be_visible()
        await elsewhere.post("/sign-out")
        await expect(page.get_by_role("heading", name="Safari on iPhone")).to_have_count(0)
        await elsewhere.aclose()
        await owner.done("revokeToken", tokenId=made)
        await told(page).to_contain_text("An API token of yours has ended.")
        await expect(page.get_by_role("heading", name="Report on Mondays")).to_have_count(0)
        await expect(page.get_by_role("heading", name="Phone")).to_be_visible()


async def test_the_desk_counts_anew_and_its_list_of_events_keeps_what_was_chosen(
    browser: Browser, place: Place
) -> None:
    mine, colleague = await place.caller(SECRETARIAT), await place.caller(SECRETARIAT)
    event, other = await _scheduled(mine, 2)
    async with (
        looking(browser, mine, "/desk") as overview,
        looking(browser, mine, "/desk/events?state=&q=") as page,
    ):
        postponed = overview.locator('.glance a[href="/desk/events?state=POSTPONED"] .glance-number')
        before = int(await postponed.inner_text())
        await page.get_by_label("Words in it").fill("wat")
        box = page.get_by_label(f"Choose {other['title']}", exact=True).first
        await box.check()

        await colleague.done("postponeEvent", eventId=event["id"], reason="Snow.")

        row = page.locator(f"#row-{event['id']}")
        await expect(row).to_contain_text("Postponed")
        await told(page).to_have_text(f"{event['title']} was postponed.")
        await expect(box).to_be_checked()
        await expect(page.get_by_label("Words in it")).to_have_value("wat")
        await expect(postponed).to_have_text(str(before + 1))
        await expect(overview.locator(".deeds li").first).to_contain_text("postponed")


async def test_the_desk_s_people_and_places_change_as_terms_do(browser: Browser, place: Place) -> None:
    secretariat = await place.caller(SECRETARIAT)
    city = await _vacant(place)
    async with (
        looking(browser, secretariat, f"/desk/cities?q={city['name']}&seat=vacant") as cities,
        looking(browser, secretariat, f"/desk/terms?city={city['id']}") as terms,
        looking(browser, secretariat, "/desk/accounts?q=Ada+Newcomer") as accounts,
    ):
        await _opened(secretariat, city["id"], "Ada Newcomer")

        await expect(terms.locator(".ledger")).to_contain_text("Ada Newcomer")
        await expect(cities.locator(f"#row-{city['id']}")).to_have_count(0)
        await expect(accounts.locator(".ledger")).to_contain_text(f"Mayor of {city['name']}")
        await expect(accounts.locator(".desk-count")).to_contain_text("1 in this list")


async def test_an_account_at_the_desk_is_let_in_before_one_s_eyes_and_one_s_own_desk_closes(
    browser: Browser, place: Place
) -> None:
    secretariat = await place.caller(SECRETARIAT)
    staff = await place.caller(STAFF)
    them = (await staff.ask("{ viewer { account { id } } }"))["viewer"]["account"]["id"]
    async with looking(browser, secretariat, f"/desk/accounts/{them}") as page:
        await secretariat.done("appointSecretariat", accountId=them)

        await expect(page.get_by_role("link", name="Take out of the secretariat")).to_be_visible()
        await told(page).to_contain_text("belongs to the secretariat now.")

        capacity = next(c["id"] for c in await staff.capacities() if not c["principal"])
        me = (await secretariat.ask("{ viewer { account { id } } }"))["viewer"]["account"]["id"]
        await staff.acting_for(capacity).done("dismissSecretariat", accountId=me)

        await told(page).to_contain_text("can no longer be shown to you")


async def test_the_trail_grows_without_moving_what_one_reads(browser: Browser, place: Place) -> None:
    secretariat = await place.caller(SECRETARIAT)
    for number in range(40):
        await secretariat.done("createEvent", title=f"Draft {number}", kind="MEETING", timeZone="UTC")
    async with looking(browser, secretariat, "/desk/audit") as page:
        line = page.locator(".deeds li").nth(20)
        name = await line.get_attribute("id")
        await line.evaluate("line => window.scrollTo(0, line.offsetTop - 200)")
        before = await page.locator(f"#{name}").bounding_box()

        await secretariat.done("createEvent", title="Quietly drafted", kind="MEETING", timeZone="UTC")
        [event] = await _scheduled(secretariat, 1)
        await secretariat.done("cancelEvent", eventId=event["id"], reason="Flood.")

        await expect(page.locator(".deeds li").first).to_contain_text("cancelled")
        await expect(page.locator(".deeds li").nth(1)).to_contain_text("Quietly drafted")
        after = await page.locator(f"#{name}").bounding_box()
        assert before
        assert after
        assert abs(after["y"] - before["y"]) < 2  # pixels


async def test_what_one_may_do_is_said_anew_when_the_mayor_narrows_it(browser: Browser, place: Place) -> None:
    mayor, staff = await place.caller(MAYOR), await place.caller(STAFF)
    grant = await _grant_of(mayor, STAFF)
    async with looking(browser, staff, "/why") as page:
        row = page.locator(".right", has=page.locator("#updateProfile"))
        await expect(row.locator(".right-answer")).to_have_text("Yes")

        kept = [scope for scope in grant["scopes"] if scope != "PROFILE"]
        await mayor.done("narrowDelegation", delegationId=grant["id"], scopes=kept)

        await expect(row.locator(".right-answer")).to_have_text("No")
        await expect(row).to_contain_text("needs the scope “profile”")
        await told(page).to_have_text("What you may do has changed.")


async def test_what_somebody_opened_stays_open_when_the_page_changes(browser: Browser, place: Place) -> None:
    mayor, staff = await place.caller(MAYOR), await place.caller(STAFF)
    grant = await _grant_of(mayor, STAFF)
    async with looking(browser, staff, f"/delegations/{grant['id']}", viewport=PHONE) as page:
        lacking = page.locator(".scopes-lacking li", has_text="keep the office's profile")
        await page.get_by_text("What it does not cover").click()
        await expect(lacking).to_have_count(0)

        kept = [scope for scope in grant["scopes"] if scope != "PROFILE"]
        await mayor.done("narrowDelegation", delegationId=grant["id"], scopes=kept)

        await expect(lacking).to_be_visible()


async def test_the_mailbox_shows_a_new_letter_by_itself(browser: Browser, place: Place) -> None:
    async with looking(browser, await place.caller(), "/dev/mail") as page:
        await expect(page.get_by_text("No letter yet.")).to_be_visible()

        await place.http.post(f"{place.url}/sign-in", data={"email": MAYOR})

        await expect(page.locator(".letter")).to_contain_text(f"To {MAYOR}")
        await expect(page.locator("#mail-count")).to_have_text("1 letter.")
        await expect(page).to_have_url(f"{place.url}/dev/mail")


async def _vacant(place: Place, offset: int = 0) -> dict[str, str]:
    """A city without a mayor, of a name that no other has."""
    found = await place.rows(
        "SELECT c.id, c.name, c.slug FROM cities c WHERE c.name ~ '^[A-Z][a-z]{6,}$' AND c.joined_on IS NULL "
        "AND NOT EXISTS (SELECT FROM terms t WHERE t.city_id = c.id) "
        "AND NOT EXISTS (SELECT FROM cities d WHERE d.id <> c.id AND d.name ~* c.name) "
        "ORDER BY c.slug OFFSET $1 LIMIT 1",
        offset,
    )
    return {"id": f"cit_{found[0]['id'].hex}", "name": found[0]["name"], "slug": found[0]["slug"]}


async def _grant_of(mayor: Caller, email: str) -> dict[str, Any]:
    asked = "{ delegations(first: 50) { nodes { id status scopes delegate { email } } } }"
    grants: list[dict[str, Any]] = (await mayor.ask(asked))["delegations"]["nodes"]
    return next(
        grant for grant in grants if grant["status"] == "ACTIVE" and grant["delegate"]["email"] == email
    )


async def _opened(secretariat: Caller, city: str, name: str) -> None:
    since = str(datetime.now(UTC).date() - timedelta(days=30))
    email = f"{name.split(maxsplit=1)[0].lower()}@{city[-8:]}.example"
    await secretariat.done("openTerm", cityId=city, name=name, email=email, startsOn=since)


async def _scheduled(caller: Caller, count: int) -> list[dict[str, str]]:
    asked = (
        "query ($n: Int!) { events(first: $n, status: [SCHEDULED], movable: true) { nodes { id title } } }"
    )
    found: list[dict[str, str]] = (await caller.ask(asked, n=count))["events"]["nodes"]
    assert len({event["title"] for event in found[:2]}) == min(count, 2)
    return found


async def _by_session(place: Place, email: str) -> str:
    """The id of a token that its owner makes in some other browser."""
    made = await a_token(await signed_in(place, email), name="Report on Mondays")  # type: ignore[arg-type]
    return str(made["id"])


async def _signed_in_elsewhere(place: Place, email: str) -> httpx.AsyncClient:
    """The same person on a telephone, come in by the mailed link."""
    telephone = httpx.AsyncClient(base_url=place.url, headers={"user-agent": TELEPHONE})
    await telephone.post("/sign-in", data={"email": email})
    await telephone.post(await _mailed_link(place.url, email))
    return telephone


async def _streams(place: Place) -> int:
    answer = (await place.http.get(f"{place.url}/ready")).json()
    return int(answer["subscribers"])
