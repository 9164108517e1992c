"""The rooms of discussions over the real house: who finds what there, what is offered, and what is said instead."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.living import Caller, Home, shared_home, street

__all__ = ["shared_home", "street"]
ADA, BEN, CY = "mayor@alexandria-va.example", "mayor@norfolk-va.example", "mayor@richmond-va.example"
STAFF, SECRETARIAT = "staff@norfolk-va.example", "secretariat@rotunda.example"
CHATHAM = "CHATHAM_HOUSE"


@dataclass
class Talk:
    """A group somebody founded, with one thread."""

    home: Home
    ada: Caller
    ben: Caller
    group: str
    thread: str

    async def said(self, by: Caller, body: str, times: int = 1) -> dict[str, Any]:
        for _ in range(times):
            post = await by.done("reply", threadId=self.thread, body=body)
        return post


async def talk(
    home: Home, confidentiality: str = "ORDINARY", audience: str = "MEMBERS", **given: Any
) -> Talk:
    ada, ben = await home.caller(ADA), await home.caller(BEN)
    group = await ada.done(
        "createGroup", name="Leaks", audience=audience, confidentiality=confidentiality, **given
    )
    thread = await ada.done("startThread", groupId=group["id"], title="Who pays?", body="We do.")
    return Talk(home, ada, ben, group["id"], thread["id"])


@asynccontextmanager
async def browsing(home: Home, email: str | None) -> AsyncIterator[httpx.AsyncClient]:
    cookies = {"rotunda_session": (await home.caller(email)).token or ""} if email else {}
    headers = {"origin": home.url.rsplit("/", 1)[0]}
    async with httpx.AsyncClient(base_url=home.url, cookies=cookies, headers=headers) as client:
        yield client


async def got(client: httpx.AsyncClient, path: str) -> httpx.Response:
    """A page, going on where it leads; the house stands in a street, and its addresses begin at its door."""
    answer = await client.get(path.lstrip("/"))
    return await got(client, answer.headers["location"]) if answer.status_code == 303 else answer


async def read(client: httpx.AsyncClient, path: str, status: int = 200) -> str:
    """A page's text as it is read, tags left out of it."""
    answer = await got(client, path)
    assert answer.status_code == status, (path, answer.text[:500])
    return _plain(answer.text)


def _plain(page: str) -> str:
    main = page[page.index("<main") :]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main)))


async def form_of(client: httpx.AsyncClient, path: str, action: str = "") -> dict[str, str]:
    """What a form sends that nobody types."""
    page = (await got(client, path)).text
    pieces = page.split("<form")
    piece = next(
        p for p in pieces if (f'action="{action}"' in p if action else 'method="post" novalidate' in p)
    )
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', piece.split("</form>")[0]))


@pytest.mark.parametrize("path", ["/groups", "/groups/new", "/threads/thr_1", "/posts/pst_1/report"])
async def test_a_visitor_is_shown_the_door_and_comes_back(shared_home: Home, path: str) -> None:
    async with browsing(shared_home, None) as visitor:
        answer = await visitor.get(path.lstrip("/"))

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


async def test_an_ordinary_group_is_answered_in_without_joining(shared_home: Home) -> None:
    leaks = await talk(shared_home)

    async with browsing(shared_home, BEN) as ben:
        page = await read(ben, f"/groups/{leaks.group}")
        sent = await form_of(ben, f"/threads/{leaks.thread}", f"/threads/{leaks.thread}/reply")
        posted = await ben.post(f"threads/{leaks.thread}/reply", data=sent | {"body": "So do **we**."})
        thread = await read(ben, f"/threads/{leaks.thread}")

    assert "Start a thread" in page
    assert "1 unread" in page
    assert posted.headers["location"] == f"/threads/{leaks.thread}?from=1#p2"
    assert "So do we ." in thread
    assert "as Haruka Fujimoto, Mayor of Norfolk" in thread


