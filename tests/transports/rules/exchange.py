"""A rule of GraphQL over HTTP as one exchange: the request as it is, and what the response must be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from tests.transports.sockets import Served

MODERN = "application/graphql-response+json"
LEGACY = "application/json"
EVENTS = "text/event-stream"
HELLO = {"query": "{ hello }"}
WORLD = {"data": {"hello": "world"}}


@dataclass(frozen=True)
class Case:
    """What the draft (graphql/graphql-over-http) or an RFC says in `section`, as a request and its response.

    `code` is that of the one error: the answer is a request error and has no data; else `answer` is the whole of it.
    `media` is the type of the response. `reaches` tells whether the operation gets as far as the service.
    """

    section: str
    claim: str
    method: str = "POST"
    body: Any = None
    query: Any = None
    headers: Mapping[str, str | None] = field(default_factory=dict)
    status: int = 200
    media: str = LEGACY
    answer: Any = None
    code: str | None = None
    tells: Mapping[str, str] = field(default_factory=dict)
    reaches: bool | None = None

    def __str__(self) -> str:
        return f"{self.section}: {self.claim}"

    def request_to(self, address: str) -> httpx.Request:
        """The request as it is; httpx adds nothing of its own."""
        content = self.body if isinstance(self.body, bytes | None) else orjson.dumps(self.body)
        headers = {"content-type": LEGACY} if self.method == "POST" else {}
        told = {**headers, **self.headers}
        url = f"{address}?{self.query}" if isinstance(self.query, str) else address
        made = httpx.Request(
            self.method, url, params=self.query if isinstance(self.query, dict) else None, content=content
        )
        made.headers = httpx.Headers(
            [(name, value) for name, value in made.headers.items() if name in {"host", "content-length"}]
            + [(name, value) for name, value in told.items() if value is not None]
        )
        return made

    def holds(self, response: httpx.Response, served: Served) -> None:
        """Assert all of it."""
        assert response.status_code == self.status, response.text
        assert response.headers["content-type"] == f"{self.media}; charset=utf-8"
        assert {name: response.headers.get(name) for name in self.tells} == self.tells
        said = response.json()
        if self.code is None:
            assert said == self.answer
        else:
            assert said.keys() == {"errors"}, "a request error has no data entry"
            assert all(isinstance(one["message"], str) and one["message"] for one in said["errors"])
            assert said["errors"][0].get("extensions", {}).get("code", "") == self.code
        assert self.reaches in {None, bool(served.service.operations)}


def good(section: str, claim: str, body: Any = HELLO, answer: Any = WORLD, **more: Any) -> Case:
    return Case(section, claim, body=body, answer=answer, **more)


def bad(section: str, claim: str, status: int, code: str, body: Any = HELLO, **more: Any) -> Case:
    """A request that never reaches GraphQL."""
    return Case(section, claim, body=body, status=status, code=code, reaches=False, **more)


def got(section: str, claim: str, query: Any, answer: Any = WORLD, **more: Any) -> Case:
    return Case(section, claim, method="GET", query=query, answer=answer, **more)
