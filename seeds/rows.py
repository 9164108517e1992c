"""What is planted, as rows of the models, and how rows get into the database in one go."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.dialects.postgresql import Range
from sqlmodel import SQLModel

from models.accounts import Account
from models.cities import City, Seat
from models.delegations import Delegation
from models.discussions import Mention, Post, PostVersion, Reaction, Report, Thread
from models.events import Event, EventMove
from models.groups import Group, Membership
from models.mayors import Person, Term
from models.readings import Attention, Reading
from models.resolutions import Clause, Resolution, ResolutionCall, ResolutionVersion, Sponsorship

#: Fresh UUIDv7s, drawn from the database that will hold them.
Ids = Iterator[UUID]


@dataclass
class House:
    """Everything that is planted, in the order in which rows refer to one another."""

    cities: list[City] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    delegations: list[Delegation] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    moves: list[EventMove] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    threads: list[Thread] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    post_versions: list[PostVersion] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    attentions: list[Attention] = field(default_factory=list)
    calls: list[ResolutionCall] = field(default_factory=list)
    resolutions: list[Resolution] = field(default_factory=list)
    resolution_versions: list[ResolutionVersion] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)
    sponsorships: list[Sponsorship] = field(default_factory=list)

    def tables(self) -> Iterator[Sequence[SQLModel]]:
        """The rows of one table after another."""
        for table in fields(self):
            yield getattr(self, table.name)


async def copy(connection: asyncpg.Connection, rows: Sequence[SQLModel]) -> None:
    """Write rows of one table with COPY. Columns that no row fills are left to the database's defaults."""
    table = type(rows[0]).__table__  # type: ignore[attr-defined]  # SQLModel sets it when the class is a table
    columns = [
        column.name
        for column in table.columns
        if column.computed is None and any(getattr(row, column.name) is not None for row in rows)
    ]
    records = [tuple(_as_asyncpg(getattr(row, column)) for column in columns) for row in rows]
    await connection.copy_records_to_table(table.name, columns=columns, records=records)


def _as_asyncpg(value: Any) -> Any:
    match value:
        case Range():
            return asyncpg.Range(value.lower, value.upper)
        case StrEnum():
            return value.value
        case [*_]:
            return [_as_asyncpg(item) for item in value]
        case _:
            return value
