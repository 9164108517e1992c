"""A city is a place; its seat is the office of its mayor."""

from datetime import date
from uuid import UUID

from sqlalchemy import Column, Computed, SmallInteger
from sqlalchemy.dialects.postgresql import INT4RANGE, Range
from sqlmodel import Field, SQLModel


class City(SQLModel, table=True):
    """A real place (GeoNames); a member of the conference from ``joined_on``, if that is set."""

    __tablename__ = "cities"

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": "uuidv7()"})
    slug: str = Field(unique=True)
    name: str
    region: str = Field(default="")
    country: str
    population: int
    time_zone: str
    latitude: float
    longitude: float
    geonames_id: int = Field(unique=True)
    joined_on: date | None = Field(default=None)
    sort_name: str = Field(default=None, sa_column_args=[Computed("plain_name(name)")])


class Band(SQLModel, table=True):
    """Cities of one size, as the conference's dues table draws the lines. Every size is in one band at most."""

    __tablename__ = "bands"

    number: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    people: Range[int] = Field(sa_column=Column(INT4RANGE, nullable=False))


class Seat(SQLModel, table=True):
    """The office of a city's mayor: what belongs to the city whoever holds it."""

    __tablename__ = "seats"

    city_id: UUID = Field(primary_key=True, foreign_key="cities.id")
    title: str = Field(default="Mayor")
    office_email: str | None = Field(default=None)
    office_phone: str | None = Field(default=None)
