"""How an event is told: its state in words, what was and what is now, and every move it made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from portal import dates
from portal.pages.events.verbs import Verb, offered

Node = Mapping[str, Any]
NO_DATE = "New date to come"
ONLINE = "Online"


@dataclass(frozen=True, slots=True)
class Standing:
    """A state in words. `tone` chooses how loudly it is said: quiet, notice, alarm or done."""

    word: str
    tone: str


STANDINGS = {
    "DRAFT": Standing("Draft", "quiet"),
    "SAVE_THE_DATE": Standing("Save the date", "quiet"),
    "SCHEDULED": Standing("Scheduled", "quiet"),
    "MOVED_ONLINE": Standing("Moved online", "notice"),
    "POSTPONED": Standing("Postponed", "notice"),
    "CANCELLED": Standing("Cancelled", "alarm"),
    "HELD": Standing("Took place", "done"),
}
RESCHEDULED = Standing("Re-scheduled", "notice")


@dataclass(frozen=True, slots=True)
class Occasion:
    """When something is or was: wall times and their zone, or no date yet."""

    start: datetime | None
    end: datetime | None
    zone: str

    @classmethod
    def of(cls, node: Node) -> "Occasion":
        """From an Event or from one of its `previously`."""
        start, end = node.get("startsAtLocal"), node.get("endsAtLocal")
        return cls(dates.wall(start) if start else None, dates.wall(end) if end else None, node["timeZone"])

    @property
    def days(self) -> str:
        """The days in full."""
        return dates.days(self.start, self.end) if self.start else NO_DATE

    @property
    def short(self) -> str:
        """The days in a line of a list."""
        return dates.short_days(self.start, self.end) if self.start else NO_DATE.lower()

    @property
    def whole(self) -> str:
        """Days and hours in a line of a list."""
        return f"{self.short}, {self.hours}" if self.start else NO_DATE.lower()

    @property
    def hours(self) -> str:
        """The hours with their zone in words; of no date, nothing."""
        return dates.hours(self.start, self.end, self.zone) if self.start else ""

    @property
    def machine(self) -> str:
        """The start for `<time datetime>`."""
        return f"{self.start:%Y-%m-%dT%H:%M}" if self.start else ""


@dataclass(frozen=True, slots=True)
class Move:
    """One step of an event's life: how it stood before, how after, when, who moved it and why.

    Of the first nothing is known but how it stood then.
    """

    word: str
    was: Occasion | None
    now: Occasion
    on: str = ""
    reason: str = ""
    who: str = ""
    place: str = ""
    left: str = ""  # the place it was to be at before this step, where that is another

    @property
    def moved(self) -> bool:
        """Whether the date changed, and not only the state."""
        return self.was is None or (self.was.start, self.was.end) != (self.now.start, self.now.end)


@dataclass(frozen=True, slots=True)
class Told:
    """An event with everything a page says about it."""

    node: Node
    standing: Standing
    now: Occasion
    was: Occasion | None
    moves: list[Move] = field(default_factory=list)

    @property
    def open_date(self) -> bool:
        """Postponed, with no new date yet."""
        return self.now.start is None

    @property
    def unsure(self) -> bool:
        """Postponed to a date that is not confirmed yet."""
        return self.now.start is not None and str(self.node["status"]) == "POSTPONED"

    @property
    def off(self) -> bool:
        """It will not be held on the date shown."""
        return str(self.node["status"]) == "CANCELLED"

    @property
    def held(self) -> bool:
        """It is over, so that nothing about it is "now" any more."""
        return str(self.node["status"]) == "HELD"

    @property
    def verbs(self) -> list[Verb]:
        """What the API says the viewer may do with it and would change something, the likeliest first."""
        return [verb for verb in offered(self.node.get("canBe") or []) if not self.already(verb)]

    def already(self, verb: Verb) -> bool:
        """Whether it is so without the move: what takes place online does not have to be moved there."""
        return verb.name == "MOVE_ONLINE" and self.place.casefold() == ONLINE.casefold()

    @property
    def place(self) -> str:
        """Where it takes place; one that was moved online has left every other place."""
        return _place_of([self.node, *(self.node.get("previously") or [])])

    @property
    def left(self) -> str:
        """The place it left by its last move; empty where it stays, or never had one."""
        return self.moves[0].left if self.moves else ""

    @property
    def shown(self) -> Occasion:
        """Where it stands in the calendar: a meeting that waits for its date keeps its old place."""
        return self.was if self.open_date and self.was else self.now

    @property
    def figure(self) -> str:
        """The day or days of its date block."""
        return dates.day_numbers(self.shown.start, self.shown.end) if self.shown.start else ""


def told(node: Node) -> Told:
    """Tell one event."""
    before = list(node.get("previously") or [])
    now = Occasion.of(node)
    # Moving online changes the place alone: an older date is no news of that move.
    was = None if node["status"] == "MOVED_ONLINE" else _was(now, before)
    return Told(node, _standing(node, before), now, was, _moves(node, before))


def upcoming(nodes: Iterable[Node], today: datetime) -> list[Told]:
    """What is still ahead, in the order of the calendar; what waits for a date comes last."""
    ahead = [event for event in map(told, nodes) if _ahead(event, today)]
    return sorted(ahead, key=lambda event: _place(event, today))


def coming(nodes: Iterable[Node], today: datetime, most: int) -> list[Told]:
    """What is next: of what is ahead only what has a date and will be held."""
    return [event for event in upcoming(nodes, today) if not event.open_date and not event.off][:most]


def step_between(earlier: Node, later: Node) -> Move:
    """One step by itself: an entry of `previously` and what stood after it."""
    return _step(later, [earlier], later["timeZone"])


def by_month(events: Iterable[Told], today: datetime | None = None) -> list[tuple[str, list[Told]]]:
    """Months with their events, as the headings of a programme."""
    groups = groupby(events, key=lambda event: _heading(event, today))
    return [(heading, list(group)) for heading, group in groups]


def _standing(node: Node, before: list[Node]) -> Standing:
    if node["status"] == "SCHEDULED" and before and before[0]["status"] == "POSTPONED":
        return RESCHEDULED
    return STANDINGS.get(node["status"]) or Standing(node["status"].replace("_", " ").capitalize(), "quiet")


def _was(now: Occasion, before: list[Node]) -> Occasion | None:
    """The last date that people had in their calendars and that no longer holds."""
    for node in before:
        earlier = Occasion.of(node)
        if earlier.start and (earlier.start, earlier.end, earlier.zone) != (now.start, now.end, now.zone):
            return earlier
    return None


def _moves(node: Node, before: list[Node]) -> list[Move]:
    """Newest first: each entry of `previously` is how it stood before a move; the one above it is after."""
    after: list[Node] = [node, *before]
    moves = [_step(later, before[place:], node["timeZone"]) for place, later in enumerate(after[:-1])]
    first = [Move(_standing(before[-1], []).word, None, Occasion.of(before[-1]))] if before else []
    return moves + first


def _step(later: Node, before: list[Node], zone: str) -> Move:
    """The step from the first of ``before``, which are the newest first, to what stood after it."""
    earlier = before[0]
    return Move(
        word=_standing(later, before).word,
        was=Occasion.of(earlier),
        now=Occasion.of(later),
        on=dates.told_on(earlier["at"], zone),
        reason=earlier.get("reason") or "",
        who=(earlier.get("by") or {}).get("name", ""),
        **_moved_place([later, *before]),
    )


def _moved_place(states: list[Node]) -> dict[str, str]:
    """The place after a step and the one left by it, where they differ; ``states`` are the newest first."""
    now, was = _place_of(states), _place_of(states[1:])
    return {"place": now, "left": was} if now and was and now != was else {}


def _place_of(states: list[Node]) -> str:
    """The place of the newest state. Of what was called off or held online, the last word on it is that move."""
    said = str(states[0].get("location") or "")
    online = states[0]["status"] == "MOVED_ONLINE" or (
        states[0]["status"] in ("HELD", "CANCELLED")
        and len(states) > 1
        and states[1]["status"] == "MOVED_ONLINE"
    )
    return said or (ONLINE if online else "")


def _ahead(event: Told, today: datetime) -> bool:
    if event.open_date:
        return str(event.node["status"]) == "POSTPONED"
    last = event.now.end or event.now.start
    return last is not None and last >= today


def _place(event: Told, today: datetime) -> tuple[bool, datetime]:
    start = event.shown.start or datetime.max  # noqa: DTZ901 -- a wall time, like all it is compared with
    waits = event.open_date and start < today - timedelta(days=1)
    return (waits, start)


def _heading(event: Told, today: datetime | None) -> str:
    start = event.shown.start
    if start is None or (event.open_date and today is not None and start < today - timedelta(days=1)):
        return "Date to come"
    return f"{start:%B} {start.year}"
