"""Scalars: instants, days, wall times and log cursors, each in one form everywhere."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

Instant = NewType("Instant", str)
Day = NewType("Day", str)
LocalTime = NewType("LocalTime", str)
Cursor = NewType("Cursor", str)


# Python reads much more as a date: weeks, days of the year, digits of any script.
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}([.]\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _read_instant(value: Any) -> datetime:
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        with suppress(ValueError, OverflowError):
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
    raise GraphQLError("An instant is written like 2031-03-12T16:00:00.000Z, with an offset.")


def _read_day(value: Any) -> date:
    if isinstance(value, str) and _DAY.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise GraphQLError("A day is written like 2031-03-12.")


def _shown(value: Any) -> Any:
    return value


SCALARS: dict[object, ScalarDefinition] = {
    Instant: strawberry.scalar(
        name="Instant",
        description="A moment in time: RFC 3339 in UTC with milliseconds, `2031-03-12T16:00:00.000Z`.",
        serialize=_shown,
        parse_value=_read_instant,
    ),
    Day: strawberry.scalar(
        name="Day", description="A calendar day: `2031-03-12`.", serialize=_shown, parse_value=_read_day
    ),
    LocalTime: strawberry.scalar(
        name="LocalTime",
        description="A time as it stands on the wall in a zone named beside it: `2031-03-12T12:00`.",
        serialize=_shown,
        parse_value=str,
    ),
    Cursor: strawberry.scalar(
        name="Cursor",
        description="A place in the log. Opaque; keep the last one you applied and resume with it.",
        serialize=_shown,
        parse_value=str,
    ),
}

#: How each leaf becomes JSON, as SQL over ``{x}``.
LEAVES = {
    "ID": "to_json({x})",
    "String": "to_json({x})",
    "Int": "({x})::text",
    "Float": "to_json({x})",
    "Boolean": "({x})::text",
    "Instant": """to_char({x} AT TIME ZONE 'UTC','"\\""YYYY-MM-DD"T"HH24:MI:SS.MS"Z\\""')""",
    "Day": "to_json({x})",
    "LocalTime": """to_char({x},'"\\""YYYY-MM-DD"T"HH24:MI"\\""')""",
    "Cursor": "to_json({x})",
}

#: What each input is bound as.
BINDS = {
    "ID": "text",
    "String": "text",
    "Int": "int",
    "Float": "float8",
    "Boolean": "boolean",
    "Instant": "timestamptz",
    "Day": "date",
    "LocalTime": "text",
    "Cursor": "text",
}
