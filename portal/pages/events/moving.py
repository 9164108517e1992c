"""Postponing and re-scheduling: a form, a view of what will be said, then the act."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import dates
from portal.forms import fields
from portal.pages.events.telling import Told, told
from portal.rooms import House, MissingThing
from portal.sessions import to_sign_in

A_REASON = 500
START_OF_DAY, CLOSE_OF_DAY = "09:00", "17:00"


@dataclass(frozen=True, slots=True)
class Verb:
    """One way to move an event: its words, and whether a new date must be given."""

    name: str
    dated: bool
    flash: str


POSTPONE = Verb("postpone", dated=False, flash="postponed")
RESCHEDULE = Verb("reschedule", dated=True, flash="rescheduled")

# The names of input fields in the API, and the field of the form that each is shown at.
SHOWN_AT = {
    "reason": "reason",
    "newStartsAt": "start_date",
    "startsAt": "start_date",
    "newEndsAt": "end_date",
    "endsAt": "end_date",
}


@dataclass(slots=True)
class Form:
    """What was typed, and what is wrong with it, by field; `""` is for the form as a whole."""

    values: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        """A field's value, empty if nothing was typed."""
        return self.values.get(name, "")

    @property
    def start(self) -> str | None:
        """The new start as a wall time for the API, or None where no day was chosen."""
        return _wall(self["start_date"], self["start_time"])

    @property
    def end(self) -> str | None:
        """The new end, on the start's day unless another was chosen; None to keep the length as it was."""
        if not self["end_date"] and not self["end_time"]:
            return None
        return _wall(self["end_date"] or self["start_date"], self["end_time"] or CLOSE_OF_DAY)


def routes(house: House) -> list[Route]:
    """Both forms, each at its own address."""
    return [_route(house, verb) for verb in (POSTPONE, RESCHEDULE)]


def _route(house: House, verb: Verb) -> Route:
    async def form(request: Request) -> Response:
        if house.cookies.token(request) is None:
            return house.on(to_sign_in(request.url.path))
        data = await _event(house, verb, request)
        if request.method != "POST":
            return _shown(house, verb, request, data, _fresh(data, verb))
        sent = Form(await fields(request))
        sent.problems = _slips(sent, verb) or _another(sent, data)
        if sent.problems or sent["step"] != "do":
            wanted = not sent.problems and sent["step"] == "look"
            return _shown(house, verb, request, data, sent, preview=wanted)
        return await _act(house, verb, request, data, sent)

    return Route(f"/events/{{id}}/{verb.name}", form, methods=["GET", "POST"])


async def _event(house: House, verb: Verb, request: Request) -> dict[str, Any]:
    variables = {"id": request.path_params["id"]}
    data = await house.read(f"events/{verb.name}", variables, house.cookies.token(request))
    if data["event"] is None:
        raise MissingThing("There is no such event, or it is not on a calendar you may see.")
    return data


async def _act(house: House, verb: Verb, request: Request, data: Mapping[str, Any], sent: Form) -> Response:
    wanted = {"input": _input(verb, request.path_params["id"], sent)}
    done = await house.read(f"events/{verb.name}.act", wanted, house.cookies.token(request))
    outcome = done["outcome"]
    if outcome and outcome["__typename"] == "Event":
        return house.on(f"/events/{request.path_params['id']}", verb.flash)
    if outcome and outcome["__typename"] == "Conflict":
        # Someone was quicker. Show what stands now; what was typed stays, to be sent against the new version.
        data = await _event(house, verb, request)
        sent.values["version"] = str(data["event"]["version"])
    if outcome:
        # Refused, so nothing was done under this key. After a fault of ours it stays: the act may have been done.
        sent.values["key"] = str(uuid4())
    sent.problems = _problems(outcome)
    return _shown(house, verb, request, data, sent)


def _input(verb: Verb, event_id: str, sent: Form) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "eventId": event_id,
        "reason": sent["reason"],
        "idempotencyKey": sent["key"],
        "expectedVersion": int(sent["version"]) if sent["version"].isdecimal() else None,
    }
    start, end = ("startsAt", "endsAt") if verb.dated else ("newStartsAt", "newEndsAt")
    if sent.start:
        wanted |= {start: sent.start, end: sent.end}
    return wanted


def _problems(outcome: Mapping[str, Any] | None) -> dict[str, str]:
    if outcome is None:
        return {"": "Something went wrong on our side, and nothing was changed. Please try once more."}
    fields = outcome.get("fields") or []
    problems = {
        SHOWN_AT.get(item["name"], ""): " ".join(filter(None, (item["message"], item["suggestion"])))
        for item in fields
    }
    return problems or {"": outcome["message"]}


def _slips(sent: Form, verb: Verb) -> dict[str, str]:
    """What can be seen without asking the API; rights, states and clocks are its business."""
    problems = {}
    if not sent["reason"]:
        problems["reason"] = "Say why, in a sentence: everyone who had the date will read it."
    elif len(sent["reason"]) > A_REASON:
        problems["reason"] = f"Keep it to {A_REASON} characters; this has {len(sent['reason'])}."
    if verb.dated and not sent["start_date"]:
        problems["start_date"] = "Choose the new first day."
    try:
        start, end = (dates.wall(text) if text else None for text in (sent.start, sent.end))
    except ValueError:
        problems["start_date"] = "Write the day as 2031-03-12 and the time as 09:00."
        return problems
    if start and end and end <= start:
        problems["end_date"] = "The end must come after the start."
    return problems


def _another(sent: Form, data: Mapping[str, Any]) -> dict[str, str]:
    """Changing in another window for whom one acts must not change it under an open form unseen."""
    now = _acting(data)
    if sent["acting"] == now:
        return {}
    sent.values["acting"] = now
    return {"": "Meanwhile you act for someone else, as named above. If that is right, send this once more."}


def _acting(data: Mapping[str, Any]) -> str:
    capacity = (data["viewer"] or {}).get("capacity") or {}
    return str(capacity.get("id", ""))


def _fresh(data: Mapping[str, Any], verb: Verb) -> Form:
    """A new form: the hours as they are, the days to be chosen; a proposed date is there to be confirmed."""
    event = told(data["event"])
    known = event.now if event.now.start else event.was or event.now
    values = {"key": str(uuid4()), "version": str(data["event"]["version"]), "acting": _acting(data)}
    values |= {"start_time": _time(known.start), "end_time": _time(known.end)}
    if verb.dated and event.now.start:
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
    context = {
        **data,
        "told": event,
        "form": form,
        "verb": verb,
        "preview": _preview(event, form, verb) if preview else None,
        "may": event.may_reschedule if verb.dated else event.may_postpone,
    }
    status = 422 if form.problems else 200
    if not context["may"]:
        status = 403
    return house.shown(request, f"events/{verb.name}", context, status=status)


def _preview(event: Told, form: Form, verb: Verb) -> Told:
    """The event as it would be told after the act."""
    status = "SCHEDULED" if verb.dated else "POSTPONED"
    before = {**event.node, "reason": form["reason"], "at": dates.stamp(datetime.now().astimezone())}
    after = {
        **event.node,
        "status": status,
        "startsAtLocal": form.start,
        "endsAtLocal": form.end if form.start else None,
        "reason": form["reason"],
        "previously": [before, *event.node["previously"]],
    }
    return told(after)


def _wall(day: str, time: str) -> str | None:
    return f"{day}T{time or START_OF_DAY}" if day else None


def _time(moment: datetime | None) -> str:
    return f"{moment:%H:%M}" if moment else ""


def _date(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""
