"""What was typed into an event's form, and what is wrong with it, field by field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portal import dates

START_OF_DAY, CLOSE_OF_DAY = "09:00", "17:00"
A_FAULT = "Something went wrong on our side, and nothing was changed. Please try once more."

# The names of input fields in the API, and the field of the form that each is shown at.
SHOWN_AT = {
    "newStartsAt": "start_date",
    "startsAt": "start_date",
    "newEndsAt": "end_date",
    "endsAt": "end_date",
    "timeZone": "time_zone",
}
SAME = {"reason", "title", "summary", "kind", "audience", "location"}
_WALL = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:]+")  # programs write it so; a page has two fields for it


@dataclass(slots=True)
class Form:
    """Values and problems by field; the problem at `""` is the form's as a whole."""

    values: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    refused: str = ""  # the act that was refused for want of a right: `/why` explains it under this name
    over: bool = False  # the day that was chosen has passed
    recording: bool = False  # whoever keeps the records may say that a day which is over is meant

    def __getitem__(self, name: str) -> str:
        """A field's value, empty if nothing was typed."""
        return self.values.get(name, "")

    @property
    def start(self) -> str | None:
        """The start as a wall time for the API, or None where no day was chosen."""
        return _wall(self["start_date"], self["start_time"])

    @property
    def end(self) -> str | None:
        """The end, on the start's day unless another was chosen; None to keep the length as it was."""
        if not self["end_date"] and not self["end_time"]:
            return None
        return _wall(self["end_date"] or self["start_date"], self["end_time"] or CLOSE_OF_DAY)


def date_slips(sent: Form, *, needed: bool) -> dict[str, str]:
    """What is wrong with the days and hours, as far as it can be seen without a clock or a zone."""
    if needed and not sent["start_date"]:
        return {"start_date": "Choose the first day."}
    try:
        start, end = (dates.wall(text) if text else None for text in (sent.start, sent.end))
    except ValueError:
        return {"start_date": "Write the day as 2031-03-12 and the time as 09:00."}
    if start and end and end <= start:
        return {"end_date": "The end must come after the start."}
    return {}


def past_slips(sent: Form, zone: str) -> dict[str, str]:
    """A day that is over is a slip, unless whoever keeps the records says that it is one."""
    try:
        today = datetime.now(ZoneInfo(zone)).date()
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the last of a name that no file could have
        return {}  # the API says what is wrong with the zone
    sent.over = bool(sent.start) and dates.wall(sent.start or "").date() < today
    if not sent.over or (sent.recording and sent["record"]):
        return {}
    return {"start_date": "That day is over. Give one from today on."}


def hour_cautions(sent: Form) -> list[str]:
    """What is taken where a day came without its hour."""
    taken = []
    if sent["start_date"] and not sent["start_time"]:
        taken.append(f"begins at {dates.clock(dates.wall(sent.start or ''))}")
    if sent["end_date"] and not sent["end_time"]:
        taken.append(f"ends at {dates.clock(dates.wall(sent.end or ''))}")
    return [f"No hour was given, so it {' and '.join(taken)}. Is that right?"] if taken else []


def told_problems(outcome: Mapping[str, Any] | None) -> dict[str, str]:
    """What the API says is wrong, at the fields of the form."""
    if outcome is None:
        return {"": A_FAULT}
    found = {
        SHOWN_AT.get(item["name"], item["name"] if item["name"] in SAME else ""): _with_hint(item)
        for item in outcome.get("fields") or []
    }
    return found or {"": str(outcome["message"])}


def _with_hint(item: Mapping[str, Any]) -> str:
    """What is wrong, and what could be given instead where the sentence does not say it already."""
    message, hint = str(item["message"]), item["suggestion"] or ""
    return message if not hint or hint in message or _WALL.fullmatch(hint) else f"{message} {hint}"


def acting_id(data: Mapping[str, Any]) -> str:
    """In which capacity the page was read."""
    capacity = (data["viewer"] or {}).get("capacity") or {}
    return str(capacity.get("id", ""))


def another_acts(sent: Form, data: Mapping[str, Any]) -> dict[str, str]:
    """Changing in another window for whom one acts must not change it under an open form unseen."""
    now = acting_id(data)
    if sent["acting"] == now:
        return {}
    sent.values["acting"] = now
    return {"": "Meanwhile you act for someone else, as named above. If that is right, send this once more."}


def _wall(day: str, time: str) -> str | None:
    return f"{day}T{time or START_OF_DAY}" if day else None
