"""What was typed into a delegation's form, and what is wrong with it, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from portal.pages.delegations.words import SCOPES

A_FAULT = "Something went wrong on our side. Please send this once more; nothing will be done twice."
# The names of input fields in the API, and the field of the form that each is shown at.
SHOWN_AT = {
    "email": "email",
    "scopes": "scopes",
    "startsOn": "starts_on",
    "endsOn": "ends_on",
    "objectId": "event",
}
_BOX = "scope-"


@dataclass(slots=True)
class Form:
    """Values and problems by field; the problem at `""` is the form's as a whole."""

    values: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    refused: bool = False

    def __getitem__(self, name: str) -> str:
        """A field's value, empty if nothing was typed."""
        return self.values.get(name, "")

    @property
    def scopes(self) -> list[str]:
        """The boxes that are ticked, in the order they stand in."""
        ticked = {
            name.removeprefix(_BOX) for name, value in self.values.items() if name.startswith(_BOX) and value
        }
        return [scope for scope in SCOPES if scope in ticked] + sorted(ticked - SCOPES.keys())


def fresh(data: Mapping[str, Any], scopes: list[str] | None = None, **values: str) -> Form:
    """A new form, with these boxes ticked."""
    ticked = {_BOX + scope: "on" for scope in scopes or ()}
    return Form({"key": str(uuid4()), "acting": acting_id(data), **ticked, **values})


def told(form: Form, outcome: Mapping[str, Any] | None) -> None:
    """Put what the API says is wrong at the fields of the form."""
    if outcome is None:  # the key stays: the act may have been done
        form.problems = {"": A_FAULT}
        return
    form.values["key"] = str(uuid4())
    form.refused = outcome["__typename"] == "Refused"
    form.problems = {
        SHOWN_AT.get(item["name"], ""): item["message"] for item in outcome.get("fields") or []
    } or {"": outcome["message"]}


def told_beforehand(form: Form, problem: Mapping[str, Any] | None) -> None:
    """Put what the API would say at the fields of the form; where it would say nothing, there is nothing to put."""
    if problem is not None:
        told(form, problem)


def another_acts(form: Form, data: Mapping[str, Any]) -> dict[str, str]:
    """Changing in another window for whom one acts must not change it under an open form unseen."""
    now = acting_id(data)
    if form["acting"] == now:
        return {}
    form.values["acting"] = now
    return {"": "Meanwhile you act for someone else, as named above. If that is right, send this once more."}


def acting_id(data: Mapping[str, Any]) -> str:
    """In which capacity the page was read."""
    return str(((data["viewer"] or {}).get("capacity") or {}).get("id", ""))
