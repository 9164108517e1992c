"""What is shown: types, inputs, outcomes and their descriptions. ``schema.graphql`` is the printed contract."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from models import ids
from planner.complete import attach
from planner.world import World
from policy import viewer
from policy.notices import about
from schema import notices
from schema.mutations import Mutation
from schema.queries import Query
from schema.scalars import BINDS, LEAVES, SCALARS
from schema.subscriptions import Subscription


def build() -> strawberry.Schema:
    """The schema, as declared; a new one each time, for whoever plans over it also teaches it to complete."""
    return strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=list(notices.ALL),
        config=StrawberryConfig(scalar_map=SCALARS),
    )


def world(signing: bytes) -> World:
    """Everything the planner has to be told about this house. ``signing`` is the key of page cursors."""
    built = build()._schema  # noqa: SLF001 - Strawberry offers no public way to graphql-core's schema
    attach(built)
    return World(
        built, viewer.ctes, viewer.LOOKED_UP, ids.read, LEAVES, BINDS, signing, viewer.recordset, about
    )


def printed() -> str:
    """The contract as text."""
    return build().as_str()
