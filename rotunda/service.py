"""The service: what stands behind `/graphql` and the portal. Plans read, acts write, the hub tells."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from time import monotonic
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

import orjson
from graphql import ExecutionResult, GraphQLResolveInfo, coerce_input_value, execute
from graphql.pyutils import is_awaitable
from sqlalchemy.ext.asyncio import AsyncEngine

from models import ids
from models.letters import Invitation, KeyAdded
from models.letters import Letter as Wanted
from models.positions import BadCursor
from models.problems import Missing, Problem
from notifications import letters
from notifications.hub import Asker, Hub
from notifications.letters import DelegationInvited, Letter
from notifications.mail import NotSent, Post
from planner.arguments import Given
from planner.documents import Documents
from planner.holes import Unfillable
from planner.plan import Plan
from planner.prepared import Prepared
from planner.read import Reader
from planner.refusals import BadRequest
from planner.selection import Shape
from policy.viewer import Acting
from resolvers.act import Asked, Done, NotAdmitted, perform
from rotunda import failures
from rotunda.admission import Admission
from rotunda.credentials import capacity, hashed
from rotunda.feeds import PlannedFeed
from rotunda.footprints import Footprints
from rotunda.graphql.limits import Limits
from rotunda.graphql.service import Answer, Caller, Kind, Operation, Stream
from rotunda.graphql.traffic import Traffic
from rotunda.registered import Registered
from schema.acts import ACT, Declared
from schema.problems import shown

#: Seconds for which it need not be asked again who somebody is that was let in.
_A_MOMENT = 2.0
_log = logging.getLogger(__name__)
_WHOSE = "SELECT account_id FROM tokens WHERE hash = $1 AND revoked_at IS NULL AND expires_at > now()"


@dataclass(frozen=True, slots=True)
class Request:
    """What a mutation's fields need to know of the request they are part of."""

    prepared: Prepared
    values: Mapping[str, Any]
    token: bytes | None
    capacity: UUID | None


@dataclass(frozen=True, slots=True)
class _LetIn(Caller):
    """Somebody who was let in: whom they stood for, and how many changes of rights the hub had heard of by then."""

    acting: Acting = field(default_factory=Acting, compare=False)
    changes: int = field(default=-1, compare=False)
    at: float = field(default=0.0, compare=False)

    def holds(self, changes: int) -> bool:
        """Whether that need not be asked again: it was a moment ago, and nobody's rights have changed since.

        A change that the hub has yet to hear of ends the stream when it does, as it would any that is open.
        """
        return self.changes == changes and monotonic() - self.at < _A_MOMENT


