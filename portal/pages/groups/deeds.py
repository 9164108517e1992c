"""What takes one press: join, follow, mute, mark, pin, lock, resolve; done, and back to where one was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.forms import fields, refused
from portal.pages.delegations.typed import A_FAULT, Form, acting_id
from portal.rooms import House, MissingThing
from portal.sessions import to_sign_in

#: For how long muting lasts, as the form says it.
_DAYS = {"day": 1, "week": 7, "month": 30}


@dataclass(frozen=True, slots=True)
class Deed:
    """A button: the act behind it, the fields it sends, and the greeting it leaves."""

    act: str
    sends: tuple[str, ...]
    flash: str = ""


DEEDS: dict[str, Deed] = {
    "join": Deed("joinGroup", ("groupId", "acceptsRule"), "joined"),
    "leave": Deed("leaveGroup", ("groupId",), "group-left"),
    "remove": Deed("removeFromGroup", ("groupId", "mayorId"), "removed"),
    "read": Deed("markRead", ("threadId", "through"), ""),
    "read_group": Deed("markGroupRead", ("groupId",), "all-read"),
    "keep_unread": Deed("keepUnread", ("postId",), "kept-unread"),
    "react": Deed("react", ("postId", "mark")),
    "unreact": Deed("unreact", ("postId", "mark")),
    "pin": Deed("pinThread", ("threadId", "pinned")),
    "lock": Deed("lockThread", ("threadId", "locked")),
    "resolve": Deed("resolveThread", ("threadId", "resolved")),
    "heed_thread": Deed("heedThread", ("threadId", "level", "until"), "heeded"),
    "heed_group": Deed("heedGroup", ("groupId", "level", "until"), "heeded"),
    "show": Deed("showPost", ("postId",), "shown-again"),
    "dismiss": Deed("dismissReport", ("reportId",), "dismissed-report"),
}
_YES_OR_NO = {"acceptsRule", "pinned", "locked", "resolved"}


def routes(house: House) -> list[Route]:
    """One address for each deed; they take posts alone."""

    async def do(request: Request) -> Response:
        name = request.path_params["deed"]
        deed, token = DEEDS.get(name), house.cookies.token(request)
        if deed is None:
            raise MissingThing("There is no such deed.")
        if token is None:
            return house.on(to_sign_in("/groups"))
        sent = await fields(request)
        wanted = {"idempotencyKey": sent.get("key") or str(uuid4())}
        wanted |= {field: _value(field, sent.get(field, "")) for field in deed.sends}
        outcome = (await house.read(f"groups/{name}.act", {"input": wanted}, token))["outcome"]
        back = _back(sent.get("back", ""))
        if outcome and "message" not in outcome:
            return house.on(back, deed.flash)
        said = (outcome or {}).get("message") or A_FAULT
        act = refused(outcome, deed.act)
        return await house.page(request, "groups/deed", status=422, said_no=said, act=act, back=back)

    return [Route("/groups/do/{deed}", do, methods=["POST"])]


def fresh(data: Mapping[str, Any] | None = None, **values: str) -> Form:
    """A new form, under a key of its own."""
    return Form({"key": str(uuid4()), "acting": acting_id(data) if data else "", **values})


def told(form: Form, outcome: Mapping[str, Any] | None) -> None:
    """Put what the API says is wrong at the fields of the form, which bear the names of the input's."""
    if outcome is None:  # the key stays: the act may have been done
        form.problems = {"": A_FAULT}
        return
    form.values["key"] = str(uuid4())
    form.refused = outcome["__typename"] == "Refused"
    named = {item["name"]: item["message"] for item in outcome.get("fields") or []}
    form.problems = named or {"": outcome["message"]}


def _value(field: str, text: str) -> Any:
    if field in _YES_OR_NO:
        return text == "yes"
    if field == "through":
        return int(text) if text.isdecimal() and len(text) < len(str(2**31)) else None
    if field == "until":
        return (datetime.now(UTC) + timedelta(days=_DAYS[text])).isoformat() if text in _DAYS else None
    return text or None


def _back(place: str) -> str:
    """Only to a room of ours, and of these."""
    return (
        place
        if place.startswith(("/groups", "/threads/")) and "//" not in place and "\\" not in place
        else "/groups"
    )
