"""A refusal: a sentence for whoever asked, in the shape of a GraphQL request error."""

import logging
import secrets
from collections.abc import Mapping, Sequence

import orjson

UNAUTHENTICATED = 401


class Refused(Exception):
    """The request cannot be answered; says why, and what would mend it.

    `status` is the HTTP status, `code` goes to `extensions.code` with `more` beside it, `headers` are extra ones.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str,
        headers: Sequence[tuple[bytes, bytes]] = (),
        more: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = headers
        self.more = more or {}

    @property
    def body(self) -> bytes:
        """The JSON of the response: `errors` and no `data`."""
        return problem(str(self), self.code, **self.more)


class Malformed(Refused):
    """The request does not have the form the protocol demands: 400 over HTTP, close 4400 on a socket."""

    def __init__(self, message: str, *, code: str = "BAD_REQUEST") -> None:
        super().__init__(400, message, code=code)


def problem(message: str, code: str, **more: object) -> bytes:
    """Write one request error as a complete GraphQL response."""
    return orjson.dumps({"errors": [{"message": message, "extensions": {"code": code, **more}}]})


def noted(log: logging.Logger, what: str, trouble: Exception) -> bytes:
    """Put the story of a bug into the log under a number; the number is all that the client is told."""
    number = secrets.token_hex(6)
    log.error("%s: error %s", what, number, exc_info=trouble)
    message = f"Something went wrong on our side. If it happens again, tell us its number: {number}."
    return problem(message, "INTERNAL", id=number)
