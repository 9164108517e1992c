"""The desk's lists: which filters narrow each, and which columns its spreadsheet has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from portal import dates, deeds
from portal.pages.desk.sheets import Column, Node
from portal.pages.desk.words import principal, subject
from portal.pages.events.telling import STANDINGS, told
from portal.pages.events.writing import KINDS

SOON = 90  # days: what counts as ending soon
Read = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Filter:
    """A field of the form over a list, the document's variable it sets, and how its text is read.

    A text that cannot be read narrows nothing: addresses are typed by hand, too.
    """

    name: str
    variable: str
    read: Read = str


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: its name is that of its page, its document and its connection."""

    name: str
    filters: tuple[Filter, ...]
    columns: tuple[Column, ...]
    newest_first: bool = False

    def typed(self, query: Mapping[str, str]) -> dict[str, str]:
        """What the form shows: every filter's text."""
        return {one.name: query.get(one.name, "").strip() for one in self.filters}

    def variables(self, query: Mapping[str, str]) -> dict[str, Any]:
        """What the document is asked for."""
        found = {}
        for one in self.filters:
            text = query.get(one.name, "").strip()
            value = one.read(text) if text and text.isprintable() else None
            if value is not None:
                found[one.variable] = value
        return found

    def address(self, query: Mapping[str, str], **more: str) -> str:
        """The query string of the same list, elsewhere in it."""
        kept = {name: text for name, text in self.typed(query).items() if text}
        return urlencode(kept | more)


def _word(known: Mapping[str, Any]) -> Read:
    return lambda text: text if text in known else None


def _yes_no(yes: str, no: str) -> Read:
    return {yes: True, no: False}.get


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(text: str, *, later: int = 0) -> str | None:
    day = _day(text)
    if day is None or not 1900 <= day.year <= 2200:  # noqa: PLR2004 -- as far as the API's years reach
        return None
    return dates.stamp(datetime.combine(day + timedelta(days=later), time(), UTC))


def _day_text(text: str) -> str | None:
    day = _day(text)
    return day.isoformat() if day else None


def _state(text: str) -> list[str] | None:
    return [text] if text in STANDINGS else None


def _mayor_of(node: Node) -> str:
    return node["mayor"]["name"] if node["mayor"] else ""


EVENTS = Listing(
    "events",
    (
        Filter("state", "status", _state),
        Filter("kind", "kind", _word(dict(KINDS))),
        Filter("from", "from", _midnight),
        Filter("until", "until", lambda text: _midnight(text, later=1)),
        Filter("q", "text"),
    ),
    (
        Column("id", lambda e: e["id"]),
        Column("title", lambda e: e["title"]),
        Column("state", lambda e: told(e).standing.word),
        Column("kind", lambda e: dict(KINDS)[e["kind"]]),
        Column("calendar", lambda e: e["audience"].lower()),
        Column("starts", lambda e: e["startsAtLocal"]),
        Column("ends", lambda e: e["endsAtLocal"]),
        Column("time zone", lambda e: e["timeZone"]),
        Column("place", lambda e: e["location"]),
        Column("host", lambda e: e["host"] and e["host"]["name"]),
        Column("version", lambda e: e["version"]),
        Column("reason", lambda e: e["reason"]),
    ),
)
CITIES = Listing(
    "cities",
    (
        Filter("q", "text"),
        Filter("country", "country", lambda text: text.upper()),
        Filter("region", "region", lambda text: text.upper()),
        Filter("member", "member", _yes_no("yes", "no")),
        Filter("seat", "vacant", _yes_no("vacant", "held")),
    ),
    (
        Column("id", lambda c: c["id"]),
        Column("city", lambda c: c["name"]),
        Column("region", lambda c: c["region"]),
        Column("country", lambda c: c["country"]),
        Column("population", lambda c: c["population"]),
        Column("member since", lambda c: c["memberSince"]),
        Column("mayor", _mayor_of),
        Column("office e-mail", lambda c: c["officeEmail"]),
        Column("office phone", lambda c: c["officePhone"]),
    ),
)
TERMS = Listing(
    "terms",
    (
        Filter("q", "text"),
        Filter("when", "inForce", _yes_no("now", "other")),
        Filter("from", "endsFrom", _day_text),
        Filter("before", "endsBefore", _day_text),
        Filter("city", "city"),
    ),
    (
        Column("id", lambda t: t["id"]),
        Column("mayor", lambda t: t["name"]),
        Column("city", lambda t: t["city"]["name"]),
        Column("region", lambda t: t["city"]["region"]),
        Column("country", lambda t: t["city"]["country"]),
        Column("first day in office", lambda t: t["since"]),
        Column("first day out of office", lambda t: t["until"]),
    ),
)
ACCOUNTS = Listing(
    "accounts",
    (Filter("q", "text"), Filter("who", "secretariat", _yes_no("secretariat", "others"))),
    (
        Column("id", lambda a: a["id"]),
        Column("name", lambda a: a["name"]),
        Column("e-mail", lambda a: a["email"]),
        Column("secretariat", lambda a: "yes" if a["secretariat"] else "no"),
        Column("acts for", lambda a: "; ".join(filter(None, map(principal, a["capacities"])))),
    ),
)
AUDIT = Listing(
    "audit",
    (
        Filter("subject", "subject"),
        Filter("actor", "actor"),
        Filter("principal", "principal"),
        Filter("delegation", "delegation"),
        Filter("act", "act"),
        Filter("from", "since", _midnight),
        Filter("until", "until", lambda text: _midnight(text, later=1)),
    ),
    (
        Column("at", lambda d: d["at"]),
        Column("act", lambda d: d["act"]),
        Column("in words", lambda d: deeds.label(d["act"])),
        Column("upon", lambda d: subject(d).name),
        Column("subject", lambda d: d["subjectId"]),
        Column("by", lambda d: d["actor"] and d["actor"]["name"]),
        Column("e-mail", lambda d: d["actor"] and d["actor"]["email"]),
        Column("for", principal),
        Column("under grant", lambda d: d["delegation"] and d["delegation"]["id"]),
    ),
    newest_first=True,
)
LISTINGS = (EVENTS, CITIES, TERMS, ACCOUNTS, AUDIT)
