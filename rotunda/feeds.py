"""Feeds: a subscription's document, turned into payloads by the same planner that answers queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLObjectType, execute

from planner.declare import Stream
from planner.documents import Documents
from planner.holes import Unfillable
from planner.plan import Plan
from planner.prepared import Prepared
from planner.read import Reader
from planner.selection import Shape
from planner.world import declaration_of
from policy.viewer import Acting
from rotunda import failures
from schema.notices import CursorExpired, Heartbeat, StreamEnded
from schema.scalars import Cursor

ENDED = {
    "DELEGATION_REVOKED": "The mayor took back the delegation you were acting under.",
    "DELEGATION_LEFT": "You left the delegation you were acting under.",
    "TERM_ENDED": "The term of office you were acting in has ended.",
    "EXPIRED": "The sign-in or the delegation you were acting under has reached its end.",
    "SIGNED_OUT": "You signed out, or the token is no longer good.",
    "RIGHTS_CHANGED": "The right you were acting under is gone.",
}
_EXPIRED = (
    "The log no longer reaches back to this cursor, or it is another log's. "
    "Read the present state, and begin at `head`."
)


@dataclass(eq=False)
class PlannedFeed:
    """One document with its variables; every subscriber that sent the same shares it."""

    documents: Documents
    reader: Reader
    prepared: Prepared
    values: Mapping[str, Any]
    key: str
    variables: Mapping[str, Any]
    kinds: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        declared = declaration_of(self._field())
        self.kinds = frozenset(declared.kinds) if isinstance(declared, Stream) else frozenset()

    def foresee(self) -> None:
        """Plan every kind of notice now: ``BadRequest`` for what could only be told once the stream is under way."""
        for kind in self.kinds:
            plan = self._plan(kind)
            plan.bind(self.values)
            self.documents.afford(plan.cost.of(self.values))

    def mentions(self, kind: str) -> frozenset[str]:
        """The viewer's attributes that payloads of this kind depend on."""
        return self._plan(kind).mentions

    async def payloads(
        self, kind: str, positions: Sequence[int], viewers: Sequence[Acting]
    ) -> list[tuple[int, int, bytes]]:
        """(position, index of the viewer, payload), in one statement."""
        plan = self._plan(kind)
        rows = await self._read(plan, positions, viewers)
        try:
            return [(pos, no, self._completed(plan, payload)) for pos, no, payload in rows]
        except Unfillable:
            plan = self._plan(kind, completing=True)
            rows = await self._read(plan, positions, viewers)
            return [(pos, no, self._completed(plan, payload)) for pos, no, payload in rows]

    def heartbeat(self, cursor: str) -> bytes:
        """The stream is alive."""
        return self._item(Heartbeat(cursor=Cursor(cursor)))

    def expired(self, head: str) -> bytes:
        """The cursor is of no use."""
        return self._item(CursorExpired(message=_EXPIRED, head=Cursor(head)))

    def ended(self, reason: str, cursor: str) -> bytes:
        """The right is gone."""
        return self._item(StreamEnded(reason=reason, message=ENDED[reason], cursor=Cursor(cursor)))

    async def _read(self, plan: Plan, positions: Sequence[int], viewers: Sequence[Acting]) -> list[Any]:
        given = [_recordset(viewers, plan.mentions), list(positions), *plan.bind(self.values)]
        return await self.reader.rows(plan.sql or "", given)

    def _plan(self, kind: str, *, completing: bool = False) -> Plan:
        found = self.documents.world.schema.type_map[kind]
        if not isinstance(found, GraphQLObjectType):
            raise TypeError(f"{kind} is no kind of notice")
        return self.documents.payload(self.prepared, self.values, found, self.key, completing=completing)

    def _completed(self, plan: Plan, payload: bytes) -> bytes:
        return self._execute(orjson.loads(payload)) if plan.complete else plan.filled(payload, self.values)

    def _item(self, item: Any) -> bytes:
        return self._execute({self.key: item})

    def _execute(self, root: Mapping[str, Any]) -> bytes:
        result = execute(
            self.documents.world.schema,
            self.prepared.document,
            root_value=root,
            variable_values=dict(self.variables),
            operation_name=self.prepared.name,
        )
        if not isinstance(result, ExecutionResult):
            raise TypeError("completing a payload waits for nothing")
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer["errors"] = [failures.shown(error) for error in result.errors]
        return orjson.dumps(answer)

    def _field(self) -> Any:
        root = self.documents.world.schema.subscription_type
        if root is None:
            raise TypeError("the schema has no subscriptions")
        selected = self.prepared.operation.fields(root, [self.prepared.operation.node], Shape(self.values))
        return root.fields[selected[self.key][0].name.value]


def _recordset(viewers: Sequence[Acting], mentioned: Iterable[str]) -> str:
    rows = [
        {"no": no, **{name: getattr(viewer, name) for name in mentioned}} for no, viewer in enumerate(viewers)
    ]
    return orjson.dumps(rows, default=str).decode()
