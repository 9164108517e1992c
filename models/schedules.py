"""A schedule: when something happens, as wall time in an IANA zone.

Wall times travel as ``YYYY-MM-DDTHH:MM`` without an offset. The instant is computed by the
database (``timezone(zone, wall)``), so that one copy of the zone rules decides.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from models.problems import BadField, Invalid

_WALL = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?")
_EARLIEST, _LATEST = 1900, 2200

#: Abbreviations people type, and the zone they most likely mean. They name an offset, not a place:
#: "CST" in July is an hour wrong in Chicago, so they are refused with a suggestion.
ABBREVIATIONS = {
    "EST": "America/New_York", "EDT": "America/New_York", "ET": "America/New_York",
    "CST": "America/Chicago", "CDT": "America/Chicago", "CT": "America/Chicago",
    "MST": "America/Denver", "MDT": "America/Denver", "MT": "America/Denver",
    "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles", "PT": "America/Los_Angeles",
    "AKST": "America/Anchorage", "AKDT": "America/Anchorage", "HST": "Pacific/Honolulu",
    "GMT": "Europe/London", "BST": "Europe/London", "CET": "Europe/Paris", "CEST": "Europe/Paris",
    "EET": "Europe/Athens", "MSK": "Europe/Moscow", "IST": "Asia/Kolkata", "JST": "Asia/Tokyo",
    "WAT": "Africa/Lagos", "EAT": "Africa/Nairobi", "SAST": "Africa/Johannesburg",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Schedule:
    """A start and an end as wall times in one zone; the end may be open."""

    starts: datetime
    ends: datetime | None
    time_zone: str

    def lasting_as(self, earlier_start: datetime | None, earlier_end: datetime | None) -> "Schedule":
        """This schedule, with the length of an earlier one when its own end is open."""
        if self.ends is not None or earlier_start is None or earlier_end is None:
            return self
        return Schedule(self.starts, self.starts + (earlier_end - earlier_start), self.time_zone)


def read_schedule(
    starts: str, ends: str | None, time_zone: str, *, names: tuple[str, str] = ("startsAt", "endsAt")
) -> Schedule:
    """A schedule from what was typed; ``Invalid`` names each field that cannot be taken."""
    zone = read_zone(time_zone)
    problems: list[BadField] = []
    start = _read_wall(starts, zone, names[0], problems)
    end = _read_wall(ends, zone, names[1], problems) if ends is not None else None
    if start and end and end <= start:
        problems.append(BadField(names[1], "The end must come after the start."))
    if problems or start is None:
        raise Invalid(*problems)
    return Schedule(start, end, time_zone)


def read_zone(name: str, field: str = "timeZone") -> ZoneInfo:
    """An IANA zone by its name; abbreviations are refused, with the zone that was likely meant."""
    if name in _zones():
        return ZoneInfo(name)
    meant = ABBREVIATIONS.get(name.strip().upper())
    hint = f" Did you mean {meant}?" if meant else " For example America/Chicago."
    raise Invalid(BadField(field, f"“{name[:60]}” is not an IANA time zone.{hint}", meant))


def read_day(text: str, field: str) -> date:
    """A calendar day, ``YYYY-MM-DD``."""
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        day = None
    if day is None or not _EARLIEST <= day.year <= _LATEST:
        raise Invalid(BadField(field, f"“{text[:60]}” is not a day; write it as 2031-03-16.", "2031-03-16"))
    return day


def in_words(day: date) -> str:
    """A day as a sentence says it: "March 12, 2031"."""
    return f"{day:%B} {day.day}, {day.year}"


@cache
def _zones() -> frozenset[str]:
    # Names without a region are abbreviations in disguise ("EST", "MST7MDT"); UTC is the honest exception.
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


def _read_wall(text: str, zone: ZoneInfo, field: str, problems: list[BadField]) -> datetime | None:
    stripped = text.strip()
    if not _WALL.fullmatch(stripped):
        problems.append(BadField(field, _misread(stripped, zone), "2031-03-16T09:00"))
        return None
    try:
        wall = datetime.fromisoformat(stripped.replace(" ", "T"))
    except ValueError:
        problems.append(BadField(field, f"“{stripped}” is not a day and time that exists."))
        return None
    if not _EARLIEST <= wall.year <= _LATEST:
        problems.append(BadField(field, f"“{stripped}” lies outside the years {_EARLIEST} to {_LATEST}."))
        return None
    if _skipped(wall, zone):
        later = wall + timedelta(hours=1)
        message = f"{wall:%H:%M} does not exist on {wall:%d %B %Y} in {zone.key}: clocks go forward. Try an hour later."
        problems.append(BadField(field, message, later.isoformat(timespec="minutes")))
        return None
    return wall


def _misread(text: str, zone: ZoneInfo) -> str:
    words = re.findall(r"(?<![A-Za-z])[A-Za-z]{2,4}(?![A-Za-z])", text)
    abbreviation = next((word for word in words if word.upper() in ABBREVIATIONS), None)
    if re.search(r"(Z|[+-]\d{2}:?\d{2})$", text):
        return f"Write the time as it stands on the wall in {zone.key}, without an offset: 2031-03-16T09:00."
    if abbreviation:
        return f"Leave “{abbreviation}” out: the time is read in {zone.key}. Write it as 2031-03-16T09:00."
    return f"“{text[:60]}” is not a wall time; write it as 2031-03-16T09:00."


def _skipped(wall: datetime, zone: ZoneInfo) -> bool:
    there = wall.replace(tzinfo=zone)
    return there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall
