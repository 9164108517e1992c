"""The rooms of resolutions over the real house: written without JavaScript, sponsored as read, refused with reasons."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import httpx
import pytest

from tests.living import Caller, Home, home, shared_home, street
from tests.portal.test_groups_with_the_house import ADA, BEN, CY, SECRETARIAT, browsing, got, read

__all__ = ["home", "shared_home", "street"]
ADAS_STAFF, REGIONAL = "staff@alexandria-va.example", "regional@tidewater.example"
TEXT = [
    {"kind": "WHEREAS", "text": "rivers rise"},
    {"kind": "RESOLVED", "text": "levees be built"},
]


@dataclass
class Levees:
    """A resolution that the mayor of Alexandria leads, and those who may sponsor it."""

    home: Home
    ada: Caller
    ben: Caller
    cy: Caller
    call: str
    id: str

    @property
    def path(self) -> str:
        return f"/resolutions/{self.id}"

    async def edited(self, version: int, text: str) -> None:
        stands = await self.ada.ask(
            "query ($id: ID!) { resolution(id: $id) { title clauses { id kind text } } }", id=self.id
        )
        first, *rest = stands["resolution"]["clauses"]
        await self.ada.done(
            "editResolution",
            resolutionId=self.id,
            title=stands["resolution"]["title"],
            clauses=[first | {"text": text}, *rest],
            expectedVersion=version,
        )

    async def status(self) -> str:
        found = await self.ada.ask("query ($id: ID!) { resolution(id: $id) { status } }", id=self.id)
        return str(found["resolution"]["status"])


async def levees(home: Home, *, opened: bool = True, title: str = "Levees, before the water") -> Levees:
    ada, ben, cy = [await home.caller(email) for email in (ADA, BEN, CY)]
    calls = (await ada.ask("{ resolutionCalls(first: 1, open: true) { nodes { id } } }"))["resolutionCalls"]
    call = calls["nodes"][0]["id"]
    made = await ada.done("draftResolution", callId=call, title=title, clauses=TEXT)
    if opened:
        await ada.done("gatherSponsors", resolutionId=made["id"])
    return Levees(home, ada, ben, cy, call, made["id"])


def sent_by(page: str, action: str = "") -> dict[str, str]:
    """What a form would send, hidden and shown: the one with that action, or the one that is typed into."""
    mark = f'action="{action}"' if action else 'method="post" novalidate'
    piece = next(p for p in page.split("<form") if mark in p).split("</form>")[0]
    found = re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', piece)
    found += re.findall(r'<textarea[^>]*?name="([^"]+)"[^>]*>([^<]*)<', piece)
    return {name: unescape(value) for name, value in found}


async def pressed(client: httpx.AsyncClient, one: Levees, deed: str) -> httpx.Response:
    """Press a button of the resolution's page."""
    action = f"{one.path}/do/{deed}"
    page = (await got(client, one.path)).text
    return await client.post(action.lstrip("/"), data=sent_by(page, action))


@pytest.mark.parametrize(
    "path",
    [
        *("/resolutions", "/resolutions/new", "/resolutions/res_1", "/resolutions/res_1/edit"),
        *("/resolutions/res_1/withdraw", "/resolutions/res_1/versions", "/resolutions/calls/new"),
        "/resolutions/calls/cal_1/deadline",
    ],
)
async def test_a_visitor_is_shown_the_door_and_comes_back(shared_home: Home, path: str) -> None:
    async with browsing(shared_home, None) as visitor:
        answer = await visitor.get(path.lstrip("/"))

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=/resolutions")


