"""The contract as data, for tests that ask by which ways a thing is reached."""

from collections.abc import Iterator
from typing import Any


def fields_of(world: Any) -> Iterator[tuple[str, Any]]:
    """Every field of the schema that has a type, as `Post.reactions`."""
    for kind in world.type_map.values():
        for name, made in getattr(kind, "fields", {}).items():
            if hasattr(made, "args") and hasattr(made, "type"):
                yield f"{kind.name}.{name}", made
