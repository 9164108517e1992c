"""The room of those who program: GraphiQL at `/graphql`, the documentation at `/docs/api`, and the contract itself."""

import re
from typing import Any

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from portal.pages.api.contract import Chapter, chapters
from portal.pages.api.examples import FIRST, examples
from portal.rooms import FOLDER, House

CONTRACT = FOLDER.parent / "schema" / "schema.graphql"
WORKERS = {"json": "graphiql-json.js", "graphql": "graphiql-graphql.js", "": "graphiql-editor.js"}

#: As strict as GraphiQL allows. Its editor, Monaco, writes style elements and attributes, hence 'unsafe-inline' for
#: styles alone; its workers are files of ours; nothing comes from or goes to another host, and nobody may frame it.
EXPLORER_POLICY = "; ".join(  # noqa: FLY002 -- one directive a line
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


def routes(house: House) -> list[Route]:
    """GraphiQL for browsers (programs never come here), the documentation, and the contract as a file."""
    kept: list[Chapter] = []

    async def explorer(request: Request) -> Response:
        told = {
            "workers": {label: house.assets.address(name) for label, name in WORKERS.items()},
            "examples": {
                one.name: {"query": one.query, "variables": one.variables}
                for of in examples().values()
                for one in of
            },
        }
        chosen = request.query_params.get("example") or FIRST
        response = await house.page(
            request, "api/explorer", examples=examples(), explorer=told, chosen=chosen
        )
        response.headers["content-security-policy"] = EXPLORER_POLICY
        response.headers["vary"] = "accept"
        return response

    async def docs(request: Request) -> Response:
        def of(schema: Any) -> list[Chapter]:
            if schema and not kept:
                kept.extend(chapters(schema))
            return kept

        return await house.page(request, "api/docs", {"contract": not kept}, chapters=of, coded=coded)

    async def contract(_: Request) -> Response:
        return FileResponse(CONTRACT, media_type="text/plain; charset=utf-8", filename="rotunda.graphql")

    return [
        Route("/graphql", explorer),
        Route("/docs/api", docs),
        Route("/docs/schema.graphql", contract),
    ]


def coded(text: str | None) -> Markup:
    """A description with what stands in backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text or ""))))  # noqa: S704 -- escaped just before