async def test_what_is_the_mayors_own_is_not_offered_to_staff_but_said(shared_home: Home) -> None:
    leaks = await talk(shared_home)

    async with browsing(shared_home, STAFF) as staff:
        group = await read(staff, f"/groups/{leaks.group}")
        groups = await read(staff, "/groups")
        founding = await read(staff, "/groups/new")

    assert (
        "Joining a group, and accepting its rule, is the mayor's own to do; it cannot be delegated." in group
    )
    assert "Join this group" not in group
    for page in (groups, founding):
        assert "Founding a group is the mayor's own to do; it cannot be delegated." in page
        assert "Found it" not in page


async def test_where_offices_do_not_post_staff_read_and_are_told_why(shared_home: Home) -> None:
    leaks = await talk(shared_home, officesPost=False)

    async with browsing(shared_home, STAFF) as staff:
        pages = [
            await read(staff, path)
            for path in (f"/groups/{leaks.group}", f"/threads/{leaks.thread}", f"/groups/{leaks.group}/start")
        ]

    for page in pages:
        assert "In this group mayors speak in person" in page
        assert not re.search(r"Post it|Start it|Start a thread .* Who pays", page)
    assert "We do." in pages[1]


async def test_under_chatham_house_the_door_says_its_rule_and_names_stand_behind_it(
    shared_home: Home,
) -> None:
    leaks = await talk(shared_home, CHATHAM)
    door = {"groupId": leaks.group, "back": f"/groups/{leaks.group}"}

    async with browsing(shared_home, BEN) as ben:
        outside = await read(ben, f"/groups/{leaks.group}"), await read(ben, f"/threads/{leaks.thread}")
        sent = await form_of(ben, f"/groups/{leaks.group}", "/groups/do/join")
        unread = await ben.post("groups/do/join", data=sent | door)
        joined = await ben.post("groups/do/join", data=sent | door | {"acceptsRule": "yes"})
        inside = await read(ben, f"/groups/{leaks.group}"), await read(ben, f"/threads/{leaks.thread}")

    for page in outside:
        assert "Names are shown to those who joined" in page
        assert "Meera Chowdhury" not in page
    assert "You can read along. To post, join first." in outside[0]
    assert "Join it first: that is where the rule is accepted." in outside[1]
    assert unread.status_code == 422
    assert "Joining takes accepting the group's rule" in _plain(unread.text)
    assert joined.status_code == 303
    for page in inside:
        assert "Meera Chowdhury" in page
        assert "Names are shown" not in page
    assert "never reveal who said it" in inside[1]


async def test_nobody_joins_in_anothers_name_from_a_page_left_open(shared_home: Home) -> None:
    leaks = await talk(shared_home)
    sent = {"groupId": leaks.group, "acting": "cap_" + "0" * 32, "back": "/groups"}

    async with browsing(shared_home, BEN) as ben:
        await ben.post("groups/do/join", data=sent)
        greeted = await read(ben, "/groups")

    assert "Nothing was done: meanwhile you act for someone else" in greeted
    members = await leaks.ada.ask(
        "query ($id: ID!) { group(id: $id) { members { totalCount } } }", id=leaks.group
    )
    assert members["group"]["members"]["totalCount"] == 1


async def test_a_long_thread_is_read_on_at_the_first_unread_and_turned_by_fifties(shared_home: Home) -> None:
    leaks = await talk(shared_home)
    await leaks.said(leaks.ada, "And more.", 119)
    await leaks.ben.done("markRead", threadId=leaks.thread, through=60)

    async with browsing(shared_home, BEN) as ben:
        listed = (await ben.get(f"groups/{leaks.group}")).text
        landed = await ben.get(f"threads/{leaks.thread}")
        page = (await ben.get(landed.headers["location"].lstrip("/"))).text

    assert f'href="/threads/{leaks.thread}?from=60#p61"' in listed
    assert landed.headers["location"] == f"/threads/{leaks.thread}?from=60#p61"
    assert re.findall(r'<li class="post[^>]*id="p(\d+)"', page) == [str(n) for n in range(60, 110)]
    assert "is-first-unread" in page.split('id="p61"')[0].rsplit("<li", 1)[1]
    assert f'href="/threads/{leaks.thread}?before=60"' in page
    assert f'href="/threads/{leaks.thread}?from=110"' in page
    assert "120 posts, 60 unread . Here are 60 to 109." in _plain(page)


