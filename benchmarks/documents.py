"""The documents that are measured: as programs and as the portal's pages send them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import asyncpg
import orjson

from models import ids
from portal import documents as pages

_HERE = Path(__file__).parent
_PEERS = _HERE / "peers"
_MOST_MOVED = """
    SELECT e.id FROM events e LEFT JOIN event_moves m ON m.event_id = e.id
    WHERE e.audience = 'public' AND e.status <> 'draft'
    GROUP BY e.id ORDER BY count(m.id) DESC, e.id LIMIT 1
"""
_GRANT = """
    SELECT d.id FROM delegations d JOIN terms t ON t.id = d.term_id JOIN accounts a ON a.person_id = t.person_id
    WHERE a.email = $1 AND d.status = 'active' ORDER BY d.id LIMIT 1
"""
_RESOLVED = "SELECT id FROM resolutions WHERE status = 'gathering' ORDER BY -recency, id LIMIT 1"
#: A members' group of a hundred threads, and a thread of it with more posts than a page.
_TALK = """
    SELECT g.id AS "group", (SELECT t.id FROM threads t WHERE t.group_id = g.id AND t.post_count > 50
                             ORDER BY t.place LIMIT 1) AS thread
    FROM groups g WHERE g.name = 'Exchange 8'
"""
_WHO = """
    SELECT a.id, c.id FROM accounts a JOIN capacities c ON c.account_id = a.id AND c.kind = 'term' WHERE a.email = $1
"""


@dataclass(frozen=True)
class Document:
    """A document with its variables; ``about`` says what it reads, ``other`` asks the same of PostGraphile."""

    name: str
    about: str
    query: str
    variables: dict[str, Any]
    other: tuple[str, dict[str, Any]] = ("", {})

    def posted(self, token: str) -> bytes:
        """The HTTP request of a GraphQL client."""
        body = orjson.dumps({"query": self.query, "variables": self.variables})
        head = (
            "POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"Authorization: Bearer {token}\r\n\r\n"
        )
        return head.encode() + body

    def in_other_words(self, token: str) -> bytes:
        """The same question in the words of a schema that was made from the database."""
        return replace(self, query=self.other[0], variables=self.other[1]).posted(token)

    def fetched(self, token: str) -> bytes:
        """The HTTP request to a route that knows the document already."""
        query = f"?{urlencode(self.variables)}" if self.variables else ""
        return (
            f"GET /{self.name}{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
            f"Authorization: Bearer {token}\r\n\r\n"
        ).encode()


@dataclass(frozen=True)
class Found:
    """What the variables need to know of a database."""

    event: Any
    grant: Any
    group: Any
    thread: Any
    resolution: Any
    account: Any
    capacity: Any

    @classmethod
    async def at(cls, dsn: str, mayor: str) -> "Found":
        """Look it up: the event that was moved most, who the mayor is, and where people talk."""
        connection = await asyncpg.connect(dsn)
        try:
            ((account, capacity),) = await connection.fetch(_WHO, mayor)
            event, grant = await connection.fetchval(_MOST_MOVED), await connection.fetchval(_GRANT, mayor)
            ((group, thread),) = await connection.fetch(_TALK)
            resolution = await connection.fetchval(_RESOLVED)
        finally:
            await connection.close()
        return cls(event, grant, group, thread, resolution, account, capacity)


def compared(found: Found) -> list[Document]:
    """The documents that everybody answers."""
    began = _midnight(days_ago=14)
    who = {"account": str(found.account), "capacity": str(found.capacity)}
    return [
        Document(
            "Event",
            "one event and how it stood before",
            _text(_HERE, "event"),
            {"id": ids.shown("evt", found.event)},
            (_text(_PEERS, "event"), {"id": str(found.event)}),
        ),
        Document(
            "Cities",
            "a page of cities with their mayors, cursors and count",
            _text(_HERE, "cities"),
            {},
            (_text(_PEERS, "cities"), {}),
        ),
        Document(
            "Calendar",
            "the portal's calendar page, who asks and all they may act for",
            _text(_HERE, "calendar"),
            {"from": began},
            (_text(_PEERS, "calendar"), {"from": began, **who}),
        ),
        Document(
            "Group",
            "a group page: 20 threads, the last post of each, its author and city",
            _text(_HERE, "group"),
            {"id": ids.shown("grp", found.group)},
            (_text(_PEERS, "group"), {"id": str(found.group)}),
        ),
        Document(
            "Thread",
            "a thread page: 50 posts, their authors, cities and reactions",
            _text(_HERE, "thread"),
            {"id": ids.shown("thr", found.thread)},
            (_text(_PEERS, "thread"), {"id": str(found.thread)}),
        ),
        Document(
            "Resolutions",
            "the newest 30 resolutions, their sponsors and those cities",
            _text(_HERE, "resolutions"),
            {},
            (_text(_PEERS, "resolutions"), {}),
        ),
    ]


def of_the_portal(found: Found) -> list[Document]:
    """What a mayor's pages ask, as they ask it now."""
    event, grant = {"id": ids.shown("evt", found.event)}, {"id": ids.shown("del", found.grant)}
    group, thread = {"id": ids.shown("grp", found.group)}, {"id": ids.shown("thr", found.thread)}
    asked: dict[str, dict[str, Any]] = {
        "front/front": {"from": _midnight(days_ago=14)},
        "home/home": {"from": _midnight(days_ago=14)},
        "events/calendar": {"from": _midnight(days_ago=14)},
        "events/event": event,
        "cities/cities": {},
        "cities/city": {"slug": "alexandria-va"},
        "cities/profile": {"slug": "alexandria-va"},
        "delegations/delegations": {},
        "delegations/delegation": grant,
        "delegations/invite": {"from": _midnight(days_ago=0)},
        "account/account": {},
        "groups/groups": {},
        "groups/group": group,
        "groups/thread": {**thread, "last": 50},
        "resolutions/resolutions": {},
        "resolutions/resolution": {"id": ids.shown("res", found.resolution)},
    }
    return [Document(name, "", pages.document(name), variables) for name, variables in asked.items()]


def _midnight(*, days_ago: int) -> str:
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return (today - timedelta(days=days_ago)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _text(folder: Path, name: str) -> str:
    return (folder / f"{name}.graphql").read_text()
