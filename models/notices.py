"""A notice: a fact worth telling others, in the past tense, written in the transaction that made it true.

What a notice says is frozen; the thing it is about is read as it is now.
"""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.columns import Instant

#: Notices by the name clients know them under.
KINDS: dict[str, type["Notice"]] = {}


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What every notice says: the row it is about, at which revision, and who may have to hear of it.

    ``topics`` narrow the search for listeners (policy decides); ``rights`` are accounts whose rights this
    fact may have changed, so that open streams look again before anything later reaches them.
    """

    noun: ClassVar[str]
    #: Whether it belongs on the list of what changed in the conference; streams carry it either way.
    news: ClassVar[bool] = True

    subject: UUID
    revision: int
    topics: tuple[str, ...]
    rights: tuple[UUID, ...] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        KINDS[cls.__name__] = cls

    def payload(self) -> dict[str, Any]:
        """The notice's own fields in the form clients read: camelCase, instants in UTC, words in upper case."""
        own = {field.name for field in fields(self)} - {field.name for field in fields(Notice)}
        return {_camel(name): as_shown(getattr(self, name)) for name in sorted(own)}


class NoticeRow(SQLModel, table=True):
    """A notice in the log. ``pos`` is given at commit, in commit order; it is null only inside the transaction."""

    __tablename__ = "notices"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    pos: int | None = Field(default=None, sa_type=BigInteger, unique=True)
    kind: str
    subject: UUID
    revision: int
    topics: list[str] = Field(sa_type=ARRAY(Text))
    rights: list[UUID] = Field(sa_type=ARRAY(Uuid))
    payload: dict[str, Any] = Field(sa_type=JSONB)
    at: datetime = Field(
        default=None, sa_type=Instant, sa_column_kwargs={"server_default": "clock_timestamp()"}
    )
    actor_id: UUID | None = Field(default=None, foreign_key="accounts.id")
    term_id: UUID | None = Field(default=None, foreign_key="terms.id")

    @classmethod
    def of(cls, notice: Notice, *, actor_id: UUID | None, term_id: UUID | None) -> "NoticeRow":
        """The row of a notice that ``actor_id`` brings about, for the term ``term_id``."""
        return cls(
            kind=type(notice).__name__,
            subject=notice.subject,
            revision=notice.revision,
            topics=list(dict.fromkeys(notice.topics)),
            rights=list(notice.rights),
            payload=notice.payload(),
            actor_id=actor_id,
            term_id=term_id,
        )


def as_shown(value: Any) -> Any:  # noqa: PLR0911 - one line for each kind of value
    """A value in the one form that every output has, whichever path it takes to the client."""
    match value:
        case StrEnum():
            return value.value.upper()
        case datetime():
            return instant_text(value) if value.tzinfo else value.isoformat(timespec="minutes")
        case date():
            return value.isoformat()
        case UUID():
            return value.hex
        case tuple() | list():
            return [as_shown(item) for item in value]
        case dict():
            return {_camel(key): as_shown(item) for key, item in value.items()}
        case _ if hasattr(value, "__dataclass_fields__"):
            return {_camel(f.name): as_shown(getattr(value, f.name)) for f in fields(value)}
        case _:
            return value


def instant_text(moment: datetime) -> str:
    """An instant as every client sees it: ``2031-03-12T16:00:00.000Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)