async def test_a_draft_is_written_clause_by_clause_without_javascript(shared_home: Home) -> None:
    async with browsing(shared_home, ADA) as ada:
        page = (await ada.get("resolutions/new")).text
        sent = sent_by(page) | {
            "title": "Levees",
            "text-new-1": "rivers rise",
            "text-new-2": "levees be built",
        }
        longer = await ada.post("resolutions/new", data=sent | {"do": "add:WHEREAS"})
        sent = sent_by(longer.text) | {"text-new-3": "sand is dear"}
        turned = await ada.post("resolutions/new", data=sent | {"do": "up:new-3"})
        kept = await ada.post("resolutions/new", data=sent_by(turned.text) | {"do": "save"})
        text = await read(ada, kept.headers["location"])

    assert (longer.status_code, turned.status_code, kept.status_code) == (200, 200, 303)
    assert (
        "Whereas, sand is dear; and Whereas, rivers rise. Now, therefore, be it resolved, that levees" in text
    )
    assert "Open it for sponsors" in text


async def test_what_cannot_be_kept_is_said_at_its_clause_and_nothing_typed_is_lost(shared_home: Home) -> None:
    async with browsing(shared_home, ADA) as ada:
        sent = sent_by((await ada.get("resolutions/new")).text)
        long = "levees " * 600
        typed = {"title": "Levees", "text-new-1": "rivers rise", "text-new-2": long.strip(), "do": "save"}
        refused = await ada.post("resolutions/new", data=sent | typed)
        nameless = await ada.post(
            "resolutions/new", data=sent | typed | {"title": "", "text-new-2": "levees"}
        )

    assert (refused.status_code, nameless.status_code) == (422, 422)
    assert 'href="#text-new-2">Write 1 to 4,000 characters' in refused.text
    assert 'id="text-new-2-problem"' in refused.text
    assert sent_by(refused.text)["text-new-2"] == long.strip()
    assert 'href="#title">' in nameless.text
    assert sent_by(nameless.text)["text-new-1"] == "rivers rise"


async def test_a_resolution_goes_from_a_draft_to_its_number_by_the_buttons_of_its_page(
    shared_home: Home,
) -> None:
    one = await levees(shared_home, opened=False)

    async with (
        browsing(shared_home, ADA) as ada,
        browsing(shared_home, BEN) as ben,
        browsing(shared_home, CY) as cy,
    ):
        hidden = await ben.get(one.path.lstrip("/"))
        await pressed(ada, one, "gather")
        gathering = await read(ada, one.path)
        await pressed(ben, one, "sponsor")
        sponsored = await read(ben, one.path)
        await pressed(cy, one, "sponsor")
        done = await pressed(ada, one, "submit")
        submitted = await read(ada, one.path)

    assert hidden.status_code == 404
    assert "2 sponsors missing" in gathering
    assert "It can be submitted once 2 more mayors sponsor the text as it stands." in gathering
    assert "1 sponsor missing" in sponsored
    assert "You sponsor it." in sponsored
    assert "Haruka Fujimoto, Norfolk" in sponsored
    assert done.headers["location"] == one.path
    assert re.search(r"Submitted, No. \d+ Levees, before the water", submitted)


async def test_a_text_that_moved_on_is_not_sponsored_and_the_page_shows_it_as_it_reads_now(
    shared_home: Home,
) -> None:
    one = await levees(shared_home)

    async with browsing(shared_home, BEN) as ben:
        action = f"{one.path}/do/sponsor"
        sent = sent_by((await ben.get(one.path.lstrip("/"))).text, action)
        await one.edited(1, "all rivers rise")
        refused = await ben.post(action.lstrip("/"), data=sent)
        again = await ben.post(action.lstrip("/"), data=sent_by(refused.text, action))

    assert refused.status_code == 422
    assert "Nothing was done." in refused.text
    assert "all rivers rise" in refused.text
    assert again.status_code == 303


