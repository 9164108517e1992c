"""What every server of the benchmarks is given, and how it listens: one process of uvicorn, as Rotunda's own."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import uvicorn

#: The role that Rotunda works under is everybody's: PostgreSQL spares its superuser the looks at whether it may read
#: each table and call each function, a tenth of a page, and nobody serves the public as one.
ROLE = "rotunda_app"


@dataclass(frozen=True)
class Given:
    """The database, the key of cursors, the token that will be sent, and connections as many as Rotunda's readers."""

    dsn: str
    secret: bytes
    token: str
    connections: int
    known_viewer: bool


def listen(build: Callable[[Given], Any]) -> None:
    """Serve what ``build`` makes of the environment."""
    given = Given(
        dsn=os.environ["DATABASE_URL"],
        secret=os.environ["ROTUNDA_SECRET"].encode(),
        token=os.environ["BENCH_TOKEN"],
        connections=int(os.environ["ROTUNDA_READERS"]),
        known_viewer="BENCH_KNOWN_VIEWER" in os.environ,
    )
    serve(build(given))


def serve(app: Any) -> None:
    """Serve at ``ROTUNDA_PORT`` until a signal."""
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(os.environ["ROTUNDA_PORT"]),
        loop="uvloop",
        http="httptools",
        ws_per_message_deflate=False,
        server_header=False,
        access_log=False,
        log_level="warning",
    )
