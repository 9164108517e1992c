"""Groups, their threads and what is said: reading where one left off, and speaking."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.live import Subject, live
from portal.pages.groups import deeds, writing
from portal.pages.groups.threads import PAGE, Place, one, shown_thread
from portal.pages.groups.words import WORDS
from portal.rooms import House
from portal.sessions import to_sign_in

CHANGED = "Something new was said."


def routes(house: House) -> list[Route]:
    """The list of groups, one group, one thread; the streams that keep them fresh; and the forms."""

    async def groups(request: Request) -> Response:
        if house.cookies.token(request) is None:
            return house.on(to_sign_in("/groups"))
        return await house.page(request, "groups/groups", _place(request), **WORDS, sorted_out=sorted_out)

    async def groups_live(request: Request) -> Response:
        extra = {**WORDS, "sorted_out": sorted_out}
        subject = Subject("groups/groups", "groups", _place(request), extra, otherwise=CHANGED)
        return live(house, request, subject)

    async def group(request: Request) -> Response:
        if house.cookies.token(request) is None:
            return house.on(to_sign_in(request.url.path))
        wanted = {"id": request.path_params["id"], **_place(request)}
        return await house.page(request, "groups/group", wanted, **WORDS, one=one, form=deeds.fresh())

    async def group_live(request: Request) -> Response:
        wanted = {"id": request.path_params["id"], **_place(request)}
        extra = {**WORDS, "one": one, "form": deeds.fresh()}
        narrowed = {"groupId": request.path_params["id"]}
        subject = Subject("groups/group", "threads", wanted, extra, narrowed=narrowed, otherwise=CHANGED)
        return live(house, request, subject)

    async def thread(request: Request) -> Response:
        return await shown_thread(house, request)

    async def thread_live(request: Request) -> Response:
        place = Place.of(request)
        wanted = {"id": request.path_params["id"], **place.variables(more=PAGE)}
        narrowed = {"threadId": request.path_params["id"]}
        extra = {**WORDS, "one": one, "place": place}
        subject = Subject("groups/thread", "posts", wanted, extra, narrowed=narrowed, otherwise=CHANGED)
        return live(house, request, subject)

    return [
        Route("/groups", groups),
        Route("/live/groups", groups_live),
        *deeds.routes(house),
        *writing.routes(house),
        Route("/groups/{id}", group),
        Route("/live/groups/{id}", group_live),
        Route("/threads/{id}", thread),
        Route("/live/threads/{id}", thread_live),
    ]


def sorted_out(edges: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Groups by where one stands with them: invited, with something unread, read through, and closed to one."""
    found: dict[str, list[dict[str, Any]]] = {"invited": [], "unread": [], "quiet": [], "others": []}
    for group in (edge["node"] for edge in edges):
        status = (group["membership"] or {}).get("status")
        muted = (group["attention"] or {}).get("level") == "MUTED"
        if status == "INVITED":
            found["invited"].append(group)
        elif not group["entered"]:
            found["others"].append(group)
        else:
            found["unread" if group["unreadCount"] and not muted else "quiet"].append(group)
    found["unread"].sort(key=lambda group: group["lastPostAt"] or "", reverse=True)
    return found


def _place(request: Request) -> dict[str, Any]:
    after = request.query_params.get("page")
    return {"after": after} if after else {}
