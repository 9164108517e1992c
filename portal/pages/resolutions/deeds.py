"""What is done to a resolution by one press, and withdrawing it, which takes a reason."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.forms import fields
from portal.pages.delegations.typed import A_FAULT, Form, acting_id, another_acts
from portal.pages.groups.deeds import fresh, told
from portal.pages.resolutions.reading import numbered, one, shown
from portal.pages.resolutions.words import WORDS
from portal.rooms import House, MissingThing
from portal.sessions import to_sign_in


@dataclass(frozen=True, slots=True)
class Deed:
    """A button: the act behind it, under which name it sends the version that was read, and its greeting."""

    act: str
    reads: str
    flash: str


DEEDS = {
    "gather": Deed("gatherSponsors", "", "gathering"),
    "sponsor": Deed("sponsorResolution", "version", "sponsored"),
    "leave": Deed("withdrawSponsorship", "", "name-withdrawn"),
    "submit": Deed("submitResolution", "expectedVersion", "submitted"),
}


def routes(house: House) -> list[Route]:
    """One address for each; pressed buttons take posts alone."""

    async def do(request: Request) -> Response:
        name, resolution = request.path_params["deed"], request.path_params["id"]
        deed, token = DEEDS.get(name), house.cookies.token(request)
        if deed is None:
            raise MissingThing("There is no such deed.")
        here = f"/resolutions/{resolution}"
        if token is None:
            return house.on(to_sign_in(here))
        sent = await fields(request)
        if sent.get("acting") != acting_id(await house.read("errors/error", {}, token)):
            # A page left open while somebody switched in another tab must not sponsor in another's name.
            return house.on(here, "unjoined")
        wanted: dict[str, Any] = {"resolutionId": resolution, "idempotencyKey": sent.get("key", "")}
        if deed.reads:
            wanted[deed.reads] = numbered(sent.get("version", ""))
        outcome = (await house.read(f"resolutions/{name}.act", {"input": wanted}, token))["outcome"]
        if outcome and "message" not in outcome:
            return house.on(here, deed.flash)
        refusal = outcome or {"__typename": "", "message": A_FAULT}
        return await shown(house, request, {"act": deed.act, **refusal})

    async def withdraw(request: Request) -> Response:
        return await _withdraw(house, request)

    return [
        Route("/resolutions/{id}/do/{deed}", do, methods=["POST"]),
        Route("/resolutions/{id}/withdraw", withdraw, methods=["GET", "POST"]),
    ]


async def _withdraw(house: House, request: Request) -> Response:
    token, resolution = house.cookies.token(request), request.path_params["id"]
    if token is None:
        return house.on(to_sign_in(request.url.path))
    data = await house.read("resolutions/withdraw", {"id": resolution}, token)
    form, refusal = fresh(data), None
    if not one(data["resolution"])["canWithdraw"]:
        given = {"resolutionId": resolution, "reason": "A word.", "idempotencyKey": form["key"]}
        problem = await house.rehearse("withdrawResolution", given, token)
        refusal = problem and {"act": "withdrawResolution", **problem}
    elif request.method == "POST":
        form = Form(await fields(request))
        form.problems = another_acts(form, data)
        if not form.problems:
            wanted = {"resolutionId": resolution, "reason": form["reason"] or None}
            wanted["idempotencyKey"] = form["key"]
            outcome = (await house.read("resolutions/withdraw.act", {"input": wanted}, token))["outcome"]
            if outcome and "message" not in outcome:
                return house.on(f"/resolutions/{resolution}", "resolution-withdrawn")
            told(form, outcome)
    status = 403 if refusal or form.refused else 422 if form.problems else 200
    context = {**data, **WORDS, "form": form, "refusal": refusal}
    return house.shown(request, "resolutions/withdraw", context, status=status)