async def test_who_sponsored_is_asked_again_and_shown_what_changed(shared_home: Home) -> None:
    one = await levees(shared_home)
    await one.ben.done("sponsorResolution", resolutionId=one.id, version=1)
    await one.edited(1, "all rivers rise")

    async with browsing(shared_home, BEN) as ben:
        page, changed = await read(ben, one.path), await read(ben, f"{one.path}/versions?was=1")
        home, listed = await read(ben, "/"), await read(ben, "/resolutions")
        await pressed(ben, one, "sponsor")
        after = await read(ben, one.path)
        await pressed(ben, one, "leave")
        left = await read(ben, one.path)

    assert "for version 1; asked again" in page
    assert "You sponsored version 1" in page
    assert "Was Whereas, rivers rise. Now Whereas, all rivers rise." in changed
    assert "Resolution that reads differently since it was sponsored Levees, before the water" in home
    assert "You sponsored it as it read before" in listed
    assert "You sponsor it." in after
    assert "withdrew" in left
    assert "Withdraw my name" not in left


async def test_staff_write_and_the_mayor_s_own_deeds_are_said_and_not_offered(shared_home: Home) -> None:
    one, other = await levees(shared_home, opened=False), await levees(shared_home, title="Snow plows")

    async with browsing(shared_home, ADAS_STAFF) as staff, browsing(shared_home, REGIONAL) as elsewhere:
        draft, gathering = await read(staff, one.path), await read(staff, other.path)
        sent = sent_by((await staff.get(f"{one.path}/edit".lstrip("/"))).text)
        kept = await staff.post(
            f"{one.path}/edit".lstrip("/"), data=sent | {"title": "Higher levees", "do": "save"}
        )
        renamed = await read(staff, one.path)
        closed = [
            (await got(elsewhere, f"{one.path}{rest}")).status_code
            for rest in ("", "/edit", "/versions", "/withdraw")
        ]

    assert "is the mayor's own to do; it cannot be delegated." in draft
    assert "Open it for sponsors" not in draft
    assert "Change the text" in draft
    assert "Submit it" not in gathering
    assert kept.status_code == 303
    assert "Higher levees" in renamed
    assert closed == [404] * 4


async def test_the_mayor_who_leads_it_is_asked_again_for_what_staff_wrote(shared_home: Home) -> None:
    one = await levees(shared_home)
    path = f"{one.path}/edit".lstrip("/")

    async with browsing(shared_home, ADAS_STAFF) as staff, browsing(shared_home, ADA) as ada:
        sent = sent_by((await staff.get(path)).text) | {"do": "save"}
        idle = await staff.post(path, data=sent)
        greeted = await read(staff, one.path)
        await staff.post(path, data=sent | {"title": "Higher levees"})
        asked = await read(ada, one.path)
        await pressed(ada, one, "sponsor")
        stands = await read(ada, one.path)

    assert idle.status_code == 303
    assert "Nothing was changed: it reads as it did." in greeted
    assert "leads it; asked again, for the text has changed" in asked
    assert "Sponsor it as it reads now" in asked
    assert "3 sponsors missing" in asked
    assert "2 sponsors missing" in stands
    assert "asked again" not in stands


async def test_staff_are_told_what_their_mayor_sponsors_and_the_last_sponsor_what_leaving_means(
    shared_home: Home,
) -> None:
    one = await levees(shared_home)
    for peer in (one.ben, one.cy):
        await peer.done("sponsorResolution", resolutionId=one.id, version=1)
    await one.ada.done("submitResolution", resolutionId=one.id)

    async with browsing(shared_home, "staff@norfolk-va.example") as staff, browsing(shared_home, BEN) as ben:
        page, listed, own = (
            await read(staff, one.path),
            await read(staff, "/resolutions"),
            await read(ben, one.path),
        )
        await pressed(ben, one, "leave")
        back = await read(ben, one.path)

    assert "Your mayor sponsors it." in page
    assert "Your mayor sponsors it" in listed
    assert "Withdraw my name" not in page
    assert "Without your name it lacks a sponsor, and goes back to gathering them." in own
    assert re.search(r"Gathering sponsors, No. \d+ Levees", back)


