"""What the rounds came to: medians, and ratios that are taken within a round before their median is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.fanout.servers import PEERS, ROTUNDA
from benchmarks.fanout.telling import Told

Round = Mapping[str, Told]
_TITLES = {one.key: one.title for one in (ROTUNDA, *PEERS)}


@dataclass(frozen=True)
class Line:
    """One contender before a crowd of one size; times in milliseconds, memory in bytes a subscriber.

    ``ratio`` is its last socket's time over Rotunda's, ``least`` and ``most`` the range over the rounds.
    """

    size: int
    key: str
    first: float
    middle: float
    last: float
    asked: float
    cpu: float
    memory: float
    ratio: float
    least: float
    most: float

    @property
    def title(self) -> str:
        """What it is called."""
        return _TITLES[self.key]


def lines(
    found: Mapping[int, Sequence[Round]], memory: Mapping[str, Sequence[tuple[int, float]]]
) -> list[Line]:
    """The medians of the rounds, for each size and contender."""
    return [_line(size, key, rounds, memory[key]) for size, rounds in found.items() for key in rounds[0]]


def table(lines: Sequence[Line]) -> str:
    """The figures as a table of Markdown."""
    rows = [
        "| sockets |  | first, ms | middle | last | … asked | CPU, ms | µs a socket | kB a subscriber | over ours |",
        "|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    rows += [
        f"| {one.size:,} | {one.title} | {one.first:.1f} | {one.middle:.0f} | {one.last:.0f} | {one.asked:.0f} "
        f"| {one.cpu:.0f} | {one.cpu * 1e3 / one.size:.1f} | {one.memory / 1e3:.1f} | {_compared(one)} |"
        for one in lines
    ]
    return "\n".join(rows)


def _line(size: int, key: str, rounds: Sequence[Round], memory: Sequence[tuple[int, float]]) -> Line:
    ratios = [one[key].last / one[ROTUNDA.key].last for one in rounds]
    (few, before), after = memory[0], dict(memory)[size]
    names = ("first", "middle", "last", "asked", "cpu")
    return Line(
        size,
        key,
        **{name: median(getattr(one[key], name) for one in rounds) for name in names},
        memory=(after - before) / (size - few),
        ratio=median(ratios),
        least=min(ratios),
        most=max(ratios),
    )


def _compared(one: Line) -> str:
    if one.key == ROTUNDA.key:
        return ""
    return f"\N{MULTIPLICATION SIGN} {one.ratio:.2f} ({one.least:.2f} to {one.most:.2f})"
