"""A rung of the ladder: one act, and what it answers to whom."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.acts.making import Cast
from tests.living import Caller

Given = dict[str, Any]


@dataclass(frozen=True)
class Rung:
    """One act: what it is given, what it must answer to whom, and when it is too late or too early."""

    act: str
    given: Callable[[Cast], Awaitable[Given]]
    outsider: str
    scopeless: str
    thing: str
    needs: str = ""
    right: Callable[[Cast, Given], Awaitable[Caller]] | None = None
    too_late: Callable[[Cast], Awaitable[Given]] | None = None

    def __str__(self) -> str:
        return self.act
