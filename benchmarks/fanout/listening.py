"""How the peers in Python listen: one process of uvicorn over uvloop, its own defaults for WebSockets."""

import os
from typing import Any

import uvicorn


def listen(app: Any) -> None:
    """Serve at ``ROTUNDA_PORT`` until a signal."""
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(os.environ["ROTUNDA_PORT"]),
        loop="uvloop",
        http="httptools",
        ws_per_message_deflate=False,
        access_log=False,
        log_level="warning",
    )
