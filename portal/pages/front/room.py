"""The front room: what this place is, what is next, and the way in."""

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import dates
from portal.pages.events.room import LONGEST_EVENT
from portal.pages.events.telling import Told, upcoming
from portal.rooms import House


def routes(house: House) -> list[Route]:
    """The front page."""

    async def front(request: Request) -> Response:
        now = datetime.now(UTC)

        def ahead(edges: list[dict[str, Any]]) -> list[Told]:
            return upcoming([edge["node"] for edge in edges], now.replace(tzinfo=None))[:4]

        return await house.page(
            request, "front/front", {"from": dates.stamp(now - LONGEST_EVENT)}, ahead=ahead
        )

    return [Route("/", front)]
