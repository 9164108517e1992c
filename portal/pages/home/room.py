"""Home: what changed since one last looked, what waits, and what is next, in five minutes and with one thumb."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import dates
from portal.forms import fields
from portal.live import Subject, live
from portal.pages.events.room import LONGEST_EVENT
from portal.pages.events.telling import Told, coming
from portal.pages.groups.words import in_person
from portal.pages.home.telling import changes
from portal.pages.resolutions.words import asked_again, left, unfinished
from portal.rooms import House
from portal.sessions import to_sign_in

PAGE = "home/home"
NEXT = 5


def routes(house: House) -> list[Route]:
    """The mark of the last look, and the stream that keeps home fresh; `/` itself is the front room's."""

    async def seen(request: Request) -> Response:
        token = house.cookies.token(request)
        if token is None:
            return house.on(to_sign_in("/"))
        form = await fields(request)
        # A page left open while somebody switched in another tab must not mark what it never showed.
        frame = await house.read("errors/error", {}, token)
        acting = ((frame.get("viewer") or {}).get("capacity") or {}).get("id")
        if form.get("acting") != acting:
            return house.on("/", "unseen")
        wanted = {"through": form.get("through", ""), "idempotencyKey": form.get("key", "")}
        outcome = (await house.read("home/seen.act", {"input": wanted}, token))["outcome"]
        return house.on("/", "seen" if outcome and outcome["__typename"] == "Look" else "unseen")

    async def home_live(request: Request) -> Response:
        variables, extra = asked()
        subject = Subject(
            PAGE, "home", variables, extra, otherwise="Something changed.", heeds=_counts, says=_is_news
        )
        return live(house, request, subject)

    return [Route("/seen", seen, methods=["POST"]), Route("/live/home", home_live)]


def _counts(notice: Mapping[str, Any]) -> bool:
    """Marks, pins and edits change nothing here: a thousand open homes need not read anew for a thumb."""
    return notice["__typename"] not in {"PostChanged", "ThreadChanged"}


def _is_news(notice: Mapping[str, Any], _block: str) -> bool:
    """That somebody posted, or read, is counted and not said."""
    return not str(notice["__typename"]).startswith(("Post", "Thread", "Report"))


async def home(house: House, request: Request, token: str) -> Response:
    """The page of whoever is signed in; a `TurnedAway` when nobody is any more."""
    variables, extra = asked()
    data = await house.read(PAGE, variables, token)
    return house.shown(request, PAGE, {**data, **extra})


def asked() -> tuple[dict[str, Any], dict[str, Any]]:
    """The document's variables, and what the template needs beside its data."""
    now = datetime.now(UTC)

    def ahead(edges: list[dict[str, Any]]) -> list[Told]:
        return coming([edge["node"] for edge in edges], now.replace(tzinfo=None), NEXT)

    return {"from": dates.stamp(now - LONGEST_EVENT)}, {
        "told": changes,
        "ahead": ahead,
        "new_key": uuid4,
        "in_person": in_person,
        "unfinished": unfinished,
        "asked_again": asked_again,
        "left": left,
    }
