"""A thread's page: read on where one left off, fifty posts at a time, and write at its end."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from portal.pages.delegations.typed import Form
from portal.pages.groups.deeds import fresh
from portal.pages.groups.words import WORDS
from portal.rooms import House, MissingThing
from portal.sessions import to_sign_in

PAGE = 50


async def shown_thread(
    house: House, request: Request, form: Form | None = None, *, status: int = 200
) -> Response:
    """A thread where one left off; with what was typed, when it could not be posted."""
    token = house.cookies.token(request)
    if token is None:
        return house.on(to_sign_in(request.url.path))
    place = Place.of(request)
    data = await house.read("groups/thread", {"id": request.path_params["id"], **place.variables()}, token)
    unread = one(data["thread"])["firstUnread"]
    if unread and place.unsaid and form is None:
        return house.on(
            f"/threads/{data['thread']['id']}?from={max(1, unread['number'] - 1)}#p{unread['number']}"
        )
    context = {**data, **WORDS, "one": one, "place": place, "form": form or fresh(data)}
    return house.shown(request, "groups/thread", context, status=status)


class Place:
    """Where in a thread one reads: from a post on, ahead of one, or at the end."""

    def __init__(self, since: str, until: str) -> None:
        self.since, self.until = _number(since), _number(until)

    @classmethod
    def of(cls, request: Request) -> "Place":
        """As the address says; whatever it says wrongly is not asked for."""
        return cls(request.query_params.get("from", ""), request.query_params.get("before", ""))

    @property
    def unsaid(self) -> bool:
        """Whether the address leaves it to the thread where to begin."""
        return self.since is None and self.until is None

    @property
    def query(self) -> str:
        """The same place, for the stream that keeps the page fresh."""
        return f"&from={self.since}" if self.since else f"&before={self.until}" if self.until else ""

    def variables(self, more: int = 0) -> dict[str, Any]:
        """For the document. A live page grows by ``more``."""
        if self.since is not None:
            return {"first": PAGE + more, "since": self.since}
        return {"last": PAGE + more, **({"until": self.until} if self.until else {})}


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < len(str(2**31)) else None


def one(node: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """What a page is about, or nothing that could be shown."""
    if not node:
        raise MissingThing("There is no such discussion, or it is not yours to see.")
    return node
