"""Delegations: what I hold and what I grant, each with its history; accepting one, and the forms that change one."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.forms import fields
from portal.live import Subject, live
from portal.pages.delegations import granting
from portal.pages.delegations.typed import A_FAULT
from portal.pages.delegations.words import LIVE, SCOPES, deed, idle, scope_words, standing
from portal.rooms import House, MissingThing
from portal.sessions import to_sign_in

CHANGED = "Your delegations have changed."
WORDS: dict[str, Any] = {
    "scopes": SCOPES,
    "standing": standing,
    "idle": idle,
    "scope_words": scope_words,
    "deed": deed,
    "sides": granting.sides,
}


def routes(house: House) -> list[Route]:
    """The lists, one grant whole, the streams that keep both fresh, and where an invitation's link leads."""

    async def delegations(request: Request) -> Response:
        if house.cookies.token(request) is None:
            return house.on(to_sign_in("/delegations"))
        extra = {**WORDS, "sorted_out": sorted_out, "live_query": request.url.query}
        return await house.page(request, "delegations/delegations", _place(request), **extra)

    async def delegations_live(request: Request) -> Response:
        extra = {**WORDS, "sorted_out": sorted_out}
        subject = Subject("delegations/delegations", "grants", _place(request), extra, otherwise=CHANGED)
        return live(house, request, subject)

    async def delegation(request: Request) -> Response:
        if house.cookies.token(request) is None:
            return house.on(to_sign_in(request.url.path))
        return await house.page(request, "delegations/delegation", _wanted(request), **_shown_with(request))

    async def delegation_live(request: Request) -> Response:
        extra = _shown_with(request)
        subject = Subject("delegations/delegation", "grant", _wanted(request), extra, otherwise=CHANGED)
        return live(house, request, subject)

    return [
        Route("/delegations", delegations),
        Route("/live/delegations", delegations_live),
        Route("/delegations/accept", partial(_found, house)),
        Route("/delegations/{id}/accept", partial(_accept, house), methods=["POST"]),
        *granting.routes(house),
        Route("/delegations/{id}", delegation),
        Route("/live/delegations/{id}", delegation_live),
    ]


def sorted_out(data: Mapping[str, Any], edges: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Grants by side, newest first: offered, given, held, ended, and those of others, as the secretariat sees them."""
    found: dict[str, list[dict[str, Any]]] = {
        side: [] for side in ("offered", "given", "held", "others", "ended")
    }
    for grant in (edge["node"] for edge in reversed(edges)):
        side = granting.sides(data, grant)
        held = "offered" if grant["status"] == "INVITED" else "held"
        place = "given" if side["given"] else held if side["held"] else "others"
        found["ended" if grant["status"] not in LIVE else place].append(grant)
    return found


async def _found(house: House, request: Request) -> Response:
    """Where a letter's link leads: to the grant it offers, if it was sent to whoever is signed in."""
    token, code = house.cookies.token(request), request.query_params.get("code", "").strip()
    if token is None:
        return house.on(to_sign_in(f"/delegations/accept?code={quote(code)}"))
    data = await house.read("delegations/accept", {"code": code}, token)
    for grant in data["offered"]["nodes"]:
        return house.on(f"/delegations/{grant['id']}", "accepted-before" if grant["acceptedAt"] else "")
    return house.shown(request, "delegations/accept", {**data, "code": code}, status=404 if code else 200)


async def _accept(house: House, request: Request) -> Response:
    token, grant_id = house.cookies.token(request), request.path_params["id"]
    if token is None:
        return house.on(to_sign_in(f"/delegations/{grant_id}"))
    wanted = {"delegationId": grant_id, "idempotencyKey": (await fields(request)).get("key", "")}
    outcome = (await house.read("delegations/accept.act", {"input": wanted}, token))["outcome"]
    if outcome and outcome["__typename"] == "Delegation":
        # Who held no other grant acts for this mayor from here on, unless another choice was made: say which it is.
        acting = (await house.read("errors/error", {}, token))["viewer"]["capacity"] or {}
        mayor, granted = acting.get("principal") or {}, outcome["principal"] or {}
        so = acting.get("scopes") is not None and mayor.get("id") == granted.get("id")
        return house.on(f"/delegations/{grant_id}", "accepted-acting" if so else "accepted")
    said = {
        "problem": (outcome or {}).get("message") or A_FAULT,
        "refused": bool(outcome and outcome["__typename"] == "Refused"),
    }
    shown = {**_shown_with(request), **said}
    return await house.page(request, "delegations/delegation", {"id": grant_id}, status=422, **shown)


def _wanted(request: Request) -> dict[str, Any]:
    return {"id": request.path_params["id"], **_place(request)}


def _shown_with(request: Request) -> dict[str, Any]:
    return {
        **WORDS,
        "one": _one,
        "live_query": request.url.query,
        "new_key": uuid4,
        "problem": "",
        "refused": False,
    }


def _place(request: Request) -> dict[str, Any]:
    """Where in a list, the newest at its end."""
    before = request.query_params.get("before")
    return {"before": before} if before else {}


def _one(node: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if not node:
        raise MissingThing("There is no such delegation, or it is not yours to see.")
    return node
