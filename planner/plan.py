"""A plan: one SQL statement, how its parameters are bound, and what is left for Python to complete."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from planner.arguments import Get
from planner.cost import Cost
from planner.holes import Hole, filled


class Viewer:
    """The viewer's attributes as SQL expressions.

    It remembers which were mentioned, for they make up a visibility class: viewers alike in these see the same.
    ``looked_up`` are read as it says there; all others are columns of the relation.
    """

    def __init__(self, alias: str = "viewer", looked_up: Mapping[str, str] | None = None) -> None:
        self.alias = alias
        self.mentioned: set[str] = set()
        self.looked_up = looked_up or {}

    def __getattr__(self, name: str) -> str:
        if name.startswith("_"):
            raise AttributeError(name)
        self.mentioned.add(name)
        return self.looked_up.get(name) or f"{self.alias}.{name}"


@dataclass
class Parameters:
    """The bound values of a statement: ``$1`` on. The first few are the caller's; the rest come from arguments."""

    taken: int
    getters: list[Get] = field(default_factory=list)

    def add(self, get: Get, cast: str) -> str:
        """The SQL that stands for the value ``get`` reads at request time."""
        self.getters.append(get)
        return f"${self.taken + len(self.getters)}::{cast}"

    def bind(self, values: Mapping[str, Any]) -> list[Any]:
        """The values of one request, in order."""
        return [get(values) for get in self.getters]


@dataclass(frozen=True)
class Plan:
    """``sql`` is ``None`` when nothing has to be read (introspection alone).

    ``complete`` says that graphql-core has to finish what the statement read: the operation asks about the schema
    itself, or about an act's outcome. ``holes`` are filled without it. ``mentions`` are the viewer's attributes the
    text depends on. ``cost`` says how many rows it may reach, ``constant`` that nothing is asked but what the schema
    itself is.
    """

    sql: str | None
    parameters: Parameters
    complete: bool
    mentions: frozenset[str]
    cost: Cost
    constant: bool = False
    holes: tuple[Hole, ...] = ()

    def filled(self, body: bytes, values: Mapping[str, Any]) -> bytes:
        """What the statement read, made whole; ``Unfillable`` where only graphql-core can tell what is wrong."""
        return filled(body, self.holes, values) if self.holes else body

    def bind(self, values: Mapping[str, Any]) -> list[Any]:
        """The statement's own parameters, behind the caller's."""
        return self.parameters.bind(values)
