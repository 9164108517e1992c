"""Narrowing a grant: only ever less, told to both with was and now, and in force from its commit."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from tests.acts.making import Cast
from tests.living import Caller

GRANTS = """
subscription ($after: Cursor) { delegationsChanged(after: $after) { __typename
  ... on DelegationNarrowed { cursor delegation { id } was { scopes endsOn } now { scopes endsOn } } } }
"""
BIOGRAPHY = {"biography": "Taught civics."}


def in_days(days: int) -> str:
    return str(datetime.now(UTC).date() + timedelta(days=days))


async def test_what_is_left_out_stays_as_it_was(cast: Cast) -> None:
    _, grant = await cast.grant("PROFILE", "RSVP")

    fewer = await cast.mayor.done("narrowDelegation", delegationId=grant, scopes=["RSVP"])
    sooner = await cast.mayor.done("narrowDelegation", delegationId=grant, endsOn=in_days(30))

    assert (fewer["scopes"], fewer["endsOn"]) == (["RSVP"], None)
    assert (sooner["scopes"], sooner["endsOn"]) == (["RSVP"], in_days(30))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"scopes": ["RSVP", "PROFILE", "SPONSOR"]}, "scopes"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["PROFILE", "RSVP"]}, "scopes"),
        ({}, "scopes"),
        ({"endsOn": in_days(-3)}, "endsOn"),
        ({"endsOn": "31 March"}, "endsOn"),
    ],
)
async def test_a_grant_never_becomes_more_and_never_nothing(
    cast: Cast, given: dict[str, object], field: str
) -> None:
    _, grant = await cast.grant("PROFILE", "RSVP")

    outcome = await cast.mayor.act("narrowDelegation", delegationId=grant, **given)

    assert outcome["__typename"] == "Invalid", outcome
    assert [found["name"] for found in outcome["fields"]] == [field]


async def test_a_last_day_moves_only_towards_today_and_a_later_one_takes_a_new_grant(cast: Cast) -> None:
    _, grant = await cast.grant("PROFILE")
    await cast.mayor.done("narrowDelegation", delegationId=grant, endsOn=in_days(30))

    later = await cast.mayor.act("narrowDelegation", delegationId=grant, endsOn=in_days(31))

    assert later["__typename"] == "Invalid"
    assert "grant anew" in later["message"]
    assert later["fields"][0]["suggestion"] == in_days(30)


async def test_the_delegate_and_the_secretariat_cannot_narrow_but_are_told_who_can(cast: Cast) -> None:
    holder, grant = await cast.grant("PROFILE", "RSVP")

    refused = [
        await caller.act("narrowDelegation", delegationId=grant, scopes=["RSVP"])
        for caller in (holder, await oneself(holder), cast.secretariat)
    ]

    assert [outcome["__typename"] for outcome in refused] == ["Refused"] * 3
    assert all("mayor" in outcome["message"] for outcome in refused)


async def test_what_was_taken_out_is_refused_from_the_commit_on(cast: Cast) -> None:
    holder, grant = await cast.grant("PROFILE", "RSVP")
    before = await holder.act("updateProfile", **BIOGRAPHY)

    await cast.mayor.done("narrowDelegation", delegationId=grant, scopes=["RSVP"])
    after = await holder.act("updateProfile", **BIOGRAPHY)

    assert (before["__typename"], after["__typename"]) == ("Mayor", "Refused")
    assert "profile" in after["message"]


async def test_an_act_that_waited_for_the_narrowing_is_judged_by_what_is_left(cast: Cast) -> None:
    holder, grant = await cast.grant("PROFILE", "RSVP")
    acts = [
        cast.mayor.act("narrowDelegation", delegationId=grant, scopes=["RSVP"]),
        *(holder.act("updateProfile", **BIOGRAPHY) for _ in range(4)),
    ]

    await asyncio.gather(*acts)

    last = "SELECT act FROM audit WHERE delegation_id = $1 OR subject = $1 ORDER BY id DESC LIMIT 1"
    narrowed_at = "SELECT max(at) FROM notices WHERE subject = $1 AND kind = 'DelegationNarrowed'"
    done_at = "SELECT max(at) FROM audit WHERE delegation_id = $1"
    narrowed, done = [await cast.home.value(sql, row(grant)) for sql in (narrowed_at, done_at)]
    assert narrowed
    assert done is None or done < narrowed, await cast.home.value(last, row(grant))


async def test_both_hear_of_it_with_was_and_now_on_streams_that_stay_open(cast: Cast) -> None:
    holder, grant = await cast.grant("PROFILE", "RSVP")
    head = await cast.mayor.head()

    async with (
        cast.mayor.listening(GRANTS, after=head) as mayor,
        holder.listening(GRANTS, after=head) as staff,
    ):
        await cast.mayor.done("narrowDelegation", delegationId=grant, scopes=["RSVP"], endsOn=in_days(9))
        heard = [await mayor.notice(), await staff.notice()]
        await cast.mayor.done("revokeDelegation", delegationId=grant)
        last = await staff.notice()

    for notice in heard:
        assert notice["__typename"] == "DelegationNarrowed"
        assert notice["was"] == {"scopes": ["PROFILE", "RSVP"], "endsOn": None}
        assert notice["now"] == {"scopes": ["RSVP"], "endsOn": in_days(9)}
    assert last["__typename"] == "StreamEnded"


async def oneself(caller: Caller) -> Caller:
    found = [c["id"] for c in await caller.capacities() if c["principal"] is None]
    return caller.acting_for(found[0])


def row(shown: str) -> str:
    return shown.partition("_")[2]