@pytest.mark.parametrize("place", ["from=9000", "before=1", "from=nonsense", "from=99999999999", "before=0"])
async def test_a_place_that_a_thread_does_not_have_leads_to_its_end(shared_home: Home, place: str) -> None:
    leaks = await talk(shared_home)

    async with browsing(shared_home, ADA) as ada:
        page = await read(ada, f"/threads/{leaks.thread}?{place}")

    assert "1 post What was said" in page
    assert "We do." in page


async def test_an_end_that_hides_something_unread_ahead_of_it_is_marked_by_the_button_alone(
    shared_home: Home,
) -> None:
    leaks = await talk(shared_home)
    await leaks.said(leaks.ada, "And more.", 79)

    async with browsing(shared_home, BEN) as ben:
        end = (await ben.get(f"threads/{leaks.thread}?before=81")).text
        whole = (await ben.get(f"threads/{leaks.thread}?from=1")).text

    assert "Mark as read up to here" in end
    assert "intersect once" not in end
    assert "intersect once" in whole


async def test_a_refused_post_keeps_what_was_typed(shared_home: Home) -> None:
    leaks = await talk(shared_home)
    words = "Line one & <two>\n\nLine three"

    async with browsing(shared_home, BEN) as ben:
        sent = await form_of(ben, f"/threads/{leaks.thread}", f"/threads/{leaks.thread}/reply")
        start = await form_of(ben, f"/groups/{leaks.group}/start")
        await leaks.ada.done("lockThread", threadId=leaks.thread, locked=True)
        empty = await ben.post(f"groups/{leaks.group}/start", data=start | {"title": "", "body": words})
        elsewhere = await ben.post(f"groups/{leaks.group}/start", data=start | {"body": words, "acting": "x"})
        await leaks.ada.done("lockThread", threadId=leaks.thread, locked=False)
        long = await ben.post(f"threads/{leaks.thread}/reply", data=sent | {"body": words + "x" * 20_001})
        other = await ben.post(
            f"threads/{leaks.thread}/reply", data=sent | {"body": words, "acting": "cap_x"}
        )

    assert {answer.status_code for answer in (empty, long, elsewhere, other)} == {422}
    for answer in (empty, long, elsewhere, other):
        assert html.escape("Line one & <two>") in answer.text
        assert "Nothing was done yet." in answer.text
    assert "Meanwhile you act for someone else" in elsewhere.text


async def test_a_deed_leads_back_into_this_house_and_nowhere_else(shared_home: Home) -> None:
    leaks = await talk(shared_home)
    abroad = [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/groups//evil.example",
        "/sign-out",
    ]
    own = [f"/threads/{leaks.thread}?from=3#p4", f"/groups/{leaks.group}"]

    async with browsing(shared_home, BEN) as ben:
        places = [
            (await ben.post("groups/do/read", data={"threadId": leaks.thread, "back": back})).headers[
                "location"
            ]
            for back in (*abroad, *own)
        ]

    assert places == [*["/groups"] * len(abroad), *own]


async def test_no_other_site_posts_here_in_anybodys_name(shared_home: Home) -> None:
    leaks = await talk(shared_home)
    foreign = {"origin": "https://evil.example"}

    async with browsing(shared_home, BEN) as ben:
        answers = [
            await ben.post(path.lstrip("/"), data={"body": "Mine.", "groupId": leaks.group}, headers=foreign)
            for path in (
                "/groups/do/join", "/groups/new", f"/groups/{leaks.group}/start", f"/threads/{leaks.thread}/reply",
            )
        ]  # fmt: skip
        looked = await ben.get("groups/do/join")

    assert [answer.status_code for answer in answers] == [403] * 4
    assert (looked.status_code, looked.headers["location"]) == (303, "/groups/do"), "a look does nothing"


