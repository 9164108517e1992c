"""The documents that were promised (issue 2) and those of every page run as written, each read in one statement."""

import re
from collections.abc import AsyncIterator, Mapping
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest
from graphql import (
    GraphQLNonNull,
    OperationDefinitionNode,
    build_schema,
    get_named_type,
    parse,
    type_from_ast,
)

import schema
from models import ids
from notifications.hub import Hub
from notifications.log import Log
from notifications.mail import Post
from portal import documents as pages
from rotunda.graphql.service import Answer, Caller, Operation
from rotunda.service import House
from tests import factories
from tests.planner.stage import house_at

_PROMISES = Path(__file__).with_name("promised.graphql").read_text(encoding="utf-8")
_PAGES = [name for name in pages.names() if not name.endswith((".act", ".live"))]
PROMISED = dict(re.findall(r"^## (\w+)\n(.*?)\n$", _PROMISES, re.MULTILINE | re.DOTALL))
_MOMENT = "2031-01-01T00:00:00Z"
_CONTRACT = build_schema(schema.printed())


class Counted:
    """A reader that counts its statements."""

    def __init__(self, reader: Any) -> None:
        self._reader, self.statements = reader, 0

    async def value(self, sql: str, arguments: Any) -> Any:
        self.statements += 1
        return await self._reader.value(sql, arguments)

    async def rows(self, sql: str, arguments: Any) -> Any:
        self.statements += 1
        return await self._reader.rows(sql, arguments)

    async def close(self) -> None:
        await self._reader.close()


