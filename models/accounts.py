"""An account is a person's login; tokens and sign-ins are how it proves itself."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, SQLModel

from models.columns import Instant, Word


class Account(SQLModel, table=True):
    """A person's login. One person may be mayor, staff, host and secretariat at once."""

    __tablename__ = "accounts"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    person_id: UUID = Field(foreign_key="people.id", unique=True)
    email: str = Field(unique=True)
    secretariat: bool = Field(default=False)
    revision: int = Field(default=1)


class TokenKind(StrEnum):
    """A browser's session, or a token for a program."""

    SESSION = "session"
    API = "api"


class Token(SQLModel, table=True):
    """A bearer secret, kept only as its SHA-256; ``capacity_id`` is whom its holder acts for by default."""

    __tablename__ = "tokens"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    hash: bytes = Field(unique=True)
    account_id: UUID = Field(foreign_key="accounts.id")
    kind: TokenKind = Field(sa_type=Word(TokenKind))
    label: str = Field(default="")
    capacity_id: UUID | None = Field(default=None)
    created_at: datetime = Field(default=None, sa_type=Instant, sa_column_kwargs={"server_default": "now()"})
    expires_at: datetime = Field(sa_type=Instant)
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