async def test_what_a_keeper_is_told_of_is_hidden_with_its_reason_or_stands(shared_home: Home) -> None:
    leaks = await talk(shared_home)
    post = await leaks.said(leaks.ben, "Rude words.")
    cy = await shared_home.caller(CY)
    await cy.done("reportPost", postId=post["id"], reason="It is rude.")

    async with browsing(shared_home, ADA) as ada, browsing(shared_home, BEN) as ben:
        home = await read(ada, "/")
        reported = await read(ada, f"/groups/{leaks.group}")
        sent = await form_of(ada, f"/posts/{post['id']}/hide")
        hidden = await ada.post(f"posts/{post['id']}/hide", data=sent | {"reason": "Be kind."})
        thread, told = await read(ben, f"/threads/{leaks.thread}"), await read(ben, f"/groups/{leaks.group}")
        await read(ben, f"/posts/{post['id']}/hide", 404)

    assert re.search(r"Reported posts? to look at", home)
    assert "Reported to you It is rude. Rude words." in reported
    assert "Taylor" not in reported
    assert hidden.status_code == 303
    assert "Hidden by a keeper: Be kind." in thread
    assert "Rude words." not in thread
    assert "Reported to you" not in told


async def test_home_counts_what_waits_in_groups_and_lists_no_posts_among_the_changes(
    shared_home: Home,
) -> None:
    leaks = await talk(shared_home, audience="INVITED", confidentiality="MAYORS_ONLY")
    found = await shared_home.caller(CY)
    seat = await found.ask("{ viewer { capacity { principal { id } } } }")
    await leaks.ada.done(
        "inviteToGroup", groupId=leaks.group, mayorIds=[seat["viewer"]["capacity"]["principal"]["id"]]
    )
    open_one = await talk(shared_home)
    await open_one.said(open_one.ada, "Ask @richmond-va.")

    async with browsing(shared_home, CY) as cy:
        home, groups = await read(cy, "/"), await read(cy, "/groups")

    assert re.search(r"[\d,]+ unread in \d+ groups?", home)
    assert re.search(r"Posts? that names? you Who pays\?", home)
    assert re.search(r"Invitations? to (a group|groups) Leaks", home)
    assert "You are invited Leaks" in home
    assert "Post added" not in home
    assert "You are named Who pays?" in groups
    assert "You are invited Leaks" in groups


async def test_an_edited_post_shows_how_it_read_before(shared_home: Home) -> None:
    leaks = await talk(shared_home)
    post = await leaks.said(leaks.ben, "Ten dollars.")

    async with browsing(shared_home, BEN) as ben:
        sent = await form_of(ben, f"/posts/{post['id']}/edit")
        await ben.post(f"posts/{post['id']}/edit", data=sent | {"body": "Twelve dollars."})
        thread, before = (
            await read(ben, f"/threads/{leaks.thread}"),
            await read(ben, f"/posts/{post['id']}/history"),
        )

    assert "Twelve dollars. Edited" in thread
    assert re.search(r"How it read before Twelve dollars\. .* Ten dollars\.", before)


async def test_search_says_what_each_thing_is_and_marks_the_words(shared_home: Home) -> None:
    leaks = await talk(shared_home)
    await leaks.said(leaks.ben, "Our zeppelins leak <b>rarely</b>.")

    async with browsing(shared_home, ADA) as ada:
        nothing, page = await read(ada, "/search"), await ada.get("search?text=zeppelin")
        none = await read(ada, "/search?text=xyzzyplugh")

    assert "whatever you may know of, and nothing else" in nothing
    assert "1 thing found for <strong>zeppelin</strong>" in re.sub(r"\s+", " ", page.text)
    assert '<mark class="found-mark">zeppelin</mark>s' in page.text
    assert "Post Who pays?" in _plain(page.text)
    assert "Mayor Haruka Fujimoto of Norfolk in Leaks" in _plain(page.text)
    assert "0 things found" in none
