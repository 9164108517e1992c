"""Writing an event: a new one is drafted, an old one's words are changed; both are read over before they stand."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.forms import fields, refused
from portal.pages.events.telling import told
from portal.pages.events.typed import (
    Form,
    acting_id,
    another_acts,
    date_slips,
    hour_cautions,
    past_slips,
    told_problems,
)
from portal.rooms import House, MissingThing
from portal.sessions import to_sign_in

KINDS = (
    ("MEETING", "Meeting"),
    ("ANNUAL_MEETING", "Annual meeting"),
    ("WEBINAR", "Webinar"),
    ("COMMUNITY_SESSION", "Community session"),
    ("TRADE_MISSION", "Trade mission"),
    ("COURSE", "Course"),
)
DOCUMENTS = {"createEvent": "events/create.act", "editEvent": "events/edit.act"}
WOULD_BE_DONE = {"__typename": "WouldBeDone"}
AUDIENCES = (("MEMBERS", "The members' calendar"), ("PUBLIC", "Everybody's calendar"))
# Typed by its name; these are offered. The API takes any zone that IANA names.
ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "Europe/London",
    "Europe/Paris",
    "Africa/Lagos",
    "Asia/Tokyo",
    "UTC",
)


def routes(house: House) -> list[Route]:
    """The page for a new event, and the one for an event's words."""

    async def new(request: Request) -> Response:
        return await _new(house, request)

    async def edit(request: Request) -> Response:
        return await _edit(house, request)

    return [
        Route("/desk/events/new", new, methods=["GET", "POST"]),
        Route("/events/{id}/edit", edit, methods=["GET", "POST"]),
    ]


async def _new(house: House, request: Request) -> Response:
    token = house.cookies.token(request)
    if token is None:
        return house.on(to_sign_in(request.url.path))
    data = await house.read("events/new", {}, token)
    if not (data["viewer"]["secretariat"] or data["viewer"]["hosts"]):
        raise MissingThing("There is no such page, or it is not yours to open.")
    if request.method != "POST":
        values = {"key": str(uuid4()), "acting": acting_id(data), "time_zone": ZONES[0], "kind": "MEETING"}
        return _new_shown(house, request, data, Form(values))
    sent = Form(await fields(request))
    sent.problems = _draft_slips(sent, data) or another_acts(sent, data)
    if sent.problems or sent["step"] not in {"look", "do"}:
        return _new_shown(house, request, data, sent)
    outcome = await _outcome(house, "createEvent", _draft(sent), sent, token)
    if outcome and outcome["__typename"] == "Event":
        return house.on(f"/events/{outcome['id']}", "drafted")
    if outcome == WOULD_BE_DONE:
        return _new_shown(house, request, data, sent, preview=True)
    return _refused(house, request, data, sent, outcome, "events/new")


async def _edit(house: House, request: Request) -> Response:
    token = house.cookies.token(request)
    if token is None:
        return house.on(to_sign_in(request.url.path))
    data = await house.read("events/edit", {"id": request.path_params["id"]}, token)
    event = data["event"]
    if event is None:
        raise MissingThing("There is no such event, or it is not on a calendar you may see.")
    if request.method != "POST" or not event["canMove"]:
        values = {"title": event["title"], "summary": event["summary"], "revision": str(event["revision"])}
        form = Form(values | {"key": str(uuid4()), "acting": acting_id(data)})
        return _edit_shown(house, request, data, form)
    sent = Form(await fields(request))
    sent.problems = _named(sent) or another_acts(sent, data)
    if sent.problems or sent["step"] not in {"look", "do"}:
        return _edit_shown(house, request, data, sent)
    outcome = await _outcome(house, "editEvent", _words(sent, event["id"]), sent, token)
    if outcome and outcome["__typename"] == "Event":
        return house.on(f"/events/{event['id']}", "edited")
    if outcome == WOULD_BE_DONE:
        return _edit_shown(house, request, data, sent, preview=True)
    return _edit_refused(house, request, data, sent, outcome)


