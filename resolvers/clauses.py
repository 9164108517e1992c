"""Clauses: what was typed of a resolution, read as the text of a version, each clause under its lasting id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models import ids
from models.problems import BadField, Invalid
from models.resolutions import ClauseKind
from resolvers.writing import paragraph_of

MOST_CLAUSES = 60
_LONGEST_CLAUSE = 4_000

#: A clause as it was typed: its kind and text, and its id where it was there before.
Typed = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Worded:
    """A clause on its way: without an id, it is a new one."""

    clause_id: UUID | None
    kind: ClauseKind
    text: str


def clauses_of(typed: Sequence[Typed], known: frozenset[UUID | None]) -> list[Worded]:
    """What was typed, as the clauses of a version; each that was there before keeps its id."""
    if not 1 <= len(typed) <= MOST_CLAUSES:
        raise Invalid(BadField("clauses", f"Write 1 to {MOST_CLAUSES} clauses; these are {len(typed)}."))
    read: list[Worded] = []
    problems: list[BadField] = []
    for position, one in enumerate(typed, start=1):
        left = known - {clause.clause_id for clause in read}
        try:
            read.append(_clause(one, left))
        except Invalid as wrong:
            problems.append(BadField("clauses", f"Clause {position}: {wrong.message}"))
    if problems:
        raise Invalid(*problems)
    return read


def _clause(typed: Typed, known: frozenset[UUID | None]) -> Worded:
    kept = None
    if typed.get("id") is not None:
        kept = ids.read("cla", typed["id"])
        if kept not in known:
            raise Invalid(BadField("clauses", "This text has no such clause to keep, or keeps it above."))
    return Worded(kept, typed["kind"], paragraph_of(typed["text"], "clauses", _LONGEST_CLAUSE))


def must_resolve(clauses: Sequence[Worded]) -> None:
    """``Invalid`` for a text that only says why."""
    if not any(clause.kind is ClauseKind.RESOLVED for clause in clauses):
        raise Invalid(
            BadField("clauses", "A resolution resolves something: write one RESOLVED clause at least.")
        )


def words_of(clauses: Sequence[Worded]) -> str:
    """The words by which a text is found."""
    return "\n".join(clause.text for clause in clauses)
