"""Holes: what needs Python is left open in the text that a statement reads, and filled in behind it.

The rest of an answer stays the bytes that PostgreSQL wrote. What cannot be filled (a null where none may be, a mistake
in an argument) is for graphql-core to complete and to tell: the whole answer then goes the long way, `complete`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import orjson
from graphql import FieldNode, GraphQLField, GraphQLList, GraphQLNonNull, GraphQLObjectType, is_leaf_type

from planner.arguments import Get, Given
from planner.declare import Computed
from planner.selection import Operation, Shape

#: Stands before and behind each hole. JSON has no bare control characters, so nothing else in an answer can be it.
MARK = "\x01"
_MARK = MARK.encode()

_Write = Callable[[Any], Any]


class Unfillable(Exception):
    """A hole whose content cannot be told here."""


@dataclass(frozen=True)
class Hole:
    """One field of a document that needs Python: who answers, with which arguments, and how that is written."""

    answer: Callable[..., Any]
    arguments: Mapping[str, Get]
    write: _Write

    @classmethod
    def of(
        cls,
        made: GraphQLField,
        declared: Computed,
        group: Sequence[FieldNode],
        operation: Operation,
        shape: Shape,
    ) -> "Hole":
        """The field as this operation asks for it."""
        given = Given.of(made, group[0], shape)
        taken = made.extensions["strawberry-definition"].arguments
        names = {a.python_name: name for a, name in zip(taken, made.args, strict=True)}
        arguments = {name: given.reader(shown) for name, shown in names.items()}
        return cls(declared.answer, arguments, _writer(made.type, group, operation, shape))

    def fill(self, needs: Mapping[str, Any], values: Mapping[str, Any]) -> bytes:
        """The JSON text of one such field."""
        arguments = {name: read(values) for name, read in self.arguments.items()}
        return orjson.dumps(self.write(self.answer(**needs, **arguments)))


def filled(body: bytes, holes: Sequence[Hole], values: Mapping[str, Any]) -> bytes:
    """What a statement read, with its holes filled; ``Unfillable`` where one cannot be."""
    parts = body.split(_MARK)
    try:
        for place in range(1, len(parts), 2):
            number, _, needs = parts[place].partition(b":")
            parts[place] = holes[int(number)].fill(orjson.loads(needs), values)
    except Exception as trouble:
        raise Unfillable from trouble  # whatever it was, graphql-core meets it again and says so in its place
    return b"".join(parts)


def _writer(kind: Any, group: Sequence[FieldNode], operation: Operation, shape: Shape) -> _Write:
    """How a value of a type is shown, as far as it is selected."""
    if isinstance(kind, GraphQLNonNull):
        inner = _writer(kind.of_type, group, operation, shape)
        return lambda value: _there(inner(value))
    if isinstance(kind, GraphQLList):
        item = _writer(kind.of_type, group, operation, shape)
        return lambda value: None if value is None else [item(one) for one in value]
    if is_leaf_type(kind):
        shown = kind.serialize
        return lambda value: None if value is None else shown(value)
    if isinstance(kind, GraphQLObjectType):
        return _object(kind, group, operation, shape)
    raise TypeError(f"a computed field cannot be of type {kind}")


def _object(
    kind: GraphQLObjectType, group: Sequence[FieldNode], operation: Operation, shape: Shape
) -> _Write:
    fields: list[tuple[str, _Write]] = []
    for key, nodes in operation.fields(kind, group, shape).items():
        made = kind.fields.get(nodes[0].name.value)
        fields.append((key, _field(made, nodes, operation, shape) if made else _typename(kind)))
    return lambda value: None if value is None else {key: shown(value) for key, shown in fields}


def _field(made: GraphQLField, nodes: Sequence[FieldNode], operation: Operation, shape: Shape) -> _Write:
    read = attrgetter(str(made.extensions["strawberry-definition"].python_name))
    shown = _writer(made.type, nodes, operation, shape)
    return lambda value: shown(read(value))


def _typename(kind: GraphQLObjectType) -> _Write:
    return lambda _: kind.name


def _there(value: Any) -> Any:
    if value is None:
        raise Unfillable
    return value
