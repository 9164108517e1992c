"""Search: one field, everything one may know of, and nothing else."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.deeds import mayor
from portal.pages.events.telling import Occasion
from portal.pages.groups.threads import post_place
from portal.pages.groups.words import AUDIENCES, CONFIDENCES
from portal.pages.resolutions.words import standing
from portal.rooms import House

LONGEST = 200


def routes(house: House) -> list[Route]:
    """The page, empty or with what was found."""

    async def search(request: Request) -> Response:
        text = " ".join(request.query_params.get("text", "").split())[:LONGEST]
        wanted: dict[str, Any] = {"text": text}
        if page := request.query_params.get("page"):
            wanted["after"] = page
        return await house.page(request, "search/search", wanted, text=text, leads=leads, marked=marked)

    return [Route("/search", search)]


@dataclass(frozen=True, slots=True)
class Lead:
    """A thing found: what it is, where it is, what it is called, and what to say beside it."""

    kind: str
    href: str
    title: str
    beside: Sequence[str]


def leads(node: Mapping[str, Any]) -> Lead:  # noqa: PLR0911 - a kind each
    """A thing found as a line of the page."""
    match node["__typename"]:
        case "City":
            return _lead("City", f"/cities/{node['slug']}", node["name"])  # where it is, its excerpt says
        case "Mayor":
            city = node["city"] or {"slug": "", "name": "a city"}
            return _lead("Mayor", f"/cities/{city['slug']}", node["name"], f"Mayor of {city['name']}")
        case "Group":
            closed = node["confidentiality"]
            how = CONFIDENCES[closed][0] if closed != "ORDINARY" else ""
            return _lead("Group", f"/groups/{node['id']}", node["name"], AUDIENCES[node["audience"]][0], how)
        case "Event":
            days = Occasion.of(node).short if node["startsAtLocal"] else "without a date yet"
            return _lead("Event", f"/events/{node['id']}", node["title"], days, node["location"] or "")
        case "Thread":
            return _lead("Thread", f"/threads/{node['id']}", node["title"], _name(node["group"]))
        case "Resolution":
            return _resolution(node)
        case _:
            return _post(node)


def marked(excerpt: str, text: str) -> Markup:
    """An excerpt with the words that were looked for made to stand out, as far as they stand there as typed."""
    words = [re.escape(word) for word in text.split() if word.isalnum()]
    if not words:
        return escape(excerpt)
    pieces = re.split(rf"\b({'|'.join(words)})", excerpt, flags=re.IGNORECASE)
    mark = Markup('<mark class="found-mark">{}</mark>')
    return Markup("").join(mark.format(piece) if at % 2 else escape(piece) for at, piece in enumerate(pieces))


def _post(node: Mapping[str, Any]) -> Lead:
    thread = node["thread"] or {"id": "", "title": "A thread", "group": None}
    by = (node["author"] or {}).get("byline") or ""
    return _lead(
        "Post", post_place(thread["id"], node["number"]), thread["title"], by, _name(thread["group"])
    )


def _resolution(node: Mapping[str, Any]) -> Lead:
    how = f"No. {node['given']}" if node["given"] else standing(node)[0]
    call = (node["call"] or {}).get("name", "")
    return _lead("Resolution", f"/resolutions/{node['id']}", node["title"], how, mayor(node["sponsor"]), call)


def _lead(kind: str, href: str, title: str, *beside: str) -> Lead:
    return Lead(kind, href, title, [words for words in beside if words])


def _name(group: Mapping[str, Any] | None) -> str:
    return f"in {group['name']}" if group else ""
