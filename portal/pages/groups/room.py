"""Groups, their threads and what is said: reading where one left off, and speaking."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.live import Subject, live
from portal.pages.groups import deeds, writing
from portal.pages.groups.doors import closed, is_told_names
from portal.pages.groups.growing import OpenThread
from portal.pages.groups.threads import PAGE, Place, arranged, one, shown_thread
from portal.pages.groups.words import WORDS
from portal.rooms import House
from portal.sessions import to_sign_in

CHANGED = "Something new was said."
#: What a reader did, here or on another device, is shown and not said; nor are marks upon posts.
_UNSAID = {"ThreadRead", "PostChanged", "ThreadChanged", "GroupEdited"}


def routes(house: House) -> list[Route]:
    """The list of groups, one group, one thread; the streams that keep them fresh; and the forms."""

    async def groups(request: Request) -> Response:
        if house.cookies.token(request) is None:
            return house.on(to_sign_in("/groups"))
        return await house.page(request, "groups/groups", _place(request), **WORDS, sorted_out=sorted_out)

    async def groups_live(request: Request) -> Response:
        extra = {**WORDS, "sorted_out": sorted_out}
        subject = Subject(
            "groups/groups", "groups", _place(request), extra, otherwise=CHANGED, says=_said, passing=True
        )
        return live(house, request, subject)

    async def group(request: Request) -> Response:
        token = house.cookies.token(request)
        if token is None:
            return house.on(to_sign_in(request.url.path))
        data = await house.read("groups/group", _wanted(request), token)
        doors = await closed(house, data, one(data["group"]), token)
        return house.shown(request, "groups/group", {**data, **WORDS, **doors, **_told(data)})

    async def group_live(request: Request) -> Response:
        subject = Subject(
            "groups/group",
            "threads",
            _wanted(request),
            WORDS,
            narrowed={"groupId": request.path_params["id"]},
            otherwise=CHANGED,
            beside={"group-head": "banner"},
            arranged=_told,
            says=_said,
            passing=True,
        )
        return live(house, request, subject)

    async def thread(request: Request) -> Response:
        return await shown_thread(house, request)

    async def thread_live(request: Request) -> Response:
        subject = Subject(
            "groups/thread",
            "posts",
            {"id": request.path_params["id"], **Place.of(request).variables(more=PAGE)},
            WORDS,
            narrowed={"threadId": request.path_params["id"]},
            otherwise=CHANGED,
            beside={"thread-how": "how"},
            arranged=arranged,
            says=_said,
            passing=True,
            growing=OpenThread(request),
        )
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
    """Groups by where one stands with them: invited, with something unread, read through, muted, closed to one."""
    found: dict[str, list[dict[str, Any]]] = {
        "invited": [], "unread": [], "quiet": [], "muted": [], "others": [],
    }  # fmt: skip
    for group in (edge["node"] for edge in edges):
        status = (group["membership"] or {}).get("status")
        if status == "INVITED":
            found["invited"].append(group)
        elif not group["entered"]:
            found["others"].append(group)
        elif (group["attention"] or {}).get("level") == "MUTED":
            found["muted"].append(group)
        else:
            found["unread" if group["unreadCount"] else "quiet"].append(group)
    found["unread"].sort(key=lambda group: group["lastPostAt"] or "", reverse=True)
    return found


def _told(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"names_told": is_told_names(data, one(data["group"]))}


def _said(notice: Mapping[str, Any], _block: str) -> bool:
    return notice["__typename"] not in _UNSAID


def _wanted(request: Request) -> dict[str, Any]:
    return {"id": request.path_params["id"], **_place(request)}


def _place(request: Request) -> dict[str, Any]:
    after = request.query_params.get("page")
    return {"after": after} if after else {}
