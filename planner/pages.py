"""Relay's connection types, for any node."""

from typing import Generic, TypeVar

import strawberry

_Node = TypeVar("_Node")


@strawberry.type(description="Where a page begins and ends, and whether there is more.")
class PageInfo:
    """Relay's PageInfo."""

    has_next_page: bool = strawberry.field(description="Whether more follows this page.")
    has_previous_page: bool = strawberry.field(description="Whether something comes before this page.")
    start_cursor: str | None = strawberry.field(description="The first edge's cursor; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="The last edge's cursor; null on an empty page.")


@strawberry.type(description="One item of a connection and its place in it.")
class Edge(Generic[_Node]):
    """Relay's Edge."""

    cursor: str = strawberry.field(description="This item's place, for `after` and `before`. Opaque.")
    node: _Node = strawberry.field(description="The item.")


@strawberry.type(description="A page of a longer list.")
class Connection(Generic[_Node]):
    """Relay's Connection."""

    edges: list[Edge[_Node]] = strawberry.field(description="The items of this page with their cursors.")
    nodes: list[_Node] = strawberry.field(
        description="The items of this page, when their cursors are of no interest."
    )
    page_info: PageInfo = strawberry.field(description="Where this page begins and ends.")
    total_count: int = strawberry.field(
        description="How many there are on all pages. Counted only when asked for."
    )
