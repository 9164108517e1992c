"""What takes writing: a group, a thread, a post, a report; typed, sent, and kept where it could not be sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.forms import fields
from portal.pages.delegations.typed import Form, another_acts
from portal.pages.groups.deeds import fresh, told
from portal.pages.groups.doors import closed
from portal.pages.groups.threads import post_place, shown_thread
from portal.pages.groups.words import WORDS
from portal.rooms import House, MissingThing
from portal.sessions import to_sign_in


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing to do with a post that takes a page of its own."""

    name: str
    act: str
    sends: tuple[str, ...]
    allowed: str
    flash: str


VERBS = (
    Verb("edit", "edit_post", ("body",), "canEdit", "post-edited"),
    Verb("delete", "delete_post", (), "canDelete", "post-deleted"),
    Verb("report", "report", ("reason",), "", "reported"),
    Verb("hide", "hide", ("reason",), "canKeep", "hidden"),
)
#: To look at alone.
HISTORY = Verb("history", "", (), "", "")


def routes(house: House) -> list[Route]:
    """The forms, each at the address of what it is about."""
    return [
        Route("/groups/new", _asking(house, "new", _founded), methods=["GET", "POST"]),
        Route("/groups/{id}/start", _asking(house, "start", _started), methods=["GET", "POST"]),
        Route("/groups/{id}/edit", _asking(house, "edit", _edited), methods=["GET", "POST"]),
        Route("/groups/{id}/invite", _inviting(house), methods=["GET", "POST"]),
        Route("/threads/{id}/reply", _replying(house), methods=["POST"]),
        *(Route(f"/posts/{{id}}/{verb.name}", _verb(house, verb), methods=["GET", "POST"]) for verb in VERBS),
        Route("/posts/{id}/history", _verb(house, HISTORY)),
    ]


def _founded(form: Form, _id: str) -> tuple[str, dict[str, Any]]:
    wanted: dict[str, Any] = {name: form[name] for name in ("name", "purpose", "audience", "confidentiality")}
    if form["confidentiality"] == "ORDINARY":
        wanted["officesPost"] = form["officesPost"] == "yes"
    return "create", wanted


def _started(form: Form, group_id: str) -> tuple[str, dict[str, Any]]:
    return "start", {"groupId": group_id, "title": form["title"], "body": form["body"]}


def _edited(form: Form, group_id: str) -> tuple[str, dict[str, Any]]:
    wanted = {"groupId": group_id, "name": form["name"], "purpose": form["purpose"]}
    return "edit", {**wanted, "officesPost": form["officesPost"] == "yes"}


def _asking(house: House, page: str, wanted: Any) -> Any:
    """A page with a form, and the act behind it; what comes of it is where one goes next."""

    async def answer(request: Request) -> Response:
        token, about = house.cookies.token(request), request.path_params.get("id", "")
        if token is None:
            return house.on(to_sign_in(request.url.path))
        data = await house.read(f"groups/{page}", {"id": about} if about else {}, token)
        if about and not data["group"]:
            raise MissingThing("There is no such group, or it is not yours to see.")
        form = fresh(data, **_defaults(page, data))
        doors = await closed(house, data, data["group"], token) if page == "start" else {}
        if request.method == "POST":
            form = Form(await fields(request))
            form.problems = another_acts(form, data)
            if not form.problems:
                act, given = wanted(form, about)
                given["idempotencyKey"] = form["key"]
                outcome = (await house.read(f"groups/{act}.act", {"input": given}, token))["outcome"]
                if outcome and "message" not in outcome:
                    room = "threads" if outcome["__typename"] == "Thread" else "groups"
                    return house.on(f"/{room}/{outcome['id']}", act)
                told(form, outcome)
        context = {**data, **WORDS, **doors, "form": form}
        return house.shown(request, f"groups/{page}", context, status=_status(form))

    return answer


def _defaults(page: str, data: Mapping[str, Any]) -> dict[str, str]:
    if page == "new":
        return {"audience": "MEMBERS", "confidentiality": "ORDINARY", "officesPost": "yes"}
    if page == "edit":
        group = data["group"]
        offices = "yes" if group["officesPost"] else ""
        return {"name": group["name"], "purpose": group["purpose"], "officesPost": offices}
    return {}


def _replying(house: House) -> Any:
    async def reply(request: Request) -> Response:
        token = house.cookies.token(request)
        if token is None:
            return house.on(to_sign_in(f"/threads/{request.path_params['id']}"))
        form, thread_id = Form(await fields(request)), request.path_params["id"]
        form.problems = another_acts(form, await house.read("errors/error", {}, token))
        if not form.problems:
            wanted = {"threadId": thread_id, "body": form["body"], "idempotencyKey": form["key"]}
            outcome = (await house.read("groups/reply.act", {"input": wanted}, token))["outcome"]
            if outcome and "message" not in outcome:
                return house.on(post_place(thread_id, outcome["number"]), "posted")
            told(form, outcome)
        return await shown_thread(house, request, form, status=_status(form))

    return reply


def _inviting(house: House) -> Any:
    async def invite(request: Request) -> Response:
        token, group_id = house.cookies.token(request), request.path_params["id"]
        if token is None:
            return house.on(to_sign_in(request.url.path))
        named = request.query_params.get("named", "").strip()[:100]
        wanted = {"id": group_id, **({"named": named} if named else {})}
        data = await house.read("groups/invite", wanted, token)
        if not data["group"]:
            raise MissingThing("There is no such group, or it is not yours to see.")
        form = fresh(data)
        if request.method == "POST":
            form = Form(await fields(request))
            given = {
                "groupId": group_id,
                "mayorIds": [form["mayorId"]],
                "keeper": form["keeper"] == "yes",
                "idempotencyKey": form["key"],
            }
            outcome = (await house.read("groups/invite.act", {"input": given}, token))["outcome"]
            if outcome and "message" not in outcome:
                return house.on(f"/groups/{group_id}/invite", "asked-in")
            told(form, outcome)
        context = {**data, **WORDS, "form": form, "named": named}
        return house.shown(request, "groups/invite", context, status=_status(form))

    return invite


def _verb(house: House, verb: Verb) -> Any:
    async def answer(request: Request) -> Response:
        token, post_id = house.cookies.token(request), request.path_params["id"]
        if token is None:
            return house.on(to_sign_in(request.url.path))
        data = await house.read("groups/post", {"id": post_id}, token)
        post = data["node"]
        if not post or "thread" not in post or (verb.allowed and not post[verb.allowed]):
            raise MissingThing("There is no such post, or nothing here that you could do with it.")
        form = fresh(data, body=post["body"] or "")
        place = post_place(post["thread"]["id"], post["number"])
        if request.method == "POST":
            form = Form(await fields(request))
            form.problems = another_acts(form, data)
            if not form.problems:
                given = {"postId": post_id, **{name: form[name] for name in verb.sends}}
                given["idempotencyKey"] = form["key"]
                outcome = (await house.read(f"groups/{verb.act}.act", {"input": given}, token))["outcome"]
                if outcome and "message" not in outcome:
                    return house.on(place, verb.flash)
                told(form, outcome)
        context = {**data, **WORDS, "form": form, "verb": verb.name, "place": place}
        return house.shown(request, "groups/post", context, status=_status(form))

    return answer


def _status(form: Form) -> int:
    if form.refused:
        return 403
    return 422 if form.problems else 200
