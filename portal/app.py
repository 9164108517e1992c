"""The portal put together: rooms, files, the guard around them, and pages for what goes wrong."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Mount

from portal.api import Api, Door, Passkeys, Turnstile
from portal.assets import Assets
from portal.entrance import Entrance
from portal.guard import Guard
from portal.pages.account import room as account
from portal.pages.api import room as api_pages
from portal.pages.cities import room as cities
from portal.pages.delegations import room as delegations
from portal.pages.desk import room as desk
from portal.pages.dev_mail import room as dev_mail
from portal.pages.errors import room as errors
from portal.pages.events import room as events
from portal.pages.front import room as front
from portal.pages.groups import room as groups
from portal.pages.home import room as home
from portal.pages.resolutions import room as resolutions
from portal.pages.search import room as search
from portal.pages.sign_in import room as sign_in
from portal.pages.why import room as why
from portal.rooms import House, templates
from portal.sessions import Cookies


def build_portal(
    *,
    api: Api,
    door: Door,
    public_url: str,
    mailbox: Path | None,
    passkeys: Passkeys | None = None,
    turnstile: Turnstile | None = None,
) -> list[BaseRoute]:
    """All pages, as one mount at the root: put it after every other route, for it answers whatever is left.

    `mailbox` is the folder of .eml files to show at /dev/mail, or None where mail really leaves the house;
    `passkeys` is None where the site's address is none that browsers bind them to, `turnstile` where nobody counts.
    """
    assets = Assets()
    house = House(
        api=api,
        door=door,
        cookies=Cookies(public_url),
        assets=assets,
        mailbox=mailbox,
        templates=templates(assets),
        passkeys=passkeys,
    )
    routes: list[BaseRoute] = [*assets.routes()]
    for room in (
        front,
        home,
        api_pages,
        events,
        cities,
        groups,
        resolutions,
        search,
        sign_in,
        account,
        delegations,
        desk,
        why,
    ):
        routes += room.routes(house)
    if mailbox is not None:
        routes += dev_mail.routes(house, mailbox, public_url)
    counted = [Middleware(Entrance, house=house, turnstile=turnstile)] if turnstile else []
    pages = Starlette(
        routes=routes,
        middleware=[
            Middleware(Guard, public_url=public_url),
            *counted,
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=1),  # nine takes four times as long
        ],
        exception_handlers=errors.handlers(house),
    )
    return [Mount("/", app=pages)]
