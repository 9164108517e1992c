"""What pages say of rights and histories over the real house: plainly, to whoever reads, and no more than is so."""

import re
from html import unescape
from pathlib import Path

import httpx
import pytest
from graphql import build_schema

from portal.pages.home.telling import changes
from portal.pages.why.words import DOES, does
from tests.living import ROOT, Caller, Home, shared_home, street

__all__ = ["shared_home", "street"]
MAYOR = "mayor@norfolk-va.example"


@pytest.fixture
async def mayor(shared_home: Home) -> Caller:
    return await shared_home.caller(MAYOR)


def test_every_act_is_said_to_the_reader() -> None:
    schema = build_schema(Path(ROOT / "schema" / "schema.graphql").read_text())

    assert schema.mutation_type
    assert set(DOES) == set(schema.mutation_type.fields)
    assert does("signLetter", "Sign a letter; see `secret`.") == "Sign a letter; see secret."


async def test_what_one_may_do_begins_with_what_one_may_and_marks_what_reaches_nothing_yet(
    shared_home: Home, mayor: Caller
) -> None:
    holder, _ = await _granted(shared_home, mayor, "why@staff.example", ["PROFILE", "RSVP"])

    page = await _read(holder, "/why")

    account = page[page.index('id="about-account"') :]
    assert "<h1>What you may do</h1>" in page
    assert "`" not in re.sub(r"<[^>]+>", "", page)
    assert "answer invitations (not yet in use)" in page
    assert "keep the office's profile (not yet in use)" not in page
    assert "Postpone your event" in page
    assert account.index('right-answer">Yes') < account.index("</section>")
    delegations = page[page.index('id="about-delegations"') : page.index('id="about-office"')]
    assert delegations.index('right-answer">Yes') < delegations.index('right-answer">No')


async def test_a_history_says_what_reads_differently(shared_home: Home, mayor: Caller) -> None:
    _, grant = await _granted(shared_home, mayor, "said@staff.example", ["PROFILE", "RSVP"])
    await mayor.done("updateProfile", officePhone="+1 757 555 0142")
    await mayor.done("narrowDelegation", delegationId=grant, scopes=["RSVP"])

    lately, own = await _read(mayor, "/delegations"), await _read(mayor, f"/delegations/{grant}")

    assert re.search(r"Telephone: <del>[^<]+</del> → <ins>\+1 757 555 0142</ins>", lately)
    may = "May: <del>keep the office's profile, answer invitations</del> → <ins>answer invitations</ins>"
    assert may in own


async def test_inviting_somebody_who_acts_already_says_in_what(shared_home: Home, mayor: Caller) -> None:
    await _granted(shared_home, mayor, "twice@staff.example", ["RSVP"])

    async with _browser(mayor) as browser:
        form = _hidden(await browser.get("/delegations/invite"))
        sent = form | {"scope-PROFILE": "on", "step": "look"}
        again = await browser.post("/delegations/invite", data=sent | {"email": "Twice@staff.example"})
        new = await browser.post("/delegations/invite", data=sent | {"email": "once@staff.example"})

    assert re.search(r"They already act for you:</strong> <a [^>]+>answer invitations</a>", _plain(again))
    assert "They already act for you" not in new.text


async def test_narrowing_nothing_says_that_nothing_would_change(shared_home: Home, mayor: Caller) -> None:
    _, grant = await _granted(shared_home, mayor, "same@staff.example", ["RSVP"])

    async with _browser(mayor) as browser:
        form = _hidden(await browser.get(f"/delegations/{grant}/narrow"))
        answer = await browser.post(
            f"/delegations/{grant}/narrow", data=form | {"scope-RSVP": "on", "step": "look"}
        )

    assert answer.status_code == 422
    assert "Nothing would change" in answer.text


def test_home_leaves_out_ones_own_acts_and_says_a_thing_once() -> None:
    mayor = {"id": "may_1", "name": "Ada", "city": {"name": "Richmond", "slug": "richmond-va"}}
    kept = [
        {"__typename": "ProfileUpdated", "cursor": str(n), "at": "2031-01-01T00:00:00.000Z", "mayor": mayor}
        | {"actor": {"id": actor, "name": actor}, "principal": None}
        for n, actor in enumerate(["june", "june", "ada"])
    ]

    told = changes(kept, "ada")

    assert [(change.word, list(change.steps), change.who) for change in told] == [
        ("Profile changed", [], "by june")
    ]


async def _granted(home: Home, mayor: Caller, to: str, scopes: list[str]) -> tuple[Caller, str]:
    made = await mayor.done("inviteDelegate", email=to, scopes=scopes)
    holder = await home.caller(to)
    await holder.done("acceptDelegation", delegationId=made["id"])
    return holder, str(made["id"])


async def _read(caller: Caller, path: str) -> str:
    async with _browser(caller) as browser:
        return _plain(await browser.get(path))


def _browser(caller: Caller) -> httpx.AsyncClient:
    cookies = {"rotunda_session": caller.token or ""}
    return httpx.AsyncClient(base_url=caller.place.url, cookies=cookies, timeout=20)


def _hidden(answer: httpx.Response) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))


def _plain(answer: httpx.Response) -> str:
    return re.sub(r"\s+", " ", unescape(answer.text))
