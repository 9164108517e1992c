"""What the viewer may do, act by act, with the sentence that would refuse: by the very rules the acts are judged by."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from policy.acts import JUDGED, refusal, scope_of
from policy.viewer import ATTRIBUTES, Acting
from schema.enums import Scope

#: What a right is answered from: every attribute of the viewer.
NEEDS = {name: f"{{viewer.{name}}}" for name in ATTRIBUTES}
#: What each act does, by the mutation's name; filled by ``tell`` once all mutations are declared.
_DOES: dict[str, str] = {}
#: The scope each act asks of a delegate, by the mutation's name; filled with them.
_SCOPES: dict[str, Scope | None] = {}
_READS: Mapping[str, Callable[[str], Any]] = {"uuid": UUID, "timestamptz": datetime.fromisoformat}


@strawberry.type(
    description="Whether the viewer may do an act in the capacity acted in, to what is most their own."
)
class Right:
    """One act, and yes or no."""

    act: str = strawberry.field(description="The act, by its mutation's name: `postponeEvent`.")
    does: str = strawberry.field(description="What it does.")
    allowed: bool = strawberry.field(description="Whether the viewer may.")
    scope: Scope | None = strawberry.field(
        description="The scope with which staff may do it for a mayor who may; null where none is needed or helps."
    )
    because: str | None = strawberry.field(
        description="What is missing, and what would mend it; null where it is allowed."
    )


def rights(**viewer: Any) -> list[Right]:
    """Every act in the order of the contract, judged for these attributes of a viewer as JSON has them."""
    acting = Acting.of({name: _read(name, value) for name, value in viewer.items()})
    found = [(act, does, refusal(acting, act)) for act, does in _DOES.items() if act in JUDGED]
    return [
        Right(act=act, does=does, allowed=because is None, scope=_SCOPES[act], because=because)
        for act, does, because in found
    ]


def tell(mutation: type) -> None:
    """Take the acts and what they do from the root of all mutations."""
    declared: Mapping[str, Any] = {
        _camel(field.python_name): field.description
        for field in mutation.__strawberry_definition__.fields  # type: ignore[attr-defined]  # set by strawberry.type
    }
    _DOES.update(declared)
    _SCOPES.update((act, scope_of(act)) for act in declared if act in JUDGED)


def _read(name: str, value: Any) -> Any:
    read = _READS.get(ATTRIBUTES[name])
    return read(value) if read is not None and value is not None else value


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)
