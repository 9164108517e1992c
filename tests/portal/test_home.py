"""Home: what changed since one last looked, what waits, what is next; and marking it as seen."""

import re

import httpx

from tests.portal.fake_house import FakeApi


async def test_a_visitor_finds_the_front_page_and_a_member_home(
    visitor: httpx.AsyncClient, api: FakeApi
) -> None:
    front = (await visitor.get("/")).text
    visitor.cookies.set("rotunda_session", "token-staff")
    home = (await visitor.get("/")).text

    assert "The room where mayors meet." in front
    assert "What changed" in home
    assert [name for name, _ in api.asked] == ["Front", "Home"]


async def test_a_thing_that_moved_twice_is_told_once_as_it_was_and_as_it_is(staff: httpx.AsyncClient) -> None:
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", (await staff.get("/")).text))

    assert "2 changes" in page
    assert page.count("Ninety-Ninth Annual Meeting") == 2  # as what changed, and as what is next
    assert "was Jan 21\N{EN DASH}24, 2031 → now Mar 16\N{EN DASH}19, 2031" in page
    assert "before that: postponed" in page
    assert "June Park for Ada Whitfield, Mayor of Richmond" in page


async def test_what_waits_is_counted_and_named(staff: httpx.AsyncClient) -> None:
    page = (await staff.get("/")).text

    assert "Delegation that ends within 30 days" in page
    assert "last day January" in page
    assert "and 3 more" in page
    assert 'href="/cities/dublin-ca"' in page
    assert "Nothing waits for you" not in page


async def test_marking_sends_the_head_that_was_shown(staff: httpx.AsyncClient, api: FakeApi) -> None:
    form = {"through": "cursor-1", "acting": "cap_mayor", "key": "key-1"}

    answer = await staff.post("/seen", data=form)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    wanted = {"through": "cursor-1", "idempotencyKey": "key-1"}
    assert api.asked[-1] == ("MarkSeen", {"input": wanted})
    assert "Marked as seen" in (await staff.get("/")).text


async def test_a_page_left_open_for_another_marks_nothing(staff: httpx.AsyncClient, api: FakeApi) -> None:
    answer = await staff.post("/seen", data={"through": "cursor-1", "acting": "cap_second", "key": "key-1"})

    assert answer.headers["location"] == "/"
    assert [name for name, _ in api.asked if name == "MarkSeen"] == []


async def test_a_session_that_is_over_finds_the_front_page(staff: httpx.AsyncClient, api: FakeApi) -> None:
    api.gone.add("token-staff")

    answer = await staff.get("/")

    assert "The room where mayors meet." in answer.text
    assert "rotunda_session" in answer.headers["set-cookie"]
