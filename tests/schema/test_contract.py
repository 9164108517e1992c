"""The printed contract: it is what the code says, described throughout.

That no client is broken in silence is held by tests/transports/test_tools.py.
"""

from collections.abc import Iterator
from pathlib import Path

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    build_schema,
)

import schema

ROOT = Path(__file__).parents[2]
PRINTED = ROOT / "schema" / "schema.graphql"
BUILT = build_schema(schema.printed())


def test_the_printed_contract_is_what_the_code_says() -> None:
    assert schema.printed().strip() == PRINTED.read_text(encoding="utf-8").strip(), "run `make schema`"


def test_everything_in_the_contract_is_described() -> None:
    assert list(_undescribed()) == []


def test_descriptions_are_sentences() -> None:
    odd = [where for where, text in _described() if not text[:1].isupper() and not text.startswith("`")]

    assert odd == []


def _described() -> Iterator[tuple[str, str]]:
    """Everything that wants a description, and the one it has."""
    for kind in BUILT.type_map.values():
        if kind.name.startswith("__") or kind.name in {"ID", "Int", "Float", "String", "Boolean"}:
            continue
        yield kind.name, kind.description or ""
        if isinstance(kind, GraphQLEnumType):
            for name, value in kind.values.items():
                yield f"{kind.name}.{name}", value.description or ""
        elif isinstance(kind, GraphQLInputObjectType):
            for name, given in kind.fields.items():
                yield f"{kind.name}.{name}", given.description or ""
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for name, made in kind.fields.items():
                yield f"{kind.name}.{name}", made.description or ""
                for argument, taken in made.args.items():
                    yield f"{kind.name}.{name}({argument}:)", taken.description or ""


def _undescribed() -> Iterator[str]:
    return (where for where, text in _described() if not text.strip())
