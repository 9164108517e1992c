"""The desk's rooms: what stands where, the lists with their spreadsheets, and the trail of what was done."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import deeds
from portal.live import Subject, every, live, shown_in
from portal.pages.desk import people, together
from portal.pages.desk.gate import at_desk, opened
from portal.pages.desk.listings import AUDIT, CITIES, EVENTS, LISTINGS, SOON, Listing
from portal.pages.desk.people import SAID
from portal.pages.desk.sheets import sheet
from portal.pages.events.telling import STANDINGS, told
from portal.pages.events.writing import KINDS
from portal.rooms import House
from portal.sessions import to_sign_in

A_PAGE, A_LOAD = 50, 100
CHANGED = "Something changed at the desk."


def routes(house: House) -> list[Route]:
    """Everything under ``/desk`` but the form for a new event, which is with the events."""

    async def desk(request: Request) -> Response:
        if house.cookies.token(request) is None:
            return house.on(to_sign_in("/desk"))
        data = await at_desk(house, request, "desk/desk", {"soon": _soon()})
        return house.shown(request, "desk/desk", {**data, **_overview(data)})

    async def desk_live(request: Request) -> Response:
        subject = Subject(
            "desk/desk", "overview", {"soon": _soon()}, arranged=_overview, otherwise=CHANGED, heeds=_at_desk
        )
        return live(house, request, subject)

    found = [Route("/desk", desk), Route("/live/desk", desk_live)]
    for listing in LISTINGS:
        found += _listed(house, listing)
    return [*found, *people.routes(house), *together.routes(house)]


def _listed(house: House, listing: Listing) -> list[Route]:
    hosts_too = listing is EVENTS
    document = f"desk/{listing.name}"

    async def page(request: Request) -> Response:
        if house.cookies.token(request) is None:
            return house.on(to_sign_in(str(request.url.path)))
        query = request.query_params or _opened_with(listing)
        wanted = listing.variables(query) | _place(listing, query.get("page"))
        data = await at_desk(house, request, document, wanted, hosts_too=hosts_too)
        asked = listing.address(query, **({"page": query["page"]} if query.get("page") else {}))
        context = {**data, **_words(), **_arrangement(listing, query, data), "live_query": asked}
        return house.shown(request, document, context)

    async def spreadsheet(request: Request) -> Response:
        if house.cookies.token(request) is None:
            return house.on(to_sign_in(str(request.url.path)))
        wanted = listing.variables(request.query_params) | {"first": A_LOAD}
        # The first load is read before anything is sent, so that a refusal still is a page.
        first = await at_desk(house, request, document, wanted, hosts_too=hosts_too)

        async def loads() -> AsyncIterator[list[Mapping[str, Any]]]:
            found = first[listing.name]
            yield found["nodes"]
            while found["pageInfo"]["hasNextPage"]:
                after = {"after": found["pageInfo"]["endCursor"]}
                token = house.cookies.token(request)
                found = (await house.read(document, wanted | after, token))[listing.name]
                yield found["nodes"]

        return sheet(listing.name, listing.columns, loads())

    async def page_live(request: Request) -> Response:
        query = request.query_params

        def arranged(data: Mapping[str, Any]) -> Mapping[str, Any]:
            opened(data, hosts_too=hosts_too)
            return {**_words(), **_arrangement(listing, query, data)}

        subject = Subject(
            document,
            "listed",
            listing.variables(query) | _place(listing, query.get("page")),
            arranged=arranged,
            layout="desk/_list",
            beside={"live-glance": "glance"},
            otherwise=CHANGED,
            heeds=_at_desk,
            says=every if listing is AUDIT else shown_in,
        )
        return live(house, request, subject)

    return [
        Route(f"/desk/{listing.name}", page),
        Route(f"/desk/{listing.name}.csv", spreadsheet),
        Route(f"/live/desk/{listing.name}", page_live),
    ]


def _opened_with(listing: Listing) -> dict[str, str]:
    """What a list shows if nothing was asked: of events what is ahead, as the calendar does; of cities the members."""
    if listing is EVENTS:
        return {"from": _today().isoformat()}
    return {"member": "yes"} if listing is CITIES else {}


def _at_desk(notice: Mapping[str, Any]) -> bool:
    """One's own keys and grants are told on the same stream, and are nothing to the desk."""
    return not str(notice["__typename"]).startswith(("Session", "Token", "Passkey"))


def _overview(data: Mapping[str, Any]) -> dict[str, Any]:
    opened(data)
    return {**_words(), "counts": _counts(data), "soon": _soon()}


def _place(listing: Listing, page: str | None) -> dict[str, Any]:
    """Where in the list: the newest of a trail are its last, read backwards."""
    if listing.newest_first:
        return {"last": A_PAGE, **({"before": page} if page else {})}
    return {"first": A_PAGE, **({"after": page} if page else {})}


def _arrangement(listing: Listing, query: Mapping[str, str], data: Mapping[str, Any]) -> dict[str, Any]:
    found = data[listing.name]
    info = found["pageInfo"]
    if listing.newest_first:
        onward = info["startCursor"] if info["hasPreviousPage"] else None
        rows = found["nodes"][::-1]
    else:
        onward = info["endCursor"] if info["hasNextPage"] else None
        rows = found["nodes"]
    return {
        "listing": listing,
        "rows": rows,
        "total": found["totalCount"],
        "typed": listing.typed(query),
        "narrowed": any(listing.typed(query).values()),
        "as_sheet": listing.address(query),
        "onward": listing.address(query, page=onward) if onward else None,
        "soon": _soon(),
        "today": _today().isoformat(),
        "counts": _counts(data) if listing is EVENTS else {},
    }


def _counts(data: Mapping[str, Any]) -> dict[str, int]:
    """How many events are in each state: the documents name each count for its state."""
    return {state: data[state]["totalCount"] for state in STANDINGS}


def _words() -> dict[str, Any]:
    return {
        "states": STANDINGS,
        "state_words": [(state, standing.word) for state, standing in STANDINGS.items()],
        "kinds": KINDS,
        "tell": told,
        **SAID,
        "deeds": [(act, deeds.label(act)) for act in deeds.DEEDS],
    }


def _today() -> date:
    return datetime.now(UTC).date()


def _soon() -> str:
    return (_today() + timedelta(days=SOON)).isoformat()
