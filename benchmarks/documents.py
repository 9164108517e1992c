"""The documents that are measured: as programs and as the portal's pages send them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import asyncpg
import orjson

from models import ids

_MOST_MOVED = """
    SELECT e.id FROM events e LEFT JOIN event_moves m ON m.event_id = e.id
    WHERE e.audience = 'public' AND e.status <> 'draft'
    GROUP BY e.id ORDER BY count(m.id) DESC, e.id LIMIT 1
"""


@dataclass(frozen=True)
class Document:
    """A document with its variables; ``about`` says what it reads."""

    name: str
    about: str
    query: str
    variables: dict[str, Any]

    def posted(self, token: str) -> bytes:
        """The HTTP request of a GraphQL client."""
        body = orjson.dumps({"query": self.query, "variables": self.variables})
        head = (
            "POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"Authorization: Bearer {token}\r\n\r\n"
        )
        return head.encode() + body

    def fetched(self, token: str) -> bytes:
        """The HTTP request to a route that knows the document already."""
        query = f"?{urlencode(self.variables)}" if self.variables else ""
        return (
            f"GET /{self.name}{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
            f"Authorization: Bearer {token}\r\n\r\n"
        ).encode()


async def chosen(dsn: str) -> list[Document]:
    """The documents, with variables for the seeds: the event that was moved most, the calendar of two weeks ago on."""
    connection = await asyncpg.connect(dsn)
    try:
        event = await connection.fetchval(_MOST_MOVED)
    finally:
        await connection.close()
    began = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=14)
    return [
        Document(
            "Event", "one event and how it stood before", _text("event"), {"id": ids.shown("evt", event)}
        ),
        Document("Cities", "a page of cities with their mayors, cursors and count", _text("cities"), {}),
        Document(
            "Calendar",
            "the portal's calendar page, who asks and all they may act for",
            _text("calendar"),
            {"from": began.isoformat(timespec="milliseconds").replace("+00:00", "Z")},
        ),
    ]


def _text(name: str) -> str:
    return (Path(__file__).parent / f"{name}.graphql").read_text()
