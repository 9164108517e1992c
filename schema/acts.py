"""``act``: a mutation that hands a documented input to an act, and shows the thing itself or a problem."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument

ACT = "act"


@dataclass(frozen=True)
class Declared:
    """Which act a mutation carries out, from which input, and the type of what comes of it."""

    act: Callable[..., Awaitable[Any]]
    input_type: type
    thing: type

    def arguments(self, given: dict[str, Any]) -> dict[str, Any]:
        """The input's fields under the act's own parameter names; what was left out is ``None``."""
        fields = self.input_type.__strawberry_definition__.fields  # type: ignore[attr-defined]  # set by strawberry.input
        return {f.python_name: given.get(_camel(f.python_name)) for f in fields}


def act(
    carried_out: Callable[..., Awaitable[Any]], input_type: type, thing: type, *, description: str
) -> Any:
    """A mutation field. The act's parameters must be the input's fields, or the schema refuses to build."""
    declared = Declared(carried_out, input_type, thing)
    _check(declared)
    made = strawberry.field(description=description, metadata={ACT: declared})
    made.arguments = [
        StrawberryArgument(
            python_name="input",
            graphql_name=None,
            type_annotation=StrawberryAnnotation(input_type),
            description="What is asked for.",
        )
    ]
    return made


def _check(declared: Declared) -> None:
    code = declared.act.__code__
    wanted = set(code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount])
    offered = {f.python_name for f in declared.input_type.__strawberry_definition__.fields}  # type: ignore[attr-defined]  # as above
    if wanted != offered - {"idempotency_key"}:
        odd = ", ".join(sorted(wanted ^ (offered - {"idempotency_key"})))
        raise TypeError(f"{declared.input_type.__name__} and {declared.act.__name__} disagree on: {odd}")


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)
