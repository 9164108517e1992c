"""Counting: how much a parsed document asks for, fragments spread out, without ever spreading them out.

Every definition is walked once. What a fragment counts is worked out once and added wherever it is spread, so that a
kilobyte of fragments that double each other is counted, and refused, in microseconds: the document says how much it
would be, nobody has to go there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    is_abstract_type,
)

from planner.limits import MANY

_ASKS_ABOUT_ITSELF = ("__schema", "__type")


@dataclass(slots=True)
class Counted:
    """What an operation asks for. ``introspection`` is how many values its questions about the schema would yield."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    root_fields: int = 0
    introspection: int = 0

    def add(self, other: "Counted", spread: "_Spread") -> None:
        """Add what a fragment counts, at the place where it is spread."""
        if spread.times == 0:  # how deep questions about the schema go is no matter: they are weighed
            self.depth = max(self.depth, spread.level - 1 + other.depth)
        if spread.level == 1:
            self.root_fields = min(self.root_fields + other.root_fields, MANY)
        self.fields = min(self.fields + other.fields, MANY)
        self.aliases = min(self.aliases + other.aliases, MANY)
        self.directives = min(self.directives + other.directives, MANY)
        self.introspection = min(self.introspection + max(spread.times, 1) * other.introspection, MANY)


@dataclass(frozen=True, slots=True)
class _Spread:
    """A fragment spread at a level of nesting, reached ``times`` times inside a question about the schema, else 0."""

    name: str
    level: int
    times: int


@dataclass(slots=True)
class _Definition:
    """An operation or a fragment: what stands in it, and what it spreads."""

    counted: Counted = field(default_factory=Counted)
    spreads: list[_Spread] = field(default_factory=list)


class Counter:
    """Counts one document. ``visited`` is how many selections and spreads it has looked at."""

    def __init__(self, document: DocumentNode, sizes: Mapping[str, int]) -> None:
        self.visited = 0
        self._sizes = sizes
        self._fragments: dict[str, _Definition] = {}
        self._operations: list[_Definition] = []
        self._totals: dict[str, Counted] = {}
        for node in document.definitions:
            if isinstance(node, FragmentDefinitionNode):
                self._fragments[node.name.value] = self._walked(node)
            elif isinstance(node, OperationDefinitionNode):
                self._operations.append(self._walked(node))

    @property
    def fragments(self) -> int:
        """How many fragments the document defines."""
        return len(self._fragments)

    def operations(self) -> list[Counted]:
        """What each operation of the document asks for."""
        return [self._total(one) for one in self._operations]

    # ------------------------------------------------------------------ one definition

    def _walked(self, node: OperationDefinitionNode | FragmentDefinitionNode) -> _Definition:
        found = _Definition()
        found.counted.directives += _directives([node, *(node.variable_definitions or ())])
        about = isinstance(node, FragmentDefinitionNode) and node.type_condition.name.value.startswith("__")
        left = [(node.selection_set, 1, int(about))]
        while left:
            selections, level, times = left.pop()
            left += self._selected(found, selections, level, times)
        return found

    def _selected(
        self, found: _Definition, selections: SelectionSetNode, level: int, times: int
    ) -> list[tuple[SelectionSetNode, int, int]]:
        """Count one selection set; those inside it are returned, to be counted next."""
        inside = []
        self.visited += len(selections.selections)
        found.counted.directives += _directives(selections.selections)
        for one in selections.selections:
            if isinstance(one, FieldNode):
                deeper = self._field(found.counted, one, level, times)
                if one.selection_set:
                    inside.append((one.selection_set, *deeper))
            elif isinstance(one, FragmentSpreadNode):
                found.spreads.append(_Spread(one.name.value, level, times))
            else:
                selected: Any = one.selection_set  # type: ignore[attr-defined]  # an inline fragment: all that is left
                inside.append((selected, level, times))
        return inside

    def _field(self, counted: Counted, node: FieldNode, level: int, times: int) -> tuple[int, int]:
        """Count a field; the level and the times at which its own selections are reached."""
        counted.fields += 1
        counted.aliases += node.alias is not None
        counted.root_fields += level == 1 and times == 0
        counted.depth = max(counted.depth, level)
        if times == 0 and node.name.value not in _ASKS_ABOUT_ITSELF:
            return level + 1, 0
        times = max(times, 1)
        counted.introspection = min(counted.introspection + times, MANY)
        return level, min(times * self._sizes.get(node.name.value, 1), MANY)

    # ------------------------------------------------------------------ all of them together

    def _total(self, definition: _Definition) -> Counted:
        for spread in definition.spreads:
            self._settle(spread.name)
        return self._sum(definition)

    def _settle(self, name: str) -> None:
        """Work out what a fragment counts, those it spreads first. Cycles add nothing: validation refuses them."""
        path, entered = [name], set[str]()
        while path:
            self.visited += 1
            name = path[-1]
            if name in entered or name not in self._fragments:
                path.pop()
                if name in self._fragments and name not in self._totals:
                    self._totals[name] = self._sum(self._fragments[name])
            else:
                entered.add(name)
                inner = (spread.name for spread in self._fragments[name].spreads)
                path += [one for one in inner if one not in self._totals and one not in entered]

    def _sum(self, definition: _Definition) -> Counted:
        own = definition.counted
        total = Counted(
            own.depth, own.fields, own.aliases, own.directives, own.root_fields, own.introspection
        )
        self.visited += len(definition.spreads)
        for spread in definition.spreads:
            inner = self._totals.get(spread.name)
            if inner is not None:
                total.add(inner, spread)
        return total


def list_sizes(schema: GraphQLSchema) -> dict[str, int]:
    """How many values the lists of an introspection have, by field: all types, and the others on the average."""
    kinds: list[Any] = list(schema.type_map.values())
    fields = [len(kind.fields) for kind in kinds if hasattr(kind, "fields")]
    arguments = [
        len(made.args) for kind in kinds if hasattr(kind, "interfaces") for made in kind.fields.values()
    ]
    words = [len(kind.values) for kind in kinds if hasattr(kind, "values")]
    variants = [len(schema.get_possible_types(kind)) for kind in kinds if is_abstract_type(kind)]
    usual = {"fields": fields, "inputFields": fields, "args": arguments, "enumValues": words}
    usual |= {"possibleTypes": variants, "interfaces": [], "directives": []}
    return {"types": len(kinds)} | {name: _average(lengths) for name, lengths in usual.items()}


def _average(lengths: list[int]) -> int:
    return max(1, round(sum(lengths) / max(len(lengths), 1)))


def _directives(nodes: Iterable[Any]) -> int:
    return sum(len(node.directives) for node in nodes if node.directives)
