"""Giving a delegation, making less of it, taking it back and giving it back: a form, a look, then the act."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import dates
from portal.forms import fields
from portal.pages.delegations.typed import Form, another_acts, fresh, told, told_beforehand
from portal.pages.delegations.words import LIVE, SCOPES, idle, in_words, scope_words
from portal.rooms import House, MissingThing
from portal.sessions import to_sign_in


@dataclass(frozen=True, slots=True)
class Verb:
    """One way to change a grant: its page, the act behind it, whose it is, and whether it is looked at first."""

    name: str
    act: str
    flash: str
    by_holder: bool = False
    previewed: bool = False


WORDS: dict[str, Any] = {"scopes": SCOPES, "scope_words": scope_words, "idle": idle, "in_words": in_words}

NARROW = Verb("narrow", "narrowDelegation", "narrowed", previewed=True)
END = Verb("end", "revokeDelegation", "withdrawn")
LEAVE = Verb("leave", "leaveDelegation", "left", by_holder=True)


def routes(house: House) -> list[Route]:
    """The invitation, and a form for each way to change a grant."""
    return [_inviting(house), *(_changing(house, verb) for verb in (NARROW, END, LEAVE))]


def sides(data: Mapping[str, Any], grant: Mapping[str, Any]) -> dict[str, bool]:
    """Whether the viewer gave this grant, holds it, and whether it can still be changed."""
    viewer = data["viewer"] or {"account": None, "capacity": None, "secretariat": False}
    account, capacity = viewer["account"] or {}, viewer["capacity"] or {}
    in_person = capacity.get("scopes") is None and capacity.get("principal")
    given = bool(in_person and grant["principal"] and capacity["principal"]["id"] == grant["principal"]["id"])
    held = bool(grant["delegate"] and grant["delegate"]["id"] == account.get("id"))
    return {
        "given": given,
        "held": held,
        "ends": given or viewer["secretariat"],
        "live": grant["status"] in LIVE,
    }


def _inviting(house: House) -> Route:
    async def invite(request: Request) -> Response:
        token = house.cookies.token(request)
        if token is None:
            return house.on(to_sign_in("/delegations/invite"))
        data = await house.read("delegations/invite", {"from": dates.stamp(datetime.now(UTC))}, token)
        form = fresh(data) if request.method != "POST" else Form(await fields(request))
        if request.method == "POST":
            form.problems = another_acts(form, data) or _slips(form)
            if not form.problems and form["step"] == "look":
                told_beforehand(form, await house.rehearse("inviteDelegate", _invitation(form), token))
            elif not form.problems and form["step"] == "do":
                done = await house.read("delegations/invite.act", {"input": _invitation(form)}, token)
                outcome = done["outcome"]
                if outcome and outcome["__typename"] == "Delegation":
                    return house.on(f"/delegations/{outcome['id']}", "invited")
                told(form, outcome)
        because = {right["act"]: right["because"] for right in data["viewer"]["rights"]}["inviteDelegate"]
        looking = form["step"] == "look" and not form.problems
        already = _already(data, form["email"]) if looking else []
        shown = {"form": form, "because": because, "looking": looking, "one_of": _one_of, "already": already}
        context = {**data, **WORDS, **shown}
        return house.shown(
            request, "delegations/invite", context, status=_status(form, refused=bool(because))
        )

    return Route("/delegations/invite", invite, methods=["GET", "POST"])


def _invitation(form: Form) -> dict[str, Any]:
    return {
        "email": form["email"],
        "scopes": form.scopes,
        "startsOn": form["starts_on"] or None,
        "endsOn": form["ends_on"] or None,
        "objectId": form["event"] or None,
        "idempotencyKey": form["key"],
    }


def _already(data: Mapping[str, Any], email: str) -> list[Mapping[str, Any]]:
    """What somebody with this address may do for the mayor as it is."""
    return [
        grant
        for grant in data["given"]["nodes"]
        if grant["status"] == "ACTIVE"
        and sides(data, grant)["given"]
        and ((grant["delegate"] or {}).get("email") or "").lower() == email.lower()
    ]


def _one_of(edges: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Events to choose one from."""
    return [("", "No, for all of it"), *((edge["node"]["id"], edge["node"]["title"]) for edge in edges)]


def _slips(form: Form) -> dict[str, str]:
    """What can be seen without asking the API; addresses, terms and clocks are its business."""
    problems = {}
    if not form["email"]:
        problems["email"] = "Say to whom: the invitation goes to this address."
    if not form.scopes:
        problems["scopes"] = "Tick at least one thing they may do for you."
    return problems


def _changing(house: House, verb: Verb) -> Route:
    page = f"delegations/{verb.name}"

    async def change(request: Request) -> Response:
        token, grant_id = house.cookies.token(request), request.path_params["id"]
        if token is None:
            return house.on(to_sign_in(request.url.path))
        data = await house.read(page, {"id": grant_id}, token)
        grant = data["node"]
        if not grant:
            raise MissingThing("There is no such delegation, or it is not yours to see.")
        side = sides(data, grant)
        if not side["live"]:
            return house.on(f"/delegations/{grant_id}", "ended-already")
        form = _form_of(data, grant) if request.method != "POST" else Form(await fields(request))
        if request.method == "POST":
            form.problems = another_acts(form, data)
            if not form.problems and form["step"] == "look" and verb.previewed:
                told_beforehand(form, await house.rehearse(verb.act, _input(verb, grant, form), token))
            elif not form.problems and form["step"] == "do":
                done = await house.read(f"{page}.act", {"input": _input(verb, grant, form)}, token)
                outcome = done["outcome"]
                if outcome and outcome["__typename"] == "Delegation":
                    declined = verb is LEAVE and grant["status"] == "INVITED"
                    return house.on(f"/delegations/{grant_id}", "declined" if declined else verb.flash)
                told(form, outcome)
        may = side["held"] if verb.by_holder else side["given"] if verb is NARROW else side["ends"]
        context = {
            **data,
            **WORDS,
            "grant": grant,
            "form": form,
            "may": may,
            "act": verb.act,
            "looking": verb.previewed and form["step"] == "look" and not form.problems,
            "less": _less(grant, form),
        }
        return house.shown(request, page, context, status=_status(form, refused=not may))

    return Route(f"/delegations/{{id}}/{verb.name}", change, methods=["GET", "POST"])


def _form_of(data: Mapping[str, Any], grant: Mapping[str, Any]) -> Form:
    return fresh(data, grant["scopes"], ends_on=grant["endsOn"] or "")


def _input(verb: Verb, grant: Mapping[str, Any], form: Form) -> dict[str, Any]:
    wanted: dict[str, Any] = {"delegationId": grant["id"], "idempotencyKey": form["key"]}
    if verb is NARROW:
        ends_on = form["ends_on"]
        wanted |= {
            "scopes": form.scopes,
            "endsOn": None if ends_on == (grant["endsOn"] or "") else ends_on or None,
        }
    return wanted


def _less(grant: Mapping[str, Any], form: Form) -> dict[str, Any]:
    """What would go and what would stay, for looking at before it is done."""
    kept = [scope for scope in grant["scopes"] if scope in form.scopes]
    gone = [scope for scope in grant["scopes"] if scope not in kept]
    return {"kept": kept, "gone": gone, "ends_on": form["ends_on"] or grant["endsOn"]}


def _status(form: Form, *, refused: bool) -> int:
    if refused or form.refused:
        return 403
    return 422 if form.problems else 200
