"""`make bench`: start the servers, hold them to equal answers, load them in turns, and write down what came of it."""

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import contenders, drawing, figures, fresh, growth
from benchmarks.alike import difference
from benchmarks.asking import Asker, answer
from benchmarks.conference import TENFOLD, ground
from benchmarks.contenders import BARE, HERE, ROTUNDA, Running
from benchmarks.documents import Document, compared, of_the_portal

_FOUND = dict[str, tuple[str, list[figures.Line]]]


def main(
    rounds: Annotated[int, typer.Option(min=1, help="How often everything is measured, in turns.")] = 5,
    seconds: Annotated[float, typer.Option(help="How long one measurement takes.")] = 1.5,
    connections: Annotated[int, typer.Option(help="Kept alive, each waiting for its answer.")] = 32,
    only: Annotated[str, typer.Option(help="Documents, by their first letters: Ev,Ca.")] = "",
    beside: Annotated[str, typer.Option(help="Peers, by their keys: hand,postgraphile.")] = "",
    drawing_to: Annotated[Path, typer.Option(help="Where the picture goes.")] = HERE
    / "docs"
    / "benchmark.svg",
) -> None:
    """Measure Rotunda's reading beside SQL written by hand and beside its peers, and on ten times the data."""
    os.environ.pop("DATABASE_URL", None)  # always databases of its own, whatever the operator serves
    began = time.monotonic()
    contenders.install()
    found = asyncio.run(_everything(rounds, Asker(connections, seconds), only, beside))
    print(f"It took {time.monotonic() - began:.0f} seconds.")
    if not only and not beside:
        caption = f"{connections} connections, one process each, medians of {rounds} rounds"
        drawing_to.write_text(drawing.drawn(found, caption))
        print(f"Drawn in {drawing_to}.")


async def _everything(rounds: int, asker: Asker, only: str, beside: str) -> _FOUND:
    async with ground(HERE / "var" / "bench", print) as (usual, tenfold):
        asker = asker.watching(usual.postmaster)
        wanted = [one for one in compared(usual.found) if _is_wanted(one.name, only)]
        peers = [one for one in contenders.ALL if one is ROTUNDA or _is_wanted(one.key, beside)]
        print("Starting the servers …")
        async with contenders.running((*peers, BARE), usual.environment) as servers:
            found = await _beside(servers, wanted, rounds=rounds, asker=asker, token=usual.token)
        for name, (_, lines) in found.items():
            print("\n" + figures.table(name, lines))
        print("\n" + figures.reached(found))
        if not only and not beside:
            pages = of_the_portal(usual.found)
            print("\n" + fresh.table(await fresh.looked_at(usual, pages)))
            print(f"\n{TENFOLD} times the data …")
            print("\n" + growth.table(await growth.measured(usual, tenfold, rounds=rounds, asker=asker)))
    return found


async def _beside(
    servers: Sequence[Running], wanted: Sequence[Document], *, rounds: int, asker: Asker, token: str
) -> _FOUND:
    *peers, bare = servers
    for document in wanted:
        _must_be_equal(document, peers, token)
    ceiling = await asker.load(bare, wanted[0], token)
    print(f"The load itself reaches {ceiling['rate']:,.0f} answers of constant bytes a second.")
    for server in servers:
        server.halt()
    seen: dict[str, list[dict[str, figures.Measured]]] = {one.name: [] for one in wanted}
    for number in range(1, rounds + 1):
        for document in wanted:
            turn = number % len(peers)  # nobody is always the first
            found = {}
            for server in peers[turn:] + peers[:turn]:
                with server.awake():
                    found[server.contender.key] = one = await asker.load(server, document, token)
                who = f"{document.name:10} {server.contender.title:32}"
                print(f"round {number} of {rounds}  {who} {one['rate']:8,.0f}/s")
            seen[document.name].append(found)
    return {
        one.name: (one.about, [figures.line(peer.contender, seen[one.name]) for peer in peers])
        for one in wanted
    }


def _must_be_equal(document: Document, servers: Sequence[Running], token: str) -> None:
    """Hold every server to Rotunda's own answer: equal data, or there is nothing to compare."""
    answers = {one.contender: answer(document, one, token) for one in servers}
    ours = answers[ROTUNDA]
    if "errors" in ours or not ours.get("data"):
        sys.exit(f"Rotunda does not answer {document.name}: {ours}")
    for peer, other in answers.items():
        found = difference(ours, other, shaped=not peer.alike)
        if found:
            sys.exit(f"{peer.title} answers {document.name} otherwise: {found}")
    print(f"{document.name}: all answer alike.")


def _is_wanted(name: str, only: str) -> bool:
    return any(name.startswith(part) for part in only.split(","))


if __name__ == "__main__":
    typer.run(main)
