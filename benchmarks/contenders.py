"""Who is measured at reading: Rotunda, the same answers by hand, its peers, and constant bytes."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from benchmarks import running as servers
from benchmarks.documents import Document
from benchmarks.running import HERE, NODE, PYTHON, Command, served

__all__ = ["HERE", "served"]
_PEERS = HERE / "benchmarks" / "peers"


@dataclass(frozen=True)
class Contender(Command):
    """A server, and how a document's HTTP request is written for it.

    ``alike`` says that its answers are held to Rotunda's value by value, whatever their shape.
    """

    request: Callable[[Document, str], bytes] = Document.posted
    alike: bool = False


Running = servers.Running[Contender]
ROTUNDA = Contender("rotunda", "Rotunda", servers.ROTUNDA)
BY_HAND = Contender("hand", "SQL by hand", (*PYTHON, "benchmarks.by_hand"), Document.fetched)
KNOWN = Contender(
    "known",
    "… without looking up the viewer",
    (*PYTHON, "benchmarks.by_hand"),
    Document.fetched,
    environment={"BENCH_KNOWN_VIEWER": "1"},
)
POSTGRAPHILE = Contender(
    "postgraphile",
    "PostGraphile 5",
    (NODE, str(_PEERS / "postgraphile.mjs")),
    Document.in_other_words,
    alike=True,
)
UNGUARDED = Contender(
    "unguarded",
    "… judging nobody",
    POSTGRAPHILE.command,
    Document.in_other_words,
    alike=True,
    environment={"BENCH_UNGUARDED": "1"},
)
MERCURIUS = Contender("mercurius", "Mercurius, JIT and loaders", (NODE, str(_PEERS / "mercurius.mjs")))
LOADERS = Contender("loaders", "Strawberry with DataLoaders", (*PYTHON, "benchmarks.loaders"))
BARE = Contender("bare", "constant bytes", (*PYTHON, "benchmarks.bare"), Document.fetched)
ALL = (ROTUNDA, BY_HAND, KNOWN, POSTGRAPHILE, UNGUARDED, MERCURIUS, LOADERS)


def install() -> None:
    """Fetch what the peers from npm need."""
    servers.install(_PEERS)


@asynccontextmanager
async def running(
    contenders: tuple[Contender, ...], environment: dict[str, str]
) -> AsyncIterator[list[Running]]:
    """Start them all; they end with the block."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(served(one, environment)) for one in contenders]
