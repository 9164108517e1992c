"""A key is how an account proves itself: a session, a token, a passkey, or a mailed link and code."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field, SQLModel

from models.columns import Instant, Word, Words
from models.notices import Notice


class TokenKind(StrEnum):
    """A browser's session, or a token for a program."""

    SESSION = "session"
    API = "api"


class TokenScope(StrEnum):
    """What a token may do with its account: look, or look and do."""

    READ = "read"
    ACT = "act"


class Token(SQLModel, table=True):
    """A bearer secret, kept only as its SHA-256; ``capacity_id`` is whom its holder acts for by default.

    ``label`` is what its owner calls an API token; ``device`` and ``place`` are where a session was begun, in words.
    """

    __tablename__ = "tokens"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    hash: bytes = Field(unique=True)
    account_id: UUID = Field(foreign_key="accounts.id")
    kind: TokenKind = Field(sa_type=Word(TokenKind))
    label: str = Field(default="")
    scopes: list[TokenScope] = Field(
        default=None, sa_type=Words(TokenScope), sa_column_kwargs={"server_default": "{read,act}"}
    )
    device: str = Field(default="")
    place: str = Field(default="")
    capacity_id: UUID | None = Field(default=None)
    created_at: datetime = Field(default=None, sa_type=Instant, sa_column_kwargs={"server_default": "now()"})
    expires_at: datetime = Field(sa_type=Instant)
    last_used_at: datetime | None = Field(default=None, sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)


class SignIn(SQLModel, table=True):
    """A mailed link and code, good once and for fifteen minutes; both kept only as SHA-256."""

    __tablename__ = "sign_ins"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    account_id: UUID = Field(foreign_key="accounts.id")
    link_hash: bytes = Field(unique=True)
    code_hash: bytes
    attempts: int = Field(default=0)
    created_at: datetime = Field(default=None, sa_type=Instant, sa_column_kwargs={"server_default": "now()"})
    expires_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class Passkey(SQLModel, table=True):
    """A public key of an account. ``sign_count`` only grows, where the device counts at all (WebAuthn, 7.2)."""

    __tablename__ = "passkeys"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    account_id: UUID = Field(foreign_key="accounts.id")
    credential_id: bytes = Field(unique=True)
    public_key: bytes
    sign_count: int
    name: str
    created_at: datetime = Field(default=None, sa_type=Instant, sa_column_kwargs={"server_default": "now()"})
    last_used_at: datetime | None = Field(default=None, sa_type=Instant)
    removed_at: datetime | None = Field(default=None, sa_type=Instant)


_BEGINS, _ENDS = 1, 2


@dataclass(frozen=True, kw_only=True)
class KeyNotice(Notice):
    """What happened to a key: told to its owner alone, and no news of the conference.

    A key has two facts in its life, and no revision: ``stage`` says which.
    """

    news: ClassVar[bool] = False
    stage: ClassVar[int]

    @classmethod
    def of(cls, key_id: UUID, *, owner: UUID) -> "KeyNotice":
        """The fact, for the account whose key it is."""
        # Whatever ran under a key that ends is looked at again before anything is told, this fact included.
        rights = (owner,) if cls.stage == _ENDS else ()
        return cls(subject=key_id, revision=cls.stage, topics=(f"account:{owner.hex}",), rights=rights)


class SessionBegun(KeyNotice):
    """Somebody signed in with the account."""

    noun, stage = "session", _BEGINS


class SessionEnded(KeyNotice):
    """A browser is signed out."""

    noun, stage = "session", _ENDS


class TokenMade(KeyNotice):
    """A token for a program was made."""

    noun, stage = "token", _BEGINS


class TokenEnded(KeyNotice):
    """A program's token is no good any more."""

    noun, stage = "token", _ENDS


class PasskeyAdded(KeyNotice):
    """A passkey lets its holder in from now on."""

    noun, stage = "passkey", _BEGINS


class PasskeyRemoved(KeyNotice):
    """A passkey lets nobody in any more."""

    noun, stage = "passkey", _ENDS
