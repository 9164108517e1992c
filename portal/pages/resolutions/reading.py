"""One resolution as it is read, with what was refused when something was tried upon it."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from portal.pages.resolutions.words import WORDS
from portal.rooms import House, MissingThing
from portal.sessions import to_sign_in


async def shown(house: House, request: Request, refused: Mapping[str, Any] | None = None) -> Response:
    """A resolution's page; with the sentence that refused, where something was."""
    token = house.cookies.token(request)
    if token is None:
        return house.on(to_sign_in(request.url.path))
    data = await house.read("resolutions/resolution", {"id": request.path_params["id"]}, token)
    read = one(data["resolution"])["version"]
    context = {**data, **WORDS, "read": read, "refused": refused}
    return house.shown(request, "resolutions/resolution", context, status=422 if refused else 200)


def one(resolution: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """What a page is about, or nothing that could be shown."""
    if not resolution:
        raise MissingThing("There is no such resolution, or it is not yours to see.")
    return resolution


def numbered(text: str) -> int:
    """A number in an address; 0 for anything else."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < len(str(2**31)) else 0
