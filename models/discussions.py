"""Threads and posts: what peers say to each other in a group, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Computed
from sqlmodel import Field, SQLModel

from models.columns import Instant, Word
from models.groups import Group, GroupAudience, topics
from models.notices import Notice
from models.problems import WrongMoment

_PINNED = "CASE WHEN pinned THEN -4611686018427387904 ELSE 0 END - bump"
_BEGINNING = (
    "CASE WHEN length(words) <= 240 THEN words"
    " ELSE regexp_replace(left(words, 240), '\\s+\\S*$', '') || ' …' END"
)


class ReactionMark(StrEnum):
    """What one can say of a post without a word."""

    AGREE = "agree"
    THANKS = "thanks"
    INSIGHT = "insight"
    QUESTION = "question"
    CELEBRATE = "celebrate"


class Thread(SQLModel, table=True):
    """A thread. Its audience and confidentiality are its group's, held equal by the database."""

    __tablename__ = "threads"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    group_id: UUID = Field(foreign_key="groups.id")
    audience: GroupAudience = Field(sa_type=Word(GroupAudience))
    mayors_only: bool
    chatham_house: bool
    title: str
    author_id: UUID = Field(foreign_key="accounts.id")
    term_id: UUID | None = Field(default=None, foreign_key="terms.id")
    started_at: datetime = Field(
        default=None, sa_type=Instant, sa_column_kwargs={"server_default": "clock_timestamp()"}
    )
    post_count: int = Field(default=0)
    last_number: int = Field(default=0)
    last_post_id: UUID | None = Field(default=None)
    bump: int = Field(default=0, sa_type=BigInteger)
    pinned: bool = Field(default=False)
    place: int = Field(default=None, sa_type=BigInteger, sa_column_args=[Computed(_PINNED)])
    locked_at: datetime | None = Field(default=None, sa_type=Instant)
    resolved_at: datetime | None = Field(default=None, sa_type=Instant)
    revision: int = Field(default=1)

    @classmethod
    def within(cls, group: Group, *, title: str, author_id: UUID, term_id: UUID | None) -> "Thread":
        """A new thread of ``group``, under its audience and confidentiality."""
        return cls(
            group_id=group.id,
            audience=group.audience,
            mayors_only=group.mayors_only,
            chatham_house=group.chatham_house,
            title=title,
            author_id=author_id,
            term_id=term_id,
        )

    def topics(self) -> tuple[str, ...]:
        """Who may have to hear of it: whoever may have to hear of its group."""
        return topics(self.group_id, self.audience, mayors_only=self.mayors_only)

    def set(self, what: str, moment: datetime | None) -> None:
        """Lock or open it (``locked_at``), resolve or reopen it (``resolved_at``); it is no post, and bumps nothing."""
        if (getattr(self, what) is None) == (moment is None):
            raise WrongMoment(f"This thread is {_STANDS[what][moment is not None]} already.")
        setattr(self, what, moment)
        self.revision += 1

    def pin(self, *, pinned: bool) -> None:
        """Keep it at the head of its group, or no longer."""
        if self.pinned is pinned:
            raise WrongMoment("This thread is pinned already." if pinned else "This thread is not pinned.")
        self.pinned = pinned
        self.revision += 1


_STANDS = {"locked_at": ("open", "locked"), "resolved_at": ("open", "resolved")}


class Post(SQLModel, table=True):
    """A post, rendered when it was written. What is deleted or hidden stays as a stub, so that numbers keep."""

    __tablename__ = "posts"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    thread_id: UUID = Field(foreign_key="threads.id")
    group_id: UUID = Field(foreign_key="groups.id")
    audience: GroupAudience = Field(sa_type=Word(GroupAudience))
    mayors_only: bool
    chatham_house: bool
    number: int
    place: int = Field(sa_type=BigInteger)
    body: str
    body_html: str
    words: str
    excerpt: str = Field(default=None, sa_column_args=[Computed(_BEGINNING)])
    author_id: UUID = Field(foreign_key="accounts.id")
    term_id: UUID | None = Field(default=None, foreign_key="terms.id")
    for_office: bool = Field(default=False)
    at: datetime = Field(
        default=None, sa_type=Instant, sa_column_kwargs={"server_default": "clock_timestamp()"}
    )
    edited_at: datetime | None = Field(default=None, sa_type=Instant)
    deleted_at: datetime | None = Field(default=None, sa_type=Instant)
    hidden_at: datetime | None = Field(default=None, sa_type=Instant)
    hidden_because: str | None = Field(default=None)
    stands: bool = Field(default=None, sa_column_args=[Computed("deleted_at IS NULL AND hidden_at IS NULL")])
    revision: int = Field(default=1)

    def topics(self) -> tuple[str, ...]:
        """Who may have to hear of it: whoever may have to hear of its group."""
        return topics(self.group_id, self.audience, mayors_only=self.mayors_only)

    def must_stand(self) -> None:
        """``WrongMoment`` for a post that was deleted or hidden."""
        if self.deleted_at or self.hidden_at:
            raise WrongMoment(
                f"This post was {'deleted' if self.deleted_at else 'hidden'}; there is nothing left of it."
            )


