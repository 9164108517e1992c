"""What the reference executor reads with: a connection that has become one viewer's, and plain SELECTs over it."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
from graphql import GraphQLList, GraphQLNonNull

from planner.declare import Source, Where
from planner.world import source_of

_KINDS = {"Int": "int", "Float": "float8", "Boolean": "boolean", "Instant": "timestamptz", "Day": "date"}
_ID = re.compile(r"([a-z]+)_([0-9a-f]{32})")


class Unanswerable(Exception):
    """The whole request is refused; ``code`` is what programs read."""

    def __init__(self, code: str = "BAD_USER_INPUT") -> None:
        super().__init__(code)
        self.code = code


class TooMuch(Exception):
    """More queries than a comparison is worth."""


@dataclass(frozen=True)
class Row:
    """An object: a row of ``source`` by its key, or a part of a JSON value; ``kind`` names its GraphQL type."""

    kind: str
    source: Source
    key: Any = None
    part: Any = None
    #: Of an edge that says how it was found: its place, and the arguments it was found by, with their SQL types.
    cursor: str | None = None
    given: Mapping[str, tuple[Any, str]] = field(default_factory=dict)


@dataclass
class Reading:
    """A connection that has become one viewer's, by a temporary table called ``viewer``."""

    connection: "asyncpg.Connection[asyncpg.Record]"
    signing: bytes
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    left: int = 0
    patience: float | None = None  # seconds that one query may take

    @classmethod
    async def as_viewer(
        cls, dsn: str, *, cte: str, signing: bytes, token: bytes | None, capacity: UUID | None
    ) -> "Reading":
        """Look the viewer up once; the database stands still while two executors are compared."""
        connection = await asyncpg.connect(dsn, server_settings={"jit": "off"})
        await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)
        await connection.set_type_codec("json", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)
        found = await connection.prepare(f"WITH {cte} SELECT viewer.* FROM viewer")
        columns = ", ".join(f"{a.name} {a.type.name}" for a in found.get_attributes())
        await connection.execute(f"CREATE TEMP TABLE viewer ({columns})")
        row = await found.fetchrow(token, capacity)
        assert row is not None
        places = ", ".join(f"${n}" for n in range(1, len(row) + 1))
        await connection.execute(f"INSERT INTO viewer VALUES ({places})", *row.values())
        return cls(connection, signing)

    async def rows(self, sql: str, *arguments: Any) -> list[Any]:
        """One query at a time: a connection serves no two siblings at once."""
        self.left -= 1
        if self.left < 0:
            raise TooMuch
        async with self.turn:
            try:
                return list(await self.connection.fetch(sql, *arguments, timeout=self.patience))
            except asyncpg.DataError:
                raise Unanswerable from None
            except TimeoutError:
                raise TooMuch from None

    async def of_row(self, row: Row, expression: str) -> Any:
        """An expression over one row, which is called ``parent``."""
        where = "true" if row.source.table == "" else f"{key_of(row.source, 'parent')} = $1"
        arguments = () if row.source.table == "" else (row.key, *(value for value, _ in row.given.values()))
        found = await self.rows(
            f"SELECT {expression} FROM viewer, {row.source.table or 'viewer'} parent WHERE {where}",
            *arguments,
        )
        assert len(found) == 1, f"{row} is not one row"
        return found[0][0]


@dataclass(frozen=True)
class Select:
    """The children ``child`` of a row ``parent``: one plain SELECT."""

    target: Any
    clauses: list[str]
    arguments: list[Any]
    order: list[str]
    keys: bool = False

    async def rows(self, reading: Reading, parent: Row) -> list[tuple[Row, str]]:
        """Each with the JSON of what it is ordered by, if ``keys`` are wanted."""
        source = source_of(self.target)
        assert source is not None
        own = f"{key_of(parent.source, 'parent')} = $1" if parent.source.table else "$1::text IS NULL"
        where = " AND ".join(
            f"({clause})" for clause in [own, text(source.readable, row="child"), *self.clauses]
        )
        word = f"child.{source.kind_column}" if source.kind_column else "NULL"
        order = ", ".join(self.order)
        keys = f"json_build_array({order})::text" if self.keys else "''"
        found = await reading.rows(
            f"SELECT {key_of(source, 'child')}, {word}, {keys} "
            f"FROM viewer, {parent.source.table or 'viewer'} parent, {source.table} child "
            f"WHERE {where} ORDER BY {order}",
            parent.key,
            *self.arguments,
        )
        return [(Row(word or self.target.name, source, key), keys) for key, word, keys in found if key]


def key_of(source: Source, row: str) -> str:
    """What tells one row from another; of a relation without a key, all that it says."""
    return f"{row}.{source.key}" if source.key else f"to_jsonb({row})::text"


def text(template: str, row: str = "parent", **names: str) -> str:
    return template.format(row=row, child="child", viewer=_ViewerColumns(), **names)


def narrowed(where: Mapping[str, Where], given: Mapping[str, Any], made: Any) -> tuple[list[str], list[Any]]:
    """The clauses of the arguments that are given, over the child ``child``, and the values from ``$2`` on."""
    clauses: list[str] = []
    arguments: list[Any] = []
    for name, declared in where.items():
        value = given.get(camel(name))
        if value is not None:
            arguments.append(opened_id(str(value), declared.of) if declared.of else value)
            kind = "uuid" if declared.of else kind_of(made.args[camel(name)].type)
            place = f"${1 + len(arguments)}::{kind}"
            clauses.append(text(declared.sql, row="child", value=place))
    return clauses, arguments


def kind_of(kind: Any) -> str:
    """The SQL type of an argument."""
    if isinstance(kind, GraphQLNonNull):
        return kind_of(kind.of_type)
    return f"{kind_of(kind.of_type)}[]" if isinstance(kind, GraphQLList) else _KINDS.get(kind.name, "text")


def opened_id(id: str, prefix: str) -> UUID | None:
    found = _ID.fullmatch(id)
    return UUID(found[2]) if found and found[1] == prefix else None


def camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)


class _ViewerColumns:
    def __getattr__(self, name: str) -> str:
        return f"viewer.{name}"
