"""A room is a folder of pages with their routes; here is what every room may use."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from portal import dates
from portal.api import Api, Door
from portal.assets import Assets
from portal.documents import document
from portal.flashes import FLASHES
from portal.sessions import Cookies

FOLDER = Path(__file__).parent
TURNED_AWAY = {"UNAUTHENTICATED", "BAD_TOKEN", "SIGNED_OUT"}


class MissingThing(Exception):  # noqa: N818 -- named as what happened: a page about nothing
    """What a page is about does not exist, or not for this viewer; both look alike."""


class PageBroke(Exception):  # noqa: N818 -- likewise
    """A page's document came back without its data: a bug of ours, or a database that is away."""


@dataclass(frozen=True, slots=True)
class House:
    """The wiring that all rooms share."""

    api: Api
    door: Door
    cookies: Cookies
    assets: Assets
    mailbox: Path | None
    templates: Environment

    async def read(self, name: str, variables: Mapping[str, Any], token: str | None) -> dict[str, Any]:
        """The data of a page's document; raises PageBroke when there is none."""
        answer = await self.api.run(document(name), variables, token)
        data = answer.get("data")
        if data is None:
            raise PageBroke(f"{name}: {answer.get('errors')}")
        return dict(data)

    async def page(
        self,
        request: Request,
        name: str,
        variables: Mapping[str, Any] | None = None,
        *,
        status: int = 200,
        **extra: Any,
    ) -> Response:
        """Run a page's document and fill its template with the data."""
        token = self.cookies.token(request)
        answer = await self.api.run(document(name), variables or {}, token)
        if token and _turned_away(answer):
            # The session has ended. Show the page as a visitor sees it, and take the cookie back.
            return await self._as_visitor(request, name, variables, status=status, **extra)
        if answer.get("data") is None:
            raise PageBroke(f"{name}: {answer.get('errors')}")
        return self.shown(request, name, {**answer["data"], **extra}, status=status)

    def shown(
        self, request: Request, name: str, context: Mapping[str, Any], *, status: int = 200
    ) -> Response:
        """A filled template as a response, with the greeting that the page before left."""
        flash = FLASHES.get(self.cookies.read(request, "flash"))
        html = self.templates.get_template(f"{name}.html").render(
            self.frame(request.url.path, context) | {"flash": flash}
        )
        response = HTMLResponse(html, status_code=status)
        if flash:
            self.cookies.drop(response, "flash")
        return response

    def block(self, name: str, block: str, path: str, context: Mapping[str, Any]) -> str:
        """One block of a page's template: what a live page replaces."""
        template = self.templates.get_template(f"{name}.html")
        return "".join(template.blocks[block](template.new_context(self.frame(path, context))))

    def on(self, place: str, flash: str = "") -> Response:
        """Go on to another page, which may greet with one of FLASHES."""
        response = RedirectResponse(place, status_code=303)
        if flash:
            self.cookies.note(response, "flash", flash)
        return response

    def frame(self, path: str, context: Mapping[str, Any]) -> dict[str, Any]:
        """What the layout needs on every page: who looks, for whom, and where."""
        viewer = context.get("viewer") or {}
        return {
            "path": path,
            "account": viewer.get("account"),
            "acting": viewer.get("capacity"),
            "capacities": viewer.get("capacities") or [],
            "mailbox": self.mailbox is not None,
            "flash": None,
            "said": "",
            "changed": frozenset(),
            **context,
        }

    async def _as_visitor(
        self, request: Request, name: str, variables: Mapping[str, Any] | None, *, status: int, **extra: Any
    ) -> Response:
        data = await self.read(name, variables or {}, None)
        response = self.shown(request, name, {**data, **extra}, status=status)
        self.cookies.forget(response)
        return response


def templates(assets: Assets) -> Environment:
    """Jinja as the portal uses it: everything escaped, nothing undefined passes unnoticed."""
    environment = Environment(
        loader=FileSystemLoader([FOLDER / "pages", FOLDER / "layout"]),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = assets.address
    for words in (dates.day_words, dates.told_on, dates.zone_words, dates.clock_city):
        environment.filters[words.__name__] = words
    # A live page renders one block alone, without the imports at its template's head; so macros are global.
    environment.globals["pieces"] = environment.get_template("pieces.html").module
    return environment


def _turned_away(answer: Mapping[str, Any]) -> bool:
    codes = {(error.get("extensions") or {}).get("code") for error in answer.get("errors") or []}
    return bool(codes & TURNED_AWAY)
