"""The front room: what this place is, what is next, and the way in. Whoever is signed in finds home here."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import dates
from portal.pages.events.room import LONGEST_EVENT
from portal.pages.events.telling import Told, coming
from portal.pages.home.room import home
from portal.rooms import House, TurnedAway


def routes(house: House) -> list[Route]:
    """The front page, or home."""

    async def front(request: Request) -> Response:
        token = house.cookies.token(request)
        if token:
            with suppress(TurnedAway):  # then the session is over, and the front page takes the cookie back
                return await home(house, request, token)
        now = datetime.now(UTC)

        def ahead(edges: list[dict[str, Any]]) -> list[Told]:
            return coming([edge["node"] for edge in edges], now.replace(tzinfo=None), 4)

        return await house.page(
            request, "front/front", {"from": dates.stamp(now - LONGEST_EVENT)}, ahead=ahead
        )

    return [Route("/", front)]
