"""An invitation over the real house: read, accepted and declined where it is found, and nobody else's to see."""

import re
from html import unescape

import httpx
import pytest

from tests.living import Caller, Home, shared_home, street

__all__ = ["shared_home", "street"]
MAYOR = "mayor@norfolk-va.example"


@pytest.fixture
async def mayor(shared_home: Home) -> Caller:
    return await shared_home.caller(MAYOR)


async def test_a_letters_link_leads_to_who_asks_for_what_until_when(shared_home: Home, mayor: Caller) -> None:
    invited, grant, code = await _invited(shared_home, mayor, "link@staff.example")

    async with _browser(invited) as browser:
        found = await browser.get(f"/delegations/accept?code={code}")
        page = _plain(await browser.get(found.headers["location"]))

    assert found.headers["location"] == f"/delegations/{grant}"
    assert re.search(r"You are invited to act for [^<]+, Mayor of Norfolk", page)
    assert "keep the office's profile" in page
    assert re.search(r'<p class="lead">From \w+\s\d+, \d+, until the term ends or it is withdrawn.</p>', page)
    assert {"Accept", "No, thank you"} <= set(re.findall(r">([^<>]+)</(?:button|a)>", page))


async def test_a_code_shows_nothing_to_another_account_and_says_which_address_it_asked(
    shared_home: Home, mayor: Caller
) -> None:
    _, _, code = await _invited(shared_home, mayor, "thief@staff.example")
    others = [mayor, await shared_home.caller("mayor@richmond-va.example")]

    for other in others:
        async with _browser(other) as browser:
            answer = await browser.get(f"/delegations/accept?code={code}")
            wrong = await browser.get("/delegations/accept?code=" + "A" * 20)
        assert (answer.status_code, wrong.status_code) == (404, 404)
        assert "Mayor of Norfolk, " not in answer.text
        assert _plain(answer).replace(code, "") == _plain(wrong).replace("A" * 20, "")
        assert "No invitation to mayor@" in answer.text


async def test_an_invitation_is_found_at_home_and_accepted_there_and_a_second_time_is_told_so(
    shared_home: Home, mayor: Caller
) -> None:
    invited, grant, code = await _invited(shared_home, mayor, "found@staff.example")

    async with _browser(invited) as browser:
        home = _plain(await browser.get("/"))
        list_ = _plain(await browser.get("/delegations"))
        accepted = await browser.post(f"/delegations/{grant}/accept", data={"key": "k"})
        after = _plain(await browser.get(accepted.headers["location"]))
        back = await browser.get(f"/delegations/accept?code={code}")
        again = _plain(await browser.get(back.headers["location"]))
        twice = await browser.post(f"/delegations/{grant}/accept", data={"key": "another"})

    assert re.search(rf'1</span> .*?Invitation to answer.*?<a href="/delegations/{grant}">To act for', home)
    assert "An invitation to you" in list_
    assert "From here on you act for the mayor named above" in after
    assert re.search(r"As Found, you act for</span> <strong>[^<]+, Mayor of Norfolk", after)
    assert "You have accepted this already." in again
    assert twice.status_code == 422
    assert "only one that is invited can be active" in twice.text


async def test_an_invitation_that_was_declined_says_so_to_both_and_when(
    shared_home: Home, mayor: Caller
) -> None:
    invited, grant, _ = await _invited(shared_home, mayor, "declines@staff.example")

    async with _browser(invited) as browser:
        form = await browser.get(f"/delegations/{grant}/leave")
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.text))
        sent = await browser.post(f"/delegations/{grant}/leave", data={**hidden, "step": "do"})
        declined = _plain(await browser.get(sent.headers["location"]))
    async with _browser(mayor) as browser:
        told = _plain(await browser.get(f"/delegations/{grant}"))

    assert "Decline this invitation?" in form.text
    assert "You have declined; the mayor is told." in declined
    assert "You were invited to act for" in declined
    assert re.search(r"Declined on \w+ \d+, \d{4}", told)
    assert "declined <a" in told or "declined this delegation" in told


async def test_acting_for_another_mayor_an_invitation_is_read_only_as_oneself(shared_home: Home) -> None:
    richmond = await shared_home.caller("mayor@richmond-va.example")
    await richmond.done("inviteDelegate", email="regional@tidewater.example", scopes=["RSVP"])
    code = await shared_home.mailed_code(to="regional@tidewater.example")
    bound = await shared_home.caller("regional@tidewater.example", bound_to="norfolk-va")

    async with _browser(bound) as browser:
        page = _plain(await browser.get(f"/delegations/accept?code={code}"))

    assert "Act for myself, and read it" in page
    assert "Mayor of Richmond" not in page


async def _invited(home: Home, mayor: Caller, to: str) -> tuple[Caller, str, str]:
    made = await mayor.done("inviteDelegate", email=to, scopes=["PROFILE", "RSVP"])
    return await home.caller(to), str(made["id"]), await home.mailed_code(to=to)


def _browser(caller: Caller) -> httpx.AsyncClient:
    cookies = {"rotunda_session": caller.token or ""}
    return httpx.AsyncClient(base_url=caller.place.url, cookies=cookies, timeout=20)


def _plain(answer: httpx.Response) -> str:
    return re.sub(r"\s+", " ", unescape(answer.text))
