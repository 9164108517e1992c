"""The interface of everything that has an id."""

import strawberry


@strawberry.interface(description="Anything that `node(id:)` finds.")
class Node:
    """Relay's Node."""

    id: strawberry.ID = strawberry.field(description="Opaque and lasting; good for `node(id:)`.")
