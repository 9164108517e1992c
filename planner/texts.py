"""JSON text written by SQL, and names in the form clients know."""

from collections.abc import Sequence
from typing import Any

#: PostgreSQL takes at most 100 arguments a call.
_CHUNK = 90


class Constant(str):
    """A text that is the same for every row, as an SQL literal."""

    __slots__ = ()


class Joined(str):
    """SQL that joins pieces to one text. Joined into a longer one it is taken apart again: one call instead of two."""

    __slots__ = ("pieces",)
    pieces: tuple[str, ...]


QUOTE = Constant("""'"'""")


def joined(*texts: str) -> str:
    """SQL that joins ``texts`` by ``concat``: NULL adds nothing, what is no text is shown as PostgreSQL shows it."""
    pieces: list[str] = []
    for text in texts:
        for piece in text.pieces if isinstance(text, Joined) else (text,):
            if pieces and isinstance(piece, Constant) and isinstance(pieces[-1], Constant):
                pieces[-1] = Constant(pieces[-1][:-1] + piece[1:])
            else:
                pieces.append(piece)
    made = Joined(_concat(pieces))
    made.pieces = tuple(pieces)
    return made


def listed(items: str) -> str:
    """The JSON text of a list; ``items`` joins its items by commas, and is NULL where there are none."""
    return joined(Constant("'['"), items, Constant("']'"))


def json_object(pairs: Sequence[tuple[str, str]]) -> str:
    """The JSON text of an object."""
    if not pairs:
        return Constant("'{}'")
    texts = [part for key, text in pairs for part in (Constant(f"""',"{key}":'"""), text)]
    texts[0] = Constant("'{" + texts[0][2:])
    return joined(*texts, Constant("'}'"))


def named(kind: Any) -> str:
    """A type's name as JSON text."""
    return Constant(f"""'"{kind.name}"'""")


def _concat(pieces: Sequence[str]) -> str:
    if len(pieces) == 1 and isinstance(pieces[0], Constant):
        return pieces[0]
    if len(pieces) <= _CHUNK:
        return f"concat({','.join(pieces)})"
    return _concat([_concat(pieces[i : i + _CHUNK]) for i in range(0, len(pieces), _CHUNK)])


def camel(name: str) -> str:
    """A Python name as GraphQL spells it."""
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)
