"""What is shown: types, inputs, outcomes and their descriptions. ``schema.graphql`` is the printed contract."""

from functools import cache

import strawberry
from strawberry.schema.config import StrawberryConfig

from schema import notices
from schema.mutations import Mutation
from schema.queries import Query
from schema.scalars import SCALARS
from schema.subscriptions import Subscription


@cache
def build() -> strawberry.Schema:
    """The schema, as declared."""
    return strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=list(notices.ALL),
        config=StrawberryConfig(scalar_map=SCALARS),
    )


def printed() -> str:
    """The contract as text."""
    return build().as_str()
