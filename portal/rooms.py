"""A room is a folder of pages with their routes; here is what every room may use."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from portal import dates
from portal.api import Api, Door, Passkeys
from portal.assets import Assets
from portal.documents import document
from portal.flashes import FLASHES, PLAIN
from portal.sessions import Cookies

FOLDER = Path(__file__).parent
# A thousand open pages that are all read again wait here, for as long as it takes: for a connection they would wait two
# seconds, and those who come to read for the first time want one too.
_AT_ONCE = 4


class MissingThing(Exception):
    """What a page is about does not exist, or not for this viewer; both look alike."""


class PageBroke(Exception):
    """A page's document came back without its data: a bug of ours, or a database that is away."""


class TurnedAway(PageBroke):
    """The session is over, or never was: whoever holds this cookie is a visitor."""


class GrantEnded(PageBroke):
    """The session acts under a grant that has ended; the account itself is as good as ever."""


class Busy(PageBroke):
    """The database is away or has no hand free; in a moment it will."""


# What an answer without data means, by the code of its error.
REFUSALS: dict[str, type[Exception]] = {
    "UNAUTHENTICATED": TurnedAway,
    "CAPACITY_NOT_HELD": GrantEnded,
    "UNAVAILABLE": Busy,
    "TOO_SLOW": Busy,
    "RATE_LIMITED": Busy,
    "BAD_USER_INPUT": MissingThing,  # or something else in an address that cannot be
    "BAD_CURSOR": MissingThing,  # somebody wrote the address of a list's next page by hand
}


def _turns() -> asyncio.Semaphore:
    return asyncio.Semaphore(_AT_ONCE)


@dataclass(frozen=True, slots=True)
class House:
    """The wiring that all rooms share; ``turns`` are taken by open pages that are read again."""

    api: Api
    door: Door
    cookies: Cookies
    assets: Assets
    mailbox: Path | None
    templates: Environment
    passkeys: Passkeys | None = None
    turns: asyncio.Semaphore = field(default_factory=_turns)

    async def read(self, name: str, variables: Mapping[str, Any], token: str | None) -> dict[str, Any]:
        """The data of a document, a page's or an act's; raises a PageBroke when there is none."""
        answer = await self.api.run(document(name), variables, token)
        data = answer.get("data")
        if data is None:
            raise _refusal(answer)(f"{name}: {answer.get('errors')}")
        return dict(data)

    async def rehearse(
        self, act: str, given: Mapping[str, Any], token: str | None
    ) -> Mapping[str, Any] | None:
        """The problem that an act would meet if it were done now, None if it would be; nothing comes of asking."""
        answer = await self.api.rehearse(act, given, token)
        data = answer.get("data")
        if data is None:
            raise _refusal(answer)(f"{act}: {answer.get('errors')}")
        problem: Mapping[str, Any] | None = data["outcome"]
        return problem

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
        try:
            data = await self.read(name, variables or {}, self.cookies.token(request))
        except TurnedAway:
            # The session has ended. Show the page as a visitor sees it, and take the cookie back.
            data = await self.read(name, variables or {}, None)
            response = self.shown(request, name, {**data, **extra}, status=status)
            self.cookies.forget(response)
            return response
        return self.shown(request, name, {**data, **extra}, status=status)

    def shown(
        self, request: Request, name: str, context: Mapping[str, Any], *, status: int = 200
    ) -> Response:
        """A filled template as a response, with the greeting that the page before left."""
        left = self.cookies.read(request, "flash")
        flash = FLASHES.get(left)
        html = self.templates.get_template(f"{name}.html").render(
            self.frame(request.url.path, context) | {"flash": flash, "flash_plain": left in PLAIN}
        )
        response = HTMLResponse(html, status_code=status)
        if flash:
            self.cookies.drop(response, "flash")
        return response

    def block(self, name: str, block: str, path: str, context: Mapping[str, Any], *, layout: str = "") -> str:
        """One block of a page's template, or of the layout that it extends: what a live page replaces."""
        template, beneath = (self.templates.get_template(f"{one}.html") for one in (name, layout or name))
        found = template.new_context(self.frame(path, context))
        for inherited, render in beneath.blocks.items():
            found.blocks.setdefault(inherited, []).append(render)
        return "".join(found.blocks[block][0](found))

    def piece(self, name: str, piece: str, *given: Any) -> str:
        """One macro of a template, filled: a part of a page that knows nothing of who looks."""
        return str(getattr(self.templates.get_template(f"{name}.html").module, piece)(*given))

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
            "flash_plain": False,
            "said": "",
            "changed": frozenset(),
            **context,
        }


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
    for words in (dates.day_words, dates.told_on, dates.said_at, dates.zone_words, dates.clock_city):
        environment.filters[words.__name__] = words
    # A live page renders one block alone, without the imports at its template's head; so macros are global.
    environment.globals["pieces"] = environment.get_template("pieces.html").module
    return environment


def _refusal(answer: Mapping[str, Any]) -> type[Exception]:
    codes = [(error.get("extensions") or {}).get("code") for error in answer.get("errors") or []]
    return next((REFUSALS[code] for code in codes if code in REFUSALS), PageBroke)
