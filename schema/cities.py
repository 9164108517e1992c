"""Cities as clients see them."""

from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from models import cities as rows
from planner.declare import column, expression, identity, many, node, one, where
from policy import cities as policy
from schema.nodes import Node
from schema.scalars import Day

if TYPE_CHECKING:
    from schema.events import Event
    from schema.mayors import Mayor

#: The term in force today, where "today" is the city's own.
IN_FORCE = "{child}.city_id = {row}.id AND {child}.during @> timezone({row}.time_zone, now())::date"
_SEAT = "(SELECT s.{what} FROM seats s WHERE s.city_id = {{row}}.id)"
_BAND = "(SELECT b.number FROM bands b WHERE b.people @> {of}.population)"

#: How far apart two cities are; nearest means this.
_AWAY = "kilometres({row}.latitude, {row}.longitude, {child}.latitude, {child}.longitude)"
#: Its own size first, then the sizes beside it: so that the largest city is not left alone with itself.
_LIKENESS = f"abs({_BAND.format(of='{child}')} - {_BAND.format(of='{row}')}), {_AWAY}, {{child}}.id"

#: Other members of a size.
_OF_SIZE = """c.joined_on <= current_date AND c.id <> {row}.id
      AND c.population >= lower(b.people) AND c.population < coalesce(upper(b.people), 2147483647)"""
#: The eight nearest members of its size, and where there are not so many, of every size: the eight most alike are
#: among them, and each size is asked by its index.
_THE_NEAREST = """ORDER BY on_the_globe(c.latitude, c.longitude) <-> on_the_globe({row}.latitude, {row}.longitude)
    LIMIT 8"""
_NEAR = f"""{{child}}.id IN (SELECT near.id FROM bands b CROSS JOIN LATERAL (
    SELECT c.id FROM cities c WHERE {_OF_SIZE} {_THE_NEAREST}) near
    WHERE b.people @> {{row}}.population OR 8 > (SELECT count(*) FROM bands b CROSS JOIN LATERAL (
        SELECT FROM cities c WHERE {_OF_SIZE} LIMIT 8) few
        WHERE b.people @> {{row}}.population))"""

#: Sessions and meetings ahead that the mayor in office hosts.
_HOSTED = """{child}.host_id IN (SELECT a.id FROM accounts a JOIN terms t ON t.person_id = a.person_id
        WHERE t.city_id = {row}.id AND t.during @> timezone({row}.time_zone, now())::date)
    AND coalesce({child}.ends_at, {child}.starts_at, 'infinity') >= now()"""


@node(rows.Band, key="number", readable="true")
class Band:
    """Cities of one size, as the dues table draws the lines."""

    at_least: int = expression("lower({row}.people)", nullable=False, description="Residents, at least.")
    below: int | None = expression(
        "upper({row}.people)", description="Residents, fewer than; null for the largest cities of all."
    )


@node("cities_by_region", key="place", readable=policy.READABLE)
class Region:
    """A state or first-level division of a country, with the cities known in it."""

    country: str = column(description="ISO 3166-1 alpha-2.")
    region: str = column(description="As cities name it: `VA`; empty where GeoNames names none.")
    cities: int = column(description="How many cities are known there.")
    members: int = column(description="How many of them are members.")


@node(rows.City, prefix="cit", readable=policy.READABLE)
class City(Node):
    """A real place (GeoNames, CC BY 4.0). Some are members of the conference."""

    id: strawberry.ID = identity()
    slug: str = column(description="Its name in addresses: `alexandria-va`.")
    name: str = column(description="Its name.")
    region: str = column(description="State or first-level division; empty where GeoNames names none.")
    country: str = column(description="ISO 3166-1 alpha-2.")
    population: int = column(description="Residents, by GeoNames.")
    time_zone: str = column(description="IANA time zone.")
    latitude: float = column(description="Degrees north.")
    longitude: float = column(description="Degrees east.")
    member_since: Day | None = column(
        "joined_on", description="The day it joined; null when it is no member."
    )
    office_email: str | None = expression(
        f"CASE WHEN {policy.CONTACT} THEN {_SEAT.format(what='office_email')} END",
        description="The mayor's office, for members.",
    )
    office_phone: str | None = expression(
        f"CASE WHEN {policy.CONTACT} THEN {_SEAT.format(what='office_phone')} END",
        description="The mayor's office, for members.",
    )
    mayor: Annotated["Mayor", strawberry.lazy("schema.mayors")] | None = one(
        IN_FORCE, description="The mayor in office today; null while the seat is vacant."
    )
    mayors: list[Annotated["Mayor", strawberry.lazy("schema.mayors")]] = many(
        "{child}.city_id = {row}.id",
        order="lower({child}.during) DESC, {child}.id",
        description="Every mayor the conference knows, the latest first: in office, elected or of earlier years.",
    )
    band: Band | None = one(
        "{child}.people @> {row}.population", description="Its size, as the dues table draws the lines."
    )
    like: list["City"] = many(
        _NEAR,
        order=_LIKENESS,
        most=8,
        description="Member cities most like this one: those of its band, the nearest first; "
        "where the band is small, then those of the bands beside it.",
    )
    hosts: list[Annotated["Event", strawberry.lazy("schema.events")]] = many(
        _HOSTED,
        order="coalesce({child}.starts_at, 'infinity'), {child}.id",
        most=10,
        description="What its mayor hosts and is still ahead, as far as the viewer may know of it.",
    )


#: The beginnings of words of a city's name and its region's letters, or of its mayor's name. Each half has its index.
_NAMED = """{row}.id IN (
    SELECT c.id FROM cities c
    WHERE (' ' || c.sort_name || ' ' || lower(c.region)) LIKE '% ' || plain_name({value}) || '%'
    UNION ALL
    SELECT t.city_id FROM people p JOIN terms t ON t.person_id = p.id JOIN cities h ON h.id = t.city_id
    WHERE (' ' || plain_name(p.name)) LIKE '% ' || plain_name({value}) || '%'
      AND t.during @> timezone(h.time_zone, now())::date)"""

#: The arguments that choose among cities.
CHOOSING: dict[str, Any] = {
    "country": where(str, "{row}.country = {value}", "ISO 3166-1 alpha-2, for example US."),
    "region": where(str, "{row}.region = {value}", "State or first-level division, for example VA."),
    "population_at_least": where(int, "{row}.population >= {value}", "Residents, at least."),
    "sized_like": where(
        int,
        "{row}.population <@ (SELECT b.people FROM bands b WHERE b.people @> {value})",
        "In the same band as a city of so many residents.",
    ),
    "member": where(bool, "({row}.joined_on IS NOT NULL) = {value}", "Members only, or only others."),
    "named": where(
        str,
        _NAMED,
        "The beginning of a word, or of several, in the city's name or in its mayor's; case and accents do not matter. "
        "The region's letters may follow the city: `portland me`.",
    ),
}
