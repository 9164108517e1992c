"""Scalars: instants, days, wall times and log cursors, each in one form everywhere."""

from datetime import UTC, date, datetime
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

Instant = NewType("Instant", str)
Day = NewType("Day", str)
LocalTime = NewType("LocalTime", str)
Cursor = NewType("Cursor", str)


def _read_instant(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise GraphQLError("An instant is written like 2031-03-12T16:00:00.000Z, with an offset.")
    return moment.astimezone(UTC)


def _read_day(value: Any) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise GraphQLError("A day is written like 2031-03-12.") from None


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
    "Boolean": "to_json({x})",
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
