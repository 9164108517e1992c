"""Many at once: the same act under many keys, an act against its own revocation, one invitation taken many times."""

import asyncio
import secrets

import pytest

from rotunda.credentials import hashed
from tests.acts.making import Cast, cast_of
from tests.living import Caller, Home, act_document

#: A busy database, or a lock that many wait for: nothing was done, and a client asks again.
AGAIN = {"UNAVAILABLE", "TOO_SLOW"}


@pytest.fixture(scope="module")
async def cast(shared_home: Home) -> Cast:
    return await cast_of(shared_home)


async def test_one_grant_revoked_twelve_times_at_once_is_revoked_once(cast: Cast) -> None:
    _, grant = await cast.grant("RSVP")

    kinds = await _at_once(cast.mayor, 12, "revokeDelegation", delegationId=grant)

    assert sorted(set(kinds)) == ["Delegation", "WrongMoment"]
    assert kinds.count("Delegation") == 1
    assert await _told(cast, "DelegationRevoked", grant) == 1


async def test_one_invitation_accepted_twelve_times_at_once_is_one_grant(cast: Cast) -> None:
    invited, grant, code = await cast.invitation("RSVP")

    kinds = await _at_once(invited, 12, "acceptDelegation", code=code)

    assert kinds.count("Delegation") == 1
    assert await _told(cast, "DelegationAccepted", grant) == 1


async def test_what_ends_its_own_right_twelve_times_at_once_waits_in_no_circle(cast: Cast) -> None:
    """Each holds the grant it is done under; were it held together first, all would wait for each other."""
    holder, grant = await cast.grant("RSVP")
    circles = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    before = await cast.home.value(circles)

    kinds = await _at_once(holder, 12, "leaveDelegation", delegationId=grant)

    assert kinds.count("Delegation") == 1
    assert await _told(cast, "DelegationLeft", grant) == 1
    assert await cast.home.value(circles) == before


async def test_twelve_who_cancel_one_event_at_once_cancel_it_once(cast: Cast) -> None:
    event = await cast.event("SCHEDULED")

    kinds = await _at_once(cast.secretariat, 12, "cancelEvent", eventId=event, reason="Snow.")

    assert kinds.count("Event") == 1
    assert await _told(cast, "EventCancelled", event) == 1


async def test_nothing_is_done_after_the_revocation_that_races_it(cast: Cast) -> None:
    """What is told of an act stands before what ends its right in the log, or is not told at all."""
    for turn in range(5):
        holder, grant = await cast.grant("PROFILE")
        acts = [
            holder.response(
                act_document("updateProfile"),
                input={"biography": f"Version {turn}.{n}", "idempotencyKey": secrets.token_hex(8)},
            )
            for n in range(8)
        ]

        await asyncio.gather(
            *acts[:4], _at_once(cast.mayor, 1, "revokeDelegation", delegationId=grant), *acts[4:]
        )

        assert await _told(cast, "DelegationRevoked", grant) == 1
        late = (
            "SELECT count(*) FROM notices n JOIN tokens t ON t.account_id = n.actor_id WHERE t.hash = $1"
            " AND n.kind = 'ProfileUpdated' AND n.pos > (SELECT pos FROM notices WHERE kind = 'DelegationRevoked'"
            " AND subject = $2::uuid)"
        )
        assert await cast.home.value(late, hashed(holder.token), grant[4:]) == 0


async def _at_once(caller: Caller, number: int, act: str, **given: str) -> list[str]:
    outcomes = await asyncio.gather(*(_until_answered(caller, act, given) for _ in range(number)))
    return [outcome["__typename"] for outcome in outcomes]


async def _until_answered(caller: Caller, act: str, given: dict[str, str]) -> dict[str, str]:
    while True:
        document = act_document(act)
        answer = (
            await caller.response(document, input={**given, "idempotencyKey": secrets.token_hex(8)})
        ).json()
        if "errors" not in answer:
            outcome: dict[str, str] = answer["data"]["outcome"]
            return outcome
        code = answer["errors"][0]["extensions"]["code"]
        if code not in AGAIN:
            return {"__typename": code}


async def _told(cast: Cast, kind: str, subject: str) -> int:
    found: int = await cast.home.value(
        "SELECT count(*) FROM notices WHERE kind = $1 AND subject = $2::uuid", kind, subject[4:]
    )
    return found
