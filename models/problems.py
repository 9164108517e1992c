"""The ways a well-formed request can be turned down.

Raised by lifecycles, policy and acts; shown to clients by ``schema.problems``.
The message speaks to the member and says what would mend it.
"""

from dataclasses import dataclass


class Problem(Exception):
    """Something the caller can read, understand and act upon."""

    @property
    def message(self) -> str:
        """The sentence shown to the member."""
        return str(self)


class Refused(Problem):
    """The viewer does not hold the mandate this act requires."""


class Missing(Problem):
    """No such thing, or nothing this viewer may know about."""


class WrongMoment(Problem):
    """The act exists, but not while things stand as they do."""


class KeyReused(Problem):
    """The idempotency key was used before, for something else."""


class Conflict(Problem):
    """Somebody else changed the thing since the caller last read it."""

    def __init__(self, message: str, *, version: int) -> None:
        super().__init__(message)
        self.version = version


@dataclass(frozen=True, slots=True)
class BadField:
    """One input field that cannot be taken, and what could be given instead."""

    name: str
    message: str
    suggestion: str | None = None


class Invalid(Problem):
    """The input cannot be taken as it is; ``fields`` says which and why."""

    def __init__(self, *fields: BadField) -> None:
        super().__init__(" ".join(field.message for field in fields))
        self.fields = fields
