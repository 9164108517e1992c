"""A request that cannot be planned or bound: said at once, before anything is read."""

from typing import Any

from graphql import GraphQLError


class BadRequest(GraphQLError):
    """A request error (GraphQL §7.1.1): the whole request is refused, with a code and figures for programs."""

    def __init__(self, message: str, code: str = "BAD_USER_INPUT", **told: Any) -> None:
        super().__init__(message, extensions={"code": code, **told})
