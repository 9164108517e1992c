"""Moving an event, whichever way: a form, a view of what will be said and to how many, then the act."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import dates
from portal.forms import fields, refused
from portal.pages.events.telling import Told, told
from portal.pages.events.typed import (
    Form,
    acting_id,
    another_acts,
    date_slips,
    hour_cautions,
    past_slips,
    told_problems,
)
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
        sent.problems = _slips(sent, verb, data) or another_acts(sent, data)
        if sent.problems or sent["step"] not in {"look", "do"}:
            return _shown(house, verb, request, data, sent)
        if sent["step"] == "look":
            return await _looked(house, verb, request, data, sent)
        return await _act(house, verb, request, data, sent)

    return Route(f"/events/{{id}}/{verb.path}", form, methods=["GET", "POST"])


async def _event(house: House, request: Request, *, counting: bool) -> dict[str, Any]:
    variables = {"id": request.path_params["id"], "counting": counting}
    data = await house.read("events/moving", variables, house.cookies.token(request))
    if data["event"] is None:
        raise MissingThing("There is no such event, or it is not on a calendar you may see.")
    return data


async def _looked(
    house: House, verb: Verb, request: Request, data: Mapping[str, Any], sent: Form
) -> Response:
    """What will be said, once the API has judged that it could be."""
    wanted = act_input(verb, request.path_params["id"], sent)
    problem = await house.rehearse(verb.mutation, wanted, house.cookies.token(request))
    if problem:
        return await _stopped(house, verb, request, sent, problem)
    return _shown(house, verb, request, data, sent, preview=True)


async def _act(house: House, verb: Verb, request: Request, data: Mapping[str, Any], sent: Form) -> Response:
    wanted = {"input": act_input(verb, request.path_params["id"], sent)}
    done = await house.read(verb.act, wanted, house.cookies.token(request))
    outcome = done["outcome"]
    if outcome and outcome["__typename"] == "Event":
        return house.on(f"/events/{request.path_params['id']}", verb.flash)
    if outcome:
        return await _stopped(house, verb, request, sent, outcome)
    # A fault of ours: the key stays, for the act may have been done.
    sent.problems = told_problems(None)
    return _shown(house, verb, request, data, sent)


async def _stopped(
    house: House, verb: Verb, request: Request, sent: Form, outcome: Mapping[str, Any]
) -> Response:
    """Nothing was done: say why, beside how things stand now; what was typed stays, to be sent under a new key."""
    data = await _event(house, request, counting=False)
    sent.values["key"] = str(uuid4())
    sent.problems, sent.refused = told_problems(outcome), refused(outcome, verb.mutation)
    if outcome["__typename"] == "Conflict":
        sent.values["version"] = str(data["event"]["version"])
        sent.problems = {"": _meanwhile(told(data["event"]))}
    return _shown(house, verb, request, data, sent)


def _meanwhile(event: Told) -> str:
    """Somebody was quicker: who, what they did, how it stands now, and what to do."""
    last = event.moves[0] if event.moves else None
    who = (last and last.who) or "somebody"
    stands = f"{event.standing.word.lower()}, {event.now.whole}" + (f", {event.place}" if event.place else "")
    return (
        f"Meanwhile {who} moved it: it stands as {stands} now. What you typed is still here; look again "
        "whether it fits."
    )


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


def _slips(sent: Form, verb: Verb, data: Mapping[str, Any]) -> dict[str, str]:
    """What can be seen without asking the API, and what it would do without a word; rights and states are its own."""
    problems = reason_slips(sent["reason"]) if verb.reasoned else {}
    if verb.dates == "no":
        return problems
    event = told(data["event"])
    sent.recording = bool(data["viewer"] and data["viewer"]["secretariat"]) and _of_the_past(event)
    _carry_last_day(sent, event)
    problems |= date_slips(sent, needed=verb.dates == "must")
    return (
        problems
        or past_slips(sent, event.now.zone)
        or (unchanged(event, sent) if verb.name == "POSTPONE" else {})
    )


def _carry_last_day(sent: Form, event: Told) -> None:
    """A last day left as it stood, and now before the first, was not meant: as many days later as it was."""
    start, end = event.now.start, event.now.end
    if start is None or end is None or sent["end_date"] != _date(end):
        return
    with suppress(ValueError, OverflowError):
        first = date.fromisoformat(sent["start_date"])
        if first > end.date():
            sent.values["end_date"] = str(first + (end.date() - start.date()))


def _of_the_past(event: Told) -> bool:
    """Whether a day that is over can be its record: it lay in the past, or never had a date. What is ahead cannot."""
    stood = event.shown
    if stood.start is None:
        return str(event.node["status"]) == "DRAFT"
    try:
        return stood.start < datetime.now(ZoneInfo(stood.zone)).replace(tzinfo=None)
    except (ZoneInfoNotFoundError, ValueError):
        return False


def unchanged(event: Told, sent: Form) -> dict[str, str]:
    """Postponing what is postponed already, to where it stands, is no news; the API leaves that to its clients."""
    if str(event.node["status"]) != "POSTPONED":
        return {}
    if event.open_date and not sent.start:
        return {
            "start_date": "It has no date already; nothing would change. Give the new one once it is found."
        }
    if _stays(event, sent):
        return {"start_date": "It stands there already: give another date, or none until one is found."}
    return {}


def _stays(event: Told, sent: Form) -> bool:
    start, end = (dates.wall(text) if text else None for text in (sent.start, sent.end))
    return start is not None and start == event.now.start and end in {None, event.now.end}


def _cautions(event: Told, sent: Form, verb: Verb) -> list[str]:
    """What may be meant, and may be a slip."""
    if verb.dates == "no":
        return []
    stood, draft = event.shown.start, event.node["status"] == "DRAFT"
    cautions = hour_cautions(sent)
    if sent.start and stood and dates.wall(sent.start) < stood and not draft:
        cautions.append("This is earlier than it stood; is that meant?")
    if verb.name == "POSTPONE" and _stays(event, sent):
        cautions.append(
            "The date stays the same; only that it is no longer confirmed is told. Is that meant?"
        )
    return cautions


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
        if values["end_date"] == values["start_date"]:
            values["end_date"] = ""  # of a single day the last is the first, whichever day is chosen
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
    may = verb.name in data["event"]["canBe"] and not event.already(verb)
    context = {
        **data,
        "told": event,
        "form": form,
        "verb": verb,
        "preview": _preview(event, form, verb) if preview else None,
        "cautions": _cautions(event, form, verb) if preview else [],
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
