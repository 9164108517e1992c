"""What pages may use of the rest of Rotunda: documents, run or streamed, and the door for signing in."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol


class Api(Protocol):
    """Runs GraphQL documents in-process against the same schema as any other client."""

    async def run(
        self, document: str, variables: Mapping[str, Any], caller_token: str | None
    ) -> dict[str, Any]:
        """The complete response: `{"data": …}`, perhaps with `"errors"`."""
        ...

    def stream(
        self, document: str, variables: Mapping[str, Any], caller_token: str | None
    ) -> AsyncIterator[dict[str, Any]]:
        """One complete response for each notice; it ends when the server ends the subscription."""
        ...


class Door(Protocol):
    """Signing in and out, kept apart from GraphQL on purpose: it is about browsers, not about members."""

    async def ask(self, email: str, *, address: str) -> None:
        """Mail a link and a code, if the e-mail is known; the same time and the same answer if it is not."""
        ...

    async def redeem_link(self, secret: str) -> str | None:
        """A new session's token, or None if the link was used before or has run out."""
        ...

    async def redeem_code(self, email: str, code: str) -> str | None:
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
