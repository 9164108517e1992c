"""Delegations: what I hold and what I grant, and accepting one."""

from urllib.parse import quote
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.forms import fields
from portal.rooms import House
from portal.sessions import to_sign_in

# Scopes as a mayor would say them. One that is new to this table shows under its own name.
SCOPES = {
    "PROFILE": "keep the office's profile",
    "RSVP": "answer invitations",
    "REGISTER": "register for events",
    "DRAFT_RESOLUTION": "draft resolutions",
    "SPONSOR": "sponsor resolutions, released by the mayor",
    "SIGN_LETTER": "sign letters, released by the mayor",
    "POST_AS_OFFICE": "post for the office",
    "READ_GROUP": "read the groups",
    "COMMITTEE_PREFERENCES": "state committee preferences",
    "HOST_SESSIONS": "host sessions",
}
STATES = {
    "INVITED": "Invited, not yet accepted",
    "ACTIVE": "Active",
    "EXPIRED": "Run out",
    "REVOKED": "Withdrawn",
    "TERM_ENDED": "Ended with the term of office",
    "LEFT": "Given back",
}


def routes(house: House) -> list[Route]:
    """The list, and the page that an invitation's link leads to."""

    async def delegations(request: Request) -> Response:
        if house.cookies.token(request) is None:
            return house.on(to_sign_in("/delegations"))
        return await house.page(request, "delegations/delegations", scopes=SCOPES, states=STATES)

    async def accept(request: Request) -> Response:
        token = house.cookies.token(request)
        if request.method != "POST":
            code = request.query_params.get("code", "")
            if token is None:
                return house.on(to_sign_in(f"/delegations/accept?code={quote(code)}"))
            return await house.page(request, "delegations/accept", code=code, key=str(uuid4()), problem="")
        form = await fields(request)
        code = form.get("code", "")
        wanted = {"code": code, "idempotencyKey": form.get("key", "")}
        outcome = (await house.read("delegations/accept.act", {"input": wanted}, token))["outcome"]
        if outcome and outcome["__typename"] == "Delegation":
            return house.on("/delegations", "accepted")
        problem = (outcome or {}).get("message") or "Something went wrong on our side. Please try once more."
        return await house.page(
            request, "delegations/accept", status=422, code=code, key=str(uuid4()), problem=problem
        )

    return [
        Route("/delegations", delegations),
        Route("/delegations/accept", accept, methods=["GET", "POST"]),
    ]
