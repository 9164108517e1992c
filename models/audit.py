"""The audit: who did what, for whom, and the keys that make a repeated act harmless."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.columns import Instant


class AuditEntry(SQLModel, table=True):
    """One act: its actor and, where it was done for a mayor, the principal's term and the grant used.

    What was done in confidence is in nobody's history but the actor's own; what an office did with a draft that nobody
    else knew of is in no history but that office's.
    """

    __tablename__ = "audit"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    at: datetime = Field(
        default=None, sa_type=Instant, sa_column_kwargs={"server_default": "clock_timestamp()"}
    )
    act: str
    actor_id: UUID = Field(foreign_key="accounts.id")
    term_id: UUID | None = Field(default=None, foreign_key="terms.id")
    delegation_id: UUID | None = Field(default=None, foreign_key="delegations.id")
    subject: UUID | None = Field(default=None)
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    confidential: bool = Field(default=False)
    in_office: bool = Field(default=False)


class UsedKey(SQLModel, table=True):
    """An idempotency key as its actor used it: what was asked, and the id of what came of it."""

    __tablename__ = "used_keys"

    actor_id: UUID = Field(primary_key=True, foreign_key="accounts.id")
    key: str = Field(primary_key=True)
    fingerprint: bytes
    outcome_id: UUID | None = Field(default=None)
    at: datetime = Field(default=None, sa_type=Instant, sa_column_kwargs={"server_default": "now()"})