async def test_of_two_who_write_at_once_the_second_sees_the_first_and_keeps_what_was_typed(
    shared_home: Home,
) -> None:
    one = await levees(shared_home, opened=False)
    path = f"{one.path}/edit".lstrip("/")

    async with browsing(shared_home, ADAS_STAFF) as staff:
        sent = sent_by((await staff.get(path)).text) | {"title": "Mine", "do": "save"}
        await one.edited(1, "all rivers rise")
        refused = await staff.post(path, data=sent)
        page = refused.text
        again = await staff.post(path, data=sent_by(page) | {"do": "save"})

    assert refused.status_code == 422
    assert "Meanwhile somebody changed the text" in page
    assert "all rivers rise" in page[page.index('id="stands"') : page.index('id="clauses"')]
    assert sent_by(page)["title"] == "Mine"
    assert again.status_code == 303


async def test_what_was_typed_is_kept_when_the_text_was_closed_meanwhile(shared_home: Home) -> None:
    one = await levees(shared_home)
    path = f"{one.path}/edit".lstrip("/")

    async with browsing(shared_home, ADA) as ada:
        sent = sent_by((await ada.get(path)).text) | {"title": "Mine", "do": "save"}
        for peer in (one.ben, one.cy):
            await peer.done("sponsorResolution", resolutionId=one.id, version=1)
        await one.ada.done("submitResolution", resolutionId=one.id)
        refused, opened = await ada.post(path, data=sent), await ada.get(path)

    assert refused.status_code == 422
    assert sent_by(refused.text)["title"] == "Mine"
    assert opened.status_code == 403
    for answer in (refused, opened):
        assert "This resolution is submitted; its text stands." in answer.text


async def test_nobody_sponsors_in_anothers_name_from_a_page_left_open(shared_home: Home) -> None:
    one = await levees(shared_home)
    action = f"{one.path}/do/sponsor"

    async with browsing(shared_home, BEN) as ben:
        sent = sent_by((await ben.get(one.path.lstrip("/"))).text, action)
        await ben.post(action.lstrip("/"), data=sent | {"acting": "cap_" + "0" * 32})
        greeted = await read(ben, one.path)

    assert "Nothing was done: meanwhile you act for someone else" in greeted
    assert "Sponsor it" in greeted


async def test_past_the_deadline_nothing_is_submitted_and_the_deadline_is_named(
    home: Home,
) -> None:
    one = await levees(home)
    for peer in (one.ben, one.cy):
        await peer.done("sponsorResolution", resolutionId=one.id, version=1)

    async with browsing(home, ADA) as ada:
        action = f"{one.path}/do/submit"
        sent = sent_by((await ada.get(one.path.lstrip("/"))).text, action)
        await home.rows("UPDATE resolution_calls SET due_wall = due_wall - interval '300 days'")
        refused = await ada.post(action.lstrip("/"), data=sent)
        page, listed, new = [await read(ada, path) for path in (one.path, "/resolutions", "/resolutions/new")]

    assert refused.status_code == 422
    assert re.search(r"The deadline of 94th Annual Meeting was .*Chicago.* and has passed", refused.text)
    assert "The deadline has passed. The secretariat alone can move it." in page
    for empty in (listed, new):
        assert "No call for resolutions is open." in empty
    assert await one.status() == "GATHERING"


async def test_a_resolution_is_withdrawn_with_a_reason_that_stays_to_be_read(shared_home: Home) -> None:
    one = await levees(shared_home)
    path = f"{one.path}/withdraw".lstrip("/")

    async with browsing(shared_home, ADA) as ada, browsing(shared_home, BEN) as ben:
        sent = sent_by((await ada.get(path)).text)
        unsaid = await ada.post(path, data=sent)
        await ada.post(path, data=sent | {"reason": "The state has settled it."})
        page, notmine = await read(ben, one.path), await ben.get(path)

    assert unsaid.status_code == 422
    assert 'href="#reason"' in unsaid.text
    assert "The state has settled it." in page
    assert "Withdrawn" in page
    assert notmine.status_code == 403
    assert "the mayor who leads this resolution" in notmine.text


