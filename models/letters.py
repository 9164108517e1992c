"""A letter an act asks to have sent, once what it did is committed."""

from dataclasses import dataclass
from datetime import date


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
