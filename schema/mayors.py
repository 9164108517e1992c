"""Mayors as clients see them: a term in force, with its person and city."""

import strawberry

from models import audit
from models import mayors as rows
from planner.declare import column, expression, identity, node, one
from planner.pages import Connection
from policy import mayors as policy
from policy.audit import PERSONAL
from schema.audit import AuditEntry, trail
from schema.cities import City
from schema.nodes import Node
from schema.scalars import Day, Instant

_PERSON = "(SELECT p.{what} FROM people p WHERE p.id = {{row}}.person_id)"
_LAST_KEPT = """{child}.id = (SELECT a.id FROM audit a WHERE a.subject = {row}.id AND a.act = 'updateProfile'
    ORDER BY a.at DESC, a.id DESC LIMIT 1)"""


@node(audit.AuditEntry, readable=policy.KEPT_BY)
class ProfileChange:
    """When a profile was last changed, by whom and for whom. Only the mayor's office and the secretariat are told."""

    at: Instant = column(description="When.")
    by: str = expression(
        "(SELECT p.name FROM accounts a JOIN people p ON p.id = a.person_id WHERE a.id = {row}.actor_id)",
        nullable=False,
        description="Who did it, by name.",
    )
    of_the_secretariat: bool = expression(
        "(SELECT a.secretariat AND {row}.term_id IS NULL FROM accounts a WHERE a.id = {row}.actor_id)",
        nullable=False,
        description="Whether the secretariat did it, and so for nobody else.",
    )
    principal: "Mayor | None" = one(
        "{child}.id = {row}.term_id", description="For whom; null when the secretariat did it."
    )


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
    can_keep: bool = expression(
        policy.KEEPABLE,
        nullable=False,
        description="Whether the viewer may keep this profile: the mayor, staff with the scope, the secretariat.",
    )
    last_kept: ProfileChange | None = one(
        _LAST_KEPT,
        description="The last change of the profile; null to whoever is not of the mayor's office or the secretariat.",
    )
    acts_in_my_name: Connection[AuditEntry] = trail(
        f"{{child}}.term_id = {{row}}.id AND NOT {PERSONAL}",
        description="What the mayor did and what was done for the mayor, as far as the viewer may know.",
    )
