"""Writing a resolution: a new draft, or other words for one; typed, arranged, and kept where it could not be sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from portal.forms import fields
from portal.pages.delegations.typed import Form, another_acts
from portal.pages.groups.deeds import fresh, told
from portal.pages.resolutions import drafting
from portal.pages.resolutions.drafting import Piece
from portal.pages.resolutions.reading import numbered, one
from portal.pages.resolutions.words import WORDS
from portal.rooms import House
from portal.sessions import to_sign_in

_LAYOUT = "resolutions/_writing"


@dataclass(slots=True)
class Desk:
    """What lies before its writer: the form, its clauses, and where one goes on typing."""

    page: str
    data: Mapping[str, Any]
    form: Form
    pieces: list[Piece]
    focus: str = ""
    refusal: Mapping[str, Any] | None = None

    def context(self) -> dict[str, Any]:
        """What the template needs."""
        rows = drafting.rows(self.pieces)
        shown = {"form": self.form, "rows": rows, "focus": self.focus, "refusal": self.refusal}
        return {**self.data, **WORDS, **shown}


def routes(house: House) -> list[Route]:
    """A new draft, and another wording."""

    async def new(request: Request) -> Response:
        token = house.cookies.token(request)
        if token is None:
            return house.on(to_sign_in(request.url.path))
        data = await house.read("resolutions/new", {}, token)
        form = fresh(data, callId=request.query_params.get("call", ""))
        return await _answered(house, request, Desk("resolutions/new", data, form, drafting.beginning()))

    async def edit(request: Request) -> Response:
        token = house.cookies.token(request)
        if token is None:
            return house.on(to_sign_in(request.url.path))
        data = await house.read("resolutions/edit", {"id": request.path_params["id"]}, token)
        resolution = one(data["resolution"])
        form = fresh(data, title=resolution["title"], version=str(resolution["version"]))
        desk = Desk("resolutions/edit", data, form, drafting.standing_text(resolution["clauses"]))
        if request.method != "POST" and not resolution["canEdit"]:  # else what was typed is kept
            given = _edited(desk, resolution)[1] | {"title": form["title"], "idempotencyKey": form["key"]}
            problem = await house.rehearse("editResolution", given, token)
            desk.refusal = problem and {"act": "editResolution", **problem}
        return await _answered(house, request, desk)

    return [
        Route("/resolutions/new", new, methods=["GET", "POST"]),
        Route("/resolutions/{id}/edit", edit, methods=["GET", "POST"]),
    ]


async def _answered(house: House, request: Request, desk: Desk) -> Response:
    if request.method == "POST":
        desk.form = Form(await fields(request))
        desk.pieces = drafting.typed(desk.form.values)
        if (do := desk.form["do"]) != "save":
            desk.pieces, desk.focus = drafting.arranged(desk.pieces, do)
            if "hx-request" in request.headers:  # the rest of the page stays as it is
                block = house.block(desk.page, "clauses", request.url.path, desk.context(), layout=_LAYOUT)
                return HTMLResponse(block)
        else:
            if _reads_as_it_did(desk):
                return house.on(f"/resolutions/{desk.data['resolution']['id']}", "text-unchanged")
            desk.form.problems = another_acts(desk.form, desk.data)
            if not desk.form.problems and (done := await _saved(house, request, desk)):
                return done
    status = 403 if desk.refusal or desk.form.refused else 422 if desk.form.problems else 200
    return house.shown(request, desk.page, desk.context(), status=status)


async def _saved(house: House, request: Request, desk: Desk) -> Response | None:
    resolution, token = desk.data.get("resolution"), house.cookies.token(request)
    act, given = _edited(desk, resolution) if resolution else _drafted(desk)
    given |= {"title": desk.form["title"], "idempotencyKey": desk.form["key"]}
    outcome = (await house.read(f"resolutions/{act}.act", {"input": given}, token))["outcome"]
    if outcome and "message" not in outcome:
        return house.on(f"/resolutions/{outcome['id']}", f"resolution-{act}")
    if outcome and outcome["__typename"] == "Conflict" and resolution:
        _overtaken(desk.form, resolution)
    else:
        told(desk.form, outcome)
        if outcome and outcome.get("fields"):
            desk.form.problems = drafting.placed(outcome["fields"], desk.pieces)
    return None


def _drafted(desk: Desk) -> tuple[str, dict[str, Any]]:
    return "draft", {"callId": desk.form["callId"], "clauses": drafting.sent(desk.pieces)}


def _edited(desk: Desk, resolution: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    known = [clause["id"] for clause in resolution["clauses"]]
    return "edit", {
        "resolutionId": resolution["id"],
        "expectedVersion": numbered(desk.form["version"]),
        "clauses": drafting.sent(desk.pieces, known),
    }


def _reads_as_it_did(desk: Desk) -> bool:
    stands = desk.data.get("resolution")
    if not stands or desk.form["title"] != stands["title"]:
        return False
    known = [clause["id"] for clause in stands["clauses"]]
    return drafting.sent(desk.pieces, known) == drafting.sent(
        drafting.standing_text(stands["clauses"]), known
    )


def _overtaken(form: Form, resolution: Mapping[str, Any]) -> None:
    """Of two who write at once the second is shown what the first has written, and keeps their own words."""
    form.values |= {"key": str(uuid4()), "version": str(resolution["version"])}
    form.problems = {
        "stands": "Meanwhile somebody changed the text: it stands below as it reads now. What you typed is still "
        "here; saving it puts it in place of theirs."
    }
