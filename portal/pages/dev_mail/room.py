"""Mail that never left the house: shown here when no SMTP server is set, so that links can be followed."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from markupsafe import Markup, escape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from portal.rooms import House, MissingThing

_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")
SHOWN = 100
ELSEWHERE = "Mail is shown on the machine that Rotunda runs on; set SMTP_URL to have it sent."
LOCAL = {"localhost", "127.0.0.1", "::1", "testserver"}
#: What proxies add: through one on this machine, everybody would seem to be here.
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


@dataclass(frozen=True, slots=True)
class Letter:
    """One .eml file, as far as a list or a page shows it."""

    name: str
    subject: str
    to: str
    date: str
    text: str
    html: str

    @classmethod
    @lru_cache(maxsize=2 * SHOWN)  # a letter never changes, and the page looks again every other second
    def read(cls, file: Path) -> "Letter":
        """Parse a file; whatever a letter lacks is empty."""
        message = message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=policy.default)
        sent = (
            message["date"].datetime
            if message["date"]
            else datetime.fromtimestamp(file.stat().st_mtime).astimezone()
        ).astimezone(UTC)
        return cls(
            name=file.name,
            subject=str(message["subject"] or "(no subject)"),
            to=str(message["to"] or ""),
            date=f"{sent:%A, %B} {sent.day}, {sent:%H:%M}",
            text=_body(message, "plain"),
            html=_body(message, "html"),
        )

    def linked(self, home: str, here: str) -> Markup:
        """The text with its links to follow; everything else is escaped.

        Those that lead ``home`` stay under the name it is visited by, ``here``, for a session belongs to that name.
        """
        pieces, place = [], 0
        for found in _LINK.finditer(self.text):
            pieces.append(escape(self.text[place : found.start()]))
            place_here = here + found[0].removeprefix(home) if found[0].startswith(f"{home}/") else found[0]
            pieces.append(Markup('<a href="{0}">{1}</a>').format(place_here, found[0]))
            place = found.end()
        return Markup("").join([*pieces, escape(self.text[place:])])


def routes(house: House, mailbox: Path, public_url: str) -> list[Route]:
    """The list, a letter, and its HTML part by itself in a sandbox."""
    own = urlsplit(public_url).hostname or ""
    # Where people come from elsewhere, something on this machine hands them on, with or without saying so.
    hosts = LOCAL | {own} if own in LOCAL or _here(own) else set()

    def at_home(request: Request) -> None:
        # Whoever reads these letters can sign in as anyone. So nobody reads them from another machine, and no
        # page elsewhere that points a name of its own at this one (hence the look at the host as well).
        known = request.url.hostname in hosts and not any(name in request.headers for name in FORWARDED)
        if not known or not (request.client and _here(request.client.host)):
            raise HTTPException(403, ELSEWHERE)

    def letter(request: Request) -> Letter:
        at_home(request)
        file = mailbox / Path(request.path_params["name"]).name
        if file.suffix != ".eml" or not file.is_file():
            raise MissingThing("There is no such letter.")
        return Letter.read(file)

    async def letters(request: Request) -> Response:
        at_home(request)
        found = _newest(mailbox)
        return await house.page(request, "dev_mail/letters", letters=found, full=len(found) == SHOWN)

    async def one(request: Request) -> Response:
        found = letter(request)
        return await house.page(
            request, "dev_mail/letter", letter=found, home=public_url, here=_visited(request)
        )

    async def html(request: Request) -> Response:
        content = letter(request).html
        if not content:
            return PlainTextResponse("This letter has no HTML part.", status_code=404)
        # No script and no picture from elsewhere; a link may be followed, and then fills the whole window.
        content = content.replace("<head>", '<head><base target="_top">', 1)
        content = content.replace(f'href="{public_url}/', f'href="{_visited(request)}/')
        sandbox = (
            "sandbox allow-top-navigation-by-user-activation; "
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        )
        headers = {
            "content-security-policy": f"{sandbox}; frame-ancestors 'self'",
            "x-frame-options": "SAMEORIGIN",
        }
        return HTMLResponse(content, headers=headers)

    return [
        Route("/dev/mail", letters),
        Route("/dev/mail/{name}", one),
        Route("/dev/mail/{name}/html", html),
    ]


def _here(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _visited(request: Request) -> str:
    """Under which name the house is visited; `at_home` has seen that it is one of this machine's."""
    return f"{request.url.scheme}://{request.url.netloc}"


def _newest(mailbox: Path) -> list[Letter]:
    files = sorted(mailbox.glob("[!.]*.eml"), key=lambda file: file.stat().st_mtime, reverse=True)
    return [Letter.read(file) for file in files[:SHOWN]]


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
