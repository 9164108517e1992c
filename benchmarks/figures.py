"""What the rounds came to: medians, and ratios that are taken within a round before their median is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import geometric_mean, median

from benchmarks.contenders import BY_HAND, POSTGRAPHILE, ROTUNDA, Contender

Measured = dict[str, float]
_MEASURED = ("rate", "p50", "p99", "server_cpu", "database_cpu", "memory")

#: What was asked of the product, and what the median of a document's ratios is held to.
_OF_HAND, _OF_HAND_ALONE, _OF_POSTGRAPHILE, _AT_LEAST, _TAIL, _CPU = 0.9, 0.8, 3.0, 2.0, 0.5, 0.25


@dataclass(frozen=True)
class Line:
    """One contender at one document.

    ``ratio`` is Rotunda's rate over this one's, ``least`` and ``most`` its range over the rounds; ``tail`` is
    Rotunda's p99 over this one's; ``cpu_ratio`` is this one's CPU time a request, server and database together, over
    Rotunda's: it feels neighbours least.
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
    tail: float
    cpu_ratio: float


def line(contender: Contender, rounds: Sequence[dict[str, Measured]]) -> Line:
    """The medians of ``rounds``, each of which maps contenders' keys to what was measured."""
    pairs = [(one[ROTUNDA.key], one[contender.key]) for one in rounds]
    ratios = [ours["rate"] / own["rate"] for ours, own in pairs]
    return Line(
        contender,
        **{name: median(own[name] for _, own in pairs) for name in _MEASURED},
        ratio=median(ratios),
        least=min(ratios),
        most=max(ratios),
        tail=median(ours["p99"] / own["p99"] for ours, own in pairs),
        cpu_ratio=median(cpu(own) / cpu(ours) for ours, own in pairs),
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


def reached(found: Mapping[str, tuple[str, Sequence[Line]]]) -> str:
    """What was asked beside what was measured, as a table of Markdown."""
    by_key = {key: {name: one for name, (_, own) in found.items() for one in own if one.contender.key == key}
              for key in (ROTUNDA.key, BY_HAND.key, POSTGRAPHILE.key)}  # fmt: skip
    ours, hand, theirs = by_key.values()
    rows = ["| asked | measured |", "|---|---|"]
    if hand:
        told = [
            f"{name} {_held(one.ratio, _OF_HAND_ALONE if name == 'Event' else _OF_HAND)}"
            for name, one in hand.items()
        ]
        rows.append(f"| at least 0.9 of SQL by hand, 0.8 for a single object | {', '.join(told)} |")
    if theirs:
        ratios = [one.ratio for one in theirs.values()]
        mean, least = _held(geometric_mean(ratios), _OF_POSTGRAPHILE), _held(min(ratios), _AT_LEAST)
        rows.append(
            f"| 3 times PostGraphile in the geometric mean, never under 2 | {mean}; the least {least} |"
        )
        told = [f"{name} {_held(one.tail, _TAIL, below=True)}" for name, one in theirs.items()]
        rows.append(f"| p99 at most half of PostGraphile's | {', '.join(told)} |")
    told = [f"{name} {_held(one.server_cpu / 1e3, _CPU, below=True)}" for name, one in ours.items()]
    rows.append(f"| at most 0.25 ms of the server's CPU a page | {', '.join(told)} |")
    return "\n".join(rows)


def times(one: Line) -> str:
    """How often Rotunda's rate holds this one's."""
    return f"\N{MULTIPLICATION SIGN} {_short(one.ratio)}"


def cpu(measured: Measured) -> float:
    """CPU time a request, of server and database together."""
    return measured["server_cpu"] + measured["database_cpu"]


def _held(measured: float, asked: float, *, below: bool = False) -> str:
    missed = measured > asked if below else measured < asked
    return f"{measured:.2f}" + (" **(missed)**" if missed else "")


def _compared(one: Line) -> str:
    return "" if one.contender is ROTUNDA else f"{times(one)} ({_short(one.least)} to {_short(one.most)})"


def _by_cpu(one: Line) -> str:
    return "" if one.contender is ROTUNDA else f"\N{MULTIPLICATION SIGN} {_short(one.cpu_ratio)}"


def _short(ratio: float) -> str:
    return f"{ratio:.1f}" if ratio > 10 else f"{ratio:.2f}"  # noqa: PLR2004 - from ten on, hundredths say nothing
