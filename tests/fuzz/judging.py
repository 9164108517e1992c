"""Whether an answer is one that the contract allows to its question, and a refusal one that has a code."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLString,
    GraphQLType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    parse,
)

from tests.abuse.contract import contract

#: What a refusal may be for: whatever was sent was wrong, too much, or the moment was.
CODES = {
    "BAD_CHARACTER",
    "BAD_CURSOR",
    "BAD_JSON",
    "BAD_REQUEST",
    "BAD_USER_INPUT",
    "BATCHING_REFUSED",
    "CAPACITY_NOT_HELD",
    "DOCUMENT_TOO_LONG",
    "FORBIDDEN_ORIGIN",
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    "METHOD_NOT_ALLOWED",
    "NOT_ACCEPTABLE",
    "NOT_JSON",
    "PERSISTED_QUERY_NOT_FOUND",
    "TOO_COSTLY",
    "TOO_DEEP",
    "TOO_INTRICATE",
    "TOO_LONG",
    "TOO_MANY_ALIASES",
    "TOO_MANY_DIRECTIVES",
    "TOO_MANY_FIELDS",
    "TOO_MANY_FRAGMENTS",
    "TOO_MANY_IDS",
    "TOO_MANY_OPERATIONS",
    "TOO_MANY_ROOT_FIELDS",
    "TOO_MANY_TOKENS",
    "TOO_MANY_VALUES",
    "UNAUTHENTICATED",
}
_PYTHON: dict[str, type | tuple[type, ...]] = {"Int": int, "Float": (int, float), "Boolean": bool}


def wrong(query: str, status: int, answer: Any) -> str:
    """What an answer says that it may not; empty where all is well."""
    if status >= 500:
        return f"status {status}"
    if codes(answer) - CODES:
        return f"codes {codes(answer) - CODES}"
    if answer.get("data") is None:
        return "" if codes(answer) else "neither data nor errors"
    return next(violations(parse(query), answer["data"]), "")


def codes(answer: Any) -> set[str]:
    """Why an answer says no."""
    return {error["extensions"]["code"] for error in answer.get("errors", [])}


def violations(document: DocumentNode, data: Any) -> Iterator[str]:
    """Where data is not what the contract promises of a document's one operation."""
    operation = next(d for d in document.definitions if isinstance(d, OperationDefinitionNode))
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    root = contract().get_root_type(operation.operation)
    assert root
    yield from _object(data, root, [operation.selection_set], fragments, "")


def _object(
    data: Any,
    promised: Any,
    sets: list[SelectionSetNode],
    fragments: dict[str, FragmentDefinitionNode],
    path: str,
) -> Iterator[str]:
    if not isinstance(data, dict):
        yield f"{path}: no object"
        return
    possible = (
        [promised] if isinstance(promised, GraphQLObjectType) else contract().get_possible_types(promised)
    )
    asked: dict[str, list[tuple[GraphQLObjectType, FieldNode]]] = {}
    for kind in possible:
        for node in _fields(kind, sets, fragments):
            asked.setdefault(_key(node), []).append((kind, node))
    for key, value in data.items():
        # Which type it is was not always asked for; one that fits is enough.
        found = [
            list(_value(value, _declared(kind, node), nodes=[node for _, node in asked[key]],
                        fragments=fragments, path=f"{path}.{key}"))
            for kind, node in asked.get(key, [])
        ]  # fmt: skip
        if not found:
            yield f"{path}.{key}: nobody asked"
        elif all(found):
            yield from found[0]
    if len(possible) == 1:
        yield from (f"{path}.{key}: missing" for key in asked.keys() - data.keys())


def _value(
    value: Any,
    promised: GraphQLType,
    *,
    nodes: list[FieldNode],
    fragments: dict[str, FragmentDefinitionNode],
    path: str,
) -> Iterator[str]:
    if isinstance(promised, GraphQLNonNull):
        if value is None:
            yield f"{path}: null"
            return
        promised = promised.of_type
    if value is None:
        return
    if isinstance(promised, GraphQLList):
        if not isinstance(value, list):
            yield f"{path}: no list"
            return
        for n, one in enumerate(value):
            yield from _value(one, promised.of_type, nodes=nodes, fragments=fragments, path=f"{path}[{n}]")
    elif isinstance(promised, GraphQLEnumType | GraphQLScalarType):
        if not _is_leaf(value, promised):
            yield f"{path}: {value!r} is no {promised}"
    else:
        sets = [node.selection_set for node in nodes if node.selection_set]
        yield from _object(value, get_named_type(promised), sets, fragments, path)


def _is_leaf(value: Any, promised: GraphQLEnumType | GraphQLScalarType) -> bool:
    if isinstance(promised, GraphQLEnumType):
        return value in promised.values
    return isinstance(value, _PYTHON.get(promised.name, str))


def _fields(
    kind: GraphQLObjectType, sets: list[SelectionSetNode], fragments: dict[str, FragmentDefinitionNode]
) -> Iterator[FieldNode]:
    for selection in (one for selected in sets for one in selected.selections):
        if isinstance(selection, FieldNode):
            if selection.name.value in kind.fields or selection.name.value.startswith("__"):
                yield selection
            continue
        spread = fragments[selection.name.value] if isinstance(selection, FragmentSpreadNode) else selection
        assert isinstance(spread, FragmentDefinitionNode | InlineFragmentNode)
        on: Any = contract().type_map[spread.type_condition.name.value] if spread.type_condition else kind
        if on is kind or (not isinstance(on, GraphQLObjectType) and contract().is_sub_type(on, kind)):
            yield from _fields(kind, [spread.selection_set], fragments)


def _declared(kind: GraphQLObjectType, node: FieldNode) -> GraphQLType:
    name = node.name.value
    return GraphQLNonNull(GraphQLString) if name == "__typename" else kind.fields[name].type


def _key(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value
