"""`make bench`: start the servers, hold them to equal answers, load them in turns, and write down what came of it."""

import asyncio
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import httpx
import orjson
import typer

from benchmarks import contenders, drawing, figures
from benchmarks.contenders import BARE, HERE, ROTUNDA, Running
from benchmarks.documents import Document, chosen
from benchmarks.load import Task
from rotunda import database
from rotunda.serve import prepare
from rotunda.settings import Settings, load
from rotunda.tokens import issue

MAYOR = "mayor@alexandria-va.example"
_VAR = HERE / "var" / "bench"
_WARM_SECONDS = 0.5


def main(
    rounds: Annotated[int, typer.Option(min=1, help="How often everything is measured, in turns.")] = 5,
    seconds: Annotated[float, typer.Option(help="How long one measurement takes.")] = 1.5,
    connections: Annotated[int, typer.Option(help="Kept alive, each waiting for its answer.")] = 32,
    only: Annotated[str, typer.Option(help="Documents, by their first letters: Ev,Ca.")] = "",
    drawing_to: Annotated[Path, typer.Option(help="Where the picture goes.")] = HERE
    / "docs"
    / "benchmark.svg",
) -> None:
    """Measure Rotunda beside SQL written by hand and beside Strawberry with DataLoaders."""
    os.environ.pop("DATABASE_URL", None)  # always a database of its own, whatever the operator serves
    bench = Bench(rounds, seconds, connections)
    found = asyncio.run(bench.run(only))
    caption = f"{connections} connections, one process each, medians of {rounds} rounds"
    for name, (_, lines) in found.items():
        print("\n" + figures.table(name, lines))
    if not only:
        drawing_to.parent.mkdir(exist_ok=True)
        drawing_to.write_text(drawing.drawn(found, caption))
        print(f"\nDrawn in {drawing_to.relative_to(HERE)}.")


class Bench:
    """One benchmark from the start of its servers to its figures."""

    def __init__(self, rounds: int, seconds: float, connections: int) -> None:
        self._rounds, self._seconds, self._connections = rounds, seconds, connections
        self._token = ""
        self._postmaster = 0

    async def run(self, only: str = "") -> dict[str, tuple[str, list[figures.Line]]]:
        """What was measured, by document."""
        began = time.monotonic()
        settings = load(var=_VAR)
        print("Starting PostgreSQL …")
        async with database.running(settings) as dsn:
            await prepare(dsn, print)
            self._token = await issue(settings, MAYOR, None)
            self._postmaster = int((settings.folder / "postgres" / "postmaster.pid").read_text().split()[0])
            wanted = [one for one in await chosen(dsn) if _is_wanted(one.name, only)]
            print("Starting the servers …")
            async with contenders.running((*contenders.ALL, BARE), self._environment(settings)) as servers:
                found = await self._measured(servers, wanted)
        print(f"It took {time.monotonic() - began:.0f} seconds.")
        return found

    def _environment(self, settings: Settings) -> dict[str, str]:
        return {
            "DATABASE_URL": settings.dsn,
            "ROTUNDA_SECRET": settings.secret.decode(),
            "ROTUNDA_VAR": str(settings.folder),
            "ROTUNDA_READERS": str(settings.readers),
            "BENCH_TOKEN": self._token,
        }

    async def _measured(
        self, servers: list[Running], documents: list[Document]
    ) -> dict[str, tuple[str, list[figures.Line]]]:
        *servers, bare = servers
        for document in documents:
            _must_be_equal(document, servers, self._token)
        ceiling = await self._load(bare, documents[0])
        print(f"The load itself reaches {ceiling['rate']:,.0f} answers of constant bytes a second.")
        rounds: dict[str, list[dict[str, figures.Measured]]] = {one.name: [] for one in documents}
        for number in range(1, self._rounds + 1):
            for document in documents:
                rounds[document.name].append(await self._round(number, document, servers))
        return {
            document.name: (
                document.about,
                [figures.line(one.contender, rounds[document.name]) for one in servers],
            )
            for document in documents
        }

    async def _round(
        self, number: int, document: Document, servers: list[Running]
    ) -> dict[str, figures.Measured]:
        found = {}
        turn = number % len(servers)
        for server in servers[turn:] + servers[:turn]:  # nobody is always the first
            found[server.contender.key] = seen = await self._load(server, document)
            who = f"{document.name:10} {server.contender.title:32}"
            print(f"round {number} of {self._rounds}  {who} {seen['rate']:8,.0f}/s")
        return found

    async def _load(self, server: Running, document: Document) -> figures.Measured:
        request = server.contender.request(document, self._token).decode("latin-1")
        task = Task(
            port=server.port,
            request=request,
            connections=self._connections,
            warm_seconds=_WARM_SECONDS,
            seconds=self._seconds,
            server=server.pid,
            postmaster=self._postmaster,
        )
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.load"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=HERE,
        )
        out, _ = await process.communicate(orjson.dumps(asdict(task)))
        if process.returncode:
            sys.exit(f"{server.contender.title} failed under load at {document.name}.")
        seen: figures.Measured = orjson.loads(out)
        return seen


def _must_be_equal(document: Document, servers: list[Running], token: str) -> None:
    """Hold every server to Rotunda's own answer: equal data, or there is nothing to compare."""
    answers = {one.contender.title: _asked(document, one, token) for one in servers}
    ours = answers[ROTUNDA.title]
    if "errors" in ours or not ours.get("data"):
        sys.exit(f"Rotunda does not answer {document.name}: {ours}")
    for title, answer in answers.items():
        if answer != ours:
            sys.exit(f"{title} answers {document.name} otherwise: {_difference(ours, answer)}")
    print(f"{document.name}: all answer alike.")


def _difference(ours: Any, other: Any, path: str = "") -> str:
    """The first place where two answers differ."""
    if isinstance(ours, dict) and isinstance(other, dict) and ours.keys() == other.keys():
        parts = [(f"{path}.{key}", ours[key], other[key]) for key in ours]
    elif isinstance(ours, list) and isinstance(other, list) and len(ours) == len(other):
        parts = [(f"{path}[{n}]", *pair) for n, pair in enumerate(zip(ours, other, strict=True))]
    else:
        return f"{path} is {str(other)[:200]} instead of {str(ours)[:200]}"
    return next(_difference(mine, its, where) for where, mine, its in parts if mine != its)


def _asked(document: Document, server: Running, token: str) -> Any:
    head, _, body = server.contender.request(document, token).partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    headers = dict(one.split(": ", 1) for one in lines)
    response = httpx.request(method, f"http://127.0.0.1:{server.port}{path}", headers=headers, content=body)
    return response.json()


def _is_wanted(name: str, only: str) -> bool:
    return any(name.startswith(part) for part in only.split(","))


if __name__ == "__main__":
    typer.run(main)
