"""A planted conference with a little history, asked the same thing of the planner and of the reference executor."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import orjson
from graphql import is_required_argument
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

import schema
from notifications.mail import Post
from planner.declare import Pages
from planner.documents import Documents
from planner.limits import Limits
from planner.read import Reader
from planner.world import declaration_of
from policy.viewer import CTE
from rotunda.credentials import capacity, hashed
from rotunda.graphql.service import Caller, Operation
from rotunda.service import House
from rotunda.tokens import grant
from tests.planner.history import Done, carried_out, history
from tests.planner.reading import Reading
from tests.planner.reference import Reference

SIGNING = b"a key of the tests, of thirty-two bytes or more"
#: What is compared here are answers; limits have tests of their own (tests/limits).
ROOMY = Limits(tokens=20_000, fields=20_000, aliases=20_000, directives=20_000, root_fields=1_000, cost=10**9)

#: Who asks: an account's address, and the city it chooses to act for (none: its default capacity).
VIEWERS: dict[str, tuple[str | None, str | None]] = {
    "visitor": (None, None),
    "mayor": ("mayor@alexandria-va.example", None),
    "delegate": ("scheduler@alexandria-va.example", None),
    "delegate of two, for oneself": ("regional@tidewater.example", None),
    "delegate of two, for one": ("regional@tidewater.example", "norfolk-va"),
    "chief of staff": ("chief-of-staff@alexandria-va.example", None),
    "host": ("host@water.example", None),
    "secretariat": ("secretariat@rotunda.example", None),
    "former mayor": ("former-mayor@dublin-ca.example", None),
}
_PREFIXES = {
    "cit": "cities",
    "may": "terms",
    "acc": "accounts",
    "evt": "events",
    "del": "delegations",
    "aud": "audit",
    "grp": "groups",
    "thr": "threads",
    "pst": "posts",
    "mem": "memberships",
    "rpt": "reports",
    "cal": "resolution_calls",
    "res": "resolutions",
}
_A_FEW = 12


@dataclass
class Stage:
    """Two executors over one database, and what there is to ask them about."""

    dsn: str
    house: House = field(repr=False)
    reference: Reference = field(repr=False)
    callers: dict[str, Caller] = field(default_factory=dict, repr=False)
    readings: dict[str, Reading] = field(default_factory=dict, repr=False)
    names: dict[str, str] = field(default_factory=dict, repr=False)
    history: list[Done] = field(default_factory=list, repr=False)

    async def planned(self, query: str, variables: Mapping[str, Any] | None, viewer: str) -> dict[str, Any]:
        """What the house answers."""
        answer = await self.house.answer(Operation(query, variables), self.callers[viewer])
        found: dict[str, Any] = orjson.loads(answer.body)
        assert answer.executed is ("data" in found)
        return found

    async def agree(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        viewer: str = "secretariat",
        *,
        most: int = 20_000,
    ) -> dict[str, Any]:
        """Ask both; what they answer alike. ``TooMuch`` when the reference needed more than ``most`` queries."""
        referred = await self.reference.answer(self.readings[viewer], query, variables, most=most)
        planned = await self.planned(query, variables, viewer)
        demand_equal(planned, referred)
        return planned

    def filled(self, text: str) -> str:
        """A text with its placeholders (`@evt3@`) replaced by what they stand for in this database."""
        for placeholder, value in self.names.items():
            text = text.replace(placeholder, value)
        return text

    def filled_in(self, value: Any) -> Any:
        """Variables with their placeholders replaced."""
        match value:
            case str():
                return self.filled(value)
            case list():
                return [self.filled_in(item) for item in value]
            case dict():
                return {name: self.filled_in(item) for name, item in value.items()}
        return value

    async def close(self) -> None:
        """Give every connection back."""
        for reading in self.readings.values():
            await reading.connection.close()
        await self.house.reader.close()
        await self.house.engine.dispose()


async def set_up(dsn: str, post: Post) -> Stage:
    """Two executors over the planted database at ``dsn``, with a token for everyone and some acts done."""
    stage = Stage(dsn, house_at(dsn, post), Reference(schema.build()._schema))  # noqa: SLF001  # as schema.world does
    connection = await asyncpg.connect(dsn)
    try:
        for viewer, (email, city) in VIEWERS.items():
            stage.callers[viewer] = await _caller(connection, email, city)
        stage.history = await history(connection)
        for act in stage.history:
            await carried_out(stage.house, stage.callers, act)
        for viewer, caller in stage.callers.items():
            stage.readings[viewer] = await Reading.as_viewer(
                dsn, cte=CTE, signing=SIGNING, token=hashed(caller.token), capacity=capacity(caller.capacity)
            )
        for prefix, table in _PREFIXES.items():
            await _name(stage, connection, prefix, table)
    finally:
        await connection.close()
    await _name_cursors(stage)
    return stage


def house_at(dsn: str, post: Post) -> House:
    """A house over a database, without a hub."""

    async def connect() -> "asyncpg.Connection[asyncpg.Record]":
        return await asyncpg.connect(dsn)

    engine: AsyncEngine = create_async_engine("postgresql+asyncpg://", async_creator=connect)
    return House(Documents(schema.world(SIGNING), ROOMY), Reader(dsn, 2), engine, post)


def demand_equal(planned: Mapping[str, Any], referred: Mapping[str, Any]) -> None:
    """Equal data with keys in equal order, errors at equal places; a refused request is refused by both."""
    assert ("data" in planned) == ("data" in referred), f"{planned}\n{referred}"
    assert _text(planned.get("data")) == _text(referred.get("data")), _first_difference(planned, referred)
    assert _places(planned) == _places(referred)
    for mine, theirs in zip(planned.get("errors", ()), referred.get("errors", ()), strict=False):
        code = theirs.get("extensions", {}).get("code")
        assert code in (None, mine["extensions"]["code"])


def _first_difference(planned: Mapping[str, Any], referred: Mapping[str, Any]) -> str:
    lines = zip(_text(planned["data"]).splitlines(), _text(referred["data"]).splitlines(), strict=False)
    near = next(((mine, theirs) for mine, theirs in lines if mine != theirs), None)
    return f"planned, referred: {near}; errors: {planned.get('errors')}, {referred.get('errors')}"


def _text(data: Any) -> str:
    """JSON text in which 1.0 and 1 are one number, as they are to JSON."""
    return json.dumps(data, indent=1, default=str) if data is None else json.dumps(_plain(data), indent=1)


def _plain(data: Any) -> Any:
    match data:
        case dict():
            return {key: _plain(value) for key, value in data.items()}
        case list():
            return [_plain(item) for item in data]
        case float() if data.is_integer():
            return int(data)
    return data


def _places(answer: Mapping[str, Any]) -> list[str]:
    return sorted(json.dumps(error["path"]) for error in answer.get("errors", ()) if error.get("path"))


async def _caller(connection: Any, email: str | None, city: str | None) -> Caller:
    if email is None:
        return Caller()
    account = await connection.fetchval("SELECT id FROM accounts WHERE email = $1", email)
    chosen = await connection.fetchval(
        "SELECT 'cap_' || replace(c.id::text, '-', '') FROM capacities c JOIN cities ON cities.id = c.city_id "
        "WHERE c.account_id = $1 AND cities.slug = $2",
        account,
        city,
    )
    return Caller(await grant(connection, account, kind="api", days=1), chosen)


async def _name(stage: Stage, connection: Any, prefix: str, table: str) -> None:
    """A few rows of every table, and always those that concern somebody above."""
    concern = {
        "cit": "x.joined_on IS NOT NULL AND x.slug IN ('alexandria-va', 'norfolk-va', 'dublin-ca')",
        "may": "x.city_id IN (SELECT id FROM cities WHERE slug IN ('alexandria-va', 'norfolk-va', 'dublin-ca'))",
        "acc": "x.email ~ '(alexandria-va|tidewater|water.example|rotunda.example)'",
        "evt": "x.status IN ('draft', 'postponed', 'cancelled')",
        "del": "x.city_id IN (SELECT id FROM cities WHERE slug IN ('alexandria-va', 'norfolk-va'))",
        "aud": "true",
        "grp": "x.confidentiality <> 'ordinary' OR x.audience = 'hidden'",
        "thr": "x.mayors_only OR x.chatham_house OR x.audience = 'hidden'",
        "pst": "x.deleted_at IS NOT NULL OR x.hidden_at IS NOT NULL OR x.chatham_house",
        "mem": "x.keeper OR x.status <> 'joined'",
        "rpt": "true",
        "cal": "true",
        "res": "x.status IN ('draft', 'withdrawn') OR x.version > 1",
    }[prefix]
    found = await connection.fetch(
        f"SELECT x.id FROM {table} x ORDER BY coalesce({concern}, false) DESC, x.id LIMIT {_A_FEW}"
    )
    for n in range(_A_FEW):
        stage.names[f"@{prefix}{n}@"] = f"{prefix}_{found[n % len(found)][0].hex}"


async def _name_cursors(stage: Stage) -> None:
    """Some cursors of every list: from its beginning, middle and end."""
    root = stage.reference.schema.query_type
    assert root is not None
    lists = [name for name, made in root.fields.items() if isinstance(declaration_of(made), Pages)]
    for name in lists:
        found = [
            edge["cursor"]
            for way in ("first", "last")
            for edge in (await stage.planned(_cursors(root.fields[name], name, way), {}, "secretariat"))[
                "data"
            ][name]["edges"]
        ]
        for n in range(6):
            stage.names[f"@{name}{n}@"] = found[n * len(found) // 6]


def _cursors(made: Any, name: str, way: str) -> str:
    """A page of a list's cursors; a list that must be told what to look for looks for something common."""
    sought = "".join(
        f', {argument}: "city"' for argument, of in made.args.items() if is_required_argument(of)
    )
    return f"{{ {name}({way}: 40{sought}) {{ edges {{ cursor }} }} }}"
