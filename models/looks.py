"""A look: how far along the log somebody has seen what changed, apart for each capacity they act in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from models.columns import Instant


class Look(SQLModel, table=True):
    """The mark of the last look. It belongs to an account acting for one principal, and only moves forward."""

    __tablename__ = "looks"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    account_id: UUID = Field(foreign_key="accounts.id")
    capacity_id: UUID
    pos: int = Field(sa_type=BigInteger)
    at: datetime = Field(
        default=None, sa_type=Instant, sa_column_kwargs={"server_default": "clock_timestamp()"}
    )
