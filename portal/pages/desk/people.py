"""Terms opened and ended, and who belongs to the secretariat: each act with what hangs on it, before it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import deeds
from portal.forms import fields, refused
from portal.live import Subject, live
from portal.pages.cities import places
from portal.pages.desk import words
from portal.pages.desk.gate import at_desk, opened
from portal.pages.events.typed import A_FAULT, Form, acting_id, another_acts
from portal.rooms import House, MissingThing
from portal.sessions import to_sign_in

# The names of input fields in the API, and the field of the form that each is shown at.
SHOWN_AT = {"name": "name", "email": "email", "startsOn": "starts_on", "endsOn": "ends_on", "on": "on"}
LIVING = ("ACTIVE", "INVITED")
Slips = Callable[[Form], dict[str, str]]
# How the desk's pages say what was done, to what and for whom.
SAID: dict[str, Any] = {
    "phrase": deeds.phrase,
    "upon": words.subject,
    "mayor_words": deeds.mayor,
    "when": words.when,
    "clock_of": words.clock_of,
    "step": words.step,
    "place_of": places.brief,
}


@dataclass(frozen=True, slots=True)
class Doing:
    """What a form does: its act's document, that act's name in the contract, and what can be wrong before asking."""

    document: str
    act: str
    slips: Slips


def routes(house: House) -> list[Route]:
    """Terms and accounts, one at a time."""

    async def open_term(request: Request) -> Response:
        return await _open_term(house, request)

    async def end_term(request: Request) -> Response:
        return await _end_term(house, request)

    async def account(request: Request) -> Response:
        if house.cookies.token(request) is None:
            return house.on(to_sign_in(request.url.path))
        data = await _account(house, request)
        return house.shown(request, "desk/account", {**data, **_account_words(data)})

    async def account_live(request: Request) -> Response:
        def arranged(data: Mapping[str, Any]) -> Mapping[str, Any]:
            return _account_words(_known(data))

        wanted = {"id": request.path_params["id"]}
        subject = Subject("desk/account", "person", wanted, arranged=arranged, heeds=_changes_people)
        return live(house, request, subject)

    async def secretariat(request: Request) -> Response:
        return await _secretariat(house, request)

    return [
        Route("/desk/terms/open", open_term, methods=["GET", "POST"]),
        Route("/desk/terms/{id}/end", end_term, methods=["GET", "POST"]),
        Route("/desk/accounts/{id}", account),
        Route("/live/desk/accounts/{id}", account_live),
        Route("/desk/accounts/{id}/secretariat", secretariat, methods=["GET", "POST"]),
    ]


async def _open_term(house: House, request: Request) -> Response:
    if house.cookies.token(request) is None:
        return house.on(to_sign_in("/desk/cities"))
    sent = Form(await fields(request)) if request.method == "POST" else Form({})
    city = sent["city"] or request.query_params.get("city", "")
    data = await at_desk(house, request, "desk/open_term", {"city": city})
    if data["city"] is None:
        raise MissingThing("There is no such city.")
    context = {**data, **SAID}

    def wanted() -> dict[str, Any]:
        ends = {"endsOn": sent["ends_on"]} if sent["ends_on"] else {}
        given = {"cityId": city, "name": sent["name"], "email": sent["email"], "startsOn": sent["starts_on"]}
        return given | ends

    if request.method != "POST":
        sent.values |= {"city": city, "starts_on": _today()} | _opened(data)
        return _shown(house, request, "desk/open_term", context, sent)
    step = await _stepped(house, request, data, sent, OPENING, wanted)
    if step == "done":
        return house.on(f"/desk/terms?city={city}", "term-opened")
    return _shown(house, request, "desk/open_term", context, sent, preview=step == "look")


async def _end_term(house: House, request: Request) -> Response:
    if house.cookies.token(request) is None:
        return house.on(to_sign_in("/desk/terms"))
    mayor_id = request.path_params["id"]
    data = await at_desk(house, request, "desk/end_term", {"id": mayor_id})
    mayor = data["mayor"]
    if mayor is None or mayor["__typename"] != "Mayor":
        raise MissingThing("There is no such term.")
    living = [grant for grant in data["delegations"]["nodes"] if grant["status"] in LIVING]
    context = {**data, **SAID, "living": living}
    if request.method != "POST":
        sent = Form({"on": _today()} | _opened(data))
        return _shown(house, request, "desk/end_term", context, sent)
    sent = Form(await fields(request))

    def wanted() -> dict[str, Any]:
        return {"mayorId": mayor_id, "on": sent["on"]}

    step = await _stepped(house, request, data, sent, ENDING, wanted)
    if step == "done":
        return house.on(f"/desk/terms?city={mayor['city']['id']}", "term-ended")
    context["at_once"] = not sent.problems and date.fromisoformat(sent["on"]) <= datetime.now(UTC).date()
    return _shown(house, request, "desk/end_term", context, sent, preview=step == "look")


async def _account(house: House, request: Request) -> dict[str, Any]:
    return _known(await at_desk(house, request, "desk/account", {"id": request.path_params["id"]}))


def _known(data: dict[str, Any] | Mapping[str, Any]) -> dict[str, Any]:
    opened(data)
    if data["them"] is None:
        raise MissingThing("There is no such account.")
    return dict(data)


def _changes_people(notice: Mapping[str, Any]) -> bool:
    return str(notice["__typename"]).startswith(("Term", "Secretariat", "Profile"))


def _account_words(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **SAID,
        "last_one": data["them"]["secretariat"] and data["people"]["totalCount"] == 1,
    }


async def _secretariat(house: House, request: Request) -> Response:
    """Let in or take out, whichever is to be done; the page says which and what comes of it."""
    if house.cookies.token(request) is None:
        return house.on(to_sign_in(request.url.path))
    data = await _account(house, request)
    context = {**data, **_account_words(data)}
    if request.method != "POST":
        return _shown(house, request, "desk/secretariat", context, Form(_opened(data)))
    sent = Form(await fields(request))
    doing = DISMISSING if sent["step"] == "dismiss" else APPOINTING
    sent.values["step"] = "do"

    def wanted() -> dict[str, Any]:
        return {"accountId": data["them"]["id"]}

    step = await _stepped(house, request, data, sent, doing, wanted)
    if step == "done":
        place = f"/desk/accounts/{data['them']['id']}"
        # Whoever has just taken themselves out finds no desk any more.
        own = doing is DISMISSING and data["them"]["email"] == data["viewer"]["account"]["email"]
        return house.on("/" if own else place, "dismissed" if doing is DISMISSING else "appointed")
    return _shown(house, request, "desk/secretariat", context, sent)


async def _stepped(
    house: House,
    request: Request,
    data: Mapping[str, Any],
    sent: Form,
    doing: Doing,
    wanted: Callable[[], dict[str, Any]],
) -> str:
    """One step of a form: "look" at what will be, "done", or "" where something is to be mended."""
    sent.problems = doing.slips(sent) or another_acts(sent, data)
    if sent.problems or sent["step"] not in {"look", "do"}:
        return ""
    given, token = wanted() | {"idempotencyKey": sent["key"]}, house.cookies.token(request)
    if sent["step"] == "look":
        outcome = await house.rehearse(doing.act, given, token)
        if outcome is None:
            return "look"
    else:
        outcome = (await house.read(doing.document, {"input": given}, token))["outcome"]
    if outcome is None:
        sent.problems = {"": A_FAULT}
    elif "message" in outcome:
        # Refused, so nothing was done under this key.
        sent.values["key"] = str(uuid4())
        sent.refused = refused(outcome, doing.act)
        found = {SHOWN_AT.get(item["name"], ""): item["message"] for item in outcome.get("fields") or []}
        sent.problems = found or {"": outcome["message"]}
    else:
        return "done"
    return ""


def _person_slips(sent: Form) -> dict[str, str]:
    problems = {}
    if not sent["name"]:
        problems["name"] = "Give the person's name."
    if "@" not in sent["email"]:
        problems["email"] = "Give the address the person signs in with."
    return problems | {
        name: "Choose a day."
        for name in ("starts_on", "ends_on")
        if not _is_day(sent[name]) and (sent[name] or name == "starts_on")
    }


def _day_slips(sent: Form) -> dict[str, str]:
    return {} if _is_day(sent["on"]) else {"on": "Choose the first day out of office."}


OPENING = Doing("desk/open_term.act", "openTerm", _person_slips)
ENDING = Doing("desk/end_term.act", "endTerm", _day_slips)
APPOINTING = Doing("desk/appoint.act", "appointSecretariat", lambda _: {})
DISMISSING = Doing("desk/dismiss.act", "dismissSecretariat", lambda _: {})


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _opened(data: Mapping[str, Any]) -> dict[str, str]:
    """What a form is opened with: a key for its act, and for whom it was opened."""
    return {"key": str(uuid4()), "acting": acting_id(data)}


def _shown(
    house: House,
    request: Request,
    page: str,
    context: Mapping[str, Any],
    form: Form,
    *,
    preview: bool = False,
) -> Response:
    status = 403 if form.refused else 422 if form.problems else 200
    return house.shown(request, page, {**context, "form": form, "preview": preview}, status=status)
