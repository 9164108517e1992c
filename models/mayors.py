"""A mayor is a term in force: one person holding a city's seat from a day to a day."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import DATERANGE, Range
from sqlmodel import Field, SQLModel

from models.notices import Notice


class Person(SQLModel, table=True):
    """A human being, in office or not. History belongs to the person."""

    __tablename__ = "people"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    name: str
    biography: str = Field(default="")


class Term(SQLModel, table=True):
    """One person holding one seat. At most one term per seat, and one seat per person, on any day."""

    __tablename__ = "terms"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    city_id: UUID = Field(foreign_key="seats.city_id")
    person_id: UUID = Field(foreign_key="people.id")
    during: Range[date] = Field(sa_column=Column(DATERANGE, nullable=False))
    revision: int = Field(default=1)


@dataclass(frozen=True, kw_only=True)
class TermOpened(Notice):
    """A person took office."""

    noun: ClassVar[str] = "mayor"
    since: date


@dataclass(frozen=True, kw_only=True)
class TermEnded(Notice):
    """A mayor left office; every delegation from the term ended with it."""

    noun: ClassVar[str] = "mayor"
    on: date


@dataclass(frozen=True, kw_only=True)
class ProfileUpdated(Notice):
    """A mayor's profile changed, by the mayor's own hand or a delegate's."""

    noun: ClassVar[str] = "mayor"
    fields: tuple[str, ...]