@pytest.fixture
async def db(planted_database: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(planted_database)
    yield connection
    await connection.close()


@pytest.fixture
async def house(planted_database: str, tmp_path: Path) -> AsyncIterator[House]:
    """The house with its hub, over seeds."""
    made = house_at(planted_database, Post(public_url="http://testserver", smtp_url=None, mailbox=tmp_path))
    async with asyncpg.create_pool(planted_database, min_size=1, max_size=2) as pool:
        made.hub = Hub(planted_database, Log(pool), made.all_acting, heartbeat_seconds=60)
        await made.hub.start()
        yield made
        await made.hub.stop()
    await made.reader.close()
    await made.engine.dispose()


async def test_every_promised_query_runs_as_written(house: House, db: Any) -> None:
    secretariat = await _signed_in(db, "secretariat@rotunda.example")
    event = ids.shown(
        "evt", await db.fetchval("SELECT id FROM events WHERE title LIKE 'Winter Meeting%' LIMIT 1")
    )

    found = {
        name: await _data(house, secretariat, PROMISED[name], {"id": event})
        for name in ("viewer", "Cities", "Event", "events", "delegations", "node", "head")
    }

    assert found["viewer"]["viewer"]["account"]["email"] == "secretariat@rotunda.example"
    assert found["Cities"]["cities"]["totalCount"] == len(found["Cities"]["cities"]["edges"])
    assert found["Event"]["event"]["id"] == event == found["node"]["node"]["id"]
    assert found["events"]["events"]["edges"]
    assert found["delegations"]["delegations"]["edges"]
    assert found["head"]["head"]


async def test_the_promised_acts_upon_events_run_as_written_and_are_heard(house: House, db: Any) -> None:
    secretariat = await _signed_in(db, "secretariat@rotunda.example")
    mayor = await _signed_in(db, "mayor@richmond-va.example")
    event = ids.shown(
        "evt", await db.fetchval("SELECT id FROM events WHERE title LIKE 'Winter Meeting%' LIMIT 1")
    )
    head = (await _data(house, mayor, PROMISED["head"]))["head"]
    postponed = await house.subscribe(Operation(PROMISED["eventPostponed"], {"after": head}), mayor)
    told = await house.subscribe(Operation(PROMISED["notices"], {"after": head}), mayor)
    assert not isinstance(postponed, Answer)
    assert not isinstance(told, Answer)

    first = await _data(
        house, secretariat, PROMISED["postponeEvent"], {"input": {"eventId": event, "idempotencyKey": "1"}}
    )
    second = await _data(
        house,
        secretariat,
        PROMISED["rescheduleEvent"],
        {"input": {"eventId": event, "startsAt": "2031-03-16T09:00", "idempotencyKey": "2"}},
    )

    assert first["postponeEvent"]["status"] == "POSTPONED"
    assert second["rescheduleEvent"]["status"] == "SCHEDULED"
    heard = orjson.loads(await anext(aiter(postponed)))["data"]["eventPostponed"]
    assert (heard["__typename"], heard["event"]["id"]) == ("EventPostponed", event)
    everything = aiter(told)
    kinds = [orjson.loads(await anext(everything))["data"]["notices"]["__typename"] for _ in range(2)]
    assert kinds == ["EventPostponed", "EventRescheduled"]
    await postponed.aclose()
    await told.aclose()


async def test_the_promised_acts_upon_delegations_run_as_written(
    house: House, db: Any, tmp_path: Path
) -> None:
    mayor = await _signed_in(db, "mayor@richmond-va.example")
    staff = await factories.account(db, email="new@people.example")

    invitation = {"email": staff.email, "scopes": ["RSVP"], "idempotencyKey": "1"}
    invited = await _data(house, mayor, PROMISED["inviteDelegate"], {"input": invitation})
    answer = {"code": _code_mailed(tmp_path), "idempotencyKey": "2"}
    holder = await factories.caller(db, staff)
    accepted = await _data(house, holder, PROMISED["acceptDelegation"], {"input": answer})
    ending = {"delegationId": invited["inviteDelegate"]["id"], "idempotencyKey": "3"}
    revoked = await _data(house, mayor, PROMISED["revokeDelegation"], {"input": ending})

    assert (invited["inviteDelegate"]["status"], invited["inviteDelegate"]["scopes"]) == ("INVITED", ["RSVP"])
    assert accepted["acceptDelegation"]["status"] == "ACTIVE"
    assert revoked["revokeDelegation"]["status"] == "REVOKED"


@pytest.mark.parametrize("name", ["viewer", "Cities", "Event", "events", "delegations", "node", "head"])
async def test_a_promised_query_is_one_statement(house: House, db: Any, name: str) -> None:
    counted = house.reader = Counted(house.reader)  # type: ignore[assignment]  # it does what a reader does

    await _data(house, await _signed_in(db, "mayor@richmond-va.example"), PROMISED[name], {"id": "evt_1"})

    assert counted.statements == 1


@pytest.mark.parametrize("name", _PAGES)
async def test_a_page_is_one_statement(house: House, db: Any, name: str) -> None:
    counted = house.reader = Counted(house.reader)  # type: ignore[assignment]  # as above
    query = pages.document(name)

    await _data(house, await _signed_in(db, "mayor@richmond-va.example"), query, _made_up(query))

    assert counted.statements <= 1


async def test_introspection_alone_asks_the_database_once_at_most(house: House) -> None:
    counted = house.reader = Counted(house.reader)  # type: ignore[assignment]  # as above

    await _data(house, Caller(), "{ __schema { types { name } } }")

    assert counted.statements <= 1


async def _winter_meeting(db: Any) -> str:
    return ids.shown(
        "evt", await db.fetchval("SELECT id FROM events WHERE title LIKE 'Winter Meeting%' LIMIT 1")
    )


async def _signed_in(db: Any, email: str) -> Caller:
    row = await db.fetchrow("SELECT id, person_id FROM accounts WHERE email = $1", email)
    return await factories.caller(db, factories.Login(row["id"], row["person_id"], email))


async def _data(house: House, caller: Caller, query: str, variables: Mapping[str, Any] | None = None) -> Any:
    given = {name: value for name, value in (variables or {}).items() if f"${name}" in query}
    answer = orjson.loads((await house.answer(Operation(query, given), caller)).body)
    assert "errors" not in answer, answer
    return answer["data"]


def _code_mailed(mailbox: Path) -> str:
    letter = next(mailbox.rglob("*.eml"))
    parsed = message_from_bytes(letter.read_bytes(), policy=policy.default)
    body = parsed.get_body(("plain",))
    text: str = body.get_content() if body else ""
    found = re.search(r"[A-Za-z0-9_-]{20}(?![A-Za-z0-9_-])", text)
    assert found, text
    return found[0]


def _made_up(query: str) -> dict[str, Any]:
    """Something for each required variable of a page's document."""
    (operation,) = (d for d in parse(query).definitions if isinstance(d, OperationDefinitionNode))
    made_up: dict[str, Any] = {
        "ID": "evt_1",
        "String": "x",
        "Int": 1,
        "Boolean": True,
        "Instant": "2031-01-01T00:00:00Z",
        "Day": "2031-01-01",
    }
    return {
        definition.variable.name.value: made_up[get_named_type(kind).name]
        for definition in operation.variable_definitions or ()
        if isinstance(kind := type_from_ast(_CONTRACT, definition.type), GraphQLNonNull)
        and definition.default_value is None
    }
