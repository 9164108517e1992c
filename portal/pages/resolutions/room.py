"""Resolutions: the open call and what came in for it, and one resolution with its text and its sponsors."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.live import Subject, live
from portal.pages.resolutions import calling, deeds, writing
from portal.pages.resolutions.reading import numbered, one, shown
from portal.pages.resolutions.words import WORDS
from portal.rooms import House, MissingThing
from portal.sessions import to_sign_in

CHANGED = "A resolution has changed."


def routes(house: House) -> list[Route]:
    """The list and one resolution, the streams that keep both fresh, and the forms."""

    async def resolutions(request: Request) -> Response:
        if house.cookies.token(request) is None:
            return house.on(to_sign_in(request.url.path))
        return await house.page(request, "resolutions/resolutions", _wanted(request), **_beside(request))

    async def resolutions_live(request: Request) -> Response:
        subject = Subject(
            "resolutions/resolutions",
            "resolutions",
            _wanted(request),
            _beside(request),
            otherwise=CHANGED,
        )
        return live(house, request, subject)

    async def resolution(request: Request) -> Response:
        return await shown(house, request)

    async def resolution_live(request: Request) -> Response:
        wanted = {"id": request.path_params["id"]}
        read = numbered(request.query_params.get("read", ""))

        def arranged(data: Mapping[str, Any]) -> dict[str, Any]:
            return {"read": read or one(data["resolution"])["version"]}

        def concerns(notice: Mapping[str, Any]) -> bool:
            """The page shows a deadline too, of which the stream of one resolution alone would not tell."""
            return "resolution" not in notice or (notice["resolution"] or wanted)["id"] == wanted["id"]

        subject = Subject(
            "resolutions/resolution",
            "resolution",
            wanted,
            WORDS,
            otherwise=CHANGED,
            arranged=arranged,
            heeds=concerns,
        )
        return live(house, request, subject)

    async def versions(request: Request) -> Response:
        return await _versions(house, request)

    return [
        Route("/resolutions", resolutions),
        Route("/live/resolutions", resolutions_live),
        *calling.routes(house),
        *writing.routes(house),
        *deeds.routes(house),
        Route("/resolutions/{id}/versions", versions),
        Route("/resolutions/{id}", resolution),
        Route("/live/resolutions/{id}", resolution_live),
    ]


async def _versions(house: House, request: Request) -> Response:
    """An earlier version beside the text as it stands: the one asked for, the one sponsored, or the last."""
    token = house.cookies.token(request)
    if token is None:
        return house.on(to_sign_in(request.url.path))
    data = await house.read("resolutions/versions", {"id": request.path_params["id"]}, token)
    resolution = one(data["resolution"])
    earlier = {each["version"]: each for each in resolution["versions"]}
    earlier.pop(resolution["version"], None)
    given = (resolution["mySponsorship"] or {}).get("version")
    asked = numbered(request.query_params.get("was", ""))
    was = earlier.get(asked) or earlier.get(given) or (earlier[max(earlier)] if earlier else None)
    return house.shown(request, "resolutions/versions", {**data, **WORDS, "was": was})


def _wanted(request: Request) -> dict[str, Any]:
    asked = {"call": request.query_params.get("call"), "after": request.query_params.get("page")}
    return {name: value for name, value in asked.items() if value}


def _picked(calls: Sequence[Mapping[str, Any]], chosen: str) -> list[Mapping[str, Any]]:
    """The call that the page is about, or every one that is open."""
    found = [call for call in calls if (call["id"] == chosen if chosen else call["open"])]
    if chosen and not found:
        raise MissingThing("There is no such call, or it is not yours to see.")
    return found


def _beside(request: Request) -> dict[str, Any]:
    return {**WORDS, "picked": _picked, "chosen": request.query_params.get("call", "")}