async def test_the_secretariat_calls_and_moves_a_deadline_and_a_slip_stands_at_its_field(home: Home) -> None:
    typed: dict[str, Any] = {"name": "99th Annual Meeting", "due_date": "2131-03-16", "due_time": "12:00"}

    async with browsing(home, SECRETARIAT) as desk, browsing(home, ADA) as ada:
        sent = sent_by((await desk.get("resolutions/calls/new")).text)
        slips = [
            (await desk.post("resolutions/calls/new", data=sent | typed | slip)).text
            for slip in ({"name": ""}, {"due_date": ""}, {"due_date": "2001-03-16"}, {"sponsors": "many"})
        ]
        called = await desk.post("resolutions/calls/new", data=sent | typed)
        listed = await read(ada, "/resolutions")
        call = called.headers["location"].partition("call=")[2]
        moving = f"resolutions/calls/{call}/deadline"
        sent = sent_by((await desk.get(moving)).text)
        unsaid = await desk.post(moving, data=sent | {"due_time": "17:00"})
        moved = await desk.post(moving, data=sent | {"due_time": "17:00", "reason": "The hall burned."})
        stands, news = await read(ada, f"/resolutions?call={call}"), await read(ada, "/")
        no = await read(ada, f"/{moving}")

    for page, field in zip(slips, ("name", "due_date", "due_date", "sponsors"), strict=True):
        assert f'href="#{field}"' in page
    assert "99th Annual Meeting" in listed
    assert "12 noon Eastern Time" in listed.replace("\N{NO-BREAK SPACE}", " ")
    assert 'href="#reason"' in unsaid.text
    assert moved.status_code == 303
    assert "5:00 pm Eastern Time" in stands.replace("\N{NO-BREAK SPACE}", " ")
    assert "Deadline moved 99th Annual Meeting was Mar 16, 2131, 12 noon" in news
    assert "The hall burned." in news
    assert "The secretariat alone moves a deadline." in no


async def test_whatever_is_written_in_a_resolution_stands_there_as_words(shared_home: Home) -> None:
    trick = "<script>alert(1)</script></textarea></hx-partial><hx-partial hx-target=body>"
    one = await levees(shared_home, title=trick)
    await one.edited(1, trick)

    async with browsing(shared_home, ADA) as ada:
        pages = [
            (await got(ada, path)).text
            for path in (
                one.path,
                f"{one.path}/edit",
                f"{one.path}/versions",
                f"{one.path}/withdraw",
                "/resolutions",
            )
        ]

    for page in pages:
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert(1)" not in page
        assert "<hx-partial" not in page


async def test_a_call_that_is_not_is_missing(shared_home: Home) -> None:
    async with browsing(shared_home, BEN) as ben:
        statuses = [
            (await ben.get(f"resolutions?call={call}")).status_code
            for call in ("cal_" + "0" * 32, "nonsense")
        ]

    assert statuses == [404, 404]


async def test_search_finds_a_resolution_by_the_words_of_its_text(shared_home: Home) -> None:
    one = await levees(shared_home, title="Xylophones in every school")

    async with browsing(shared_home, BEN) as ben:
        page = (await got(ben, "/search?text=xylophones")).text

    assert f'href="{one.path}"' in page
    assert '<p class="talk-kind">Resolution</p>' in page


async def test_whoever_is_no_member_is_not_led_into_the_room(shared_home: Home) -> None:
    async with browsing(shared_home, "host@water.example") as host, browsing(shared_home, BEN) as ben:
        outside, inside = (await got(host, "/calendar")).text, (await got(ben, "/calendar")).text

    assert 'href="/resolutions"' not in outside
    assert 'href="/resolutions"' in inside
