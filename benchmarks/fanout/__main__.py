"""`make bench-fanout`: gather crowds before every server, tell them all in turns, and write down what came of it."""

import asyncio
import resource
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import orjson
import typer

from benchmarks.fanout import drawing, figures, pages, trials
from benchmarks.fanout.conference import convened
from benchmarks.fanout.servers import PEERS, ROTUNDA, Contender
from benchmarks.fanout.sides import House, Side
from benchmarks.fanout.telling import Told
from benchmarks.running import HERE, install
from rotunda import database
from rotunda.serve import prepare
from rotunda.settings import load

_VAR = HERE / "var" / "bench-fanout"
_SETTLING = 2.0  # seconds in which servers finish with those who have just come


def main(
    rounds: Annotated[int, typer.Option(min=1, help="How often each crowd is told, in turns.")] = 7,
    sizes: Annotated[str, typer.Option(help="How many sockets, growing.")] = "500,1000,2000,5000",
    only: Annotated[str, typer.Option(help="Parts, by their first letters: fan,cla,rec,dea,pag.")] = "",
    alone: Annotated[bool, typer.Option("--alone", help="Without the peers.")] = False,  # noqa: FBT002 - typer's way
    drawing_to: Annotated[Path, typer.Option(help="Where the picture goes.")] = HERE / "docs" / "fanout.svg",
) -> None:
    """Measure how soon the last of thousands of sockets hears of a postponement."""
    wanted = [int(size) for size in sizes.split(",")]
    _allow_sockets(max(wanted))
    if not alone:
        install(Path(__file__).parent)
    asyncio.run(Bench(rounds, wanted, () if alone else PEERS, drawing_to).run(only))


@dataclass
class Bench:
    """One benchmark, from the start of its servers to its figures."""

    rounds: int
    sizes: Sequence[int]
    peers: tuple[Contender, ...]
    drawing_to: Path

    async def run(self, only: str) -> None:
        """Every part that is wanted."""
        began = time.monotonic()
        settings = load(var=_VAR)
        print("Starting PostgreSQL …")
        async with database.running(settings) as dsn:
            await prepare(dsn, print)
            house = House(settings, dsn, await convened(dsn))
            parts = {
                "fan-out": self._fan_out,
                "classes": trials.classes,
                "reconnects": trials.reconnects,
                "deaf": trials.deaf,
                "pages": pages.told,
            }
            for name, part in parts.items():
                if any(name.startswith(letters) for letters in only.split(",")):
                    print("\n" + await part(house, self.rounds))
        print(f"It took {time.monotonic() - began:.0f} seconds.")

    async def _fan_out(self, house: House, _rounds: int) -> str:
        found: dict[int, list[figures.Round]] = {}
        memory: dict[str, list[tuple[int, float]]] = {}
        async with AsyncExitStack() as stack:
            sides = [await stack.enter_async_context(house.side(one)) for one in (ROTUNDA, *self.peers)]
            for side in sides:
                await side.grow(1)
                memory[side.key] = [(1, side.served.memory())]
            for size in self.sizes:
                for side in sides:
                    await side.grow(size)
                await asyncio.sleep(_SETTLING)
                for side in sides:
                    memory[side.key].append((size, side.served.memory()))
                found[size] = [await self._round(number, size, sides) for number in range(self.rounds)]
        lines = figures.lines(found, memory)
        if self.peers:
            self.drawing_to.write_text(drawing.drawn(lines, f"medians of {self.rounds} rounds"))
        return figures.table(lines)

    async def _round(self, number: int, size: int, sides: list[Side]) -> figures.Round:
        found: dict[str, Told] = {}
        said: dict[str, object] = {}
        for side in [sides[0], *_turned(sides[1:], number)]:
            found[side.key], text = await side.told()
            said[side.key] = orjson.loads(text)["payload"]
            for other in sides:  # what ours said is what the others are to say
                other.publisher.what = said["rotunda"]["data"]  # type: ignore[index]  # JSON
            if said[side.key] != said["rotunda"]:
                sys.exit(f"{side.served.contender.title} says {text}, not {said['rotunda']}")
        print(
            f"{size:5,} sockets, round {number + 1}: "
            + ", ".join(f"{key} {told.last:.0f} ms" for key, told in found.items())
        )
        return found


def _turned(sides: list[Side], number: int) -> list[Side]:
    turn = number % len(sides) if sides else 0
    return sides[turn:] + sides[:turn]  # nobody is always the first


def _allow_sockets(count: int) -> None:
    """As many open files as the system lets a process have: a crowd of 5,000 wants some more than that."""
    wanted = count + 500
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < wanted:
        sys.exit(
            f"A process may open {most} files here, and {wanted} are wanted: `ulimit -n`, or --sizes 500."
        )
    resource.setrlimit(
        resource.RLIMIT_NOFILE, (max(wanted, resource.getrlimit(resource.RLIMIT_NOFILE)[0]), most)
    )


if __name__ == "__main__":
    typer.run(main)
