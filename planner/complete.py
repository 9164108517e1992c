"""Completing: what a statement read and Python has to finish goes once more through graphql-core.

Then every field finds its value under its response key in what was read; a computed field is given its needs.
"""

from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLUnionType,
)

from planner.compile import TYPE_KEY
from planner.declare import Computed, Stream
from planner.world import declaration_of, source_of


def attach(schema: GraphQLSchema) -> None:
    """Teach a built schema to complete what statements read, in place of Strawberry's own resolvers."""
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            kind.is_type_of = None
            _attach_fields(kind)
        elif isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            kind.resolve_type = _type_of
        elif isinstance(kind, GraphQLEnumType) and not kind.name.startswith("__"):
            _shows_words_as_read(kind)


def _attach_fields(kind: GraphQLObjectType) -> None:
    relay = kind.name.endswith(("Connection", "Edge")) or kind.name == "PageInfo"
    for name, made in kind.fields.items():
        declared = declaration_of(made)
        if isinstance(declared, Computed):
            made.resolve = _computing(declared, [a.python_name for a in _arguments(made)])
        elif isinstance(declared, Stream) or (declared is not None and source_of(kind) is not None) or relay:
            made.resolve = _as_read
        elif kind.fields[name].resolve is not None and declared is None:
            made.resolve = _attribute(str(made.extensions["strawberry-definition"].python_name))


def _arguments(made: Any) -> list[Any]:
    return list(made.extensions["strawberry-definition"].arguments)


def _as_read(source: Any, info: GraphQLResolveInfo[Any], **_: Any) -> Any:
    return source[info.path.key] if source is not None else None


def _attribute(name: str) -> Any:
    return lambda source, _info: getattr(source, name)


def _computing(declared: Computed, names: list[str]) -> Any:
    def answer(source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        needs = {need: source[f"{info.path.key}:{need}"] for need in declared.needs}
        return declared.answer(**needs, **dict(zip(names, given.values(), strict=True)))

    return answer


def _type_of(value: Any, _info: GraphQLResolveInfo[Any], _kind: Any) -> str:
    return str(value[TYPE_KEY]) if isinstance(value, dict) else type(value).__name__


def _shows_words_as_read(kind: GraphQLEnumType) -> None:
    """The statement shows a word as its GraphQL name already."""
    known = frozenset(kind.values)
    inner = kind.coerce_output_value

    def coerce_output_value(word: Any) -> str:
        return word if type(word) is str and word in known else inner(word)

    kind.coerce_output_value = coerce_output_value  # type: ignore[assignment,method-assign]  # this instance's alone
    kind.serialize = coerce_output_value  # type: ignore[assignment,method-assign]  # the older name of the same
