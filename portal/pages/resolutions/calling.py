"""The secretariat calls for resolutions, and moves a deadline where it must."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import dates
from portal.forms import fields
from portal.pages.delegations.typed import Form, another_acts
from portal.pages.events.writing import ZONES
from portal.pages.groups.deeds import fresh, told
from portal.pages.resolutions.reading import numbered
from portal.pages.resolutions.words import WORDS
from portal.rooms import House, MissingThing
from portal.sessions import to_sign_in

_CLOSE = "17:00"
_SHOWN_AT = {"dueAt": "due_date", "timeZone": "time_zone", "sponsorsNeeded": "sponsors"}


def routes(house: House) -> list[Route]:
    """The two forms."""

    async def call(request: Request) -> Response:
        return await _call(house, request)

    async def move(request: Request) -> Response:
        return await _move(house, request)

    return [
        Route("/resolutions/calls/new", call, methods=["GET", "POST"]),
        Route("/resolutions/calls/{id}/deadline", move, methods=["GET", "POST"]),
    ]


async def _call(house: House, request: Request) -> Response:
    token = house.cookies.token(request)
    if token is None:
        return house.on(to_sign_in(request.url.path))
    data = await house.read("resolutions/call", {}, token)
    form = fresh(data, time_zone=ZONES[0], due_time=_CLOSE, sponsors="3")
    if request.method == "POST":
        form = Form(await fields(request))
        form.problems = _slips(form) or another_acts(form, data)
        if not form.problems:
            wanted = {"name": form["name"], "sponsorsNeeded": numbered(form["sponsors"]), **_due(form)}
            if done := await _done(house, "call", wanted, form, token):
                return house.on(f"/resolutions?call={done['id']}", "called")
    return _shown(house, request, "resolutions/call", data, form)


async def _move(house: House, request: Request) -> Response:
    token = house.cookies.token(request)
    if token is None:
        return house.on(to_sign_in(request.url.path))
    data = await house.read("resolutions/deadline", {"id": request.path_params["id"]}, token)
    call = data["resolutionCall"]
    if not call:
        raise MissingThing("There is no such call, or it is not yours to see.")
    day, _, time = call["dueAtLocal"].partition("T")
    stood = {"due_date": day, "due_time": time[:5], "time_zone": call["timeZone"]}
    form = fresh(data, revision=str(call["revision"]), **stood)
    if request.method == "POST" and call["canMove"]:
        form = Form(await fields(request))
        form.problems = _slips(form, moving=True) or another_acts(form, data)
        if not form.problems:
            wanted = {"callId": call["id"], "reason": form["reason"], **_due(form)}
            wanted["expectedRevision"] = numbered(form["revision"])
            if done := await _done(house, "move", wanted, form, token):
                return house.on(f"/resolutions?call={done['id']}", "deadline-moved")
            form.values["revision"] = str(call["revision"])
    return _shown(house, request, "resolutions/deadline", data, form)


async def _done(
    house: House, act: str, wanted: Mapping[str, Any], form: Form, token: str
) -> Mapping[str, Any] | None:
    """The call as it stands after an act; None where it was refused, which the form then says."""
    given = {**wanted, "idempotencyKey": form["key"]}
    data = await house.read(f"resolutions/{act}.act", {"input": given}, token)
    outcome: Mapping[str, Any] | None = data["outcome"]
    if outcome and "message" not in outcome:
        return outcome
    told(form, outcome)
    form.problems = {_SHOWN_AT.get(name, name): problem for name, problem in form.problems.items()}
    return None


def _slips(form: Form, *, moving: bool = False) -> dict[str, str]:
    """What can be seen to be missing without a clock or a zone."""
    slips = {} if moving or form["name"] else {"name": "Give it a name."}
    try:
        dates.wall(_due(form)["dueAt"])
    except ValueError:
        slips["due_date"] = "Write the day as 2031-03-12 and the time as 17:00."
    if not moving and not numbered(form["sponsors"]):
        slips["sponsors"] = "Write a number, the mayor who leads a resolution counted in."
    if moving and not form["reason"]:
        slips["reason"] = "Say why; everyone is told."
    return slips


def _due(form: Form) -> dict[str, str]:
    return {"dueAt": f"{form['due_date']}T{form['due_time'] or _CLOSE}", "timeZone": form["time_zone"]}


def _shown(house: House, request: Request, page: str, data: Mapping[str, Any], form: Form) -> Response:
    status = 403 if form.refused else 422 if form.problems else 200
    return house.shown(request, page, {**data, **WORDS, "form": form, "zones": ZONES}, status=status)
