"""Whether it is a person with a browser who comes to `/graphql`: they are shown GraphiQL, which is the portal's."""

from urllib.parse import parse_qsl

from starlette.types import Scope

from rotunda.graphql.credentials import headers_of
from rotunda.graphql.negotiation import accepted


def is_wanted(scope: Scope) -> bool:
    """Tell a browser that wants a page from whoever sends an operation; for a POST this costs one comparison."""
    if scope.get("method") != "GET":
        return False
    parameters = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return (
        all(name not in {"query", "documentId", "extensions"} for name, _ in parameters)
        and accepted(headers_of(scope).get(b"accept", b"")).html
    )