class House:
    """Answers operations for callers. ``Service`` of the transports, ``Api`` of the portal."""

    def __init__(
        self,
        documents: Documents,
        reader: Reader,
        engine: AsyncEngine,
        post: Post,
        limits: Limits | None = None,
        registered: Registered | None = None,
    ) -> None:
        self.documents, self.reader, self.engine, self.post = documents, reader, engine, post
        self.registered = registered or Registered()
        self.traffic = Traffic(limits or Limits(), self.whose)
        self.hub: Hub | None = None
        self.footprints = Footprints()
        self._feeds: WeakValueDictionary[tuple[Any, ...], PlannedFeed] = WeakValueDictionary()
        self.admission = Admission(reader)
        self._carry_out_acts()

    # ------------------------------------------------------------------ the transports' Service

    def kind(self, operation: Operation) -> Kind | None:
        """Whether it asks, acts or listens; ``None`` where that cannot be told."""
        try:
            meant = self._meant(operation)
        except BadRequest:
            return None
        prepared = self.documents.prepare(meant.query, meant.operation_name)
        if not isinstance(prepared, Prepared):
            return None
        found: Kind = prepared.kind  # type: ignore[assignment]  # GraphQL has these three
        return found

    async def answer(self, operation: Operation, caller: Caller) -> Answer:
        """Answer a query or carry out a mutation."""
        try:
            return await self._answered(self._meant(operation), caller)
        except Exception as trouble:  # noqa: BLE001 - whatever happens, the caller gets an answer
            return failures.failed(trouble)

    async def rehearse(self, name: str, given: Mapping[str, Any], caller: Caller) -> Answer:
        """Judge an act by all its rules without doing it: `outcome` is the problem, or null where none would come."""
        try:
            problem = await self._rehearsed(name, given, caller)
        except Exception as trouble:  # noqa: BLE001 - as above
            return failures.failed(trouble)
        told = problem and {"__typename": type(problem).__name__, **asdict(problem)}
        return Answer(orjson.dumps({"data": {"outcome": told}}))

    async def subscribe(self, operation: Operation, caller: Caller) -> Stream | Answer:
        """Start a stream, or say why not."""
        try:
            return await self._subscribed(self._meant(operation), caller)
        except BadCursor:
            return failures.refused(
                [BadRequest("This is no cursor of the log, or a damaged one.", "BAD_CURSOR")]
            )
        except Exception as trouble:  # noqa: BLE001 - as above
            return failures.failed(trouble)

    async def admit(self, caller: Caller) -> Caller | None:
        """Check the token, and pin the capacity that holds now: a later grant does not change an open socket."""
        changes = self.hub.changes if self.hub else 0
        acting = await self.admission.who(hashed(caller.token), capacity(caller.capacity))
        if isinstance(acting, str):
            return None
        self.traffic.know(caller.token, acting.account_id)
        pinned = ids.shown("cap", acting.capacity_id) if acting.capacity_id else None
        return _LetIn(caller.token, pinned, acting, changes, monotonic())

    async def acting(self, token: bytes | None, chosen: UUID | None) -> Acting | None:
        """Who a token and capacity stand for now."""
        return _or_nobody(await self.admission.who(token, chosen))

    async def all_acting(self, asked: Sequence[Asker]) -> list[Acting | None]:
        """The same of many, in one statement; the hub's question."""
        if len(asked) == 1:
            return [await self.acting(*asked[0])]
        return [_or_nobody(found) for found in await self.admission.found(asked)]

    async def whose(self, token: str) -> UUID | None:
        """The account of a token that is good. Where that cannot be told, what is asked next will say why."""
        try:
            rows = await self.reader.rows(_WHOSE, [hashed(token)])
        except Exception:  # noqa: BLE001 - as above
            return None
        return rows[0]["account_id"] if rows else None

    # ------------------------------------------------------------------ reading

    async def _answered(self, operation: Operation, caller: Caller) -> Answer:
        prepared = self._prepared(operation)
        if isinstance(prepared, Answer):
            return prepared
        if prepared.kind == "subscription":
            raise BadRequest(
                "A subscription needs a stream: graphql-transport-ws, or Accept: text/event-stream."
            )
        token, chosen = self._token(caller), capacity(caller.capacity)
        values = prepared.values(operation.variables)
        if prepared.kind == "mutation":
            plans = self._foreseen(prepared, values)
            await self.traffic.acts(caller.token, len(plans))
            answer = await self._execute(operation, prepared, None, Request(prepared, values, token, chosen))
            return self._priced(operation, answer, plans, values)
        return await self._read(operation, prepared, values, token, chosen)

    def _meant(self, operation: Operation) -> Operation:
        """The operation with its text, if it named a registered document."""
        text = self.registered.meant(operation.document_id, operation.query)
        return operation if text is operation.query else replace(operation, query=text)

    def _prepared(self, operation: Operation) -> Prepared | Answer:
        found = self.documents.prepare(operation.query, operation.operation_name)
        return found if isinstance(found, Prepared) else failures.refused(found)

    def _token(self, caller: Caller) -> bytes | None:
        token = hashed(caller.token)
        if token is not None:
            self.footprints.note(token)
        return token

    async def _read(
        self,
        operation: Operation,
        prepared: Prepared,
        values: Mapping[str, Any],
        token: bytes | None,
        chosen: UUID | None,
        *,
        completing: bool = False,
    ) -> Answer:
        plan = self.documents.plan(prepared, values, completing=completing)
        body = await self.reader.value(plan.sql or "", [token, chosen, *plan.bind(values)])
        if body[:1] != b"{":
            return failures.not_admitted(body.decode())
        if plan.complete:
            answer = await self._completed(operation, prepared, plan, orjson.loads(body))
        else:
            try:
                answer = Answer(plan.filled(body, values))
            except Unfillable:
                return await self._read(operation, prepared, values, token, chosen, completing=True)
        return self._priced(operation, answer, [plan], values)

    async def _completed(self, operation: Operation, prepared: Prepared, plan: Plan, read: Any) -> Answer:
        """Finish what was read. What a document asks about the schema alone is told once, and then known."""
        if plan.constant and prepared.said:
            return Answer(prepared.said)
        answer = await self._execute(operation, prepared, read, None)
        if plan.constant:
            self.documents.remember(prepared, answer.body)
        return answer

    def _priced(
        self, operation: Operation, answer: Answer, plans: Sequence[Plan], values: Mapping[str, Any]
    ) -> Answer:
        """The answer, with what it cost where that was asked: put behind the bytes, which are not read again."""
        if not operation.tell_cost or not answer.executed:
            return answer
        cost = sum(plan.cost.of(values) for plan in plans)
        told = orjson.dumps({"cost": {"cost": cost, "limit": self.documents.limits.cost}})
        return replace(answer, body=answer.body[:-1] + b',"extensions":' + told + b"}")

    async def _execute(
        self, operation: Operation, prepared: Prepared, root: Any, request: Request | None
    ) -> Answer:
        made = execute(
            self.documents.world.schema,
            prepared.document,
            root_value=root,
            context_value=request,
            variable_values=dict(operation.variables or {}),
            operation_name=operation.operation_name,
        )
        result: ExecutionResult = await made if is_awaitable(made) else made  # type: ignore[assignment]  # narrowed
        if result.data is None and result.errors and isinstance(result.errors[0].original_error, NotAdmitted):
            return failures.not_admitted(result.errors[0].original_error.code)
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer["errors"] = [failures.shown(error) for error in result.errors]
        return Answer(orjson.dumps(answer))

    # ------------------------------------------------------------------ listening

    async def _subscribed(self, operation: Operation, caller: Caller) -> Stream | Answer:
        prepared = self._prepared(operation)
        if isinstance(prepared, Answer):
            return prepared
        if self.hub is None:
            raise BadRequest("Rotunda is not listening yet; try again in a moment.", "UNAVAILABLE")
        values = prepared.values(operation.variables)
        token = self._token(caller)
        feed, after = self._feed(operation, prepared, values)
        changes = self.hub.changes
        if isinstance(caller, _LetIn) and caller.holds(changes):
            return await self.hub.subscribe(feed, caller.acting, token, after, changes)
        acting = await self.admission.who(token, capacity(caller.capacity))
        if isinstance(acting, str):
            return failures.not_admitted(acting)
        return await self.hub.subscribe(feed, acting, token, after, changes)

    def _feed(
        self, operation: Operation, prepared: Prepared, values: Mapping[str, Any]
    ) -> tuple[PlannedFeed, str | None]:
        root = self.documents.world.schema.subscription_type
        if root is None:
            raise TypeError("the schema has no subscriptions")
        selected = prepared.operation.fields(root, [prepared.operation.node], Shape(values))
        if not selected:
            raise BadRequest("The subscription selects nothing: its one field is skipped.")
        key, nodes = next(iter(selected.items()))
        name = nodes[0].name.value
        if name.startswith("__"):
            raise BadRequest("A subscription listens to one of the schema's streams.")
        given = Given.of(root.fields[name], nodes[0], Shape(values))
        asked = given.reader("after")(values) if given.present("after") else None
        # Who comes back asks as at first; where it stands by now is in its Last-Event-ID.
        after = operation.resume or asked
        shared = {n: v for n, v in values.items() if not _is_after(given, n)}
        same = (
            operation.query,
            operation.operation_name,
            orjson.dumps(shared, default=str, option=orjson.OPT_SORT_KEYS),
        )
        feed = self._feeds.get(same)
        if feed is None:
            feed = PlannedFeed(
                self.documents, self.reader, prepared, values, key, dict(operation.variables or {})
            )
            feed.foresee()
            self._feeds[same] = feed
        return feed, after

    # ------------------------------------------------------------------ acting

    def _carry_out_acts(self) -> None:
        """Give every mutation its resolver: the act in its transaction, then the planned reading of what came of it."""
        root = self.documents.world.schema.mutation_type
        for made in root.fields.values() if root else ():
            declared = made.extensions["strawberry-definition"].metadata[ACT]
            made.resolve = self._resolver(declared)

    def _foreseen(self, prepared: Prepared, values: Mapping[str, Any]) -> list[Plan]:
        """Plan the reading of every outcome: what cannot be read refuses the request while nothing has been done."""
        root = self.documents.world.schema.mutation_type
        selected = prepared.operation.fields(root, [prepared.operation.node], Shape(values)) if root else {}
        plans = []
        for key, nodes in selected.items():
            made = root.fields.get(nodes[0].name.value) if root else None
            if made is not None:
                declared: Declared = made.extensions["strawberry-definition"].metadata[ACT]
                kind: Any = self.documents.world.schema.type_map[declared.thing.__name__]
                plans.append(self.documents.outcome(prepared, values, kind, key))
                plans[-1].bind(values)
        self.documents.afford(sum(plan.cost.of(values) for plan in plans))
        return plans

    async def _rehearsed(self, name: str, given: Mapping[str, Any], caller: Caller) -> Any:
        await self.traffic.acts(caller.token, 1)
        made = self.documents.world.schema.mutation_type.fields[name]  # type: ignore[union-attr]  # there are acts
        declared: Declared = made.extensions["strawberry-definition"].metadata[ACT]
        arguments = declared.arguments(coerce_input_value(dict(given), made.args["input"].type))
        key = arguments.pop("idempotency_key")
        token, chosen = self._token(caller), capacity(caller.capacity)
        try:
            await perform(
                self.engine, Asked(name, declared.act, token, chosen, key, arguments, rehearsed=True)
            )
        except Problem as problem:
            return shown(problem)
        return None

    def _resolver(self, declared: Declared) -> Any:
        async def resolve(_source: Any, info: GraphQLResolveInfo[Any], input: dict[str, Any]) -> Any:
            request: Request = info.context
            arguments = declared.arguments(input)
            key = arguments.pop("idempotency_key")
            asked = Asked(info.field_name, declared.act, request.token, request.capacity, key, arguments)
            try:
                done = await perform(self.engine, asked)
                await self._send(done.letters)
                return await self._outcome(declared, info, request, done)
            except Problem as problem:
                return shown(problem)

        return resolve

    async def _outcome(
        self, declared: Declared, info: GraphQLResolveInfo[Any], request: Request, done: Done
    ) -> Any:
        kind: Any = self.documents.world.schema.type_map[declared.thing.__name__]
        plan = self.documents.outcome(request.prepared, request.values, kind, str(info.path.key))
        # An act may end the very capacity it was done in (a delegate who leaves): then its author reads it as oneself.
        for chosen in (request.capacity, done.acting.account_id):
            arguments = [request.token, chosen, done.outcome, *plan.bind(request.values)]
            body = await self.reader.value(plan.sql or "", arguments)
            if body[:1] == b"{":
                return _with(done.once, orjson.loads(body))
        raise Missing("It is done; what came of it is not yours to see.")

    async def _send(self, wanted: tuple[Wanted, ...]) -> None:
        for letter in map(_written, wanted):
            try:
                await self.post.send(letter)
            except NotSent as trouble:
                _log.error("a letter (%s) was not mailed: %s", letter.folder, trouble)


def _written(wanted: Wanted) -> Letter:
    """The letter that an act asked for: each has its fields by the same names."""
    kinds: dict[type, type[Letter]] = {Invitation: DelegationInvited, KeyAdded: letters.KeyAdded}
    return kinds[type(wanted)](**{field.name: getattr(wanted, field.name) for field in fields(wanted)})


def _or_nobody(found: Acting | str) -> Acting | None:
    return None if isinstance(found, str) else found


def _is_after(given: Given, variable: str) -> bool:
    node: Any = given.nodes.get("after")
    return getattr(getattr(node, "name", None), "value", None) == variable


def _with(once: Mapping[str, str], read: dict[str, Any]) -> dict[str, Any]:
    """Put what only this answer says under the needs of the fields that show it (`secret:secret`)."""
    if not once:
        return read
    return {key: once.get(key.partition(":")[2], value) for key, value in read.items()}