class PostVersion(SQLModel, table=True):
    """How a post read before an edit. Never changed."""

    __tablename__ = "post_versions"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    post_id: UUID = Field(foreign_key="posts.id")
    revision: int
    body: str
    body_html: str
    at: datetime = Field(sa_type=Instant)

    @classmethod
    def of(cls, post: Post) -> "PostVersion":
        """The post as it stands, before it is edited."""
        return cls(
            post_id=post.id,
            revision=post.revision,
            body=post.body,
            body_html=post.body_html,
            at=post.edited_at or post.at,
        )


class Reaction(SQLModel, table=True):
    """One mark upon a post, from one principal."""

    __tablename__ = "reactions"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    post_id: UUID = Field(foreign_key="posts.id")
    person_id: UUID = Field(foreign_key="people.id")
    mark: ReactionMark = Field(sa_type=Word(ReactionMark))
    at: datetime = Field(
        default=None, sa_type=Instant, sa_column_kwargs={"server_default": "clock_timestamp()"}
    )


class Mention(SQLModel, table=True):
    """A mayor named in a post, who could read it when it was written."""

    __tablename__ = "mentions"

    post_id: UUID = Field(foreign_key="posts.id", primary_key=True)
    term_id: UUID = Field(foreign_key="terms.id", primary_key=True)


class ReportStatus(StrEnum):
    """What became of a report."""

    OPEN = "open"
    HIDDEN = "hidden"
    DISMISSED = "dismissed"


class Report(SQLModel, table=True):
    """A reader's word that a post should not stand, with the words it had then. Who reported is told to nobody."""

    __tablename__ = "reports"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    post_id: UUID = Field(foreign_key="posts.id")
    group_id: UUID = Field(foreign_key="groups.id")
    mayors_only: bool
    reporter_id: UUID = Field(foreign_key="accounts.id")
    reason: str
    words: str
    at: datetime = Field(
        default=None, sa_type=Instant, sa_column_kwargs={"server_default": "clock_timestamp()"}
    )
    status: ReportStatus = Field(default=ReportStatus.OPEN, sa_type=Word(ReportStatus))
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
    revision: int = Field(default=1)


@dataclass(frozen=True, kw_only=True)
class ThreadNotice(Notice):
    """What happened to a thread. Of a Chatham House thread the log itself does not know by whom."""

    noun: ClassVar[str] = "thread"
    news: ClassVar[bool] = False

    group: UUID

    @classmethod
    def of(cls, thread: Thread) -> "ThreadNotice":
        """The fact about ``thread`` as it stands now."""
        return cls(subject=thread.id, revision=thread.revision, topics=thread.topics(), group=thread.group_id)


class ThreadStarted(ThreadNotice):
    """A thread was started."""


class ThreadChanged(ThreadNotice):
    """A thread was pinned, locked or resolved, or is so no longer. No post: it neither bumps nor makes unread."""


@dataclass(frozen=True, kw_only=True)
class PostNotice(Notice):
    """What happened to a post. No news by itself: what is unread says it better than a list of facts."""

    noun: ClassVar[str] = "post"
    news: ClassVar[bool] = False

    group: UUID
    thread: UUID
    number: int

    @classmethod
    def of(cls, post: Post) -> "PostNotice":
        """The fact about ``post`` as it stands now."""
        return cls(
            subject=post.id,
            revision=post.revision,
            topics=post.topics(),
            group=post.group_id,
            thread=post.thread_id,
            number=post.number,
        )


class PostAdded(PostNotice):
    """Somebody posted."""


class PostChanged(PostNotice):
    """A post was edited, deleted, hidden or shown again, or somebody reacted to it."""


@dataclass(frozen=True, kw_only=True)
class ReportNotice(Notice):
    """A post was reported, or a report settled; told to those who keep the group."""

    noun: ClassVar[str] = "report"

    group: UUID


class PostReported(ReportNotice):
    """A reader reported a post."""


class ReportSettled(ReportNotice):
    """A report was settled."""
