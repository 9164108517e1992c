"""Prepared: one operation of a valid document, ready to be planned, with the plans made of it so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import DocumentNode

from planner.limits import Limits
from planner.selection import Aspect, Operation, Shape, shape_key
from planner.variables import Variables

_PLANS_KEPT = 200
#: Bytes kept alive by each token, and by each plan beside its text: measured with tracemalloc, rounded up.
_TOKEN, _PLAN = 700, 4_000


@dataclass
class Prepared:
    """``kind`` is query, mutation or subscription; ``weight`` is how many bytes it keeps alive, about.

    ``key`` is the text it was read from, and the name its operation was asked for by. ``said`` is the whole answer to
    questions about nothing but the schema, once it was given.
    """

    document: DocumentNode
    operation: Operation
    key: tuple[str, str | None]
    limits: Limits
    asked: dict[tuple[str, str], Aspect] = field(default_factory=dict)
    plans: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    kind: str = field(init=False)
    variables: Variables = field(init=False)
    weight: int = field(init=False)
    said: bytes = b""

    def __post_init__(self) -> None:
        node = self.operation.node
        self.kind = node.operation.value
        self.variables = Variables(self.operation.schema, node.variable_definitions or (), self.limits)
        self._own = self.weight = _weight(self.document)

    @property
    def name(self) -> str | None:
        """The operation's name, if it has one."""
        return self.operation.node.name.value if self.operation.node.name else None

    def values(self, variables: Mapping[str, Any] | None) -> dict[str, Any]:
        """The variables' coerced values; the first that cannot be coerced refuses the request."""
        return self.variables.values(variables)

    def kept(self, label: Any, shape: Shape) -> Any:
        """A plan made earlier for this shape."""
        return self.plans.get((label, *shape_key(self.asked, shape.values)))

    def keep(self, label: Any, shape: Shape, plan: Any) -> None:
        """Keep a plan. If it depends on values that no earlier plan did, the earlier keys say too little."""
        if not shape.asked.keys() <= self.asked.keys() or len(self.plans) >= _PLANS_KEPT:
            self.asked.update(shape.asked)
            self.forget()
        self.plans[(label, *shape_key(self.asked, shape.values))] = plan
        self.weight += _PLAN + len(plan.sql or "")

    def forget(self) -> None:
        """Forget the plans, and what was said; they can be made again."""
        self.plans.clear()
        self.said = b""
        self.weight = self._own


def _weight(document: DocumentNode) -> int:
    """A document's own bytes. Its nodes know their tokens, and each token the whole text."""
    if document.loc is None:
        return 0
    tokens, token = 0, document.loc.start_token
    while token is not None:
        tokens, token = tokens + 1, token.next  # type: ignore[assignment]  # the last has none
    return _TOKEN * tokens + 4 * len(document.loc.source.body)
