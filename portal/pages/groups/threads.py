"""A thread's page: read on where one left off, fifty posts at a time, and write at its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from portal.pages.delegations.typed import Form
from portal.pages.groups.deeds import fresh
from portal.pages.groups.doors import is_told_names, silenced
from portal.pages.groups.words import WORDS
from portal.rooms import House, MissingThing
from portal.sessions import to_sign_in

PAGE = 50
#: How many posts stand above the one that somebody comes for.
ABOVE = 10


async def shown_thread(
    house: House, request: Request, form: Form | None = None, *, status: int = 200
) -> Response:
    """A thread where one left off; with what was typed, when it could not be posted."""
    token = house.cookies.token(request)
    if token is None:
        return house.on(to_sign_in(request.url.path))
    place = Place.of(request)
    data = await house.read("groups/thread", {"id": request.path_params["id"], **place.variables()}, token)
    thread = one(data["thread"])
    unread = thread["firstUnread"]
    if unread and place.unsaid and form is None:
        return house.on(post_place(thread["id"], unread["number"], above=1))
    if not thread["posts"]["edges"] and form is None and not place.unsaid:
        return house.on(f"/threads/{thread['id']}")  # somebody asked for what is not there
    because = await silenced(house, data, thread, token)
    context = {**data, **WORDS, **arranged(data), "form": form or fresh(data), "because": because}
    return house.shown(request, "groups/thread", context, status=status)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a thread one reads: from a post on, ahead of one, or at the end."""

    since: int | None = None
    until: int | None = None

    @classmethod
    def of(cls, request: Request) -> "Place":
        """As the address says; whatever it says wrongly is not asked for."""
        return cls(
            number(request.query_params.get("from", "")), number(request.query_params.get("before", ""))
        )

    @property
    def unsaid(self) -> bool:
        """Whether the address leaves it to the thread where to begin."""
        return self.since is None and self.until is None

    def variables(self, more: int = 0) -> dict[str, Any]:
        """For the document. A live page grows by ``more``, at its end."""
        until = {"until": self.until} if self.until else {}
        if self.since is not None:
            return {"first": PAGE + more, "since": self.since, **until}
        return {"last": PAGE, **until}


@dataclass(frozen=True, slots=True)
class Window:
    """Which posts of a thread are on the page, and how to keep them there while it grows."""

    first: int
    last: int
    end: int

    @property
    def is_open(self) -> bool:
        """Whether what is posted next belongs on this page."""
        return self.last >= self.end

    @property
    def count(self) -> int:
        """How many posts are on the page, stubs counted."""
        return self.last - self.first + 1

    @property
    def query(self) -> str:
        """The same posts again, for the stream that keeps the page fresh: nothing moves above what one reads."""
        return f"&from={self.first}&shown={self.last}" + ("" if self.is_open else f"&before={self.last + 1}")

    def near(self, number: int) -> str:
        """The address of a post on this page, its page beginning no earlier than this one."""
        return f"?from={max(self.first, number - ABOVE)}#p{number}"


def arranged(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the page needs beside its data."""
    thread = one(data["thread"])
    numbers = [edge["node"]["number"] for edge in thread["posts"]["edges"]] or [1, 0]
    window = Window(numbers[0], numbers[-1], thread["lastNumber"])
    named = is_told_names(data, thread["group"])
    return {"window": window, "named": named, "runs": runs, "zone_name": zone_of(data)}


def runs(posts: Sequence[Mapping[str, Any]]) -> int | None:
    """The number of the first post on a page that is unread; above it the page says so."""
    return next((post["number"] for post in posts if post["unread"]), None)


def post_place(thread_id: str, number: int, *, above: int = ABOVE) -> str:
    """The address of a post in its thread."""
    return f"/threads/{thread_id}?from={max(1, number - above)}#p{number}"


def zone_of(data: Mapping[str, Any]) -> str:
    """On whose clocks times are told: the viewer's city's, or everybody's."""
    capacity = data["zone"]["capacity"]
    return str(capacity["city"]["timeZone"]) if capacity and capacity["city"] else "UTC"


def number(text: str) -> int | None:
    """A number of a post, as an address has it; None for anything else."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < len(str(2**31)) else None


def one(node: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """What a page is about, or nothing that could be shown."""
    if not node:
        raise MissingThing("There is no such discussion, or it is not yours to see.")
    return node
