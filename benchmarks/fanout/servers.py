"""Who is compared at telling: Rotunda, graphql-ws, Strawberry, and a bare write."""

from pathlib import Path

from benchmarks import running
from benchmarks.running import NODE, PYTHON, Command

HERE = Path(__file__).parent
Contender = Command
Served = running.Running[Contender]
ROTUNDA = Contender("rotunda", "Rotunda", running.ROTUNDA)
BARE = Contender("bare", "bare write() of the same bytes", (*PYTHON, "benchmarks.fanout.bare"))
GRAPHQL_WS = Contender(
    "node", "graphql-ws on Node", (NODE, str(HERE / "peer.mjs")), environment={"NODE_ENV": "production"}
)
VANILLA = Contender("vanilla", "Strawberry's subscriptions", (*PYTHON, "benchmarks.fanout.vanilla"))
SYSTEM_CALL = Contender(
    "call", "… the system call alone", BARE.command, environment={"BENCH_SYSTEM_CALL": "1"}
)
PEERS = (GRAPHQL_WS, VANILLA, BARE, SYSTEM_CALL)
