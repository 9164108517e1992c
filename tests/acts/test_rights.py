"""Why can't I: what is told beforehand is what happens, for everybody and every act."""

from pathlib import Path

import pytest
from graphql import build_schema

from policy.acts import JUDGED
from tests.acts.making import Cast
from tests.living import ROOT, Caller

RIGHTS = "{ viewer { rights { act does allowed because } } }"
MAYORS_OWN = ("inviteDelegate", "narrowDelegation", "revokeDelegation")


async def rights_of(caller: Caller) -> dict[str, str | None]:
    """Each act with the sentence that refuses it, or nothing."""
    found = (await caller.ask(RIGHTS))["viewer"]["rights"]
    assert all(right["does"] and right["allowed"] == (right["because"] is None) for right in found)
    return {right["act"]: right["because"] for right in found}


def test_every_act_says_what_it_is_judged_by() -> None:
    schema = build_schema(Path(ROOT / "schema" / "schema.graphql").read_text())

    assert schema.mutation_type
    assert set(JUDGED) == set(schema.mutation_type.fields)


async def test_the_scope_an_act_asks_for_is_the_one_with_which_it_is_done(cast: Cast) -> None:
    asked = "{ viewer { rights { act scope } } }"

    rights = (await cast.mayor.ask(asked))["viewer"]["rights"]

    scopes = {right["act"]: right["scope"] for right in rights if right["scope"]}
    events = {act for act in JUDGED if act.endswith("Event")} | {"saveTheDate"}
    assert scopes == {
        "updateProfile": "PROFILE",
        **dict.fromkeys(events | {"moveEventOnline"}, "HOST_SESSIONS"),
        **dict.fromkeys(
            ("startThread", "reply", "editPost", "deletePost", "react", "unreact", "resolveThread"),
            "POST_AS_OFFICE",
        ),
        "draftResolution": "DRAFT_RESOLUTION",
        "editResolution": "DRAFT_RESOLUTION",
    }


async def test_a_visitor_has_no_rights_to_explain(cast: Cast) -> None:
    assert (await cast.visitor.ask(RIGHTS))["viewer"] is None


async def test_a_delegate_is_told_which_scope_is_missing_and_what_is_never_delegable(cast: Cast) -> None:
    await cast.hosts(await cast.event())
    holder, _ = await cast.grant("PROFILE")

    because = await rights_of(holder)

    assert because["updateProfile"] is None
    assert because["leaveDelegation"] is None
    assert because["postponeEvent"]
    assert "host_sessions" in because["postponeEvent"]
    assert "The mayor can grant it to you anew" in because["postponeEvent"]
    assert all("cannot be delegated" in (because[act] or "") for act in MAYORS_OWN)


async def test_a_delegate_is_not_sent_to_a_mayor_who_could_not_do_it_either(cast: Cast) -> None:
    aide = await cast.home.caller("regional@tidewater.example")
    of_norfolk = aide.acting_for(await aide.capacity_for("norfolk-va"))

    delegate, mayor = await rights_of(of_norfolk), await rights_of(cast.outsider)

    for act in ("createEvent", "postponeEvent", "cancelEvent"):
        assert delegate[act] == mayor[act]
        assert "grant" not in (mayor[act] or "grant")


async def test_a_mayor_may_grant_narrow_and_revoke_but_not_swear_in(cast: Cast) -> None:
    because = await rights_of(cast.mayor)

    assert [because[act] for act in MAYORS_OWN] == [None] * 3
    assert "secretariat" in (because["openTerm"] or "")


async def test_rights_change_with_the_capacity_and_with_the_grant(cast: Cast) -> None:
    holder, grant = await cast.grant("PROFILE", "RSVP")
    oneself = next(c["id"] for c in await holder.capacities() if c["principal"] is None)

    acting, alone = await rights_of(holder), await rights_of(holder.acting_for(oneself))
    await cast.mayor.done("narrowDelegation", delegationId=grant, scopes=["RSVP"])
    narrowed = await rights_of(holder)

    assert acting["updateProfile"] is None
    assert alone["updateProfile"]
    assert "profile" in (narrowed["updateProfile"] or "")


@pytest.mark.parametrize("who", ["mayor", "outsider", "scopeless", "secretariat"])
async def test_what_is_told_beforehand_is_what_happens(cast: Cast, who: str) -> None:
    caller: Caller = getattr(cast, who)
    because = await rights_of(caller)

    happens = {
        "createEvent": await caller.act(
            "createEvent", title="A meeting", kind="MEETING", timeZone="America/Chicago"
        ),
        "inviteDelegate": await caller.act("inviteDelegate", email=f"{who}@told.example", scopes=["RSVP"]),
        "openTerm": await caller.act(
            "openTerm",
            cityId=await cast.vacant_city(),
            name="Bo",
            email=f"{who}@term.example",
            startsOn="2026-01-01",
        ),
    }

    told = {act: because[act] for act in happens}
    assert told == {
        act: outcome["message"] if outcome["__typename"] == "Refused" else None
        for act, outcome in happens.items()
    }
