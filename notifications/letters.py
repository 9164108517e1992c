"""A letter: what one mail says to one person. Its words are a folder of templates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from models.delegations import Scope

TEMPLATES = Path(__file__).parent / "templates"

#: What each scope allows, as one would say it to the person who gets it.
IN_PLAIN_WORDS: Mapping[Scope, str] = {
    Scope.PROFILE: "keep the mayor's profile up to date",
    Scope.RSVP: "answer invitations for the mayor",
    Scope.REGISTER: "register the mayor and the city's party for events",
    Scope.DRAFT_RESOLUTION: "draft resolutions for the mayor",
    Scope.SPONSOR: "prepare the sponsoring of resolutions; the mayor releases each one",
    Scope.SIGN_LETTER: "prepare the mayor's signature on letters; the mayor releases each one",
    Scope.POST_AS_OFFICE: "write in discussions as the mayor's office",
    Scope.READ_GROUP: "read the groups that are open to the mayor's staff",
    Scope.COMMITTEE_PREFERENCES: "state which committees the mayor would like to sit on",
    Scope.HOST_SESSIONS: "host sessions of a community of practice for the mayor",
}


@dataclass(frozen=True, slots=True)
class Words:
    """A letter as it is read: one line of subject, plain text, and the same as HTML."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail to one address. `about` names its occasion: sent again, it is recognised as the same."""

    folder: ClassVar[str]

    to: str
    about: str

    def facts(self, _public_url: str) -> dict[str, Any]:
        """What the templates may name."""
        return {
            name: getattr(self, name)
            for kind in type(self).__mro__
            for name in getattr(kind, "__slots__", ())
        }

    def words(self, public_url: str) -> Words:
        """The letter, rendered; links begin with `public_url`."""
        facts = {"public_url": public_url, **self.facts(public_url)}
        subject, text, html = (
            _templates().get_template(f"{self.folder}/{part}").render(facts)
            for part in ("subject.txt", "body.txt", "body.html")
        )
        return Words(subject=subject.strip(), text=text.strip() + "\n", html=html)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn(Letter):
    """A link and a code that sign somebody in. The link's page has a button, for scanners follow links."""

    folder: ClassVar[str] = "sign_in"

    link: str
    code: str
    minutes: int = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationInvited(Letter):
    """A mayor asks somebody to act for them. `code` is what accepting takes; the days are the grant's."""

    folder: ClassVar[str] = "delegation_invited"

    inviter: str
    city: str
    scopes: Sequence[Scope]
    code: str
    starts_on: date | None = None
    ends_on: date | None = None

    def facts(self, public_url: str) -> dict[str, Any]:
        """The grant's own facts, its scopes in plain words, and where to accept it."""
        return {
            **Letter.facts(self, public_url),
            "allowed": [IN_PLAIN_WORDS[Scope(scope)] for scope in self.scopes],
            "link": f"{public_url}/delegations/accept?code={self.code}",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAdded(Letter):
    """Somebody's account opens to one more key: so that its owner hears of it who did not make it."""

    folder: ClassVar[str] = "key_added"

    kind: Literal["passkey", "token"]
    name: str
    device: str = ""
    place: str = ""

    def facts(self, public_url: str) -> dict[str, Any]:
        """The key's own facts, what to call it, and where to end it."""
        noun = {"passkey": "passkey", "token": "API token"}[self.kind]
        return {**Letter.facts(self, public_url), "noun": noun, "link": f"{public_url}/account"}


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = _day
    return environment


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
