"""Search: one field, everything one may know of, and nothing else."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.rooms import House

LONGEST = 200


def routes(house: House) -> list[Route]:
    """The page, empty or with what was found."""

    async def search(request: Request) -> Response:
        text = " ".join(request.query_params.get("text", "").split())[:LONGEST]
        wanted: dict[str, Any] = {"text": text}
        if page := request.query_params.get("page"):
            wanted["after"] = page
        return await house.page(request, "search/search", wanted, text=text, leads=leads)

    return [Route("/search", search)]


def leads(node: dict[str, Any]) -> dict[str, str]:
    """Where a thing found leads, what it is called, and what to say beside it."""
    match node["__typename"]:
        case "City":
            return _line("City", f"/cities/{node['slug']}", node["name"], node["region"])
        case "Mayor":
            city = node["city"] or {"slug": "", "name": ""}
            return _line("Mayor", f"/cities/{city['slug']}", node["name"], f"Mayor of {city['name']}")
        case "Group":
            return _line("Group", f"/groups/{node['id']}", node["name"], node["purpose"])
        case "Event":
            return _line("Event", f"/events/{node['id']}", node["title"], node["location"])
        case "Thread":
            return _line("Thread", f"/threads/{node['id']}", node["title"], f"in {_name(node['group'])}")
        case _:
            thread, number = node["thread"] or {"id": "", "title": "", "group": None}, node["number"]
            place = f"/threads/{thread['id']}?from={max(1, number - 2)}#p{number}"
            by = (node["author"] or {}).get("byline", "")
            return _line("Post", place, thread["title"], f"{by} in {_name(thread['group'])}".strip())


def _line(kind: str, href: str, title: str, beside: str) -> dict[str, str]:
    return {"kind": kind, "href": href, "title": title, "beside": beside}


def _name(group: dict[str, Any] | None) -> str:
    return group["name"] if group else "a group"
