"""A city is a place; its seat is the office of its mayor."""

from datetime import date
from uuid import UUID

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


class Seat(SQLModel, table=True):
    """The office of a city's mayor: what belongs to the city whoever holds it."""

    __tablename__ = "seats"

    city_id: UUID = Field(primary_key=True, foreign_key="cities.id")
    title: str = Field(default="Mayor")
    office_email: str | None = Field(default=None)
    office_phone: str | None = Field(default=None)
