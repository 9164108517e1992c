"""What is being written clause by clause, and the clauses added, moved and taken out while it is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.pages.resolutions.setting import RESOLVED, WHEREAS, lead_words

_NEW = "new-"
_KIND, _TEXT = "kind-", "text-"
_SHOWN = {"title", "clauses", "callId"}
# The API counts the clauses that it was sent, from one, ahead of what is wrong with one.
_IN_A_CLAUSE = re.compile(r"Clause (\d+): ")


@dataclass(frozen=True, slots=True)
class Piece:
    """A clause in the form; its key is its id, or a number of the form's own where it is new."""

    key: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A piece as the form shows it: the words it begins with, and which ways it can go."""

    piece: Piece
    lead: str
    number: int
    up: bool
    down: bool


def beginning() -> list[Piece]:
    """A text that is about to be written."""
    return [Piece(f"{_NEW}1", WHEREAS, ""), Piece(f"{_NEW}2", RESOLVED, "")]


def standing_text(clauses: Sequence[Mapping[str, Any]]) -> list[Piece]:
    """A text to go on writing at."""
    return [Piece(clause["id"], clause["kind"], clause["text"]) for clause in clauses]


def typed(values: Mapping[str, str]) -> list[Piece]:
    """The pieces of a form that was sent, reasons ahead of conclusions."""
    keys = [name.removeprefix(_KIND) for name in values if name.startswith(_KIND)]
    pieces = [
        Piece(key, RESOLVED if values[_KIND + key] == RESOLVED else WHEREAS, values.get(_TEXT + key, ""))
        for key in keys
    ]
    return _in_order(pieces)


def arranged(pieces: Sequence[Piece], do: str) -> tuple[list[Piece], str]:
    """The pieces after a press of `add:WHEREAS`, `up:key`, `down:key` or `remove:key`, and where one goes on."""
    what, _, key = do.partition(":")
    if what == "add":
        new = Piece(_fresh_key(pieces), RESOLVED if key == RESOLVED else WHEREAS, "")
        return _in_order([*pieces, new]), _TEXT + new.key
    at = next((at for at, piece in enumerate(pieces) if piece.key == key), None)
    found = list(pieces)
    if at is None:
        return found, ""
    if what == "remove":
        del found[at]
        return found, _TEXT + found[min(at, len(found) - 1)].key if found else ""
    to = at + {"up": -1, "down": 1}.get(what, 0)
    if 0 <= to < len(found) and found[to].kind == found[at].kind:
        found[at], found[to] = found[to], found[at]
    row = next(row for row in rows(found) if row.piece.key == key)
    further = {"up": row.up, "down": row.down}.get(what, False)
    back = "down" if what == "up" else "up"
    return found, f"{what if further else back}-{key}"


def rows(pieces: Sequence[Piece]) -> list[Row]:
    """The pieces as the form shows them."""
    kinds = [piece.kind for piece in pieces]
    return [
        Row(
            piece,
            lead,
            kinds[: at + 1].count(piece.kind),
            up=piece.kind in kinds[:at],
            down=piece.kind in kinds[at + 1 :],
        )
        for at, (piece, lead) in enumerate(zip(pieces, lead_words(kinds), strict=True))
    ]


def sent(pieces: Sequence[Piece], known: Sequence[str] = ()) -> list[dict[str, str]]:
    """The clauses for the API: what stands there still under its id, and nothing that was left empty."""
    return [
        {"kind": piece.kind, "text": piece.text} | ({"id": piece.key} if piece.key in known else {})
        for piece in _written(pieces)
    ]


def placed(fields: Sequence[Mapping[str, str]], pieces: Sequence[Piece]) -> dict[str, str]:
    """What the API says is wrong, at the fields of the form."""
    written, found = _written(pieces), dict[str, str]()
    for field in fields:
        name, problem = field["name"], field["message"]
        which = _IN_A_CLAUSE.match(problem) if name == "clauses" else None
        if which and 0 < int(which[1]) <= len(written):
            found[_TEXT + written[int(which[1]) - 1].key] = problem[which.end() :]
        else:
            found[name if name in _SHOWN else ""] = problem
    return found


def _written(pieces: Sequence[Piece]) -> list[Piece]:
    return [piece for piece in pieces if piece.text]


def _in_order(pieces: Sequence[Piece]) -> list[Piece]:
    return sorted(pieces, key=lambda piece: piece.kind == RESOLVED)


def _fresh_key(pieces: Sequence[Piece]) -> str:
    taken = [number for piece in pieces if (number := piece.key.removeprefix(_NEW)).isdecimal()]
    return f"{_NEW}{max(map(int, taken), default=0) + 1}"
