"""An answer of constant bytes and nothing else: what the load and uvicorn can do by themselves."""

from typing import Any

from benchmarks.serving import listen

_HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"800")]


async def bare(scope: Any, receive: Any, send: Any) -> None:
    """Answer anything with 800 spaces."""
    if scope["type"] == "lifespan":
        for step in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{step}.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": b" " * 800})


if __name__ == "__main__":
    listen(lambda _: bare)
