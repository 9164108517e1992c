"""What somebody has read, and what they want to hear of: apart for each capacity, and nobody else's business."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import INT4MULTIRANGE, Range
from sqlmodel import Field, SQLModel

from models.columns import Instant, Word
from models.notices import Notice


class Reading(SQLModel, table=True):
    """The posts of one thread that somebody has read, by number. The mark is the first range's end, a gap is a hole."""

    __tablename__ = "readings"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    account_id: UUID = Field(foreign_key="accounts.id")
    capacity_id: UUID
    thread_id: UUID = Field(foreign_key="threads.id")
    group_id: UUID = Field(foreign_key="groups.id")
    read: list[Range[int]] = Field(sa_column=Column(INT4MULTIRANGE, nullable=False))
    read_count: int = Field(default=0)
    at: datetime = Field(
        default=None, sa_type=Instant, sa_column_kwargs={"server_default": "clock_timestamp()"}
    )
    revision: int = Field(default=1)


class AttentionLevel(StrEnum):
    """What somebody wants of a thread or a group."""

    FOLLOWED = "followed"
    MUTED = "muted"


class Attention(SQLModel, table=True):
    """A wish: to follow or to mute one thread, or a whole group where ``thread_id`` is null."""

    __tablename__ = "attentions"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    account_id: UUID = Field(foreign_key="accounts.id")
    capacity_id: UUID
    group_id: UUID = Field(foreign_key="groups.id")
    thread_id: UUID | None = Field(default=None, foreign_key="threads.id")
    level: AttentionLevel = Field(sa_type=Word(AttentionLevel))
    until: datetime | None = Field(default=None, sa_type=Instant)
    at: datetime = Field(
        default=None, sa_type=Instant, sa_column_kwargs={"server_default": "clock_timestamp()"}
    )


@dataclass(frozen=True, kw_only=True)
class ReadingNotice(Notice):
    """Somebody's own marks moved: told to their own other devices."""

    noun: ClassVar[str] = "reading"
    news: ClassVar[bool] = False


class ThreadRead(ReadingNotice):
    """Posts of a thread were read, or kept unread."""
