"""Documents: parsed and validated once, their plans kept by shape."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    OperationDefinitionNode,
    parse,
    validate,
)

from planner.compile import Compiler
from planner.plan import Parameters, Plan, Viewer
from planner.refusals import BadRequest
from planner.selection import Aspect, Operation, Shape, shape_key
from planner.texts import json_object
from planner.variables import Variables
from planner.world import World

_MOST_TOKENS = 5_000
_DOCUMENTS_KEPT = 1_000
_PLANS_KEPT = 200
#: ``$1`` and ``$2`` of every statement are the caller's: token hash and capacity.
_CALLERS = 2


@dataclass
class Prepared:
    """One operation of a valid document, ready to be planned. ``kind`` is query, mutation or subscription."""

    document: DocumentNode
    operation: Operation
    asked: dict[tuple[str, str], Aspect] = field(default_factory=dict)
    plans: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    kind: str = field(init=False)
    variables: Variables = field(init=False)

    def __post_init__(self) -> None:
        node = self.operation.node
        self.kind = node.operation.value
        self.variables = Variables(self.operation.schema, node.variable_definitions or ())

    @property
    def name(self) -> str | None:
        """The operation's name, if it has one."""
        return self.operation.node.name.value if self.operation.node.name else None

    def values(self, variables: Mapping[str, Any] | None) -> dict[str, Any]:
        """The variables' coerced values; the first that cannot be coerced refuses the request."""
        return self.variables.values(variables)

    def kept(self, label: Any, shape: Shape) -> Any:
        """A plan made earlier for this shape."""
        return self.plans.get((label, *shape_key(self.asked, shape.values)))

    def keep(self, label: Any, shape: Shape, plan: Any) -> None:
        """Keep a plan. If it depends on values that no earlier plan did, the earlier keys say too little."""
        if not shape.asked.keys() <= self.asked.keys() or len(self.plans) >= _PLANS_KEPT:
            self.asked.update(shape.asked)
            self.plans.clear()
        self.plans[(label, *shape_key(self.asked, shape.values))] = plan


