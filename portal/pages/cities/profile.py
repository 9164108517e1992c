"""Keeping a profile: the form of a mayor's page, for the mayor, for staff who may, and for the secretariat."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.forms import fields, refused
from portal.live import Subject, live
from portal.pages.delegations.words import scope_words
from portal.rooms import House, MissingThing
from portal.sessions import to_sign_in

#: A field of the form, its name in the API, and where its present value is.
KEPT = {
    "name": ("name", "mayor"),
    "biography": ("biography", "mayor"),
    "office_email": ("officeEmail", "city"),
    "office_phone": ("officePhone", "city"),
}
_SHOWN_AT = {api: name for name, (api, _) in KEPT.items()}


class Form:
    """What was typed, what stood there when the form was opened, and what is wrong with it by field."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = dict(values)
        self.problems: dict[str, str] = {}
        self.refused = ""

    def __getitem__(self, name: str) -> str:
        """A field's value, empty if nothing was typed."""
        return self.values.get(name, "")

    def changed(self) -> dict[str, str]:
        """Only what its writer changed, so that two who keep one profile do not undo each other's work."""
        return {
            api: self[name] for name, (api, _) in KEPT.items() if self[name] != _lines(self[f"was_{name}"])
        }


def routes(house: House) -> list[Route]:
    """The one form."""

    async def keep(request: Request) -> Response:
        token = house.cookies.token(request)
        if token is None:
            return house.on(to_sign_in(request.url.path))
        data = await house.read("cities/profile", {"slug": request.path_params["slug"]}, token)
        if data["city"] is None:
            raise MissingThing("There is no such city.")
        if data["viewer"] is None:
            return house.on(to_sign_in(request.url.path))
        if request.method != "POST" or not data["city"]["mayor"]:
            return _shown(house, request, data, _fresh(data))
        sent = Form(await fields(request))
        if sent["acting"] != _acting(data):
            sent.values["acting"] = _acting(data)
            sent.problems[""] = (
                "Meanwhile you act for someone else, as named above. If that is right, save once more."
            )
            return _shown(house, request, data, sent)
        return await _act(house, request, data, sent)

    async def keep_live(request: Request) -> Response:
        slug = {"slug": request.path_params["slug"]}
        narrowed = {"city": request.query_params.get("city", "")}
        return live(house, request, Subject("cities/profile", "kept", slug, narrowed=narrowed))

    return [
        Route("/cities/{slug}/profile", keep, methods=["GET", "POST"]),
        Route("/live/cities/{slug}/profile", keep_live),
    ]


async def _act(house: House, request: Request, data: Mapping[str, Any], sent: Form) -> Response:
    home = f"/cities/{data['city']['slug']}"
    changed = sent.changed()
    if not changed:
        return house.on(home, "nothing-new")
    wanted = {"mayorId": data["city"]["mayor"]["id"], "idempotencyKey": sent["key"], **changed}
    done = await house.read("cities/profile.act", {"input": wanted}, house.cookies.token(request))
    outcome = done["outcome"]
    if outcome and outcome["__typename"] == "Mayor":
        return house.on(home, "profile-kept")
    if outcome:
        sent.values["key"] = str(uuid4())  # refused, so nothing was done under the old one
    sent.problems, sent.refused = _problems(outcome), refused(outcome, "updateProfile")
    return _shown(house, request, data, sent)


def _problems(outcome: Mapping[str, Any] | None) -> dict[str, str]:
    if outcome is None:
        return {"": "Something went wrong on our side, and nothing was changed. Please try once more."}
    slips = {
        _SHOWN_AT.get(item["name"], ""): " ".join(filter(None, (item["message"], item["suggestion"])))
        for item in outcome.get("fields") or []
    }
    return slips or {"": outcome["message"]}


def _fresh(data: Mapping[str, Any]) -> Form:
    values = {"key": str(uuid4()), "acting": _acting(data)}
    holders = {"city": data["city"], "mayor": data["city"]["mayor"] or {}}
    for name, (api, holder) in KEPT.items():
        values[name] = values[f"was_{name}"] = holders[holder].get(api) or ""
    return Form(values)


def _acting(data: Mapping[str, Any]) -> str:
    capacity = (data["viewer"] or {}).get("capacity") or {}
    return str(capacity.get("id", ""))


def _shown(house: House, request: Request, data: Mapping[str, Any], form: Form) -> Response:
    mayor = data["city"]["mayor"]
    why_not = _refusal(data) if mayor and not mayor["canKeep"] else ""
    status = 403 if why_not or form.refused else 422 if form.problems else 200
    return house.shown(request, "cities/profile", {**data, "form": form, "why_not": why_not}, status=status)


def _refusal(data: Mapping[str, Any]) -> str:
    """Why this viewer may not, and what would mend it."""
    capacity, mayor = data["viewer"]["capacity"] or {}, data["city"]["mayor"]
    principal = capacity.get("principal") or {}
    if capacity.get("scopes") is not None and principal.get("id") == mayor["id"]:
        held = ", ".join(map(scope_words, capacity["scopes"]))
        if "PROFILE" in capacity["scopes"]:
            return (
                f"Your delegation lets you {held}, but for one event only, and a profile is no event. "
                f"{mayor['name']} can grant it to you anew, without that limit."
            )
        return (
            f"Your delegation lets you {held}. Keeping the profile needs one scope more, “profile”: "
            f"{mayor['name']} can grant it to you."
        )
    return (
        f"This profile is kept by {mayor['name']}, by staff to whom the mayor granted “profile”, and by the "
        "secretariat. If you are one of them, change for whom you act, above."
    )


def _lines(text: str) -> str:
    """A text area sends its line ends as CR LF, and a form's fields come without the CR and trimmed."""
    return text.replace("\r", "").strip()
