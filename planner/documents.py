"""Documents: counted, parsed and validated once, their plans kept by shape and their costs held to a limit."""

from collections.abc import Container, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    OperationDefinitionNode,
    validate,
)
from graphql.validation.validate import ValidationAbortedError

from planner.compile import Compiler
from planner.gate import Gate
from planner.limits import Limits, too_many
from planner.plan import Parameters, Plan, Viewer
from planner.prepared import Prepared
from planner.refusals import BadRequest
from planner.selection import Operation, Shape
from planner.shelf import Key, Shelf
from planner.texts import json_object
from planner.world import World

_MOST_ERRORS = 10
_BYTES_KEPT = 32_000_000
#: ``$1`` and ``$2`` of every statement are the caller's: token hash and capacity.
_CALLERS = 2


class Documents:
    """Every document seen lately, and what became of it. ``registered`` holds the texts of those known beforehand.

    Those of them that are ``sound`` are a part of this release, and were held to the contract when it was made: that
    is most of what a document's first sight costs.
    """

    def __init__(
        self,
        world: World,
        limits: Limits | None = None,
        registered: Container[str] = frozenset(),
        sound: Container[str] = frozenset(),
    ) -> None:
        self.world, self.limits, self.registered, self.sound = world, limits or Limits(), registered, sound
        self.gate = Gate(world.schema, self.limits)
        self.shelf = Shelf(_BYTES_KEPT)
        self._refused: tuple[Key, list[GraphQLError]] | None = None

    def prepare(self, query: str, operation_name: str | None = None) -> Prepared | list[GraphQLError]:
        """The operation, or why it is not one: too much, syntax, validation, or which operation is meant.

        Of what is refused only the last is remembered, for transports ask twice: to keep more would let strangers
        choose what memory is spent on.
        """
        key = (query, operation_name)
        found = self.shelf.get(key)
        if found is not None:
            return found
        if self._refused is not None and self._refused[0] == key:
            return self._refused[1]
        made = self._read(key)
        if isinstance(made, Prepared):
            self.shelf.put(key, made, registered=query in self.registered)
        else:
            self._refused = (key, made)
        return made

    def plan(self, prepared: Prepared, values: Mapping[str, Any], *, completing: bool = False) -> Plan:
        """The statement that answers a query with these variables; one for graphql-core to complete, if need be."""
        shape = Shape(values)
        label = "whole query" if completing else "query"
        plan: Plan | None = prepared.kept(label, shape)
        if plan is None:
            planned = self._planned(prepared, shape, completing=completing)
            plan = self._kept(prepared, label, shape, planned)
        self.afford(plan.cost.of(values))
        return plan

    def afford(self, cost: int) -> None:
        """Refuse what may reach more rows than one request may."""
        if cost > self.limits.cost:
            raise too_many("cost", cost, self.limits.cost)

    def remember(self, prepared: Prepared, said: bytes) -> None:
        """Keep an answer that can only ever be the same."""
        prepared.weight += len(said) - len(prepared.said)
        prepared.said = said
        self.shelf.weigh(prepared.key, prepared)

    def _kept(self, prepared: Prepared, label: Any, shape: Shape, plan: Plan) -> Plan:
        prepared.keep(label, shape, plan)
        self.shelf.weigh(prepared.key, prepared)
        return plan

    def outcome(
        self, prepared: Prepared, values: Mapping[str, Any], kind: GraphQLObjectType, key: str
    ) -> Plan:
        """The statement that reads what a mutation brought about; its id is ``$3``."""
        shape = Shape(values)
        plan: Plan | None = prepared.kept((key, kind.name), shape)
        if plan is None:
            compiler = self.compiler(prepared, shape, completing=True, taken=_CALLERS + 1)
            text = compiler.row(
                kind, self._selected(prepared, shape, key), f"{{child}}.id = ${_CALLERS + 1}::uuid"
            )
            sql = (
                f"WITH {self.world.viewer_ctes(compiler.viewer.mentioned)} "
                "SELECT CASE WHEN viewer.state <> 'ok' THEN viewer.state "
                f"ELSE {text} END FROM viewer"
            )
            plan = self._kept(prepared, (key, kind.name), shape, _made(sql, compiler, complete=True))
        return plan

    def payload(
        self,
        prepared: Prepared,
        values: Mapping[str, Any],
        kind: GraphQLObjectType,
        key: str,
        *,
        completing: bool = False,
    ) -> Plan:
        """The statement that reads notices of one kind for many viewers: ``$1`` the viewers, ``$2`` the positions.

        Its rows are position, viewer's number, payload.
        """
        shape = Shape(values)
        label = (key, kind.name, completing)
        plan: Plan | None = prepared.kept(label, shape)
        if plan is None:
            planned = self._payload(prepared, shape, kind, key, completing=completing)
            plan = self._kept(prepared, label, shape, planned)
        return plan

    def _payload(
        self, prepared: Prepared, shape: Shape, kind: GraphQLObjectType, key: str, *, completing: bool
    ) -> Plan:
        compiler = self.compiler(prepared, shape, completing=completing, many=True)
        plan = self._payload_with(compiler, prepared, kind, key)
        if compiler.unfinished and not completing:
            return self._payload(prepared, shape, kind, key, completing=True)
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
            f"SELECT n.pos, viewer.no, {text} FROM {self.world.viewers('$1', compiler.viewer.mentioned)} "
            f"CROSS JOIN {compiler.source(kind).table} n {' '.join(joins)} "
            f"WHERE n.pos = ANY ($2::bigint[]) AND n.kind = '{kind.name}' AND {' AND '.join(clauses)} ORDER BY n.pos"
        )
        return _made(sql, compiler, complete=compiler.completing)

    def _selected(self, prepared: Prepared, shape: Shape, key: str) -> list[FieldNode]:
        root = self.world.schema.get_root_type(prepared.operation.node.operation)
        if root is None:
            raise TypeError("the schema has no such operations")
        return prepared.operation.fields(root, [prepared.operation.node], shape)[key]

    def _planned(self, prepared: Prepared, shape: Shape, *, completing: bool) -> Plan:
        compiler = self.compiler(prepared, shape, completing=completing)
        text, joins = self._data(compiler, prepared)
        if compiler.unfinished and not completing:
            return self._planned(prepared, shape, completing=True)
        text = text if completing else json_object([("data", text)])
        sql = (
            f"WITH {self.world.viewer_ctes(compiler.viewer.mentioned)} "
            "SELECT CASE WHEN viewer.state <> 'ok' THEN viewer.state "
            f"ELSE {text} END FROM viewer {joins}"
        )
        return _made(sql, compiler, complete=completing, constant=_about_itself(prepared.operation, shape))

    def compiler(
        self,
        prepared: Prepared,
        shape: Shape,
        *,
        completing: bool,
        taken: int = _CALLERS,
        many: bool = False,
    ) -> Compiler:
        """A compiler for one statement of this operation; for ``many`` viewers all that is known of them is at hand."""
        viewer = Viewer() if many else Viewer(looked_up=self.world.looked_up)
        return Compiler(
            self.world, prepared.operation, shape, viewer, Parameters(taken), completing, self.limits
        )

    def _data(self, compiler: Compiler, prepared: Prepared) -> tuple[str, str]:
        kind = self.world.schema.query_type
        if kind is None:
            raise TypeError("the schema has no queries")
        joins: list[str] = []
        text = compiler.object(kind, [prepared.operation.node], "viewer", joins)
        return text, " ".join(joins)

    def _read(self, key: Key) -> Prepared | list[GraphQLError]:
        query, operation_name = key
        try:
            document = self.gate.read(query)
            self.gate.judge(document, trusted=query in self.registered)
            errors = [] if query in self.sound else self._mistakes(document)
            if errors:
                return [_worded(error) for error in errors[:_MOST_ERRORS]]
            node = _chosen(document, operation_name)
        except GraphQLError as error:
            return [error]
        fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        return Prepared(document, Operation(self.world.schema, node, fragments), key, self.limits)

    def _mistakes(self, document: DocumentNode) -> list[GraphQLError]:
        hidden = not self.limits.introspection
        return validate(self.world.schema, document, max_errors=_MOST_ERRORS, hide_suggestions=hidden)


def _worded(error: GraphQLError) -> GraphQLError:
    """Validation that gave up for the number of its comparisons says only that it did."""
    if not isinstance(error, ValidationAbortedError):
        return error
    return BadRequest(
        "Too many fields or fragments of this document would have to be compared with each other. Repeat less of it, "
        "or ask in several requests.",
        "TOO_INTRICATE",
    )


def _made(sql: str, compiler: Compiler, *, complete: bool, constant: bool = False) -> Plan:
    mentions = frozenset(compiler.viewer.mentioned)
    cost, holes = compiler.reach.cost(), tuple(compiler.holes)
    return Plan(sql, compiler.parameters, complete, mentions, cost, constant, holes)


def _about_itself(operation: Operation, shape: Shape) -> bool:
    """Whether a query asks for nothing but what the schema is, and so is answered alike for ever."""
    kind = operation.schema.query_type
    if kind is None or operation.node.variable_definitions:
        return False
    asked = operation.fields(kind, [operation.node], shape).values()
    return all(nodes[0].name.value.startswith("__") for nodes in asked)


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
