"""What takes one press: join, follow, mute, mark, pin, lock, resolve; done, and back to where one was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from portal.forms import fields, refused
from portal.live import partial
from portal.pages.delegations.typed import A_FAULT, Form, acting_id
from portal.rooms import House, MissingThing
from portal.sessions import to_sign_in

#: For how long muting lasts, as the form says it.
_DAYS = {"day": 1, "week": 7, "month": 30}


@dataclass(frozen=True, slots=True)
class Deed:
    """A button: the act behind it, the fields it sends, the greeting it leaves, and whether it is done in a name."""

    act: str
    sends: tuple[str, ...]
    flash: str = ""
    in_a_name: bool = False


DEEDS: dict[str, Deed] = {
    "join": Deed("joinGroup", ("groupId", "acceptsRule"), "joined", in_a_name=True),
    "leave": Deed("leaveGroup", ("groupId",), "group-left", in_a_name=True),
    "remove": Deed("removeFromGroup", ("groupId", "mayorId"), "removed"),
    "read": Deed("markRead", ("threadId", "through"), "thread-read"),
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
#: What takes the place of a button on a page that stays; the others' are shown anew by the page's stream.
_DONE = {"read": '<p class="read-note">Read up to here.</p>'}
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
        back = _back(sent.get("back", ""))
        if deed.in_a_name and sent.get("acting") != await _acting(house, token):
            # A page left open while somebody switched in another tab must not join in another's name.
            return house.on(back, "unjoined")
        wanted = {"idempotencyKey": sent.get("key") or str(uuid4())}
        wanted |= {field: _value(field, sent.get(field, "")) for field in deed.sends}
        outcome = (await house.read(f"groups/{name}.act", {"input": wanted}, token))["outcome"]
        said = "" if outcome and "message" not in outcome else (outcome or {}).get("message") or A_FAULT
        if "hx-request" in request.headers:  # the page stays as it is; its own stream brings what is new
            return HTMLResponse(partial("live-said", said) if said else _DONE.get(name, ""))
        if not said:
            return house.on(back, deed.flash)
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


async def _acting(house: House, token: str) -> str:
    return acting_id(await house.read("errors/error", {}, token))


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
