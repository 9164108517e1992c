"""The contract between the transports, which know bytes, and what answers them, which knows GraphQL."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Kind = Literal["query", "mutation", "subscription"]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who knocks: raw credentials, nothing looked up yet.

    `token` is a bearer token or a session cookie's; `capacity` is a `cap_…` id, or None for the default one.
    """

    token: str | None = None
    capacity: str | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One GraphQL request as it came in; nothing is parsed yet.

    `query` is empty where `document_id` names a registered document. `tell_cost` asks for the cost with the answer.
    `resume` is the cursor to go on from, whatever the operation's own `after` says: a client that comes back sends it.
    """

    query: str
    variables: Mapping[str, Any] | None = None
    operation_name: str | None = None
    document_id: str | None = None
    tell_cost: bool = False
    resume: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One complete GraphQL response.

    `body` is its JSON: `{"data":…}` or `{"errors":[…]}`. `executed` is False for a request error (parsing,
    validation, coercion, credentials), which has no `data` entry. `status` is the HTTP status to use where
    application/graphql-response+json was negotiated: 400 request error, 401 bad token, 429 too much at once,
    503 overloaded. `retry_after` is the seconds to wait, where they are known.
    """

    body: bytes
    executed: bool = True
    status: int = 200
    retry_after: int = 0


class Stream(Protocol):
    """One running subscription.

    Each item is the complete JSON of one `next` payload. `ended` is None, or after the last item why the
    server ended it for good ("DELEGATION_REVOKED", "SIGNED_OUT", …); a WebSocket is then closed with 4403.
    `cursor` is where to resume behind the item that came last.

    `outlet` is the transport's: while it waits for the next item, that may be given to the outlet instead. It
    hands the item on at once, or returns False, and the item has to be iterated over.
    """

    ended: str | None
    outlet: Callable[[bytes], bool] | None

    @property
    def cursor(self) -> str:
        """The place behind the last item, opaque; of one line."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Iterate over the payloads, once."""

    async def aclose(self) -> None:
        """Give back what the stream holds; the transports always call it, once."""


class Service(Protocol):
    """What answers GraphQL requests, whichever way they came in."""

    def kind(self, operation: Operation) -> Kind | None:
        """Tell the operation's type; None where it cannot be told (syntax error, ambiguous, unknown name)."""

    async def answer(self, operation: Operation, caller: Caller) -> Answer:
        """Answer a query or mutation; a subscription here is a request error."""

    async def subscribe(self, operation: Operation, caller: Caller) -> Stream | Answer:
        """Start a subscription; an `Answer` where it is refused before starting."""

    async def admit(self, caller: Caller) -> Caller | None:
        """Check a connection's token and pin its default capacity; None where it is refused."""
