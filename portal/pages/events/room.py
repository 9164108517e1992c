"""The calendar and its events: reading them, and moving them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import dates
from portal.live import Subject, live
from portal.pages.events import moving, writing
from portal.pages.events.telling import by_month, told, upcoming
from portal.rooms import House, MissingThing

# An event that began some days ago may still be going on; the page itself drops what has ended.
LONGEST_EVENT = timedelta(days=14)


def routes(house: House) -> list[Route]:
    """The calendar, its events, their forms, and the streams that keep them fresh."""

    async def calendar(request: Request) -> Response:
        variables = _wanted(request)
        return await house.page(request, "events/calendar", variables, **_arrangement(request))

    async def event(request: Request) -> Response:
        return await house.page(request, "events/event", {"id": request.path_params["id"]}, tell=_one)

    async def calendar_live(request: Request) -> Response:
        subject = Subject("events/calendar", "calendar", _wanted(request), _arrangement(request))
        return live(house, request, subject)

    async def event_live(request: Request) -> Response:
        event_id = request.path_params["id"]
        subject = Subject("events/event", "event", {"id": event_id}, {"tell": _one}, {"id": event_id})
        return live(house, request, subject)

    return [
        Route("/calendar", calendar),
        Route("/live/calendar", calendar_live),
        *moving.routes(house),
        *writing.routes(house),
        Route("/events/{id}", event),
        Route("/live/events/{id}", event_live),
    ]


def _one(node: Mapping[str, Any] | None) -> Any:
    if node is None:
        raise MissingThing("There is no such event, or it is not on a calendar you may see.")
    return told(node)


def _wanted(request: Request) -> dict[str, Any]:
    year = _year(request)
    after = request.query_params.get("page")
    page = {"after": after} if after else {}
    if year is None:
        return {"from": dates.stamp(datetime.now(UTC) - LONGEST_EVENT), **page}
    first, next_first = (datetime(y, 1, 1, tzinfo=UTC) for y in (year, year + 1))
    return {"from": dates.stamp(first), "until": dates.stamp(next_first), **page}


def _arrangement(request: Request) -> dict[str, Any]:
    """What the calendar's template needs beside the data; a year shows all of it, otherwise what is ahead."""
    # Wall times are compared with UTC's wall: at worst an event lingers half a day after it has ended.
    today = datetime.now(UTC).replace(tzinfo=None)
    year = _year(request)

    def arrange(edges: list[dict[str, Any]]) -> Any:
        nodes = [edge["node"] for edge in edges]
        if year is None:
            return by_month(upcoming(nodes, today), today)
        return by_month(map(told, nodes))

    return {"arrange": arrange, "year": year, "years": _years(today.year), "live_query": request.url.query}


def _years(this_year: int) -> Any:
    def years(earliest: list[dict[str, Any]]) -> list[int]:
        first = earliest[0]["node"]["startsAtLocal"] if earliest else None
        return list(range(this_year, (dates.wall(first).year if first else this_year) - 1, -1))

    return years


def _year(request: Request) -> int | None:
    text = request.query_params.get("year", "")
    return int(text) if text.isdecimal() and 1900 <= int(text) < 9000 else None  # noqa: PLR2004 -- any year in reach
