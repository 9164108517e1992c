"""Rules for acts: what each says to whom, and that the sentence names what would mend it."""

from typing import Any, TypeVar
from uuid import uuid4

import pytest
from sqlmodel import SQLModel

from models.delegations import Delegation, Scope
from models.events import Event
from models.mayors import Term
from policy import delegations, events, mayors
from policy.acts import JUDGED, refusal
from tests.policy.cast import Cast
from tests.policy.table import RULES

Row = TypeVar("Row", bound=SQLModel)


@pytest.mark.parametrize("role", RULES)
async def test_rules_answer_by_the_table(cast: Cast, role: str) -> None:
    acting = await cast.acting(role)
    a = cast.terms["mayor A"]
    grant = _with(Delegation, id=cast.rows["delegate"], term_id=a, account_id=cast.logins["delegate"].id)

    said = (
        events.move(acting, _with(Event, id=cast.rows["members of A"], host_id=cast.logins["mayor A"].id)),
        events.move(
            acting, _with(Event, id=cast.rows["members of the host"], host_id=cast.logins["host"].id)
        ),
        events.create(acting, None),
        delegations.invite(acting, None),
        delegations.revoke(acting, grant),
        mayors.update_profile(acting, _with(Term, id=a)),
    )

    for sentence, expected in zip(said, RULES[role], strict=True):
        assert (sentence is None) is (expected is None), sentence
        assert (expected or "") in (sentence or "")


@pytest.mark.parametrize("role", RULES)
async def test_the_programs_answer_is_the_rules_answer(cast: Cast, role: str) -> None:
    acting = await cast.acting(role)
    hosted = {"members of A": "mayor A", "members of the host": "host"}

    for sort, host in hosted.items():
        judged = events.move(acting, _with(Event, id=cast.rows[sort], host_id=cast.logins[host].id)) is None
        clause = events.MOVABLE.format(row="e", viewer=_Viewer())
        rows = await cast.viewed(
            role, f"SELECT {clause} FROM viewer, events e WHERE e.id = $3", cast.rows[sort]
        )
        assert rows == [judged], sort


@pytest.mark.parametrize("role", RULES)
async def test_only_whom_an_invitation_was_sent_to_accepts_it(cast: Cast, role: str) -> None:
    acting = await cast.acting(role)
    sent = _with(Delegation, account_id=cast.logins["invited"].id)

    assert (delegations.accept(acting, sent) is None) is (acting.account_id == sent.account_id)


@pytest.mark.parametrize("role", RULES)
async def test_only_its_holder_leaves_a_grant(cast: Cast, role: str) -> None:
    acting = await cast.acting(role)
    held = _with(Delegation, account_id=cast.logins["delegate"].id)

    assert (delegations.leave(acting, held) is None) is (role == "delegate")


@pytest.mark.parametrize("role", RULES)
async def test_only_the_secretariat_in_its_own_name_manages_terms(cast: Cast, role: str) -> None:
    assert (mayors.manage_terms(await cast.acting(role), cast.terms["mayor A"]) is None) is (
        role == "secretariat"
    )


@pytest.mark.parametrize("role", ["delegate", "secretariat for A"])
async def test_a_missing_scope_is_named_with_those_held(cast: Cast, role: str) -> None:
    of_a = _with(Event, id=cast.rows["members of A"], host_id=cast.logins["mayor A"].id)

    sentence = events.move(await cast.acting(role), of_a)

    assert sentence is not None
    assert f"“{Scope.HOST_SESSIONS}”" in sentence
    assert "Your delegation allows rsvp" in sentence


#: Whom each delegate acts for: what the mayor's own login is called.
MAYORS = {
    "delegate": "mayor A",
    "delegate for profiles": "mayor A",
    "secretariat for A": "mayor A",
    "two for A": "mayor A",
    "two for B": "mayor B",
}


@pytest.mark.parametrize("role", MAYORS)
async def test_what_the_mayor_is_said_to_be_able_to_grant_the_mayor_may_do(cast: Cast, role: str) -> None:
    delegate, mayor = await cast.acting(role), await cast.acting(MAYORS[role])

    refusals = {act: refusal(delegate, act) for act in JUDGED}
    promised = [act for act, because in refusals.items() if because and "can grant it to you" in because]
    elsewhere = events.move(delegate, _with(Event, id=cast.rows["members of the host"], host_id=uuid4()))

    assert [act for act in promised if refusal(mayor, act)] == []
    assert ("postponeEvent" in promised) is (refusal(mayor, "postponeEvent") is None)
    assert elsewhere == "Only the event's host and the secretariat can move it; ask them to."


def _with(rows: type[Row], **known: Any) -> Row:
    """A row of which a rule may see only what is said here."""
    return rows(**known)


class _Viewer:
    def __getattr__(self, name: str) -> str:
        return f"viewer.{name}"
