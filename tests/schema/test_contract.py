"""The printed contract: it is what the code says, described throughout, and no client is broken in silence."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    build_schema,
    find_breaking_changes,
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


def test_no_client_is_broken_in_silence() -> None:
    released = _released()
    if released is None:
        pytest.skip("no git here: the contract equals its snapshot, and that is all that can be said")
    told = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    silent = [
        c.description
        for c in find_breaking_changes(build_schema(released), BUILT)
        if c.description not in told
    ]

    assert silent == [], "list these in CHANGELOG.md, word for word, or take them back"


def test_a_field_that_goes_would_be_noticed() -> None:
    less = re.sub(r'  """[^"]*"""\n  officePhone: String\n', "", schema.printed(), count=1)

    changes = find_breaking_changes(BUILT, build_schema(less))

    assert [change.description for change in changes] == ["Field City.officePhone was removed."]


def _released() -> str | None:
    """The contract as of the last tag, else of the last commit; ``None`` where git knows neither."""
    tag = _git("describe", "--tags", "--abbrev=0") or "HEAD"
    return _git("show", f"{tag}:schema/schema.graphql")


def _git(*arguments: str) -> str | None:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607  # the one on PATH
    return done.stdout.strip() or None if done.returncode == 0 else None


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
