"""A group: where peers talk, for an audience and under a confidentiality that never change."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Computed
from sqlmodel import Field, SQLModel

from models.columns import Instant, Word
from models.lifecycle import Lifecycle
from models.notices import Notice


class GroupAudience(StrEnum):
    """Whom a group is for."""

    OPEN = "open"
    MEMBERS = "members"
    INVITED = "invited"
    HIDDEN = "hidden"


class Confidentiality(StrEnum):
    """What may be carried out of a group, and who is kept out of it."""

    ORDINARY = "ordinary"
    MAYORS_ONLY = "mayors_only"
    CHATHAM_HOUSE = "chatham_house"
    MAYORS_ONLY_CHATHAM_HOUSE = "mayors_only_chatham_house"

    @property
    def mayors_only(self) -> bool:
        """Whether every delegate is kept out, whatever was granted."""
        return self in {Confidentiality.MAYORS_ONLY, Confidentiality.MAYORS_ONLY_CHATHAM_HOUSE}

    @property
    def chatham_house(self) -> bool:
        """Whether what is said may be used, and never who said it."""
        return self in {Confidentiality.CHATHAM_HOUSE, Confidentiality.MAYORS_ONLY_CHATHAM_HOUSE}


#: The rule at the door. The second sentence of the first is Chatham House's own (chathamhouse.org, since 1927; 2002).
_CHATHAM_HOUSE = (
    "This group meets under the Chatham House Rule: participants are free to use the information received, but neither "
    "the identity nor the affiliation of the speakers, nor that of any other participant, may be revealed."
)
_MAYORS_ONLY = (
    "This group is for mayors in person. Nothing of it is shown to staff, whatever they were granted."
)
RULES: dict[Confidentiality, str | None] = {
    Confidentiality.ORDINARY: None,
    Confidentiality.MAYORS_ONLY: _MAYORS_ONLY,
    Confidentiality.CHATHAM_HOUSE: _CHATHAM_HOUSE,
    Confidentiality.MAYORS_ONLY_CHATHAM_HOUSE: f"{_MAYORS_ONLY} {_CHATHAM_HOUSE}",
}


class Group(SQLModel, table=True):
    """A group. ``post_count`` counts what stands; the database keeps the counts as posts come and go."""

    __tablename__ = "groups"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    name: str
    purpose: str = Field(default="")
    audience: GroupAudience = Field(sa_type=Word(GroupAudience))
    confidentiality: Confidentiality = Field(sa_type=Word(Confidentiality))
    mayors_only: bool = Field(default=None, sa_column_args=[Computed("confidentiality LIKE 'mayors_only%'")])
    chatham_house: bool = Field(
        default=None, sa_column_args=[Computed("confidentiality LIKE '%chatham_house'")]
    )
    offices_post: bool = Field(default=False)
    founder_id: UUID = Field(foreign_key="accounts.id")
    founded_at: datetime = Field(
        default=None, sa_type=Instant, sa_column_kwargs={"server_default": "clock_timestamp()"}
    )
    thread_count: int = Field(default=0)
    post_count: int = Field(default=0)
    last_place: int = Field(default=0, sa_type=BigInteger)
    last_post_at: datetime | None = Field(default=None, sa_type=Instant)
    revision: int = Field(default=1)

    @property
    def rule(self) -> str | None:
        """What whoever joins accepts; ``None`` where there is nothing to accept."""
        return RULES[self.confidentiality]

    def topics(self) -> tuple[str, ...]:
        """Who may have to hear of what is said in it. They narrow; ``policy`` decides."""
        return topics(self.id, self.audience, mayors_only=self.mayors_only)


def topics(group_id: UUID, audience: GroupAudience, *, mayors_only: bool) -> tuple[str, ...]:
    """Who may have to hear of a group's facts: whom it is for, or those who were let in."""
    if audience in {GroupAudience.INVITED, GroupAudience.HIDDEN}:
        return (f"room:{group_id.hex}",)
    if mayors_only:
        return ("mayors",)
    return ("accounts",) if audience is GroupAudience.OPEN else ("members", "secretariat")


class MembershipStatus(StrEnum):
    """Where somebody stands with a group."""

    INVITED = "invited"
    JOINED = "joined"
    LEFT = "left"
    REMOVED = "removed"


_M = MembershipStatus

MEMBERSHIP = Lifecycle(
    "membership",
    {
        "join": (frozenset({_M.INVITED, _M.LEFT}), _M.JOINED),
        "invite": (frozenset({_M.LEFT, _M.REMOVED}), _M.INVITED),
        "leave": (frozenset({_M.JOINED, _M.INVITED}), _M.LEFT),
        "remove": (frozenset({_M.JOINED, _M.INVITED}), _M.REMOVED),
    },
)


class Membership(SQLModel, table=True):
    """Who was let into a group: a mayor for a term, or a person as themselves. A keeper runs it."""

    __tablename__ = "memberships"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    group_id: UUID = Field(foreign_key="groups.id")
    person_id: UUID = Field(foreign_key="people.id")
    term_id: UUID | None = Field(default=None, foreign_key="terms.id")
    status: MembershipStatus = Field(sa_type=Word(MembershipStatus))
    keeper: bool = Field(default=False)
    accepted_rule_at: datetime | None = Field(default=None, sa_type=Instant)
    joined_at: datetime | None = Field(default=None, sa_type=Instant)
    revision: int = Field(default=1)

    def move(self, verb: str) -> None:
        """Take one step; whoever is no longer in keeps nothing."""
        self.status = MEMBERSHIP.after(verb, self.status)
        self.keeper = self.keeper and self.status is MembershipStatus.JOINED
        self.revision += 1


@dataclass(frozen=True, kw_only=True)
class GroupNotice(Notice):
    """What happened to a group as a whole."""

    noun: ClassVar[str] = "group"

    group: UUID

    @classmethod
    def of(cls, group: Group, rights: tuple[UUID, ...] = ()) -> "GroupNotice":
        """The fact about ``group`` as it stands now; ``rights`` are accounts that may from now on read more or less."""
        return cls(
            subject=group.id,
            revision=group.revision,
            topics=group.topics(),
            rights=rights,
            group=group.id,
        )


class GroupFounded(GroupNotice):
    """A group was founded."""


class GroupEdited(GroupNotice):
    """A group's name or purpose changed, or whether offices may post in it."""


@dataclass(frozen=True, kw_only=True)
class MembershipNotice(Notice):
    """Somebody was let into a group, or is out of it; told to that person alone, and to nobody else."""

    noun: ClassVar[str] = "membership"

    @classmethod
    def of(cls, membership: Membership, accounts: tuple[UUID, ...]) -> "MembershipNotice":
        """The fact, for everybody whose rights hang on it: the person, and who acts for them."""
        return cls(
            subject=membership.id,
            revision=membership.revision,
            topics=tuple(f"account:{account.hex}" for account in accounts),
            rights=accounts,
        )


class GroupInvitation(MembershipNotice):
    """A keeper invited somebody."""


class GroupJoined(MembershipNotice):
    """Somebody joined."""


class GroupLeft(MembershipNotice):
    """Somebody left, or was asked to."""
