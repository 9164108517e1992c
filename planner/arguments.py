"""Arguments: read from a document once, bound to a statement's parameters at every request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    ListValueNode,
    NullValueNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_enum_type,
)
from graphql.utilities import value_from_ast

from planner.refusals import BadRequest
from planner.selection import Shape

LONGEST = 10_000

Values = Mapping[str, Any]
Get = Callable[[Values], Any]


@dataclass(frozen=True)
class Given:
    """The arguments of one field in one document."""

    made: GraphQLField
    nodes: Mapping[str, ValueNode]
    shape: Shape

    @classmethod
    def of(cls, made: GraphQLField, node: FieldNode, shape: Shape) -> "Given":
        """The arguments ``node`` gives to the field ``made``."""
        return cls(made, {argument.name.value: argument.value for argument in node.arguments or ()}, shape)

    def present(self, name: str) -> bool:
        """Whether the argument is given and not null. The plan's shape depends on it."""
        node = self.nodes.get(name)
        if isinstance(node, VariableNode):
            return bool(self.shape.of(node.name.value, "present", _is_given))
        return node is not None and not isinstance(node, NullValueNode)

    def fixed(self, name: str) -> Any:
        """The argument's value, made part of the plan's shape; ``None`` when it is not given."""
        node = self.nodes.get(name)
        if isinstance(node, VariableNode):
            return self.shape.of(node.name.value, "value", _itself)
        return None if node is None else value_from_ast(node, self.made.args[name].type)

    def aspect(self, name: str, label: str, aspect: Callable[[Any], Any]) -> Any:
        """Only a part of the argument's value, made part of the plan's shape."""
        node = self.nodes[name]
        if isinstance(node, VariableNode):
            return self.shape.of(node.name.value, label, aspect)
        return aspect(self._reader(name)(self.shape.values))

    def reader(self, name: str) -> Get:
        """How to read the argument's value at request time."""
        return self._reader(name)

    def _reader(self, name: str) -> Get:
        node, kind = self.nodes[name], self.made.args[name].type
        if isinstance(node, VariableNode):
            variable = node.name.value
            return lambda values: values.get(variable)
        if isinstance(node, ListValueNode) and any(isinstance(item, VariableNode) for item in node.values):
            item_type = _unwrapped_list(kind)
            return lambda values: [
                values.get(item.name.value)
                if isinstance(item, VariableNode)
                else value_from_ast(item, item_type)
                for item in node.values
            ]
        constant = value_from_ast(node, kind)
        return lambda _: constant


def bound_type(made: GraphQLField, name: str, binds: Mapping[str, str]) -> str:
    """The PostgreSQL type an argument is bound as."""
    kind = made.args[name].type
    named = get_named_type(kind)
    base = "text" if is_enum_type(named) else binds[named.name]
    inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    return f"{base}[]" if isinstance(inner, GraphQLList) else base


def storable(value: Any) -> Any:
    """A value PostgreSQL can hold: no NUL, no half of a surrogate pair, and not more than anything is found by."""
    if isinstance(value, str):
        if len(value) > LONGEST:
            raise BadRequest(f"A text has {len(value):,} characters; arguments may have {LONGEST:,}.")
        if "\0" in value or not _encodes(value):
            raise BadRequest("Text may not contain NUL characters or unpaired surrogates.")
        return str(value)
    if isinstance(value, list):
        return [storable(item) for item in value]
    return value


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_given(value: Any) -> bool:
    return value is not None


def _itself(value: Any) -> Any:
    return value


def _unwrapped_list(kind: Any) -> Any:
    while not isinstance(kind, GraphQLList):
        kind = kind.of_type
    return kind.of_type
