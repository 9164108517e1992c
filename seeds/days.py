"""Days and hours counted from today, as wall times in a zone, for events that should always lie ahead."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.schedules import Schedule

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = range(6)
_WEEK = 7
_MONTHS = 12


def span(starts: str, ends: str, time_zone: str) -> Schedule:
    """From one written wall time to another."""
    return Schedule(datetime.fromisoformat(starts), datetime.fromisoformat(ends), time_zone)


def hours(day: date, starts: time, ends: time, time_zone: str) -> Schedule:
    """Some hours of one day."""
    return Schedule(datetime.combine(day, starts), datetime.combine(day, ends), time_zone)


def whole_days(first: date, count: int, time_zone: str) -> Schedule:
    """From nine in the morning of the first day to five in the afternoon of the last."""
    last = first + timedelta(days=count - 1)
    return Schedule(datetime.combine(first, time(9)), datetime.combine(last, time(17)), time_zone)


def ahead(today: date, days: int, weekday: int) -> date:
    """The first such weekday that is at least ``days`` away."""
    earliest = today + timedelta(days=days)
    return earliest + timedelta(days=(weekday - earliest.weekday()) % _WEEK)


def nth(year: int, month: int, weekday: int, which: int) -> date:
    """The second Thursday of a month and the like. ``month`` may run past either end of the year."""
    first = date(year + (month - 1) // _MONTHS, (month - 1) % _MONTHS + 1, 1)
    return ahead(first, _WEEK * (which - 1), weekday)


def next_year_with(month: int, today: date) -> int:
    """The year in which that month comes next, this month not counting."""
    return today.year + (month <= today.month)


def utc(text: str) -> datetime:
    """A written instant."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def instant(wall: datetime, time_zone: str) -> datetime:
    """The instant of a wall time."""
    return wall.replace(tzinfo=ZoneInfo(time_zone)).astimezone(UTC)


def ordinal(number: int) -> str:
    """A number as it is read: 93rd, 94th."""
    if number % 100 in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
