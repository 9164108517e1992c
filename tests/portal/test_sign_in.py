"""Signing in and out, and choosing for whom one acts."""

import httpx
import pytest

from tests.portal.fake_house import SECOND, FakeApi, FakeDoor


@pytest.mark.parametrize("email", ["mayor@richmond-va.example", "nobody@nowhere.example"])
async def test_known_and_unknown_addresses_are_answered_alike(visitor: httpx.AsyncClient, email: str) -> None:
    answer = await visitor.post("/sign-in", data={"email": email})
    page = await visitor.get(answer.headers["location"])

    assert answer.status_code == 303
    assert "Check your mail" in page.text
    assert email in page.text


async def test_what_is_no_address_is_said_at_the_field(visitor: httpx.AsyncClient, door: FakeDoor) -> None:
    answer = await visitor.post("/sign-in", data={"email": "mayor"})

    assert answer.status_code == 422
    assert 'aria-describedby="email-problem"' in answer.text
    assert door.asked == []


async def test_opening_a_link_signs_nobody_in(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/sign-in/good")

    assert "set-cookie" not in answer.headers
    assert 'type="submit"' in answer.text


async def test_the_button_behind_the_link_signs_in(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/sign-in/good")
    page = await visitor.get(answer.headers["location"])

    assert answer.headers["location"] == "/calendar"
    assert "secretariat@rotunda.example" in page.text
    assert "You are signed in." in page.text
    assert "You are signed in." not in (await visitor.get("/calendar")).text


async def test_a_spent_link_offers_a_new_one(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/sign-in/spent")

    assert answer.status_code == 410
    assert 'href="/sign-in"' in answer.text


async def test_the_code_signs_in_on_another_device(visitor: httpx.AsyncClient) -> None:
    await visitor.post("/sign-in", data={"email": "secretariat@rotunda.example"})

    answer = await visitor.post("/sign-in/code", data={"code": " 123 456 "})

    assert answer.status_code == 303
    assert "rotunda_session=token-secretariat" in answer.headers["set-cookie"]


async def test_a_wrong_code_says_how_codes_work(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/sign-in/code", data={"email": "a@b.example", "code": "000000"})

    assert answer.status_code == 422
    assert "fifteen minutes" in answer.text


async def test_after_signing_in_one_is_where_one_wanted_to_be(visitor: httpx.AsyncClient) -> None:
    await visitor.get("/sign-in?next=/delegations")

    answer = await visitor.post("/sign-in/good")

    assert answer.headers["location"] == "/delegations"


async def test_an_older_session_does_not_outlive_a_new_one(staff: httpx.AsyncClient, door: FakeDoor) -> None:
    await staff.post("/sign-in/good")

    assert door.left == ["token-staff"]


async def test_signing_out_ends_the_session_on_the_server(staff: httpx.AsyncClient, door: FakeDoor) -> None:
    answer = await staff.post("/sign-out")

    assert door.left == ["token-staff"]
    assert 'rotunda_session=""' in answer.headers["set-cookie"]


async def test_opening_sign_out_signs_nobody_out(staff: httpx.AsyncClient, door: FakeDoor) -> None:
    assert (await staff.get("/sign-out")).status_code == 200
    assert door.left == []


async def test_every_page_names_whom_one_acts_for(staff: httpx.AsyncClient) -> None:
    for path in ("/", "/calendar", "/events/evt_annual", "/delegations", "/nowhere", "/sign-out"):
        page = (await staff.get(path)).text
        assert "As June Park, you act for" in page
        assert "Ada Whitfield, Mayor of Richmond" in page


async def test_with_two_principals_the_choice_is_clear(staff: httpx.AsyncClient, api: FakeApi) -> None:
    page = (await staff.get("/calendar")).text
    answer = await staff.post("/act-for", data={"capacity": "cap_second", "back": "/calendar"})

    assert 'value="cap_second"' in page
    assert answer.headers["location"] == "/calendar"
    assert api.acting["token-staff"] == SECOND


async def test_a_capacity_that_is_gone_is_said(staff: httpx.AsyncClient) -> None:
    answer = await staff.post("/act-for", data={"capacity": "cap_gone", "back": "https://elsewhere.example"})
    page = await staff.get("/calendar")

    assert answer.headers["location"] == "/"
    assert "can no longer act for them" in page.text


async def test_a_session_that_ended_elsewhere_is_shown_the_public_page(
    staff: httpx.AsyncClient, api: FakeApi
) -> None:
    api.gone.add("token-staff")

    answer = await staff.get("/calendar")

    assert answer.status_code == 200
    assert "Sign in" in answer.text
    assert 'rotunda_session=""' in answer.headers["set-cookie"]


async def test_a_session_that_ended_before_an_act_leads_to_the_door(
    secretariat: httpx.AsyncClient, api: FakeApi
) -> None:
    api.gone.add("token-secretariat")

    answer = await secretariat.post("/events/evt_annual/postpone", data={"reason": "Snow.", "step": "do"})

    assert answer.headers["location"] == "/sign-in?next=/events/evt_annual/postpone"


async def test_when_a_grant_ends_the_own_account_goes_on_and_is_told(
    staff: httpx.AsyncClient, api: FakeApi
) -> None:
    api.lost.add("token-staff")

    answer = await staff.get("/calendar")
    page = (await staff.get(answer.headers["location"])).text

    assert answer.headers["location"] == "/calendar"
    assert "The delegation you acted under has ended. You act for yourself now" in page
    assert '<div class="flash flash-plain" role="status">' in page
    assert "yourself, June Park" in page


async def test_an_act_under_a_grant_that_ended_is_not_done_for_oneself_instead(
    staff: httpx.AsyncClient, api: FakeApi
) -> None:
    api.lost.add("token-staff")

    await staff.post("/delegations/del_1/accept", data={"key": "k"})

    assert not [name for name, _ in api.asked if name == "AcceptDelegation"][1:]
    assert "The delegation you acted under has ended" in (await staff.get("/calendar")).text


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/sign-in", {"email": "nobody@nowhere.example"}),
        ("/sign-in/code", {"email": "nobody@nowhere.example", "code": "123456"}),
        ("/sign-in/good", {}),
    ],
)
async def test_too_many_knocks_are_told_when_to_come_again(
    visitor: httpx.AsyncClient, door: FakeDoor, path: str, form: dict[str, str]
) -> None:
    door.pause = 7

    answer = await visitor.post(path, data=form)

    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "420"
    assert "A short pause" in answer.text
    assert "7 minutes" in answer.text
    assert "nobody" not in answer.text


async def test_whoever_comes_by_an_invitation_is_told_which_address_it_asks_for(
    visitor: httpx.AsyncClient,
) -> None:
    said = "For your invitation: use the address the letter reached."

    plain = await visitor.get("/sign-in")
    invited = await visitor.get("/sign-in?next=/delegations/accept%3Fcode%3DABCD")
    again = await visitor.post("/sign-in", data={"email": "no address"})

    assert said not in plain.text
    assert said in invited.text
    assert said in again.text
    assert 'aria-describedby="email-problem email-hint"' in again.text
