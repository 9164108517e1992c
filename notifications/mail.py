"""Mail: one letter sent directly, by SMTP where there is a server, else as a file in the mailbox folder."""

import asyncio
import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from notifications.letters import Letter

# The default of 76 folds long headers such as List-Unsubscribe in the middle of a URL.
UNFOLDED = policy.SMTP.clone(max_line_length=998)
PATIENCE = 10  # seconds for each answer of the server
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


class NotSent(Exception):
    """A letter did not leave the house; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Where letters go out. Exactly one of `smtp_url` and `mailbox` is used, the former if both are there."""

    public_url: str
    smtp_url: str | None = None
    mailbox: Path | None = None

    async def send(self, letter: Letter) -> None:
        """Send `letter` now.

        Raises:
            NotSent: its address or subject cannot be a header, or the server does not take it.
        """
        message = self.written(letter)
        if self.smtp_url:
            await _hand_over(self.smtp_url, message, to=letter.to)
        elif self.mailbox:
            await asyncio.to_thread(_drop, message, self.mailbox, kind=letter.folder)
        else:
            raise NotSent("There is neither an SMTP server nor a mailbox folder to send to.")

    def written(self, letter: Letter) -> EmailMessage:
        """`letter` as a message: text first, HTML as its alternative.

        Raises:
            NotSent: its address or subject cannot be a header.
        """
        if not _ADDRESS.fullmatch(letter.to):
            raise NotSent(f"{letter.to!r} is not one mail address.")
        words = letter.words(self.public_url)
        if not words.subject.isprintable():
            raise NotSent(f"The subject {words.subject!r} holds more than one line of text.")
        message = EmailMessage(policy=UNFOLDED)
        message["From"] = f"Rotunda <no-reply@{self._domain}>"
        message["To"] = letter.to
        message["Subject"] = words.subject
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = f"<{letter.folder}.{_bare(letter.about)}@{self._domain}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: so that no absence notice answers
        message.set_content(words.text)
        message.add_alternative(words.html, subtype="html")
        return message

    @property
    def _domain(self) -> str:
        host = urlsplit(self.public_url).hostname or ""
        try:
            ip_address(host)
        except ValueError:
            return host if "." in host else "rotunda.example"
        return "rotunda.example"


def connection(url: str) -> dict[str, Any]:
    """How aiosmtplib reaches the server that an SMTP_URL names."""
    parts = urlsplit(url)
    return {
        "hostname": parts.hostname,
        "port": parts.port or PORTS[parts.scheme],
        "username": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
        "use_tls": parts.scheme == "smtps",
        "start_tls": parts.scheme == "smtp+starttls",
    }


def _bare(about: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "-", about)


async def _hand_over(url: str, message: EmailMessage, *, to: str) -> None:
    import aiosmtplib  # noqa: PLC0415  # an installation that keeps its mail in a folder never needs it

    try:
        await aiosmtplib.send(message, recipients=[to], timeout=PATIENCE, **connection(url))
    except (aiosmtplib.SMTPException, OSError) as problem:
        raise NotSent(f"The mail server did not take the letter: {problem}") from problem


def _drop(message: EmailMessage, mailbox: Path, *, kind: str) -> None:
    """Put the message into the folder in one step: whoever lists it never meets half a letter."""
    mailbox.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{kind}-{secrets.token_hex(4)}.eml"
    unfinished = mailbox / f".{name}"
    with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(message.as_bytes())
    unfinished.rename(mailbox / name)
