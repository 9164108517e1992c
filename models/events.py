"""An event: anything with a time and place, from an annual meeting to an hour's session."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Computed
from sqlmodel import Field, SQLModel

from models.columns import Instant, WallTime, Word
from models.lifecycle import Lifecycle
from models.notices import Notice
from models.schedules import Schedule


class EventKind(StrEnum):
    """What sort of occasion it is."""

    ANNUAL_MEETING = "annual_meeting"
    MEETING = "meeting"
    WEBINAR = "webinar"
    COMMUNITY_SESSION = "community_session"
    TRADE_MISSION = "trade_mission"
    COURSE = "course"


class EventStatus(StrEnum):
    """Where an event stands."""

    DRAFT = "draft"
    SAVE_THE_DATE = "save_the_date"
    SCHEDULED = "scheduled"
    MOVED_ONLINE = "moved_online"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    HELD = "held"


class Audience(StrEnum):
    """Whose calendar an event is on."""

    PUBLIC = "public"
    MEMBERS = "members"


class EventVerb(StrEnum):
    """One way to move an event on."""

    SAVE_THE_DATE = "save_the_date"
    SCHEDULE = "schedule"
    POSTPONE = "postpone"
    RESCHEDULE = "reschedule"
    MOVE_ONLINE = "move_online"
    CANCEL = "cancel"
    HOLD = "hold"


_S = EventStatus
_OPEN = frozenset({_S.SAVE_THE_DATE, _S.SCHEDULED, _S.MOVED_ONLINE, _S.POSTPONED})

LIFECYCLE = Lifecycle(
    "event",
    {
        EventVerb.SAVE_THE_DATE: (frozenset({_S.DRAFT}), _S.SAVE_THE_DATE),
        EventVerb.SCHEDULE: (frozenset({_S.DRAFT, _S.SAVE_THE_DATE}), _S.SCHEDULED),
        EventVerb.POSTPONE: (_OPEN, _S.POSTPONED),
        EventVerb.RESCHEDULE: (frozenset({_S.POSTPONED}), _S.SCHEDULED),
        EventVerb.MOVE_ONLINE: (frozenset({_S.SCHEDULED}), _S.MOVED_ONLINE),
        EventVerb.CANCEL: (_OPEN | {_S.DRAFT}, _S.CANCELLED),
        EventVerb.HOLD: (frozenset({_S.SCHEDULED, _S.MOVED_ONLINE}), _S.HELD),
    },
)

_INSTANT_OF = "timezone(time_zone, {wall})"


class Event(SQLModel, table=True):
    """An event. Wall times and zone are what people agreed on; the instants are computed from them.

    ``version`` is the calendar's SEQUENCE (RFC 5545 §3.8.7.4): it grows only when time, place or state changes.
    ``revision`` grows with every change, and orders the notices about this event.
    """

    __tablename__ = "events"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    title: str
    summary: str = Field(default="")
    kind: EventKind = Field(sa_type=Word(EventKind))
    audience: Audience = Field(sa_type=Word(Audience))
    status: EventStatus = Field(sa_type=Word(EventStatus))
    location: str = Field(default="")
    time_zone: str
    starts_wall: datetime | None = Field(default=None, sa_type=WallTime)
    ends_wall: datetime | None = Field(default=None, sa_type=WallTime)
    starts_at: datetime | None = Field(
        default=None, sa_type=Instant, sa_column_args=[Computed(_INSTANT_OF.format(wall="starts_wall"))]
    )
    ends_at: datetime | None = Field(
        default=None, sa_type=Instant, sa_column_args=[Computed(_INSTANT_OF.format(wall="ends_wall"))]
    )
    host_id: UUID | None = Field(default=None, foreign_key="accounts.id")
    reason: str | None = Field(default=None)
    version: int = Field(default=0)
    revision: int = Field(default=1)

    @property
    def schedule(self) -> Schedule | None:
        """The agreed time, if there is one."""
        return Schedule(self.starts_wall, self.ends_wall, self.time_zone) if self.starts_wall else None

    def move(self, verb: str, *, reason: str | None = None) -> "EventMove":
        """Take one step of the lifecycle; what was is kept in the move that is returned."""
        now = LIFECYCLE.after(verb, self.status)
        move = EventMove.leaving(self, verb, reason)
        self.status, self.reason = now, reason
        self.version += 1
        self.revision += 1
        return move

    def set_time(self, schedule: Schedule | None) -> None:
        """Take new wall times, or none until a date is found; a lone start keeps the earlier length."""
        if schedule is None:
            self.starts_wall = self.ends_wall = None
            return
        kept = schedule.lasting_as(self.starts_wall, self.ends_wall)
        self.starts_wall, self.ends_wall, self.time_zone = kept.starts, kept.ends, kept.time_zone

    def topics(self) -> tuple[str, ...]:
        """Who may have to hear of it: the calendars it is on, its host, the secretariat."""
        calendars = () if self.status is EventStatus.DRAFT else (self.audience.value,)
        host = (f"account:{self.host_id.hex}",) if self.host_id else ()
        return (*calendars, "secretariat", *host)


class EventMove(SQLModel, table=True):
    """How an event stood before a move, and who moved it, for whom, when and why. Never changed."""

    __tablename__ = "event_moves"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    event_id: UUID = Field(foreign_key="events.id")
    revision: int
    verb: str
    status: EventStatus = Field(sa_type=Word(EventStatus))
    time_zone: str
    starts_wall: datetime | None = Field(default=None, sa_type=WallTime)
    ends_wall: datetime | None = Field(default=None, sa_type=WallTime)
    starts_at: datetime | None = Field(
        default=None, sa_type=Instant, sa_column_args=[Computed(_INSTANT_OF.format(wall="starts_wall"))]
    )
    ends_at: datetime | None = Field(
        default=None, sa_type=Instant, sa_column_args=[Computed(_INSTANT_OF.format(wall="ends_wall"))]
    )
    location: str = Field(default="")
    reason: str | None = Field(default=None)
    at: datetime = Field(
        default=None, sa_type=Instant, sa_column_kwargs={"server_default": "clock_timestamp()"}
    )
    actor_id: UUID | None = Field(default=None, foreign_key="accounts.id")
    term_id: UUID | None = Field(default=None, foreign_key="terms.id")

    @classmethod
    def leaving(cls, event: Event, verb: str, reason: str | None) -> "EventMove":
        """The state ``event`` is about to leave."""
        return cls(
            event_id=event.id,
            revision=event.revision,
            verb=verb,
            status=event.status,
            time_zone=event.time_zone,
            starts_wall=event.starts_wall,
            ends_wall=event.ends_wall,
            location=event.location,
            reason=reason,
        )


@dataclass(frozen=True)
class Moment:
    """How an event stood: its state, time and place."""

    status: EventStatus
    starts_at: datetime | None
    ends_at: datetime | None
    starts_at_local: datetime | None
    ends_at_local: datetime | None
    time_zone: str
    location: str

    @classmethod
    def of(cls, row: Event | EventMove) -> "Moment":
        """How ``row`` says the event stood; its instants must have been read back from the database."""
        return cls(
            row.status,
            row.starts_at,
            row.ends_at,
            row.starts_wall,
            row.ends_wall,
            row.time_zone,
            row.location,
        )


@dataclass(frozen=True, kw_only=True)
class EventNotice(Notice):
    """An event's move: how it was, how it stands now, and why."""

    noun: ClassVar[str] = "event"
    verb: ClassVar[str]

    version: int
    reason: str | None
    was: Moment | None
    now: Moment

    @classmethod
    def of(cls, event: Event, move: EventMove | None) -> "EventNotice":
        """The fact that ``move`` brought ``event`` to where it stands."""
        return cls(
            subject=event.id,
            revision=event.revision,
            topics=event.topics(),
            version=event.version,
            reason=move.reason if move else None,
            was=Moment.of(move) if move else None,
            now=Moment.of(event),
        )


class EventAnnounced(EventNotice):
    """A date was saved."""


class EventScheduled(EventNotice):
    """An event was put on the calendar."""


class EventPostponed(EventNotice):
    """An event lost its date, or was given a later one that is still to be confirmed."""


class EventRescheduled(EventNotice):
    """A postponed event's date was confirmed."""


class EventMovedOnline(EventNotice):
    """An event keeps its time and leaves its place."""


class EventCancelled(EventNotice):
    """An event will not take place."""


class EventHeld(EventNotice):
    """An event took place."""


class EventEdited(EventNotice):
    """An event's words changed; its time, place and state did not, so its version did not grow."""
