"""A request that cannot be planned or bound: said at once, before anything is read."""

from typing import Any

from graphql import GraphQLError


class BadRequest(GraphQLError):
    """A request error (GraphQL §7.1.1): the whole request is refused, with a code that programs can read."""

    def __init__(self, message: str, code: str = "BAD_USER_INPUT", **more: Any) -> None:
        super().__init__(message, extensions={"code": code}, **more)
