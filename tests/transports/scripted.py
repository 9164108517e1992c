"""A Service for the transports' tests: graphql-core over a small schema, and streams that can misbehave."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import (
    ExecutionResult,
    GraphQLError,
    build_schema,
    get_operation_ast,
    graphql,
    parse,
    validate,
)

from rotunda.graphql.service import Answer, Caller, Kind, Operation, Stream

SCHEMA = build_schema("""
    type Query { hello: String echo(text: String!): String big: String slow: String broken: String
                 whoAmI: String }
    type Mutation { act: String slowAct: String }
    type Subscription { count(to: Int!): Int forever: Int ended: Int broken: Int refused: Int multiline: Int
                        flood: Int }
""")


class Counting:
    """A Stream of `{"data":{"count":n}}`; what follows the numbers depends on the field."""

    def __init__(self, service: "Scripted", name: str, to: int) -> None:
        self.ended: str | None = None
        self.outlet: Callable[[bytes], bool] | None = None
        self._service = service
        self._name = name
        self._to = to
        self.cursor = ""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for number in range(1, self._to + 1):
            self.cursor = f"place-{number}"
            yield b'{"data":{"count":%d}}' % number
            await asyncio.sleep(0)
        match self._name:
            case "forever":
                await asyncio.Event().wait()
            case "ended":
                yield b'{"data":{"ended":{"reason":"DELEGATION_REVOKED"}}}'
                self.ended = "DELEGATION_REVOKED"
            case "broken":
                raise ValueError("a secret of the database")
            case "multiline":
                yield b'{\n"data":\r\n{"count":1}}'
            case "flood":
                while True:
                    self._service.flooded += 1
                    yield b'{"data":{"flood":"%s"}}' % (b"x" * 10_000)

    async def aclose(self) -> None:
        await asyncio.sleep(self._service.closing_takes)
        self._service.closed += 1


@dataclass
class Scripted:
    """Answers for real, remembers who asked, and lets tests slow things down."""

    tokens: tuple[str, ...] = ("good",)
    admission: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)
    admits: bool = True
    closing_takes: float = 0
    callers: list[Caller] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    started: int = 0
    closed: int = 0
    acted: int = 0
    flooded: int = 0
    streams: list[Counting] = field(default_factory=list)
    cancelled: int = 0

    def __post_init__(self) -> None:
        self.admission.set()

    def kind(self, operation: Operation) -> Kind | None:
        try:
            node = get_operation_ast(parse(operation.query), operation.operation_name)
        except GraphQLError:
            return None
        return node.operation.value if node else None

    async def answer(self, operation: Operation, caller: Caller) -> Answer:
        self._note(operation, caller)
        if "die" in operation.query:
            raise RuntimeError("a secret of the database")
        if "busy" in operation.query:
            return Answer(_errors("Too busy."), executed=False, status=503)
        if (refusal := self._refusal(operation, caller)) is not None:
            return refusal
        if self.kind(operation) == "subscription":
            return Answer(_errors("Subscribe over a stream."), executed=False, status=400)
        return await self._execute(operation, caller)

    async def subscribe(self, operation: Operation, caller: Caller) -> Stream | Answer:
        self._note(operation, caller)
        if (refusal := self._refusal(operation, caller)) is not None:
            return refusal
        if "refused" in operation.query:
            return Answer(_errors("Not this one."), executed=False, status=400)
        self.started += 1
        to = (operation.variables or {}).get("to", 3)
        name = next(name for name in SCHEMA.subscription_type.fields if name in operation.query)  # type: ignore[union-attr]
        self.streams.append(Counting(self, name, to))
        return self.streams[-1]

    async def admit(self, caller: Caller) -> Caller | None:
        self.callers.append(caller)
        await self.admission.wait()
        if caller.token == "explode":
            raise OSError("the database is away")
        if not self.admits or (caller.token and caller.token not in self.tokens):
            return None
        return Caller(token=caller.token, capacity=caller.capacity or "cap_default")

    def _note(self, operation: Operation, caller: Caller) -> None:
        self.callers.append(caller)
        self.operations.append(operation)

    def _refusal(self, operation: Operation, caller: Caller) -> Answer | None:
        if caller.token and caller.token not in self.tokens:
            return Answer(_errors("Who are you?"), executed=False, status=401)
        try:
            mistakes = validate(SCHEMA, parse(operation.query))
        except GraphQLError as mistake:
            mistakes = [mistake]
        return (
            Answer(_errors(*(m.message for m in mistakes)), executed=False, status=400) if mistakes else None
        )

    async def _execute(self, operation: Operation, caller: Caller) -> Answer:
        try:
            result = await graphql(
                SCHEMA,
                operation.query,
                root_value=Root(self, caller),
                variable_values=dict(operation.variables or {}),
                operation_name=operation.operation_name,
            )
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return _answer(result)


class Root:
    """What the fields of Query and Mutation resolve to."""

    def __init__(self, service: Scripted, caller: Caller) -> None:
        self._service = service
        self._caller = caller
        self.hello = "world"
        self.big = "a great deal of text " * 1_000

    def echo(self, _info: Any, text: str) -> str:
        return text

    def broken(self, _info: Any) -> str:
        raise GraphQLError("This field is broken.")

    def whoAmI(self, _info: Any) -> str:  # noqa: N802 - GraphQL's name
        return f"{self._caller.token} as {self._caller.capacity}"

    async def slow(self, _info: Any) -> str:
        await self._service.go.wait()
        return "at last"

    def act(self, _info: Any) -> str:
        self._service.acted += 1
        return "acted"

    async def slowAct(self, _info: Any) -> str:  # noqa: N802 - GraphQL's name
        await self._service.go.wait()
        return self.act(_info)


def _answer(result: ExecutionResult) -> Answer:
    entry = dict(result.formatted)
    executed = not (result.data is None and result.errors and not any(error.path for error in result.errors))
    if not executed:
        entry.pop("data", None)
    return Answer(orjson.dumps(entry), executed=executed, status=200 if executed else 400)


def _errors(*messages: str) -> bytes:
    return orjson.dumps({"errors": [{"message": message} for message in messages]})