class Documents:
    """Every document seen lately, and what became of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._prepared: OrderedDict[tuple[str, str | None], Prepared | list[GraphQLError]] = OrderedDict()

    def prepare(self, query: str, operation_name: str | None = None) -> Prepared | list[GraphQLError]:
        """The operation, or why it is not one: syntax, validation, or which operation is meant."""
        key = (query, operation_name)
        found = self._prepared.get(key)
        if found is None:
            found = self._prepared[key] = self._read(query, operation_name)
            if len(self._prepared) > _DOCUMENTS_KEPT:
                self._prepared.popitem(last=False)
        else:
            self._prepared.move_to_end(key)
        return found

    def plan(self, prepared: Prepared, values: Mapping[str, Any]) -> Plan:
        """The statement that answers a query with these variables."""
        shape = Shape(values)
        plan = prepared.kept("query", shape)
        if plan is None:
            plan = self._planned(prepared, shape)
            prepared.keep("query", shape, plan)
        found: Plan = plan
        return found

    def outcome(
        self, prepared: Prepared, values: Mapping[str, Any], kind: GraphQLObjectType, key: str
    ) -> Plan:
        """The statement that reads what a mutation brought about; its id is ``$3``."""
        shape = Shape(values)
        plan = prepared.kept((key, kind.name), shape)
        if plan is None:
            compiler = self.compiler(prepared, shape, completing=True, taken=_CALLERS + 1)
            text = compiler.row(
                kind, self._selected(prepared, shape, key), f"{{child}}.id = ${_CALLERS + 1}::uuid"
            )
            sql = (
                f"WITH {self.world.viewer_cte} SELECT CASE WHEN viewer.state <> 'ok' THEN viewer.state "
                f"ELSE {text} END FROM viewer"
            )
            plan = Plan(
                sql, compiler.parameters, complete=True, mentions=frozenset(compiler.viewer.mentioned)
            )
            prepared.keep((key, kind.name), shape, plan)
        found: Plan = plan
        return found

    def payload(
        self, prepared: Prepared, values: Mapping[str, Any], kind: GraphQLObjectType, key: str
    ) -> Plan:
        """The statement that reads notices of one kind for many viewers: ``$1`` the viewers, ``$2`` the positions.

        Its rows are position, viewer's number, payload.
        """
        shape = Shape(values)
        plan = prepared.kept((key, kind.name), shape)
        if plan is None:
            plan = self._payload(prepared, shape, kind, key)
            prepared.keep((key, kind.name), shape, plan)
        found: Plan = plan
        return found

    def _payload(self, prepared: Prepared, shape: Shape, kind: GraphQLObjectType, key: str) -> Plan:
        compiler = self.compiler(prepared, shape, completing=False)
        plan = self._payload_with(compiler, prepared, kind, key)
        if compiler.unfinished:
            plan = self._payload_with(self.compiler(prepared, shape, completing=True), prepared, kind, key)
        return plan

    def _payload_with(
        self, compiler: Compiler, prepared: Prepared, kind: GraphQLObjectType, key: str
    ) -> Plan:
        nodes = self._selected(prepared, compiler.shape, key)
        joins: list[str] = []
        text = json_object([(key, compiler.object(kind, nodes, "n", joins))])
        text = text if compiler.completing else json_object([("data", text)])
        clauses = [f"({compiler.text(self.world.about(kind.name), row='n')})", *compiler.narrowing(nodes[0])]
        sql = (
            f"SELECT n.pos, viewer.no, {text} FROM {self.world.viewers('$1')} "
            f"CROSS JOIN {compiler.source(kind).table} n {' '.join(joins)} "
            f"WHERE n.pos = ANY ($2::bigint[]) AND n.kind = '{kind.name}' AND {' AND '.join(clauses)} ORDER BY n.pos"
        )
        return Plan(sql, compiler.parameters, compiler.completing, frozenset(compiler.viewer.mentioned))

    def _selected(self, prepared: Prepared, shape: Shape, key: str) -> list[FieldNode]:
        root = self.world.schema.get_root_type(prepared.operation.node.operation)
        if root is None:
            raise TypeError("the schema has no such operations")
        return prepared.operation.fields(root, [prepared.operation.node], shape)[key]

    def _planned(self, prepared: Prepared, shape: Shape) -> Plan:
        compiler = self.compiler(prepared, shape, completing=False)
        text, joins = self._data(compiler, prepared)
        if compiler.unfinished:
            compiler = self.compiler(prepared, shape, completing=True)
            text, joins = self._data(compiler, prepared)
        text = text if compiler.unfinished else json_object([("data", text)])
        sql = (
            f"WITH {self.world.viewer_cte} SELECT CASE WHEN viewer.state <> 'ok' THEN viewer.state "
            f"ELSE {text} END FROM viewer {joins}"
        )
        return Plan(sql, compiler.parameters, compiler.unfinished, frozenset(compiler.viewer.mentioned))

    def compiler(
        self, prepared: Prepared, shape: Shape, *, completing: bool, taken: int = _CALLERS
    ) -> Compiler:
        """A compiler for one statement of this operation."""
        return Compiler(self.world, prepared.operation, shape, Viewer(), Parameters(taken), completing)

    def _data(self, compiler: Compiler, prepared: Prepared) -> tuple[str, str]:
        kind = self.world.schema.query_type
        if kind is None:
            raise TypeError("the schema has no queries")
        joins: list[str] = []
        text = compiler.object(kind, [prepared.operation.node], "viewer", joins)
        return text, " ".join(joins)

    def _read(self, query: str, operation_name: str | None) -> Prepared | list[GraphQLError]:
        try:
            document = parse(query, max_tokens=_MOST_TOKENS, no_location=False)
        except GraphQLError as error:
            return [error]
        errors = validate(self.world.schema, document, max_errors=10)
        if errors:
            return errors
        try:
            node = _chosen(document, operation_name)
        except BadRequest as error:
            return [error]
        fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        return Prepared(document, Operation(self.world.schema, node, fragments))


def _chosen(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    if name is None and len(operations) == 1:
        return operations[0]
    if name is None:
        raise BadRequest("The document holds several operations, or none; say which by `operationName`.")
    for node in operations:
        if node.name and node.name.value == name:
            return node
    raise BadRequest(f"The document has no operation called “{name[:60]}”.")
