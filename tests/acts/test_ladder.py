"""The ladder: every act tried by a visitor, an outsider, a delegate, the right one, and too late."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema

from tests.acts.discussions import DISCUSSIONS
from tests.acts.making import Cast
from tests.acts.resolutions import RESOLUTIONS
from tests.acts.rung import Given, Rung
from tests.living import ROOT, Caller

_NOON = "2031-05-16T12:00"


def _event(status: str, **more: Any) -> Callable[[Cast], Awaitable[Given]]:
    async def given(cast: Cast) -> Given:
        return {"eventId": await cast.event(status), **more}

    return given


async def _begun(cast: Cast) -> Given:
    return {"eventId": await cast.event("SCHEDULED", starts="2021-03-16T09:00")}


async def _new_event(_cast: Cast) -> Given:
    return {"title": "A meeting", "kind": "MEETING", "timeZone": "America/Chicago"}


async def _invitation(_cast: Cast) -> Given:
    return {"email": "ladder@staff.example", "scopes": ["RSVP"]}


async def _code(cast: Cast) -> Given:
    invited, _, code = await cast.invitation()
    return {"code": code, "_holder": invited}


async def _invited(cast: Cast) -> Given:
    invited, grant, _ = await cast.invitation()
    return {"delegationId": grant, "_holder": invited}


async def _withdrawn_invitation(cast: Cast) -> Given:
    given = await _invited(cast)
    await cast.mayor.done("revokeDelegation", delegationId=given["delegationId"])
    return given


async def _used_code(cast: Cast) -> Given:
    given = await _code(cast)
    await given["_holder"].done("acceptDelegation", code=given["code"])
    return given


async def _grant(cast: Cast) -> Given:
    holder, grant = await cast.grant()
    return {"delegationId": grant, "_holder": holder}


async def _revoked_grant(cast: Cast) -> Given:
    given = await _grant(cast)
    await cast.mayor.done("revokeDelegation", delegationId=given["delegationId"])
    return given


async def _wide_grant(cast: Cast) -> Given:
    holder, grant = await cast.grant("PROFILE", "RSVP")
    return {"delegationId": grant, "scopes": ["RSVP"], "_holder": holder}


async def _revoked_wide_grant(cast: Cast) -> Given:
    given = await _wide_grant(cast)
    await cast.mayor.done("revokeDelegation", delegationId=given["delegationId"])
    return given


async def _account(cast: Cast) -> Given:
    holder, _ = await cast.grant()
    asked = "{ viewer { account { id } } }"
    return {"accountId": (await holder.ask(asked))["viewer"]["account"]["id"]}


async def _a_secretary(cast: Cast) -> Given:
    given = await _account(cast)
    await cast.secretariat.done("appointSecretariat", **given)
    return given


async def _new_term(cast: Cast) -> Given:
    day = str(datetime.now(UTC).date())
    return {"cityId": await cast.vacant_city(), "name": "Bo", "email": f"bo-{day}@x.example", "startsOn": day}


async def _taken_seat(cast: Cast) -> Given:
    _, city = await cast.term()
    return {**await _new_term(cast), "cityId": city, "email": "late@x.example"}


async def _term(cast: Cast) -> Given:
    term, _ = await cast.term()
    return {"mayorId": term, "on": str(datetime.now(UTC).date() - timedelta(days=30))}


async def _ended_term(cast: Cast) -> Given:
    given = await _term(cast)
    await cast.secretariat.done("endTerm", **given)
    return given


async def _profile(cast: Cast) -> Given:
    asked = "{ viewer { capacity { principal { id } } } }"
    mayor = (await cast.mayor.ask(asked))["viewer"]["capacity"]["principal"]["id"]
    return {"mayorId": mayor, "biography": "Taught civics."}


async def _holder(_cast: Cast, given: Given) -> Caller:
    holder: Caller = given["_holder"]
    return holder


async def _mayor(cast: Cast, _given: Given) -> Caller:
    return cast.mayor


_R, _M = "Refused", "Missing"
RUNGS = [
    Rung("createEvent", _new_event, _R, _R, "Event", "host_sessions"),
    Rung("editEvent", _event("SCHEDULED", title="New"), _R, _R, "Event", "host_sessions"),
    Rung("saveTheDate", _event("DRAFT"), _M, _M, "Event", too_late=_event("SCHEDULED")),
    Rung(
        "scheduleEvent",
        _event("SAVE_THE_DATE"),
        _R,
        _R,
        "Event",
        "host_sessions",
        too_late=_event("CANCELLED"),
    ),
    Rung(
        "postponeEvent", _event("SCHEDULED"), _R, _R, "Event", "host_sessions", too_late=_event("CANCELLED")
    ),
    Rung(
        "rescheduleEvent",
        _event("POSTPONED", startsAt=_NOON),
        _R,
        _R,
        "Event",
        "host_sessions",
        too_late=_event("SCHEDULED", startsAt=_NOON),
    ),
    Rung(
        "moveEventOnline", _event("SCHEDULED"), _R, _R, "Event", "host_sessions", too_late=_event("POSTPONED")
    ),
    Rung("cancelEvent", _event("POSTPONED"), _R, _R, "Event", "host_sessions", too_late=_begun),
    Rung("holdEvent", _begun, _R, _R, "Event", "host_sessions", too_late=_event("SCHEDULED")),
    Rung("inviteDelegate", _invitation, "Delegation", _R, "Delegation", right=_mayor),
    Rung("acceptDelegation", _code, _M, _M, "Delegation", right=_holder, too_late=_used_code),
    Rung("acceptDelegation", _invited, _M, _M, "Delegation", right=_holder, too_late=_withdrawn_invitation),
    Rung("revokeDelegation", _grant, _M, _M, "Delegation", right=_mayor, too_late=_revoked_grant),
    Rung("narrowDelegation", _wide_grant, _M, _M, "Delegation", right=_mayor, too_late=_revoked_wide_grant),
    Rung("leaveDelegation", _grant, _M, _M, "Delegation", right=_holder, too_late=_revoked_grant),
    Rung("leaveDelegation", _invited, _M, _M, "Delegation", right=_holder, too_late=_withdrawn_invitation),
    Rung("openTerm", _new_term, _R, _R, "Mayor", too_late=_taken_seat),
    Rung("endTerm", _term, _R, _R, "Mayor", too_late=_ended_term),
    Rung("appointSecretariat", _account, _M, _M, "Account", too_late=_a_secretary),
    Rung("dismissSecretariat", _a_secretary, _M, _M, "Account", too_late=_account),
    Rung("updateProfile", _profile, _R, _R, "Mayor", "profile", right=_mayor),
    *DISCUSSIONS,
    *RESOLUTIONS,
]

#: Acts upon one's own sign-in and reading, which nobody else can even name.
#: Their ladders: tests/keys, test_looks, tests/discussions.
OWN = {
    "markSeen", "createToken", "revokeToken", "revokeSession", "signOutEverywhere", "removePasskey",
    "markRead", "markGroupRead", "keepUnread", "heedThread", "heedGroup",
}  # fmt: skip


def test_every_act_stands_on_the_ladder() -> None:
    schema = build_schema(Path(ROOT / "schema" / "schema.graphql").read_text())

    assert schema.mutation_type
    assert {rung.act for rung in RUNGS} | OWN == set(schema.mutation_type.fields)


@pytest.mark.parametrize("rung", RUNGS, ids=str)
async def test_a_visitor_is_asked_to_sign_in(cast: Cast, rung: Rung) -> None:
    outcome = await _tried(cast.visitor, rung, await rung.given(cast))

    assert outcome == {"__typename": "Refused", "message": "Sign in first."}


@pytest.mark.parametrize("rung", [r for r in RUNGS if r.outsider != r.thing], ids=str)
async def test_another_citys_mayor_is_turned_down(cast: Cast, rung: Rung) -> None:
    given = await rung.given(cast)
    before = await _traces(cast)

    outcome = await _tried(cast.outsider, rung, given)

    assert outcome["__typename"] == rung.outsider, outcome
    assert await _traces(cast) == before


@pytest.mark.parametrize("rung", RUNGS, ids=str)
async def test_a_delegate_without_the_scope_is_turned_down_and_told_which(cast: Cast, rung: Rung) -> None:
    given = await rung.given(cast)
    if rung.needs == "host_sessions":  # a scope is what is missing only where the mayor could do it
        await cast.hosts(given.get("eventId") or await cast.event())
    before = await _traces(cast)

    outcome = await _tried(cast.scopeless, rung, given)

    assert outcome["__typename"] == rung.scopeless, outcome
    assert rung.needs in outcome["message"]
    assert await _traces(cast) == before


@pytest.mark.parametrize("rung", RUNGS, ids=str)
async def test_the_right_one_succeeds_and_leaves_one_line_in_the_audit(cast: Cast, rung: Rung) -> None:
    given = await rung.given(cast)
    who = await rung.right(cast, given) if rung.right else cast.secretariat
    before = await _traces(cast)

    outcome = await _tried(who, rung, given)

    assert outcome["__typename"] == rung.thing, outcome
    after = await _traces(cast)
    assert after["audit"] == before["audit"] + 1
    assert await cast.home.value("SELECT act FROM audit ORDER BY at DESC LIMIT 1") == rung.act


@pytest.mark.parametrize("rung", [r for r in RUNGS if r.too_late], ids=str)
async def test_the_right_one_at_the_wrong_moment_is_told_how_things_stand(cast: Cast, rung: Rung) -> None:
    assert rung.too_late
    given = await rung.too_late(cast)
    who = await rung.right(cast, given) if rung.right else cast.secretariat
    before = await _traces(cast)

    outcome = await _tried(who, rung, given)

    assert outcome["__typename"] == "WrongMoment", outcome
    assert len(outcome["message"]) > 20
    assert await _traces(cast) == before


@pytest.mark.parametrize("rung", [r for r in RUNGS if r.act.endswith("Event")][1:], ids=str)
async def test_anothers_draft_is_missing_just_like_an_event_that_never_was(cast: Cast, rung: Rung) -> None:
    given = await rung.given(cast)

    hidden = await _tried(cast.outsider, rung, {**given, "eventId": await cast.event("DRAFT")})
    nothing = await _tried(cast.outsider, rung, {**given, "eventId": "evt_" + "0" * 32})
    garbage = await _tried(cast.outsider, rung, {**given, "eventId": "acc_1"})

    assert hidden == nothing == garbage
    assert hidden["__typename"] == "Missing"


async def test_a_mayors_grant_is_another_mayors_nothing(cast: Cast) -> None:
    _, grant = await cast.grant()

    theirs = await cast.outsider.act("revokeDelegation", delegationId=grant)
    nobodys = await cast.outsider.act("revokeDelegation", delegationId="del_" + "0" * 32)

    assert theirs == nobodys


async def test_a_delegate_cannot_revoke_their_own_grant_and_a_mayor_cannot_leave_it(cast: Cast) -> None:
    holder, grant = await cast.grant()

    by_holder = await holder.act("revokeDelegation", delegationId=grant)
    by_mayor = await cast.mayor.act("leaveDelegation", delegationId=grant)

    assert (by_holder["__typename"], by_mayor["__typename"]) == ("Refused", "Refused")


async def test_what_a_delegate_left_is_still_shown_to_them_as_left(cast: Cast) -> None:
    holder, grant = await cast.grant()

    left = await holder.acting_for(await holder.capacity_for("alexandria-va")).act(
        "leaveDelegation", delegationId=grant
    )

    assert (left["__typename"], left["status"]) == ("Delegation", "LEFT")


async def test_an_invitation_that_was_declined_is_left_and_cannot_be_accepted(cast: Cast) -> None:
    invited, grant, code = await cast.invitation()

    left = await invited.act("leaveDelegation", delegationId=grant)
    by_code = await invited.act("acceptDelegation", code=code)
    by_id = await invited.act("acceptDelegation", delegationId=grant)

    assert left["status"] == "LEFT"
    assert (by_code["__typename"], by_id["__typename"]) == ("WrongMoment", "WrongMoment")


async def test_an_invitation_is_accepted_by_its_code_or_its_id_and_not_by_both_or_neither(cast: Cast) -> None:
    invited, grant, code = await cast.invitation()

    neither = await invited.act("acceptDelegation")
    both = await invited.act("acceptDelegation", code=code, delegationId=grant)
    by_id = await invited.act("acceptDelegation", delegationId=grant)

    assert [outcome["fields"][0]["name"] for outcome in (neither, both)] == ["code", "code"]
    assert by_id["status"] == "ACTIVE"


async def test_a_code_finds_its_grant_for_the_one_it_was_sent_to_and_for_nobody_else(cast: Cast) -> None:
    invited, grant, code = await cast.invitation()
    find = "query ($code: String!) { delegations(code: $code) { totalCount nodes { id } } }"
    nothing = {"totalCount": 0, "nodes": []}

    found = [
        (await who.ask(find, code=code))["delegations"] for who in (invited, cast.mayor, cast.secretariat)
    ]
    others = [(await who.ask(find, code=code))["delegations"] for who in (cast.visitor, cast.outsider)]
    wrong = (await invited.ask(find, code="A" * 20))["delegations"]

    assert found == [{"totalCount": 1, "nodes": [{"id": grant}]}, nothing, nothing]
    assert [*others, wrong] == [nothing] * 3


async def test_anothers_invitation_is_missing_like_one_that_never_was(cast: Cast) -> None:
    _, grant, _ = await cast.invitation()

    theirs = await cast.mayor.act("acceptDelegation", delegationId=grant)
    nobodys = await cast.mayor.act("acceptDelegation", delegationId="del_" + "0" * 32)
    garbage = await cast.mayor.act("acceptDelegation", delegationId="evt_1")

    assert theirs == nobodys == garbage
    assert theirs["__typename"] == "Missing"


async def _tried(caller: Caller, rung: Rung, given: Given) -> dict[str, Any]:
    return await caller.act(rung.act, **{name: value for name, value in given.items() if name[0] != "_"})


async def _traces(cast: Cast) -> dict[str, int]:
    """How much has been written so far: nothing may be, when an act is turned down."""
    return {
        table: await cast.home.value(f"SELECT count(*) FROM {table}")
        for table in (
            "audit",
            "notices",
            "event_moves",
            "used_keys",
            "terms",
            "delegations",
            "events",
            "resolutions",
            "resolution_versions",
            "sponsorships",
        )
    }
