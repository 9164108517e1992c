"""Cities as clients see them."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from models import cities as rows
from planner.declare import column, expression, identity, node, one
from policy import cities as policy
from schema.nodes import Node
from schema.scalars import Day

if TYPE_CHECKING:
    from schema.mayors import Mayor

#: The term in force today, where "today" is the city's own.
IN_FORCE = "{child}.city_id = {row}.id AND {child}.during @> timezone({row}.time_zone, now())::date"
_SEAT = "(SELECT s.{what} FROM seats s WHERE s.city_id = {{row}}.id)"


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
