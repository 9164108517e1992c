"""JSON text written by SQL, and names in the form clients know."""

from collections.abc import Sequence
from typing import Any

#: PostgreSQL takes at most 100 arguments a call.
_CHUNK = 90


def json_object(pairs: Sequence[tuple[str, str]]) -> str:
    """The JSON text of an object, as calls of ``concat`` within PostgreSQL's number of arguments."""
    if not pairs:
        return "'{}'"
    pieces = [
        piece for n, (key, text) in enumerate(pairs) for piece in (f"""'{"," if n else "{"}"{key}":'""", text)
    ]
    pieces.append("'}'")
    if len(pieces) <= _CHUNK:
        return f"concat({','.join(pieces)})"
    chunks = (pieces[i : i + _CHUNK] for i in range(0, len(pieces), _CHUNK))
    return "concat(" + ",".join(f"concat({','.join(chunk)})" for chunk in chunks) + ")"


def named(kind: Any) -> str:
    """A type's name as JSON text."""
    return f"""'"{kind.name}"'"""


def camel(name: str) -> str:
    """A Python name as GraphQL spells it."""
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)
