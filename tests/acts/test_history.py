"""History: complete, in order, never changed; read by the mayor, the delegate under the grant, the secretariat."""

import asyncpg
import pytest

from tests.acts.making import Cast
from tests.living import Caller

HISTORY = """
query ($id: ID!) { node(id: $id) { ... on Delegation { history(last: 50) { totalCount
  nodes { act actor { name } principal { name } delegation { id } grant { id } event { title } } } } } }
"""
IN_MY_NAME = """
{ viewer { capacity { principal { actsInMyName(last: 50) { nodes { act delegation { id } actor { name } } } } } } }
"""


async def deeds(caller: Caller, grant: str) -> list[str]:
    node = (await caller.ask(HISTORY, id=grant))["node"]
    return [deed["act"] for deed in node["history"]["nodes"]] if node else []


async def test_a_grants_life_and_what_was_done_under_it_are_told_in_order(cast: Cast) -> None:
    holder, grant = await cast.grant("PROFILE", "RSVP")
    await holder.done("updateProfile", biography="Once.")
    await holder.done("updateProfile", biography="Twice.")
    await cast.mayor.done("narrowDelegation", delegationId=grant, scopes=["RSVP"])
    await holder.act("updateProfile", biography="Refused.")
    await cast.mayor.done("revokeDelegation", delegationId=grant)

    told = await deeds(cast.mayor, grant)

    assert told == [
        "inviteDelegate",
        "acceptDelegation",
        "updateProfile",
        "updateProfile",
        "narrowDelegation",
        "revokeDelegation",
    ]


async def test_the_delegate_and_the_secretariat_read_it_and_nobody_else(cast: Cast) -> None:
    holder, grant = await cast.grant("PROFILE")
    await holder.done("updateProfile", biography="Once.")

    read = [await deeds(caller, grant) for caller in (holder, cast.secretariat, cast.mayor)]
    unread = [await deeds(caller, grant) for caller in (cast.visitor, cast.outsider, cast.scopeless)]

    assert read == [["inviteDelegate", "acceptDelegation", "updateProfile"]] * 3
    assert unread == [[]] * 3


async def test_another_delegate_of_the_same_mayor_reads_nothing_of_it(cast: Cast) -> None:
    holder, _ = await cast.grant("PROFILE")
    await holder.done("updateProfile", biography="By the first.")
    second, grant = await cast.grant("PROFILE")

    seen = await second.ask(IN_MY_NAME)

    assert {deed["act"] for deed in seen["viewer"]["capacity"]["principal"]["actsInMyName"]["nodes"]} <= {
        "inviteDelegate"
    }
    assert await deeds(second, grant) == ["inviteDelegate", "acceptDelegation"]


async def test_a_mayor_reads_who_did_what_under_which_grant(cast: Cast) -> None:
    holder, grant = await cast.grant("PROFILE")
    await holder.done("updateProfile", biography="Under the grant.")

    told = (await cast.mayor.ask(IN_MY_NAME))["viewer"]["capacity"]["principal"]["actsInMyName"]["nodes"][-1]

    assert told["act"] == "updateProfile"
    assert told["delegation"]["id"] == grant
    assert told["actor"]["name"].startswith("New-")


CHANGED = """{ viewer { capacity { principal { actsInMyName(last: 1) { nodes { act
  was { name officeEmail officePhone scopes endsOn } now { name officeEmail officePhone scopes endsOn } } } } } } }"""


@pytest.mark.parametrize(
    "number", ["+1 703 555 0199", "(703) 555-0100 ext. 12", "703.555.0111 x4", "+49 30/1234567"]
)
async def test_history_says_how_a_profile_read_and_reads(cast: Cast, number: str) -> None:
    email = f"desk-{number[-3:]}@alexandria-va.example".replace(" ", "")
    asked = "{ viewer { capacity { city { officeEmail officePhone } } } }"
    stood = (await cast.mayor.ask(asked))["viewer"]["capacity"]["city"]

    await cast.mayor.done("updateProfile", officePhone=number, officeEmail=email, biography="New.")
    deed = (await cast.mayor.ask(CHANGED))["viewer"]["capacity"]["principal"]["actsInMyName"]["nodes"][0]

    assert deed["now"] == {
        "name": None,
        "officeEmail": email,
        "officePhone": number,
        "scopes": None,
        "endsOn": None,
    }
    assert {name: deed["was"][name] for name in stood} == stood


async def test_history_says_what_a_narrowed_grant_allowed_and_allows(cast: Cast) -> None:
    _, grant = await cast.grant("PROFILE", "RSVP")

    await cast.mayor.done("narrowDelegation", delegationId=grant, scopes=["RSVP"], endsOn="2027-01-31")
    deed = (await cast.mayor.ask(CHANGED))["viewer"]["capacity"]["principal"]["actsInMyName"]["nodes"][0]

    assert (deed["was"]["scopes"], deed["was"]["endsOn"]) == (["PROFILE", "RSVP"], deed["was"]["endsOn"])
    assert (deed["now"]["scopes"], deed["now"]["endsOn"]) == (["RSVP"], "2027-01-31")


async def test_what_somebody_does_with_their_own_login_is_in_no_mayors_history(cast: Cast) -> None:
    holder, grant = await cast.grant("PROFILE")
    before = await deeds(cast.mayor, grant)

    await holder.done("markSeen", through=await holder.head())

    assert await deeds(cast.mayor, grant) == before


@pytest.mark.parametrize("change", ["UPDATE audit SET act = 'nothing'", "DELETE FROM audit"])
async def test_history_cannot_be_rewritten_even_by_the_databases_owner(cast: Cast, change: str) -> None:
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await cast.home.rows(change)
