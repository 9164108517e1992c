"""Moving an event, whichever way: a form, a view of what will be said and to how many, then the act."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import dates
from portal.forms import fields, refused
from portal.pages.events.telling import Told, told
from portal.pages.events.typed import Form, acting_id, another_acts, date_slips, told_problems
from portal.pages.events.verbs import VERBS, Verb
from portal.rooms import House, MissingThing
from portal.sessions import to_sign_in

A_REASON = 500


def routes(house: House) -> list[Route]:
    """A form for each way to move an event, each at its own address."""
    return [_route(house, verb) for verb in VERBS.values()]


def _route(house: House, verb: Verb) -> Route:
    async def form(request: Request) -> Response:
        if house.cookies.token(request) is None:
            return house.on(to_sign_in(request.url.path))
        sent = Form(await fields(request)) if request.method == "POST" else None
        data = await _event(house, request, counting=sent is not None)
        if sent is None:
            return _shown(house, verb, request, data, _fresh(data, verb))
        sent.problems = _slips(sent, verb) or another_acts(sent, data)
        if sent.problems or sent["step"] != "do":
            wanted = not sent.problems and sent["step"] == "look"
            return _shown(house, verb, request, data, sent, preview=wanted)
        return await _act(house, verb, request, data, sent)

    return Route(f"/events/{{id}}/{verb.path}", form, methods=["GET", "POST"])


async def _event(house: House, request: Request, *, counting: bool) -> dict[str, Any]:
    variables = {"id": request.path_params["id"], "counting": counting}
    data = await house.read("events/moving", variables, house.cookies.token(request))
    if data["event"] is None:
        raise MissingThing("There is no such event, or it is not on a calendar you may see.")
    return data


async def _act(house: House, verb: Verb, request: Request, data: Mapping[str, Any], sent: Form) -> Response:
    wanted = {"input": act_input(verb, request.path_params["id"], sent)}
    done = await house.read(verb.act, wanted, house.cookies.token(request))
    outcome = done["outcome"]
    if outcome and outcome["__typename"] == "Event":
        return house.on(f"/events/{request.path_params['id']}", verb.flash)
    if outcome and outcome["__typename"] == "Conflict":
        # Someone was quicker. Show what stands now; what was typed stays, to be sent against the new version.
        data = await _event(house, request, counting=False)
        sent.values["version"] = str(data["event"]["version"])
    if outcome:
        # Refused, so nothing was done under this key. After a fault of ours it stays: the act may have been done.
        sent.values["key"] = str(uuid4())
    sent.problems, sent.refused = told_problems(outcome), refused(outcome, verb.mutation)
    return _shown(house, verb, request, data, sent)


def act_input(verb: Verb, event_id: str, sent: Form) -> dict[str, Any]:
    """What the API is asked for."""
    wanted: dict[str, Any] = {
        "eventId": event_id,
        "idempotencyKey": sent["key"],
        "expectedVersion": int(sent["version"]) if sent["version"].isdecimal() else None,
    }
    if verb.reasoned:
        wanted["reason"] = sent["reason"]
    start, end = ("newStartsAt", "newEndsAt") if verb.dates == "may" else ("startsAt", "endsAt")
    if verb.dates != "no" and sent.start:
        wanted |= {start: sent.start, end: sent.end}
    return wanted


def _slips(sent: Form, verb: Verb) -> dict[str, str]:
    """What can be seen without asking the API; rights, states and clocks are its business."""
    problems = reason_slips(sent["reason"]) if verb.reasoned else {}
    return problems | (date_slips(sent, needed=verb.dates == "must") if verb.dates != "no" else {})


def reason_slips(reason: str) -> dict[str, str]:
    """What is wrong with the reason."""
    if not reason:
        return {"reason": "Say why, in a sentence: everyone who had the date will read it."}
    if len(reason) > A_REASON:
        return {"reason": f"Keep it to {A_REASON} characters; this has {len(reason)}."}
    return {}


def _fresh(data: Mapping[str, Any], verb: Verb) -> Form:
    """A new form: the hours as they are, the days to be chosen; a date that is only to be confirmed is there."""
    event = told(data["event"])
    known = event.now if event.now.start else event.was or event.now
    values = {"key": str(uuid4()), "version": str(data["event"]["version"]), "acting": acting_id(data)}
    values |= {"start_time": _time(known.start), "end_time": _time(known.end)}
    if verb.dates == "must" and event.now.start:
        values |= {"start_date": _date(event.now.start), "end_date": _date(event.now.end)}
    return Form(values)


def _shown(
    house: House,
    verb: Verb,
    request: Request,
    data: Mapping[str, Any],
    form: Form,
    *,
    preview: bool = False,
) -> Response:
    event = told(data["event"])
    may = verb.name in data["event"]["canBe"]
    context = {
        **data,
        "told": event,
        "form": form,
        "verb": verb,
        "preview": _preview(event, form, verb) if preview else None,
        "may": may,
    }
    status = 403 if not may else 422 if form.problems else 200
    return house.shown(request, "events/moving", context, status=status)


def _preview(event: Told, form: Form, verb: Verb) -> Told:
    """The event as it would be told after the act."""
    before = {**event.node, "reason": form["reason"], "at": dates.stamp(datetime.now().astimezone())}
    draft = event.node["status"] == "DRAFT"  # nobody knew of it, so for everybody nothing was
    after = {
        **event.node,
        "status": verb.reaches,
        "reason": form["reason"],
        "previously": [] if draft else [before, *event.node["previously"]],
    }
    if verb.dates != "no":
        after |= {"startsAtLocal": form.start, "endsAtLocal": form.end if form.start else None}
    if verb.name == "MOVE_ONLINE":
        after["location"] = ""
    return told(after)


def _time(moment: datetime | None) -> str:
    return f"{moment:%H:%M}" if moment else ""


def _date(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""
