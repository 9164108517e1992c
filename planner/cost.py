"""Cost: how many rows a statement may reach, counted while it is written, before it runs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

#: What counting a whole list costs, in rows: as much as a usual page of it.
COUNTING = 20


@dataclass(frozen=True, slots=True)
class Cost:
    """``rows`` in any case, and for each list of ids that is given with the request so many rows for each id."""

    rows: int = 0
    lists: Sequence[tuple[Callable[[Mapping[str, Any]], Any], int]] = ()

    def of(self, values: Mapping[str, Any]) -> int:
        """The rows that one request may reach."""
        if not self.lists:
            return self.rows
        return self.rows + sum(len(read(values) or ()) * each for read, each in self.lists)


@dataclass
class Reach:
    """The rows counted so far, at a place in the selection that is reached ``times`` times."""

    rows: int = 0
    times: int = 1
    lists: list[tuple[Callable[[Mapping[str, Any]], Any], int]] = field(default_factory=list)

    def add(self, rows: int) -> None:
        """So many rows more, each time this place is reached."""
        self.rows += self.times * rows

    @contextmanager
    def within(self, rows: int) -> Iterator[None]:
        """What is written inside is reached once for each of so many rows."""
        outside, self.times = self.times, self.times * rows
        yield
        self.times = outside

    def widest(self, alternatives: Sequence[Callable[[], str]]) -> list[str]:
        """Write alternatives of which one row is only one: the costliest counts."""
        before, most, texts = self.rows, self.rows, []
        for write in alternatives:
            self.rows = before
            texts.append(write())
            most = max(most, self.rows)
        self.rows = most
        return texts

    def each(self, read: Callable[[Mapping[str, Any]], Any], write: Callable[[], list[str]]) -> list[str]:
        """Write what is read for each of a list of ids that only the request will tell."""
        before, self.rows = self.rows, 0
        texts = write()
        self.lists.append((read, max(self.rows, 1)))
        self.rows = before
        return texts

    def cost(self) -> Cost:
        """The finished count."""
        return Cost(self.rows, tuple(self.lists))
