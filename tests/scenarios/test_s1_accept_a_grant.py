"""S1: a delegate accepts by the mailed code; acts outside the grant name the scope; it ends by its date."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.living import Home
from tests.scenarios.documents import VIEWER

NEWCOMER = "rsvp@alexandria-staff.example"


async def test_a_grant_is_in_force_once_its_mailed_code_is_given_by_the_person_it_was_sent_to(
    home: Home,
) -> None:
    mayor = await home.caller("mayor@alexandria-va.example")
    invited = await mayor.done("inviteDelegate", email=NEWCOMER, scopes=["RSVP", "REGISTER"])
    code = await home.mailed_code(to=NEWCOMER)
    newcomer = await home.caller(NEWCOMER)

    before = (await newcomer.ask(VIEWER))["viewer"]
    accepted = await newcomer.done("acceptDelegation", code=code)
    after = (await newcomer.ask(VIEWER))["viewer"]

    assert invited["status"] == "INVITED"
    assert before["capacity"]["principal"] is None
    assert (accepted["id"], accepted["status"]) == (invited["id"], "ACTIVE")
    assert after["capacity"]["scopes"] == ["RSVP", "REGISTER"]
    assert after["capacity"]["principal"]["city"]["slug"] == "alexandria-va"


async def test_a_code_is_worth_nothing_to_anybody_else_and_nothing_twice(home: Home) -> None:
    mayor = await home.caller("mayor@alexandria-va.example")
    await mayor.done("inviteDelegate", email=NEWCOMER, scopes=["RSVP"])
    code = await home.mailed_code(to=NEWCOMER)
    newcomer = await home.caller(NEWCOMER)
    thief = await home.caller("staff@norfolk-va.example")

    stolen = await thief.act("acceptDelegation", code=code)
    wrong = await newcomer.act("acceptDelegation", code="A" * 20)
    accepted = await newcomer.act("acceptDelegation", code=code)
    again = await newcomer.act("acceptDelegation", code=code)

    assert stolen == wrong
    assert stolen["__typename"] == "Missing"
    assert accepted["status"] == "ACTIVE"
    assert again["__typename"] == "WrongMoment"


@pytest.mark.parametrize(
    ("act", "given", "scope"),
    [
        ("updateProfile", {"biography": "Mine."}, "profile"),
        ("postponeEvent", {"eventId": "the water session"}, "host_sessions"),
    ],
)
async def test_an_act_outside_the_grant_is_refused_naming_the_missing_scope(
    home: Home, act: str, given: dict[str, str], scope: str
) -> None:
    mayor = await home.caller("mayor@alexandria-va.example")
    await mayor.done("inviteDelegate", email=NEWCOMER, scopes=["RSVP"])
    newcomer = await home.caller(NEWCOMER)
    await newcomer.done("acceptDelegation", code=await home.mailed_code(to=NEWCOMER))
    if "eventId" in given:
        events = await newcomer.ask("{ events(first: 1, status: [SCHEDULED]) { edges { node { id } } } }")
        given = {"eventId": events["events"]["edges"][0]["node"]["id"]}
        hosts = "UPDATE events SET host_id = (SELECT id FROM accounts WHERE email = $1) WHERE id = $2"
        await home.rows(hosts, "mayor@alexandria-va.example", UUID(given["eventId"][4:]))

    refused = await newcomer.act(act, **given)

    assert refused["__typename"] == "Refused"
    assert f"“{scope}”" in refused["message"]
    assert "rsvp" in refused["message"]


async def test_a_grant_ends_by_its_date_without_anybody_doing_anything(home: Home) -> None:
    mayor = await home.caller("mayor@alexandria-va.example")
    today = datetime.now(UTC).date()
    grant = await mayor.done(
        "inviteDelegate", email=NEWCOMER, scopes=["PROFILE"], endsOn=str(today + timedelta(days=1))
    )
    newcomer = await home.caller(NEWCOMER)
    await newcomer.done("acceptDelegation", code=await home.mailed_code(to=NEWCOMER))
    kept = await newcomer.capacity_for("alexandria-va")

    # The clock of the database cannot be moved, so the grant's days are.
    days_back = "UPDATE delegations SET during = daterange($1, $2) WHERE id = $3"
    await home.rows(days_back, today - timedelta(days=9), today - timedelta(days=2), grant["id"][4:])
    asked_by_default = (await newcomer.ask(VIEWER))["viewer"]
    asked_for_it = await newcomer.acting_for(kept).code("{ head }")
    seen = await mayor.ask(
        "query ($id: ID!) { node(id: $id) { ... on Delegation { status } } }", id=grant["id"]
    )

    assert asked_by_default["capacity"]["scopes"] is None
    assert asked_for_it == "CAPACITY_NOT_HELD"
    assert seen["node"]["status"] == "EXPIRED"


async def test_an_invitation_that_was_left_lying_past_its_last_day_cannot_be_accepted(home: Home) -> None:
    mayor = await home.caller("mayor@alexandria-va.example")
    today = datetime.now(UTC).date()
    grant = await mayor.done(
        "inviteDelegate", email=NEWCOMER, scopes=["RSVP"], endsOn=str(today + timedelta(1))
    )
    newcomer = await home.caller(NEWCOMER)
    code = await home.mailed_code(to=NEWCOMER)
    days_back = "UPDATE delegations SET during = daterange($1, $2) WHERE id = $3"
    await home.rows(days_back, today - timedelta(days=9), today - timedelta(days=2), grant["id"][4:])

    late = await newcomer.act("acceptDelegation", code=code)

    assert late["__typename"] == "WrongMoment"
    assert "expired" in late["message"]
