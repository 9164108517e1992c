"""A resolution: a text of WHEREAS and RESOLVED clauses that a mayor drafts, others sponsor, and a call takes in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Computed
from sqlmodel import Field, SQLModel

from models.columns import Instant, WallTime, Word
from models.lifecycle import Lifecycle
from models.notices import Notice

_RECENCY = "(extract(epoch FROM timezone('UTC', coalesce(opened_at, drafted_at))) * 1000000)::bigint"


class ResolutionStatus(StrEnum):
    """Where a resolution stands."""

    DRAFT = "draft"
    GATHERING = "gathering"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


class ClauseKind(StrEnum):
    """What a clause does: say why, or say what is resolved."""

    WHEREAS = "whereas"
    RESOLVED = "resolved"


_S = ResolutionStatus
_LIVING = frozenset({_S.DRAFT, _S.GATHERING, _S.SUBMITTED})

LIFECYCLE = Lifecycle(
    "resolution",
    {
        "gather": (frozenset({_S.DRAFT}), _S.GATHERING),
        "submit": (frozenset({_S.GATHERING}), _S.SUBMITTED),
        "return": (frozenset({_S.SUBMITTED}), _S.GATHERING),
        "withdraw": (_LIVING, _S.WITHDRAWN),
    },
)


class ResolutionCall(SQLModel, table=True):
    """A call for resolutions: until when by the wall of a zone, and how many sponsors each one needs."""

    __tablename__ = "resolution_calls"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    name: str
    time_zone: str
    due_wall: datetime = Field(sa_type=WallTime)
    due_at: datetime = Field(
        default=None, sa_type=Instant, sa_column_args=[Computed("timezone(time_zone, due_wall)")]
    )
    sponsors_needed: int
    called_at: datetime = Field(
        default=None, sa_type=Instant, sa_column_kwargs={"server_default": "clock_timestamp()"}
    )
    revision: int = Field(default=1)

    def due_in_words(self) -> str:
        """The deadline as a sentence says it, in its own zone."""
        wall = self.due_wall
        return f"{wall:%B} {wall.day}, {wall.year}, {wall:%H:%M} ({self.time_zone})"


class Resolution(SQLModel, table=True):
    """A resolution. ``version`` is its text's and grows only with it; ``revision`` grows with every change.

    ``sponsor_count`` counts whoever sponsors the text as it stands, the lead included. ``opened_at`` says whether
    anybody but the lead's office ever knew of it.
    """

    __tablename__ = "resolutions"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    call_id: UUID = Field(foreign_key="resolution_calls.id")
    term_id: UUID = Field(foreign_key="terms.id")
    author_id: UUID = Field(foreign_key="accounts.id")
    number: int | None = Field(default=None)
    title: str
    words: str
    status: ResolutionStatus = Field(default=_S.DRAFT, sa_type=Word(ResolutionStatus))
    version: int = Field(default=1)
    opened_version: int | None = Field(default=None)
    sponsor_count: int = Field(default=0)
    drafted_at: datetime = Field(
        default=None, sa_type=Instant, sa_column_kwargs={"server_default": "clock_timestamp()"}
    )
    opened_at: datetime | None = Field(default=None, sa_type=Instant)
    submitted_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_because: str | None = Field(default=None)
    recency: int = Field(default=None, sa_type=BigInteger, sa_column_args=[Computed(_RECENCY)])
    revision: int = Field(default=1)

    def must_allow(self, verb: str) -> None:
        """``WrongMoment`` when this step cannot be taken from here."""
        LIFECYCLE.after(verb, self.status)

    def move(self, verb: str) -> None:
        """Take one step of the lifecycle; ``WrongMoment`` when it cannot be taken from here."""
        self.status = LIFECYCLE.after(verb, self.status)
        self.revision += 1


class ResolutionVersion(SQLModel, table=True):
    """How a resolution read from some moment on. Never changed."""

    __tablename__ = "resolution_versions"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    resolution_id: UUID = Field(foreign_key="resolutions.id")
    version: int
    title: str
    at: datetime = Field(
        default=None, sa_type=Instant, sa_column_kwargs={"server_default": "clock_timestamp()"}
    )

    @classmethod
    def of(cls, resolution: Resolution) -> "ResolutionVersion":
        """The text as it stands."""
        return cls(resolution_id=resolution.id, version=resolution.version, title=resolution.title)


class Clause(SQLModel, table=True):
    """A clause of one version. ``clause_id`` lasts: the same clause has it in every version. Never changed."""

    __tablename__ = "clauses"

    resolution_id: UUID = Field(primary_key=True, foreign_key="resolutions.id")
    version: int = Field(primary_key=True)
    position: int = Field(primary_key=True)
    clause_id: UUID = Field(default=None, sa_column_kwargs={"server_default": "uuidv7()"})
    kind: ClauseKind = Field(sa_type=Word(ClauseKind))
    text: str

    @classmethod
    def of(cls, resolution: Resolution, position: int, said: Mapping[str, Any]) -> "Clause":
        """What is said at this place of the text as it stands; without an id it is a new clause."""
        return cls(resolution_id=resolution.id, version=resolution.version, position=position, **said)


class Sponsorship(SQLModel, table=True):
    """A mayor's name under one version of a text. It is noted as withdrawn, and never taken away."""

    __tablename__ = "sponsorships"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    resolution_id: UUID = Field(foreign_key="resolutions.id")
    term_id: UUID = Field(foreign_key="terms.id")
    lead: bool = Field(default=False)
    version: int
    at: datetime = Field(
        default=None, sa_type=Instant, sa_column_kwargs={"server_default": "clock_timestamp()"}
    )
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)


