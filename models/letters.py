"""A letter an act asks to have sent, once what it did is committed."""

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class Invitation:
    """To somebody a mayor wants as a delegate; ``code`` is in no other place, the row keeps only its hash."""

    to: str
    about: str
    inviter: str
    city: str
    scopes: tuple[str, ...]
    code: str
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class KeyAdded:
    """To the owner of an account that another passkey or token opens from now on, with where that was done."""

    to: str
    about: str
    kind: Literal["passkey", "token"]
    name: str
    device: str
    place: str


#: Whatever an act may have sent.
Letter = Invitation | KeyAdded
