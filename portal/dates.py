"""Dates as a programme prints them: wall times in words, with the zone named, never abbreviated."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# North American clocks have names of their own; every other zone goes by its city.
ZONE_WORDS = {
    "America/New_York": "Eastern Time",
    "America/Detroit": "Eastern Time",
    "America/Toronto": "Eastern Time",
    "America/Indiana/Indianapolis": "Eastern Time",
    "America/Kentucky/Louisville": "Eastern Time",
    "America/Chicago": "Central Time",
    "America/Denver": "Mountain Time",
    "America/Boise": "Mountain Time",
    "America/Phoenix": "Arizona Time",
    "America/Los_Angeles": "Pacific Time",
    "America/Anchorage": "Alaska Time",
    "America/Puerto_Rico": "Atlantic Time",
    "Pacific/Honolulu": "Hawaii Time",
    "UTC": "Universal Time",
    "Etc/UTC": "Universal Time",
}
NOON = 12
TO = "\N{EN DASH}"
NBSP = "\N{NO-BREAK SPACE}"  # what belongs on one line: a month and its day


def wall(text: str) -> datetime:
    """A wall time, `2031-03-12T12:00`, as a naive datetime; raises ValueError."""
    return datetime.fromisoformat(text)


def instant(text: str) -> datetime:
    """An instant, `2031-03-12T16:00:00.000Z`, as an aware datetime in UTC; raises ValueError."""
    return datetime.fromisoformat(text).astimezone(UTC)


def stamp(moment: datetime) -> str:
    """An aware datetime in the one form that instants have in the API."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def zone_words(zone: str) -> str:
    """`America/New_York` is "Eastern Time", `Europe/Paris` is "Paris time"."""
    return ZONE_WORDS.get(zone) or zone.rsplit("/", 1)[-1].replace("_", " ") + " time"


def clock_city(zone: str) -> str:
    """The city whose clocks a zone goes by: `America/New_York` is "New York"."""
    return "" if zone in {"UTC", "Etc/UTC"} else zone.rsplit("/", 1)[-1].replace("_", " ")


def clock(moment: datetime) -> str:
    """A time of day: "9:00 am", "12 noon", "midnight"."""
    if (moment.hour, moment.minute) in {(0, 0), (NOON, 0)}:
        return "12 noon" if moment.hour else "midnight"
    return f"{moment.hour % 12 or 12}:{moment.minute:02d}{NBSP}{'am' if moment.hour < NOON else 'pm'}"


def day(moment: date, *, year: bool = True) -> str:
    """A day in full: "Wednesday, March 16, 2022"."""
    return f"{moment:%A, %B}{NBSP}{moment.day}" + (f",{NBSP}{moment.year}" if year else "")


def days(start: datetime, end: datetime | None = None) -> str:
    """One day or a span: "Wednesday, March 16 to Thursday, March 17, 2022"."""
    last = _last_day(start, end)
    if last == start.date():
        return day(start)
    return f"{day(start, year=start.year != last.year)}{NBSP}{TO} {day(last)}"


def short_days(start: datetime, end: datetime | None = None) -> str:
    """The same in a line of a list: "Mar 16-17, 2022" or "Mar 31 - Apr 1, 2022", properly dashed."""
    last = _last_day(start, end)
    if last == start.date():
        return f"{start:%b} {start.day}, {start.year}"
    if (last.year, last.month) == (start.year, start.month):
        return f"{start:%b} {start.day}{TO}{last.day}, {start.year}"
    first_year = f", {start.year}" if start.year != last.year else ""
    return f"{start:%b} {start.day}{first_year} {TO} {last:%b} {last.day}, {last.year}"


def day_numbers(start: datetime, end: datetime | None = None) -> str:
    """The figure of a date block: "16", or "16-17" within a month."""
    last = _last_day(start, end)
    same_month = (last.year, last.month) == (start.year, start.month)
    return f"{start.day}{TO}{last.day}" if same_month and last.day != start.day else str(start.day)


def hours(start: datetime, end: datetime | None, zone: str) -> str:
    """The hours with their zone: "9:00 am to 5:00 pm Eastern Time"; of several days, the first hour."""
    words = zone_words(zone).replace(" ", NBSP)
    if end and end.date() == start.date() and end > start:
        return f"{clock(start)} {TO} {clock(end)} {words}"
    begins = "from " if end and end.date() != start.date() else ""
    return f"{begins}{clock(start)} {words}"


def when(start: datetime, end: datetime | None, zone: str) -> str:
    """Days and hours in one line."""
    return f"{days(start, end)} · {hours(start, end, zone)}"


def day_words(text: str) -> str:
    """A calendar day, `2031-03-12`, in words: "March 12, 2031"."""
    on = date.fromisoformat(text)
    return f"{on:%B}{NBSP}{on.day}, {on.year}"


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, as one would say it: "5 hours ago", "yesterday", "3 months ago"."""
    passed = now - moment
    if passed < timedelta(hours=1):
        return "within the hour"
    if passed < timedelta(days=1):
        return _some(passed // timedelta(hours=1), "hour")
    if passed < timedelta(days=2):
        return "yesterday"
    if passed < timedelta(days=60):
        return _some(passed.days, "day")
    return _some(passed.days // 30, "month")


def told_on(text: str, zone: str) -> str:
    """The day of an instant, where the event is: "January 4, 2022"."""
    try:
        local = instant(text).astimezone(ZoneInfo(zone))
    except ZoneInfoNotFoundError:
        local = instant(text)
    return f"{local:%B} {local.day}, {local.year}"


def told_at(text: str, zone: str) -> tuple[str, str]:
    """An instant on the clocks of a zone, its day and its time: ("January 4, 2022", "3:00 pm Eastern Time")."""
    try:
        local = instant(text).astimezone(ZoneInfo(zone))
    except ZoneInfoNotFoundError:
        local = instant(text)
    on = f"{local:%B}{NBSP}{local.day}, {local.year}"
    return on, f"{clock(local)} {zone_words(zone)}".replace(" ", NBSP)


def said_at(text: str, zone: str) -> str:
    """When somebody said something, as short as a list wants it: "Jan 4, 2022, 3:00 pm"."""
    try:
        local = instant(text).astimezone(ZoneInfo(zone))
    except ZoneInfoNotFoundError:
        local = instant(text)
    return f"{local:%b}{NBSP}{local.day}, {local.year}, {clock(local)}"


def _some(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'} ago"


def _last_day(start: datetime, end: datetime | None) -> date:
    # What ends at midnight ended the day before, as far as a programme is concerned.
    return max(start, (end or start) - timedelta(seconds=1)).date()
