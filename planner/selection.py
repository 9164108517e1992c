"""What an operation selects of one type: fragments spread, `@skip` and `@include` decided (GraphQL §6.3.2)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
)

#: How a variable's value changes a plan's text: the part of the value that does.
Aspect = Callable[[Any], Any]


@dataclass
class Shape:
    """The values a plan's text depends on; two requests with equal shapes share one plan.

    Reading a value through ``of`` is what records the dependency, so that nothing can be forgotten.
    """

    values: Mapping[str, Any]
    asked: dict[tuple[str, str], Aspect] = field(default_factory=dict)

    def of(self, variable: str, name: str, aspect: Aspect) -> Any:
        """``aspect`` of a variable's value; ``name`` tells this aspect from others."""
        self.asked[variable, name] = aspect
        return aspect(self.values.get(variable))


def shape_key(asked: Mapping[tuple[str, str], Aspect], values: Mapping[str, Any]) -> tuple[Any, ...]:
    """The part of ``values`` that plans of this document depend on."""
    return tuple([aspect(values.get(variable)) for (variable, _), aspect in asked.items()])


@dataclass(frozen=True)
class Operation:
    """One operation of a parsed document, with the document's fragments."""

    schema: GraphQLSchema
    node: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]

    def fields(
        self, kind: GraphQLObjectType, nodes: Iterable[FieldNode | OperationDefinitionNode], shape: Shape
    ) -> dict[str, list[FieldNode]]:
        """The fields selected on an object of ``kind``, by response key, in the order they appear."""
        found: dict[str, list[FieldNode]] = {}
        for node in nodes:
            if node.selection_set:
                self._collect(kind, node.selection_set, shape, found, set())
        return found

    def _collect(
        self,
        kind: GraphQLObjectType,
        selections: SelectionSetNode,
        shape: Shape,
        found: dict[str, list[FieldNode]],
        seen: set[str],
    ) -> None:
        for selection in selections.selections:
            if selection.directives and not _included(selection, shape):
                continue
            if isinstance(selection, FieldNode):
                found.setdefault((selection.alias or selection.name).value, []).append(selection)
            elif isinstance(selection, InlineFragmentNode):
                if self._applies(selection, kind):
                    self._collect(kind, selection.selection_set, shape, found, seen)
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in seen:
                seen.add(selection.name.value)
                fragment = self.fragments[selection.name.value]
                if self._applies(fragment, kind):
                    self._collect(kind, fragment.selection_set, shape, found, seen)

    def _applies(
        self, fragment: InlineFragmentNode | FragmentDefinitionNode, kind: GraphQLObjectType
    ) -> bool:
        if fragment.type_condition is None:
            return True
        condition = self.schema.type_map[fragment.type_condition.name.value]
        if is_abstract_type(condition):
            abstract: GraphQLAbstractType = condition
            return self.schema.is_sub_type(abstract, kind)
        return condition is kind


def _included(selection: Any, shape: Shape) -> bool:
    for directive in selection.directives:
        value = directive.arguments[0].value
        on = shape.of(value.name.value, "flag", bool) if isinstance(value, VariableNode) else value.value
        if on is (directive.name.value == "skip"):
            return False
    return True