@dataclass(frozen=True)
class Deadline:
    """A deadline as it stood: the instant, and the wall and zone it was agreed in."""

    due_at: datetime
    due_at_local: datetime
    time_zone: str

    @classmethod
    def of(cls, call: ResolutionCall) -> "Deadline":
        """The call's deadline; its instant must have been read back from the database."""
        return cls(call.due_at, call.due_wall, call.time_zone)


@dataclass(frozen=True, kw_only=True)
class CallNotice(Notice):
    """What happened to a call; told to members and the secretariat."""

    noun: ClassVar[str] = "call"

    @classmethod
    def of(cls, call: ResolutionCall, **said: Any) -> "CallNotice":
        """The fact about ``call`` as it stands now."""
        return cls(subject=call.id, revision=call.revision, topics=("members", "secretariat"), **said)


class CallOpened(CallNotice):
    """The secretariat called for resolutions."""


@dataclass(frozen=True, kw_only=True)
class DeadlineMoved(CallNotice):
    """A call's deadline was moved."""

    reason: str
    was: Deadline
    now: Deadline


@dataclass(frozen=True, kw_only=True)
class ResolutionNotice(Notice):
    """What happened to a resolution. Of a draft its office alone is told; once it was opened, every member."""

    noun: ClassVar[str] = "resolution"

    text_version: int

    @classmethod
    def of(cls, resolution: Resolution, office: tuple[UUID, ...], **said: Any) -> "ResolutionNotice":
        """The fact about ``resolution`` as it stands now; ``office`` are the accounts that may read its drafts."""
        accounts = tuple(f"account:{account.hex}" for account in office)
        return cls(
            subject=resolution.id,
            revision=resolution.revision,
            topics=("members", "secretariat", *accounts) if resolution.opened_at else accounts,
            text_version=resolution.version,
            **said,
        )


class ResolutionDrafted(ResolutionNotice):
    """A resolution was drafted."""


@dataclass(frozen=True, kw_only=True)
class ResolutionEdited(ResolutionNotice):
    """A resolution's text changed: whoever sponsored it as it read before may sponsor it again."""

    was_version: int


class ResolutionOpened(ResolutionNotice):
    """A draft was opened for sponsors."""


@dataclass(frozen=True, kw_only=True)
class SponsorNotice(ResolutionNotice):
    """Somebody's name under a text; ``sponsor`` is the mayor."""

    sponsor: UUID
    sponsor_count: int


class SponsorJoined(SponsorNotice):
    """A mayor sponsors the text as it stands."""


class SponsorWithdrew(SponsorNotice):
    """A sponsor's name was noted as withdrawn."""


@dataclass(frozen=True, kw_only=True)
class ResolutionSubmitted(ResolutionNotice):
    """A resolution was submitted, before the deadline and with the sponsors it needs."""

    number: int


@dataclass(frozen=True, kw_only=True)
class ResolutionReturned(ResolutionNotice):
    """A submitted resolution lost a sponsor it needs, and gathers again; it keeps its number."""

    missing: int


@dataclass(frozen=True, kw_only=True)
class ResolutionWithdrawn(ResolutionNotice):
    """Its sponsor withdrew a resolution."""

    reason: str | None
