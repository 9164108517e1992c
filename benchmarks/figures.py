"""What the rounds came to: medians, and ratios that are taken within a round before their median is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.contenders import ROTUNDA, Contender

Measured = dict[str, float]
_MEASURED = ("rate", "p50", "p99", "server_cpu", "database_cpu", "memory")


@dataclass(frozen=True)
class Line:
    """One contender at one document.

    ``ratio`` is Rotunda's rate over this one's, ``least`` and ``most`` its range over the rounds; ``cpu_ratio`` is
    this one's CPU time a request, server and database together, over Rotunda's: it feels neighbours least.
    """

    contender: Contender
    rate: float
    p50: float
    p99: float
    server_cpu: float
    database_cpu: float
    memory: float
    ratio: float
    least: float
    most: float
    cpu_ratio: float


def line(contender: Contender, rounds: Sequence[dict[str, Measured]]) -> Line:
    """The medians of ``rounds``, each of which maps contenders' keys to what was measured."""
    own = [one[contender.key] for one in rounds]
    cpu_ratios = [_cpu(one[contender.key]) / _cpu(one[ROTUNDA.key]) for one in rounds]
    ratios = [one[ROTUNDA.key]["rate"] / one[contender.key]["rate"] for one in rounds]
    return Line(
        contender,
        **{name: median(one[name] for one in own) for name in _MEASURED},
        ratio=median(ratios),
        least=min(ratios),
        most=max(ratios),
        cpu_ratio=median(cpu_ratios),
    )


def table(name: str, lines: Iterable[Line]) -> str:
    """A document's figures as a table of Markdown."""
    rows = [
        f"| {name} | req/s | p50 ms | p99 ms | server CPU µs | database CPU µs | memory MB | Rotunda is | by CPU |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    rows += [
        f"| {one.contender.title} | {one.rate:,.0f} | {one.p50:.1f} | {one.p99:.1f} | {one.server_cpu:,.0f} "
        f"| {one.database_cpu:,.0f} | {one.memory:.0f} | {_compared(one)} | {_by_cpu(one)} |"
        for one in lines
    ]
    return "\n".join(rows)


def times(one: Line) -> str:
    """How often Rotunda's rate holds this one's."""
    return f"\N{MULTIPLICATION SIGN} {_short(one.ratio)}"


def _compared(one: Line) -> str:
    return "" if one.contender is ROTUNDA else f"{times(one)} ({_short(one.least)} to {_short(one.most)})"


def _by_cpu(one: Line) -> str:
    return "" if one.contender is ROTUNDA else f"\N{MULTIPLICATION SIGN} {_short(one.cpu_ratio)}"


def _cpu(measured: Measured) -> float:
    return measured["server_cpu"] + measured["database_cpu"]


def _short(ratio: float) -> str:
    return f"{ratio:.1f}" if ratio > 10 else f"{ratio:.2f}"  # noqa: PLR2004 - from ten on, hundredths say nothing
