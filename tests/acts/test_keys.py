"""Idempotency keys: the same key with the same input changes nothing the second time, however it comes about."""

import asyncio
from pathlib import Path
from uuid import UUID

import pytest

from tests.acts.making import Cast
from tests.living import Caller, Street


async def test_the_same_key_and_input_answer_the_same_and_leave_one_row(cast: Cast) -> None:
    event = await cast.event("SCHEDULED")
    given = {"eventId": event, "reason": "Snow.", "idempotencyKey": "twice"}

    first = await cast.secretariat.act("postponeEvent", **given)
    second = await cast.secretariat.act("postponeEvent", **given)

    assert first == second
    assert (first["status"], first["version"]) == ("POSTPONED", 2)
    assert await _rows_about(cast, event) == {"notices": 2, "audit": 3, "event_moves": 2}


async def test_a_repeated_invitation_mails_no_second_letter(cast: Cast) -> None:
    given = {"email": "once@staff.example", "scopes": ["RSVP"], "idempotencyKey": "letter"}

    first = await cast.mayor.act("inviteDelegate", **given)
    second = await cast.mayor.act("inviteDelegate", **given)

    assert first == second
    assert len(cast.home.letters(to="once@staff.example")) == 1


@pytest.mark.parametrize(
    "other", [{"reason": "Rain."}, {"reason": None}, {"newStartsAt": "2031-05-05T12:00"}]
)
async def test_the_same_key_for_other_input_is_reused_and_changes_nothing(
    cast: Cast, other: dict[str, str]
) -> None:
    event = await cast.event("SCHEDULED")
    key = f"other-{event}"
    await cast.secretariat.done("postponeEvent", eventId=event, reason="Snow.", idempotencyKey=key)
    before = await _rows_about(cast, event)

    given = {"eventId": event, "reason": "Snow.", "idempotencyKey": key, **other}
    outcome = await cast.secretariat.act("postponeEvent", **given)
    another_act = await cast.secretariat.act("cancelEvent", eventId=event, reason="Snow.", idempotencyKey=key)

    assert (outcome["__typename"], another_act["__typename"]) == ("KeyReused", "KeyReused")
    assert await _rows_about(cast, event) == before


async def test_two_people_may_use_the_same_key(cast: Cast) -> None:
    one, other = await cast.event("SCHEDULED"), await cast.event("SCHEDULED")
    host = await cast.home.caller("host@water.example")
    await cast.home.rows(
        "UPDATE events SET host_id = (SELECT id FROM accounts WHERE email = 'host@water.example') WHERE id = $1",
        UUID(other[4:]),
    )

    first = await cast.secretariat.act("postponeEvent", eventId=one, idempotencyKey="shared")
    second = await host.act("postponeEvent", eventId=other, idempotencyKey="shared")

    assert (first["status"], second["status"]) == ("POSTPONED", "POSTPONED")


async def test_the_same_key_for_another_principal_is_another_act(cast: Cast) -> None:
    norfolk = await cast.home.caller("staff@norfolk-va.example")
    twice = await cast.home.value(
        "SELECT a.email FROM accounts a JOIN delegations d ON d.account_id = a.id AND d.status = 'active' "
        "GROUP BY a.email HAVING count(*) = 2 LIMIT 1"
    )
    aide = await cast.home.caller(twice)
    one, other = [c["id"] for c in await aide.capacities() if c["principal"]]

    first = await aide.acting_for(one).act("updateProfile", biography="Ours.", idempotencyKey="two mayors")
    second = await aide.acting_for(other).act("updateProfile", biography="Ours.", idempotencyKey="two mayors")

    assert norfolk.token != aide.token
    assert (first["__typename"], second["__typename"]) == ("Mayor", "KeyReused")


async def test_a_refused_act_frees_its_key_for_when_the_moment_is_right(cast: Cast) -> None:
    event = await cast.event("DRAFT")
    given = {"eventId": event, "idempotencyKey": f"free-{event}"}

    early = await cast.secretariat.act("postponeEvent", **given)
    await cast.secretariat.done("scheduleEvent", eventId=event)
    later = await cast.secretariat.act("postponeEvent", **given)

    assert early["__typename"] == "WrongMoment"
    assert (later["__typename"], later["status"]) == ("Event", "POSTPONED")


@pytest.mark.parametrize("key", ["", "k" * 201])
async def test_a_key_of_no_or_too_many_characters_is_invalid(cast: Cast, key: str) -> None:
    event = await cast.event("SCHEDULED")

    outcome = await cast.secretariat.act("postponeEvent", eventId=event, idempotencyKey=key)

    assert (outcome["__typename"], outcome["fields"][0]["name"]) == ("Invalid", "idempotencyKey")


async def test_fifty_at_once_over_two_servers_have_one_effect_and_one_answer(
    cast: Cast, street: Street, tmp_path: Path
) -> None:
    event = await cast.event("SCHEDULED")
    given = {"eventId": event, "reason": "Snow.", "idempotencyKey": f"fifty-{event}"}

    async with street.home(cast.home.dsn, tmp_path) as other:
        servers = [cast.secretariat, cast.secretariat.at(other)]
        outcomes = await asyncio.gather(*(_until_answered(servers[n % 2], given) for n in range(50)))

    assert len({str(outcome) for outcome in outcomes}) == 1
    assert outcomes[0]["status"] == "POSTPONED"
    assert await _rows_about(cast, event) == {"notices": 2, "audit": 3, "event_moves": 2}


async def _until_answered(caller: Caller, given: dict[str, str]) -> dict[str, str]:
    """As a client would: busy (503 in the answer) means again, with the same key."""
    while True:
        try:
            return await caller.act("postponeEvent", **given)
        except AssertionError as busy:
            assert "UNAVAILABLE" in str(busy)  # noqa: PT017 - any other failure is one
            await asyncio.sleep(0.05)


async def _rows_about(cast: Cast, event: str) -> dict[str, int]:
    subject = UUID(event[4:])
    return {
        table: await cast.home.value(f"SELECT count(*) FROM {table} WHERE {column} = $1", subject)
        for table, column in (("notices", "subject"), ("audit", "subject"), ("event_moves", "event_id"))
    }
