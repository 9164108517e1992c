"""Every argument and every input field of the printed contract, each with a document that leads there."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    get_named_type,
    is_enum_type,
    is_leaf_type,
    is_required_argument,
)

ROOT = Path(__file__).parents[2]


@cache
def contract() -> GraphQLSchema:
    return build_schema((ROOT / "schema" / "schema.graphql").read_text())


@dataclass(frozen=True)
class Spot:
    """Where a value can be put: `before` and `after` are the document around the value itself."""

    name: str
    kind: str  # of the operation
    type: Any
    before: str
    after: str

    def document(self) -> str:
        """With the value as a variable."""
        head = "subscription" if self.kind == "subscription" else self.kind
        return f"{head} ($v: {self.type}) {self.before}$v{self.after}"

    def literal(self, value: str) -> str:
        """With the value written into the document."""
        return f"{self.kind} {self.before}{value}{self.after}"

    @property
    def leaf(self) -> str:
        named = get_named_type(self.type)
        return "enum" if is_enum_type(named) else named.name

    @property
    def argument(self) -> str:
        """Its name, and its type."""
        return f"{self.name.rpartition('.')[2].rpartition('(')[2]}: {self.type}"

    @property
    def listed(self) -> bool:
        bare = self.type.of_type if isinstance(self.type, GraphQLNonNull) else self.type
        return isinstance(bare, GraphQLList)


def arguments(plausible: Mapping[str, str]) -> list[Spot]:
    """Every argument of every field of a query or subscription, and every field of every act's input.

    `plausible` gives what is required besides, by `input.field`, by field or by type, as literals.
    """
    return [*_read(plausible), *_heard(plausible), *_done(plausible)]


def _read(plausible: Mapping[str, str]) -> Iterator[Spot]:
    for before, kind, after in _paths(plausible):
        for name, made in kind.fields.items():
            for argument in made.args:
                call = _call(name, made, argument, plausible)
                yield Spot(
                    f"{kind.name}.{name}({argument})",
                    "query",
                    made.args[argument].type,
                    f"{before} {call[0]}",
                    f"{call[1]} {_some(made)} {after}",
                )


def _heard(plausible: Mapping[str, str]) -> Iterator[Spot]:
    root = contract().subscription_type
    assert root
    for name, made in root.fields.items():
        for argument in made.args:
            call = _call(name, made, argument, plausible)
            end = f"{call[1]} {_some(made)} }}"
            yield Spot(
                f"Subscription.{name}({argument})",
                "subscription",
                made.args[argument].type,
                f"{{ {call[0]}",
                end,
            )


def _done(plausible: Mapping[str, str]) -> Iterator[Spot]:
    root = contract().mutation_type
    assert root
    for name, made in root.fields.items():
        asked = get_named_type(made.args["input"].type)
        assert isinstance(asked, GraphQLInputObjectType)
        for field, declared in asked.fields.items():
            others = [
                f"{other}: {_value(f'{name}.{other}', kind.type, plausible)}"
                for other, kind in asked.fields.items()
                if other != field
                and (isinstance(kind.type, GraphQLNonNull) or f"{name}.{other}" in plausible)
            ]
            before = f"{{ outcome: {name}(input: {{ {' '.join(others)} {field}: "
            after = " }) { __typename ... on Problem { message } } }"
            yield Spot(f"{name}.{field}", "mutation", declared.type, before, after)
            inner = get_named_type(declared.type)
            if isinstance(inner, GraphQLInputObjectType):
                yield from _within(f"{name}.{field}", inner, before, after, plausible)


def _within(
    name: str, asked: GraphQLInputObjectType, before: str, after: str, plausible: Mapping[str, str]
) -> Iterator[Spot]:
    """The fields of an input that stands in a list of another."""
    for field, declared in asked.fields.items():
        others = [
            f"{other}: {_value(f'{name}.{other}', kind.type, plausible)}"
            for other, kind in asked.fields.items()
            if other != field and isinstance(kind.type, GraphQLNonNull)
        ]
        begun = f"{before}[{{ {' '.join(others)} {field}: "
        yield Spot(f"{name}.{field}", "mutation", declared.type, begun, f" }}]{after}")


def _call(name: str, made: GraphQLField, tried: str, plausible: Mapping[str, str]) -> tuple[str, str]:
    others = [
        f"{other}: {_value(other, argument.type, plausible)}"
        for other, argument in made.args.items()
        if other != tried and is_required_argument(argument)
    ]
    return f"{name}({' '.join(others)} {tried}: ", ")"


def _value(name: str, kind: Any, plausible: Mapping[str, str]) -> str:
    named = get_named_type(kind)
    if name in plausible:
        return plausible[name]
    short = name.rpartition(".")[2]
    if short in plausible:
        return plausible[short]
    one = next(iter(named.values)) if is_enum_type(named) else plausible[named.name]
    bare = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    return f"[{one}]" if isinstance(bare, GraphQLList) else one


def _some(made: GraphQLField) -> str:
    named = get_named_type(made.type)
    if is_leaf_type(named):
        return ""
    # A list's arguments are read where its items are.
    fields = getattr(named, "fields", {})
    return next(
        (f"{{ {items} {{ __typename }} }}" for items in ("nodes", "edges") if items in fields),
        "{ __typename }",
    )


def _paths(plausible: Mapping[str, str]) -> Iterator[tuple[str, GraphQLObjectType, str]]:
    """The shortest way from `Query` to every type that has arguments somewhere."""
    root = contract().query_type
    assert root
    waiting: deque[tuple[str, GraphQLObjectType, str]] = deque([("{", root, "}")])
    seen = {root.name}
    while waiting:
        before, kind, after = waiting.popleft()
        yield before, kind, after
        # `node` last: the plausible id is of one kind, and what it does not lead to is not read.
        for name, made in sorted(kind.fields.items(), key=lambda field: field[0] in {"node", "nodes"}):
            given = [
                f"{argument}: {_value(argument, declared.type, plausible)}"
                for argument, declared in made.args.items()
                if is_required_argument(declared) or argument in {"id", "first"}
            ]
            call = f"{name}({' '.join(given)})" if given else name
            for reached, narrowed, closing in _objects(made):
                if reached.name not in seen:
                    seen.add(reached.name)
                    waiting.append((f"{before} {call} {{ {narrowed}", reached, f"{closing} }} {after}"))


def _objects(made: GraphQLField) -> Iterator[tuple[GraphQLObjectType, str, str]]:
    named = get_named_type(made.type)
    if isinstance(named, GraphQLObjectType):
        yield named, "", ""
    elif isinstance(named, GraphQLUnionType | GraphQLInterfaceType):
        for one in contract().get_possible_types(named):
            yield one, f"... on {one.name} {{", "}"
