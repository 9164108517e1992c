"""Mayors as clients see them: a term in force, with its person and city."""

import strawberry

from models import mayors as rows
from planner.declare import expression, identity, node, one
from policy import mayors as policy
from schema.cities import City
from schema.nodes import Node
from schema.scalars import Day

_PERSON = "(SELECT p.{what} FROM people p WHERE p.id = {{row}}.person_id)"


@node(rows.Term, prefix="may", readable=policy.READABLE)
class Mayor(Node):
    """A person holding a city's seat from a day to a day."""

    id: strawberry.ID = identity()
    name: str = expression(_PERSON.format(what="name"), nullable=False, description="The person's name.")
    biography: str = expression(
        _PERSON.format(what="biography"),
        nullable=False,
        description="What the mayor's office says of the mayor.",
    )
    since: Day = expression("lower({row}.during)", nullable=False, description="First day in office.")
    until: Day | None = expression(
        "upper({row}.during)",
        description="The day the term ends, itself no longer in office; null when not set.",
    )
    city: City | None = one("{child}.id = {row}.city_id", description="The city.")
