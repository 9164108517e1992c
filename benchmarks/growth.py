"""What ten times the data costs: every page of a mayor's, on both conferences in turns."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.asking import Asker
from benchmarks.conference import Ground
from benchmarks.contenders import ROTUNDA, running
from benchmarks.documents import of_the_portal
from benchmarks.figures import Measured, cpu

_MOST = 1.1


@dataclass(frozen=True)
class Page:
    """One page's medians on the usual conference, and how much more it takes on the large one."""

    name: str
    rate: float
    server_cpu: float
    database_cpu: float
    slower: float
    dearer: float


async def measured(usual: Ground, tenfold: Ground, *, rounds: int, asker: Asker) -> list[Page]:
    """Load every page on both."""
    grounds = (usual, tenfold)
    pages = list(zip(*(of_the_portal(one.found) for one in grounds), strict=True))
    seen: list[list[list[Measured]]] = [[] for _ in pages]
    async with (
        running((ROTUNDA,), usual.environment) as (first,),
        running((ROTUNDA,), tenfold.environment) as (second,),
    ):
        first.halt()
        second.halt()
        for number in range(rounds):
            for page, found in zip(pages, seen, strict=True):
                both = list(zip((first, second), page, grounds, strict=True))
                taken = {}
                for server, document, ground in both if number % 2 else both[::-1]:
                    with server.awake():
                        taken[server.pid] = await asker.load(server, document, ground.token)
                found.append([taken[first.pid], taken[second.pid]])
    return [_page(page[0].name, found) for page, found in zip(pages, seen, strict=True)]


def table(pages: Sequence[Page]) -> str:
    """The pages as a table of Markdown."""
    rows = [
        "| page | req/s | server CPU µs | database CPU µs | ten times the data takes | by CPU |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    rows += [
        f"| {one.name} | {one.rate:,.0f} | {one.server_cpu:,.0f} | {one.database_cpu:,.0f} "
        f"| {_times(one.slower)} | {_times(one.dearer)} |"
        for one in pages
    ]
    return "\n".join(rows)


def _page(name: str, rounds: Sequence[Sequence[Measured]]) -> Page:
    return Page(
        name,
        rate=median(usual["rate"] for usual, _ in rounds),
        server_cpu=median(usual["server_cpu"] for usual, _ in rounds),
        database_cpu=median(usual["database_cpu"] for usual, _ in rounds),
        slower=median(usual["rate"] / large["rate"] for usual, large in rounds),
        dearer=median(cpu(large) / cpu(usual) for usual, large in rounds),
    )


def _times(ratio: float) -> str:
    return f"\N{MULTIPLICATION SIGN} {ratio:.2f}" + ("" if ratio <= _MOST else " **(missed)**")
