"""The world a plan is made in: the built schema, its declarations, and what the application tells the planner."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)

from planner.declare import EVERYONE, PLAN, Column, Declaration, One, Source

_DEFINITION = "strawberry-definition"


@dataclass(frozen=True)
class World:
    """``viewer_ctes`` define relation ``viewer`` from ``$1`` (token hash) and ``$2`` (capacity).

    They are told what is mentioned of it; ``looked_up`` says how the attributes are read that are no columns of it.
    ``read_id`` opens ids.

    ``leaves`` maps a scalar's GraphQL name to its JSON form, an SQL template over ``{x}``, and ``binds`` to the
    PostgreSQL type its arguments are bound as. ``signing`` is the key of page cursors. For streams, ``viewers``
    makes relation ``viewer``, with what is mentioned, of a parameter that holds many, numbered ``no``; ``about`` says
    who may know of a row of some kind in the log.
    """

    schema: GraphQLSchema
    viewer_ctes: Callable[[Collection[str]], str]
    looked_up: Mapping[str, str]
    read_id: Callable[[str, str], UUID | None]
    leaves: Mapping[str, str]
    binds: Mapping[str, str]
    signing: bytes
    viewers: Callable[[str, Collection[str]], str]
    about: Callable[[str], str]
    by_prefix: Mapping[str, GraphQLObjectType] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found = {
            source.prefix: kind
            for kind in self.schema.type_map.values()
            if isinstance(kind, GraphQLObjectType) and (source := source_of(kind)) and source.prefix
        }
        object.__setattr__(self, "by_prefix", found)
        for kind in self.schema.type_map.values():
            if isinstance(kind, GraphQLObjectType):
                _check(kind)


def source_of(kind: Any) -> Source | None:
    """Where a GraphQL type's objects come from; ``None`` for a type that was not declared to the planner."""
    definition = kind.extensions.get(_DEFINITION)
    origin = getattr(definition, "origin", None)
    return getattr(origin, "__plan_source__", None)


def declaration_of(made: GraphQLField) -> Declaration | None:
    """What a GraphQL field was declared to stand for."""
    definition = made.extensions.get(_DEFINITION)
    metadata = getattr(definition, "metadata", None) or {}
    return metadata.get(PLAN)


def python_name(made: GraphQLField) -> str:
    """The name a field has in Python, and by default its column in the table."""
    return str(made.extensions[_DEFINITION].python_name)


def variants(world: World, kind: GraphQLInterfaceType) -> list[GraphQLObjectType]:
    """The object types an interface stands for."""
    return list(world.schema.get_implementations(kind).objects)


def _check(kind: GraphQLObjectType) -> None:
    """Refuse a schema that promises a value where there may be none to show."""
    source = source_of(kind)
    if source is None:
        return
    for name, made in kind.fields.items():
        declared = declaration_of(made)
        certain = isinstance(made.type, GraphQLNonNull)
        if isinstance(declared, One) and certain:
            raise TypeError(
                f"{kind.name}.{name} leads to a row that may be unreadable, so it must be nullable"
            )
        if isinstance(declared, Column) and certain and _may_be_null(made, declared, source):
            raise TypeError(
                f"{kind.name}.{name} may be null in the row or hidden from a viewer, so it must be nullable"
            )


def _may_be_null(made: GraphQLField, declared: Column, source: Source) -> bool:
    if declared.readable != EVERYONE:
        return True
    return source.nullable is not None and (declared.name or python_name(made)) in source.nullable


def is_leaf(kind: GraphQLOutputType) -> bool:
    """Whether a field of this type has no selection of its own."""
    return is_leaf_type(get_named_type(kind))
