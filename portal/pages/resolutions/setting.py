"""A resolution's text as such texts are set: WHEREAS …; and … NOW, THEREFORE, BE IT RESOLVED, that …."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WHEREAS, RESOLVED = "WHEREAS", "RESOLVED"
# Whoever pastes from a letter brings these along; the page sets them, and once is enough.
_LEAD = re.compile(
    r"^(?:whereas|(?:now,?\s+)?(?:therefore,?\s+)?(?:be\s+it\s+)?(?:further\s+)?resolved)\b[\s,:]*",
    re.IGNORECASE,
)
_END = re.compile(r"[\s,;.]*(?:;\s*(?:and|now,? therefore,? be it)\s*)?[\s,;.]*$", re.IGNORECASE)
_THAT = re.compile(r"^that\b[\s,:]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """A clause as it is read: the words it begins with, what it says, and how it ends."""

    id: str
    kind: str
    lead: str
    words: str
    end: str


@dataclass(frozen=True, slots=True)
class Change:
    """A clause in two versions, as it stood and as it stands; None where it was not there."""

    was: Line | None
    now: Line | None

    @property
    def same(self) -> bool:
        """Whether it says what it said."""
        return self.was is not None and self.now is not None and self.was.words == self.now.words


def set_text(clauses: Sequence[Mapping[str, Any]]) -> list[Line]:
    """Every clause with what goes before and after it, by its place in the text."""
    leads = lead_words(clause["kind"] for clause in clauses)
    kinds = [*(clause["kind"] for clause in clauses[1:]), ""]
    return [
        Line(clause["id"], clause["kind"], lead, _words(clause), "; and" if clause["kind"] == after else ".")
        for clause, lead, after in zip(clauses, leads, kinds, strict=True)
    ]


def lead_words(kinds: Iterable[str]) -> list[str]:
    """What each clause begins with: the first RESOLVED draws the conclusion, the others go further."""
    found: list[str] = []
    for kind in kinds:
        if kind == WHEREAS:
            found.append("Whereas")
        elif any(lead.endswith("resolved") for lead in found):
            found.append("Be it further resolved")
        else:
            found.append("Now, therefore, be it resolved" if found else "Be it resolved")
    return found


def compared(was: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> list[Change]:
    """Two versions clause by clause, in the order of the later one; what was left out stands where it stood."""
    old, new = set_text(was), set_text(now)
    kept = {line.id for line in new}
    before = {line.id: line for line in old}
    found = [Change(before.get(line.id), line) for line in new]
    for at, line in enumerate(old):
        if line.id not in kept:
            found.insert(_after(found, old[:at]), Change(line, None))
    return found


def _after(found: Sequence[Change], ahead: Sequence[Line]) -> int:
    """Behind the last of those that once stood ahead of it."""
    ids = {line.id for line in ahead}
    places = [at for at, change in enumerate(found, 1) if (change.now or change.was or _NONE).id in ids]
    return max(places, default=0)


def _words(clause: Mapping[str, Any]) -> str:
    said = _END.sub("", _LEAD.sub("", str(clause["text"]).strip()))
    return f"that {_THAT.sub('', said)}" if clause["kind"] == RESOLVED else said


_NONE = Line("", "", "", "", "")
