"""What pages may use of the rest of Rotunda: documents, run or streamed, and the door for signing in."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.types import Receive, Scope


class TooManyTries(Exception):
    """Somebody knocked too often; ``minutes`` says when to come again. It says nothing of who is known here."""

    def __init__(self, minutes: int) -> None:
        super().__init__(minutes)
        self.minutes = minutes


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a request came from: the address of its connection, and what its User-Agent says. Neither is kept."""

    address: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What a browser is handed to use a passkey: WebAuthn's options as JSON, and the challenge they carry."""

    options: str
    challenge: str


class TurnedBack(Exception):
    """A request is not let in: the status, a sentence for whoever reads it, and headers that say when to come again."""

    def __init__(self, status: int, sentence: str, headers: Sequence[tuple[bytes, bytes]] = ()) -> None:
        super().__init__(sentence)
        self.status, self.headers = status, headers


class Turnstile(Protocol):
    """Counts who comes in, and sees to it that they carry no more than they may."""

    def passing(self, scope: Scope, receive: Receive) -> AbstractAsyncContextManager[Receive]:
        """Let a request in, for as long as it takes, with its body read already; raises TurnedBack."""
        ...


class Api(Protocol):
    """Runs GraphQL documents in-process against the same schema as any other client."""

    async def run(
        self, document: str, variables: Mapping[str, Any], caller_token: str | None
    ) -> dict[str, Any]:
        """The complete response: `{"data": …}`, perhaps with `"errors"`."""
        ...

    async def rehearse(self, act: str, given: Mapping[str, Any], caller_token: str | None) -> dict[str, Any]:
        """A response of the same form: `outcome` is the problem that an act would meet, null if it would be done.

        The act is judged by all its rules and undone: nobody is told, nothing is kept, no key is used.
        """
        ...

    def stream(
        self, document: str, variables: Mapping[str, Any], caller_token: str | None
    ) -> AsyncIterator[dict[str, Any]]:
        """One complete response for each notice; it ends when the server ends the subscription."""
        ...


class Door(Protocol):
    """Signing in and out, kept apart from GraphQL on purpose: it is about browsers, not about members."""

    async def ask(self, email: str, visitor: Visitor) -> None:
        """Mail a link and a code, if the e-mail is known; the same time and the same answer if it is not.

        This and the next two raise TooManyTries.
        """
        ...

    async def redeem_link(self, secret: str, visitor: Visitor) -> str | None:
        """A new session's token, or None if the link was used before or has run out."""
        ...

    async def redeem_code(self, email: str, code: str, visitor: Visitor) -> str | None:
        """A new session's token, or None if the code is wrong, used or has run out."""
        ...

    async def act_for(self, token: str, capacity_id: str) -> bool:
        """Remember with the session for whom it acts; False if that capacity is not this account's now.

        An empty `capacity_id` forgets the choice: from then on the session acts in the default capacity.
        """
        ...

    async def leave(self, token: str) -> None:
        """End the session."""
        ...


class Passkeys(Protocol):
    """Signing in with a key in one's device: quicker than mail, and bound to this site by the browser itself."""

    host: str

    async def invite(self, token: str) -> Ceremony | None:
        """Begin to add a passkey to the session's account; None where there is no such session."""
        ...

    async def enrol(self, token: str, challenge: str, credential: str, name: str, visitor: Visitor) -> bool:
        """Keep the new passkey under a name; False when it does not belong to that challenge and session."""
        ...

    async def challenge(self, visitor: Visitor) -> Ceremony:
        """Begin to sign in; raises TooManyTries."""
        ...

    async def redeem(self, challenge: str, credential: str, visitor: Visitor) -> str | None:
        """A new session's token, or None if the passkey is not known here or did not sign this challenge."""
        ...
