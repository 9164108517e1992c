"""Variables: their values coerced as GraphQL says (§6.1.2), at once where all of them are plain leaves."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import (
    GraphQLNonNull,
    GraphQLSchema,
    Undefined,
    VariableDefinitionNode,
    get_variable_values,
    is_leaf_type,
    type_from_ast,
)

from planner.limits import Limits, too_many

_MOST_ERRORS = 5

#: A leaf's name, how its value is read, and whether it must be given.
_Leaf = tuple[str, Callable[[Any], Any], bool]


class Variables:
    """The variables an operation defines.

    graphql-core looks up their types and walks their values at every request, which costs more than everything else
    that is done before reading. Leaves without defaults are read here; whatever is anything else, or wrong, goes
    graphql-core's way, so that it alone words the errors.
    """

    def __init__(
        self, schema: GraphQLSchema, definitions: Sequence[VariableDefinitionNode], limits: Limits
    ) -> None:
        self._schema, self._definitions, self._limits = schema, definitions, limits
        self._leaves = _leaves(schema, definitions)

    def values(self, given: Mapping[str, Any] | None) -> dict[str, Any]:
        """The coerced values. The first that cannot be coerced refuses the request, as a ``GraphQLError``."""
        if not self._definitions:
            return {}
        values = None if self._leaves is None else _at_once(self._leaves, given or {})
        return self._coerced(dict(given or {})) if values is None else values

    def _coerced(self, given: dict[str, Any]) -> dict[str, Any]:
        if _values_in(given, self._limits.values) > self._limits.values:
            raise too_many("values", self._limits.values + 1, self._limits.values)
        found = get_variable_values(
            self._schema,
            self._definitions,
            given,
            max_errors=_MOST_ERRORS,
            hide_suggestions=not self._limits.introspection,
        )
        if isinstance(found, list):
            raise found[0]
        return found.coerced


def _values_in(given: Any, most: int) -> int:
    """How many values there are in lists and objects, counted no further than one beyond ``most``."""
    count, left = 0, [given]
    while left and count <= most:
        one = left.pop()
        inside = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        count += len(inside)
        left += inside
    return count


def _leaves(schema: GraphQLSchema, definitions: Sequence[VariableDefinitionNode]) -> list[_Leaf] | None:
    found = []
    for definition in definitions:
        kind: Any = type_from_ast(schema, definition.type)
        certain = isinstance(kind, GraphQLNonNull)
        kind = kind.of_type if certain else kind
        if definition.default_value or not is_leaf_type(kind):
            return None
        found.append((definition.variable.name.value, kind.coerce_input_value, certain))
    return found


def _at_once(leaves: list[_Leaf], given: Mapping[str, Any]) -> dict[str, Any] | None:
    values: dict[str, Any] = {}
    for name, read, certain in leaves:
        value = given.get(name, Undefined)
        if value is None or value is Undefined:
            if certain:
                return None
            if value is None:
                values[name] = None
            continue
        try:
            values[name] = read(value)
        except Exception:  # noqa: BLE001 - a scalar may refuse in its own way; graphql-core tells which
            return None
    return values