async def _outcome(
    house: House, act: str, wanted: Mapping[str, Any], sent: Form, token: str
) -> Mapping[str, Any] | None:
    """What comes of an act, or would come where it is only looked at."""
    if sent["step"] == "look":
        return await house.rehearse(act, wanted, token) or WOULD_BE_DONE
    outcome: Mapping[str, Any] | None = (await house.read(DOCUMENTS[act], {"input": wanted}, token))[
        "outcome"
    ]
    return outcome


def _words(sent: Form, event_id: str) -> dict[str, Any]:
    return {
        "eventId": event_id,
        "title": sent["title"],
        "summary": sent["summary"],
        "expectedRevision": int(sent["revision"]) if sent["revision"].isdecimal() else None,
        "idempotencyKey": sent["key"],
    }


def _edit_refused(
    house: House, request: Request, data: Mapping[str, Any], sent: Form, outcome: Mapping[str, Any] | None
) -> Response:
    """Of two who write at once the second sees what the first has written, and keeps their own words."""
    quicker = outcome is not None and sent["revision"] != str(data["event"]["revision"])
    sent.values["revision"] = str(data["event"]["revision"])
    if not quicker:
        return _refused(house, request, data, sent, outcome, "events/edit")
    sent.values["key"] = str(uuid4())
    reads = " ".join(filter(None, (f"“{data['event']['title']}”.", data["event"]["summary"])))
    sent.problems = {
        "": f"Meanwhile somebody changed it. It reads now: {reads} What you typed is still here; look again "
        "whether it fits."
    }
    return _edit_shown(house, request, data, sent)


def _draft_slips(sent: Form, data: Mapping[str, Any]) -> dict[str, str]:
    sent.recording = bool(data["viewer"]["secretariat"])
    slips = _named(sent) | date_slips(sent, needed=False)
    return slips or past_slips(sent, sent["time_zone"])


def _named(sent: Form) -> dict[str, str]:
    return {} if sent["title"] else {"title": "Give it a name."}


def _draft(sent: Form) -> dict[str, Any]:
    given = {name: sent[name] for name in ("title", "summary", "kind", "audience", "location")}
    times = {"startsAt": sent.start, "endsAt": sent.end} if sent.start else {}
    return {**given, "timeZone": sent["time_zone"], **times, "idempotencyKey": sent["key"]}


def _refused(
    house: House,
    request: Request,
    data: Mapping[str, Any],
    sent: Form,
    outcome: Mapping[str, Any] | None,
    page: str,
) -> Response:
    """Nothing was done: say why at the fields, under a new key; after a fault of ours the key stays."""
    new = page == "events/new"
    sent.problems = told_problems(outcome)
    sent.refused = refused(outcome, "createEvent" if new else "editEvent")
    if outcome:
        sent.values["key"] = str(uuid4())
    shown = _new_shown if new else _edit_shown
    return shown(house, request, data, sent)


def _new_shown(
    house: House, request: Request, data: Mapping[str, Any], form: Form, *, preview: bool = False
) -> Response:
    context = {
        **data,
        "form": form,
        "kinds": KINDS,
        "audiences": AUDIENCES,
        "zones": ZONES,
        "preview": told(_as_event(form)) if preview else None,
        "cautions": hour_cautions(form) if preview else [],
    }
    return house.shown(request, "events/new", context, status=422 if form.problems else 200)


def _edit_shown(
    house: House, request: Request, data: Mapping[str, Any], form: Form, *, preview: bool = False
) -> Response:
    context = {**data, "told": told(data["event"]), "form": form, "preview": preview}
    status = 403 if not data["event"]["canMove"] else 422 if form.problems else 200
    return house.shown(request, "events/edit", context, status=status)


def _as_event(form: Form) -> dict[str, Any]:
    """The event as it would be, for reading over."""
    return {
        "title": form["title"],
        "summary": form["summary"],
        "location": form["location"],
        "status": "DRAFT",
        "startsAtLocal": form.start,
        "endsAtLocal": form.end if form.start else None,
        "timeZone": form["time_zone"],
        "previously": [],
    }
