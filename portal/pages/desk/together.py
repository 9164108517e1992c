"""Several events moved at once for one reason: each named, then carried out one act an event, each result told."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from portal.forms import refused
from portal.live import EventStream
from portal.pages.desk.gate import at_desk
from portal.pages.events.moving import reason_slips
from portal.pages.events.telling import told
from portal.pages.events.typed import A_FAULT, Form, acting_id, another_acts
from portal.pages.events.verbs import VERBS, Verb
from portal.rooms import House, PageBroke
from portal.sessions import to_sign_in

TOGETHER = ("POSTPONE", "CANCEL")
MOST = 100  # as many as the API finds by their ids at once


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one event: done, or the sentence that says why not."""

    event: Mapping[str, Any]
    problem: str = ""
    refused: str = ""  # the act, where it was the right to it that was missing


def routes(house: House) -> list[Route]:
    """The one page; it is only ever posted to, from the list of events or from itself."""

    async def page(request: Request) -> Response:
        return await _page(house, request)

    async def nowhere(_request: Request) -> Response:
        return house.on("/desk/events")

    return [
        Route("/desk/events/together", page, methods=["POST"]),
        Route("/desk/events/together", nowhere, methods=["GET"]),
    ]


async def _page(house: House, request: Request) -> Response:
    if house.cookies.token(request) is None:
        return house.on(to_sign_in("/desk/events"))
    sent = await request.form()
    form = Form({name: str(value).strip() for name, value in sent.items() if name != "event"})
    ids = list(dict.fromkeys(str(value) for value in sent.getlist("event")))[:MOST]
    verb = VERBS[form["verb"]] if form["verb"] in TOGETHER else VERBS["POSTPONE"]
    wanted = {"ids": ids, "counting": form["step"] != "do"}
    data = await at_desk(house, request, "desk/together", wanted, hosts_too=True)
    events = [node for node in data["nodes"] if node and node["__typename"] == "Event" and node["canMove"]]
    if not events:
        return house.on("/desk/events", "none-chosen")
    if form["step"] == "do":
        form.problems = reason_slips(form["reason"]) or another_acts(form, data)
    if form["step"] != "do" or form.problems:
        return _asking(house, request, data, verb, events, form)
    doing = _carried_out(house, request, verb, events, form)
    if request.headers.get("hx-request"):
        return EventStream(_progress(house, request, verb, doing, len(events)))
    results = [result async for result in doing]
    return _told(house, request, data, verb, events, results)


def _asking(
    house: House,
    request: Request,
    data: Mapping[str, Any],
    verb: Verb,
    events: Sequence[Mapping[str, Any]],
    form: Form,
) -> Response:
    """Name every event, and ask for the reason; the key and the versions seen go with the form."""
    form.values.setdefault("key", str(uuid4()))
    form.values.setdefault("acting", acting_id(data))
    context = {
        **data,
        "verb": verb,
        "events": events,
        "form": form,
        "results": None,
        "tell": told,
        "nothing": nothing_changes,
        "hearers": _most(events),
    }
    if request.headers.get("hx-request"):
        there = {"hx-retarget": "#together-asking", "hx-reswap": "innerHTML"}
        html = house.block("desk/together", "asking", request.url.path, context)
        return HTMLResponse(html, headers=there)
    return house.shown(request, "desk/together", context, status=422 if form.problems else 200)


def _told(
    house: House,
    request: Request,
    data: Mapping[str, Any],
    verb: Verb,
    events: Sequence[Mapping[str, Any]],
    results: Sequence[Result],
) -> Response:
    context = {**data, "verb": verb, "events": events, "results": results, "of": len(events), "over": True}
    return house.shown(request, "desk/together", context)


def nothing_changes(verb: Verb, event: Mapping[str, Any]) -> bool:
    """Whether taking its date away would take nothing: it has none."""
    return verb.name == "POSTPONE" and event["status"] == "POSTPONED" and event["startsAtLocal"] is None


def _most(events: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many are told of one of them, at most; nothing where they were not counted."""
    counted = [event["hearers"] for event in events if event.get("hearers")]
    return {who: max(one[who] for one in counted) for who in ("mayors", "staff", "secretariat") if counted}


async def _carried_out(
    house: House, request: Request, verb: Verb, events: Sequence[Mapping[str, Any]], form: Form
) -> AsyncIterator[Result]:
    """One act an event, each under a key of its own made from the form's: a repeat changes nothing twice."""
    for event in events:
        version = form[f"version-{event['id']}"]
        # One that moved since it was shown may owe its state to this very form, sent before: its key will tell.
        if nothing_changes(verb, event) and version == str(event["version"]):
            yield Result(event, "It has no date already; it was left as it is.")
            continue
        wanted = {
            "eventId": event["id"],
            "reason": form["reason"],
            "expectedVersion": int(version) if version.isdecimal() else None,
            "idempotencyKey": f"{form['key'][:100]}:{event['id']}",
        }
        try:
            done = await house.read(verb.act, {"input": wanted}, house.cookies.token(request))
        except PageBroke:
            yield Result(event, A_FAULT)
            continue
        outcome = done["outcome"]
        if outcome and outcome["__typename"] == "Event":
            yield Result(event)
        else:
            problem = outcome["message"] if outcome else A_FAULT
            yield Result(event, problem, refused(outcome, verb.mutation))


async def _progress(
    house: House, request: Request, verb: Verb, doing: AsyncIterator[Result], of: int
) -> AsyncIterator[bytes]:
    """The report as it grows, as server-sent events for htmx."""
    results: list[Result] = []
    yield _event(house, request, verb, results, of)
    async for result in doing:
        results.append(result)
        yield _event(house, request, verb, results, of)


def _event(house: House, request: Request, verb: Verb, results: Sequence[Result], of: int) -> bytes:
    context = {"verb": verb, "results": results, "of": of, "over": len(results) == of}
    html = house.block("desk/together", "report", request.url.path, context)
    partial = f'<hx-partial hx-target="#together" hx-swap="innerHTML">{html}</hx-partial>'
    return ("".join(f"data: {line}\n" for line in partial.splitlines()) + "\n").encode()
