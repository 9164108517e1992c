"""A delegation: a grant from a term to an account, for some scopes, perhaps one object, and some days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Column, ForeignKeyConstraint
from sqlalchemy.dialects.postgresql import DATERANGE, Range
from sqlmodel import Field, SQLModel

from models.columns import Instant, Word, Words
from models.lifecycle import Lifecycle, in_words
from models.notices import Notice
from models.problems import WrongMoment


class Scope(StrEnum):
    """One thing a delegation allows."""

    PROFILE = "profile"
    RSVP = "rsvp"
    REGISTER = "register"
    DRAFT_RESOLUTION = "draft_resolution"
    SPONSOR = "sponsor"
    SIGN_LETTER = "sign_letter"
    POST_AS_OFFICE = "post_as_office"
    READ_GROUP = "read_group"
    COMMITTEE_PREFERENCES = "committee_preferences"
    HOST_SESSIONS = "host_sessions"


class DelegationStatus(StrEnum):
    """Where a grant stands. ``expired`` follows from its dates; the others are moves somebody made."""

    INVITED = "invited"
    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"
    TERM_ENDED = "term_ended"
    LEFT = "left"


_LIVE = frozenset({DelegationStatus.INVITED, DelegationStatus.ACTIVE})

#: A grant is never reactivated: it is granted anew.
LIFECYCLE = Lifecycle(
    "delegation",
    {
        "accept": (frozenset({DelegationStatus.INVITED}), DelegationStatus.ACTIVE),
        "revoke": (_LIVE, DelegationStatus.REVOKED),
        "end_with_term": (_LIVE, DelegationStatus.TERM_ENDED),
        "expire": (_LIVE, DelegationStatus.EXPIRED),
        "leave": (_LIVE, DelegationStatus.LEFT),
    },
)


@dataclass(frozen=True, kw_only=True)
class GrantTerms:
    """What a grant allows, and its last day (``None`` when it is open)."""

    scopes: tuple[Scope, ...]
    ends_on: date | None


class Delegation(SQLModel, table=True):
    """A grant. City and person stand beside the term, so that no grant can outlive its mayor's days in office."""

    __tablename__ = "delegations"
    __table_args__ = (ForeignKeyConstraint(["term_id"], ["terms.id"]),)

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    term_id: UUID
    city_id: UUID = Field(foreign_key="cities.id")
    person_id: UUID = Field(foreign_key="people.id")
    account_id: UUID = Field(foreign_key="accounts.id")
    scopes: list[Scope] = Field(sa_type=Words(Scope))
    object_id: UUID | None = Field(default=None)
    during: Range[date] = Field(sa_column=Column(DATERANGE, nullable=False))
    status: DelegationStatus = Field(sa_type=Word(DelegationStatus))
    code_hash: bytes | None = Field(default=None, unique=True)
    invited_at: datetime = Field(default=None, sa_type=Instant, sa_column_kwargs={"server_default": "now()"})
    accepted_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    revision: int = Field(default=1)

    def move(self, verb: str) -> None:
        """Take one step of the lifecycle; ``WrongMoment`` when it cannot be taken from here."""
        self.status = LIFECYCLE.after(verb, self.status)
        self.revision += 1

    def narrow(self, scopes: list[Scope], after: date | None) -> None:
        """Keep only ``scopes``, and only the days before ``after``; ``WrongMoment`` once it has ended."""
        if self.status not in _LIVE:
            raise WrongMoment(f"This delegation is {in_words(self.status)}; there is nothing left to narrow.")
        self.scopes, self.during = scopes, Range(self.during.lower, after)
        self.revision += 1

    def terms(self) -> GrantTerms:
        """What it allows and until when, as it stands."""
        held, after = tuple(scope for scope in Scope if scope in self.scopes), self.during.upper
        return GrantTerms(scopes=held, ends_on=after - timedelta(days=1) if after else None)


@dataclass(frozen=True, kw_only=True)
class DelegationNotice(Notice):
    """What happened to a grant; told to the mayor and the delegate, and to nobody else."""

    noun: ClassVar[str] = "delegation"

    @classmethod
    def of(cls, delegation: Delegation, *, mayor: UUID | None, **said: Any) -> "DelegationNotice":
        """The fact, for the delegate's account and the mayor's (``None`` while the mayor has no login)."""
        heard_by = [account for account in (delegation.account_id, mayor) if account]
        return cls(
            subject=delegation.id,
            revision=delegation.revision,
            topics=tuple(f"account:{account.hex}" for account in heard_by),
            rights=(delegation.account_id,),
            **said,
        )


class DelegationInvited(DelegationNotice):
    """A mayor offered somebody a grant."""


class DelegationAccepted(DelegationNotice):
    """The grant is in force."""


@dataclass(frozen=True, kw_only=True)
class DelegationNarrowed(DelegationNotice):
    """The mayor took something out of the grant, or let it end earlier."""

    was: GrantTerms
    now: GrantTerms


class DelegationRevoked(DelegationNotice):
    """The mayor took the grant back."""


class DelegationLeft(DelegationNotice):
    """The delegate laid the grant down, or declined it before it was one."""


class DelegationExpired(DelegationNotice):
    """The grant's last day has passed."""


class DelegationTermEnded(DelegationNotice):
    """The grant ended with its mayor's term."""
