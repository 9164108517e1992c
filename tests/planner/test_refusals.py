"""What cannot be read is refused before anything is done: no act is carried out, and no stream begun, in vain."""

from typing import Any

import orjson

from rotunda.graphql.service import Answer, Operation
from tests.planner.stage import Stage


async def test_an_act_whose_outcome_cannot_be_read_is_not_carried_out(stage: Stage) -> None:
    selection = _pages_of(stage, "Delegation")
    query = f"""mutation ($input: InviteDelegateInput!) {{ inviteDelegate(input: $input) {{ ... on Delegation {{
      {selection}(after: "zzz") {{ nodes {{ id }} }} }} }} }}"""
    given = {"email": "in-vain@people.example", "scopes": ["RSVP"], "idempotencyKey": "in vain"}

    answer = orjson.loads(
        (await stage.house.answer(Operation(query, {"input": given}), stage.callers["mayor"])).body
    )

    assert answer["errors"][0]["extensions"]["code"] == "BAD_CURSOR"
    assert "data" not in answer
    assert not await _rows(stage, "SELECT FROM accounts WHERE email = 'in-vain@people.example'")


async def test_a_stream_whose_items_cannot_be_read_is_not_begun(stage: Stage) -> None:
    selection = _pages_of(stage, "Delegation")
    query = f"""subscription {{ delegationsChanged {{ ... on DelegationRevoked {{ delegation {{
      {selection}(first: 101) {{ nodes {{ id }} }} }} }} }} }}"""
    stage.house.hub = _NoHub()  # type: ignore[assignment]  # it must not be asked

    answer = await stage.house.subscribe(Operation(query), stage.callers["mayor"])

    stage.house.hub = None
    assert isinstance(answer, Answer)
    assert orjson.loads(answer.body)["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


class _NoHub:
    async def subscribe(self, *_: Any) -> None:
        raise AssertionError


def _pages_of(stage: Stage, kind: str) -> str:
    """A connection inside a type, whichever it has."""
    made: Any = stage.reference.schema.type_map[kind]
    return next(str(name) for name, field in made.fields.items() if "first" in field.args)


async def _rows(stage: Stage, sql: str) -> list[Any]:
    return list(await stage.readings["secretariat"].connection.fetch(sql))
