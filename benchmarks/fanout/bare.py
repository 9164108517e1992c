"""The limit: the same bytes by a bare `write()` to one socket after the other, and nothing else.

`write()` is the event loop's, as any server in Python has it; with BENCH_SYSTEM_CALL it is the kernel's, past the loop.
"""

import asyncio
import base64
import hashlib
import os
from typing import Any

import orjson
import uvloop

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3
_AN_ID = b"00000000-0000-0000-0000-000000000000"  # as long as those of the others
_PONG = b'{"type":"pong"}'
_SYSTEM_CALL = "BENCH_SYSTEM_CALL" in os.environ
_told: set["Line"] = set()


class Line(asyncio.Protocol):
    """A socket that is told, or the request that publishes. It understands the crowd and nobody else."""

    def __init__(self) -> None:
        self.transport: Any = None
        self.number = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way to write."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Shake hands, acknowledge, count; or publish."""
        if data.startswith(b"POST"):
            self._publish(data.partition(b"\r\n\r\n")[2])
        elif data.startswith(b"GET /ready"):
            self._answer()
        elif data.startswith(b"GET"):
            self._switch(data)
        elif b"connection_init" in data:
            self.transport.write(_frame(b'{"type":"connection_ack"}'))
        elif b"subscribe" in data:
            self.number = self.transport.get_extra_info("socket").fileno()
            _told.add(self)
            self.transport.write(_frame(_PONG))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Forget it."""
        _told.discard(self)

    def _publish(self, body: bytes) -> None:
        frame = _frame(b'{"id":"%s","type":"next","payload":{"data":%s}}' % (_AN_ID, body))
        if _SYSTEM_CALL:
            for number in [line.number for line in _told]:
                os.write(number, frame)
        else:
            for write in [line.transport.write for line in _told]:
                write(frame)
        self._answer()

    def _answer(self) -> None:
        said = orjson.dumps({"subscribers": len(_told)})
        self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(said), said))

    def _switch(self, data: bytes) -> None:
        key = data.partition(b"Sec-WebSocket-Key: ")[2].partition(b"\r\n")[0]
        accept = base64.b64encode(hashlib.sha1(key + _GUID).digest())  # noqa: S324 - RFC 6455 has it so
        self.transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
        )


def _frame(said: bytes) -> bytes:
    length = bytes([len(said)]) if len(said) < 126 else b"\x7e" + len(said).to_bytes(2, "big")  # noqa: PLR2004
    return b"\x81" + length + said


async def main() -> None:
    """Listen until a signal."""
    server = await asyncio.get_running_loop().create_server(
        Line, "127.0.0.1", int(os.environ["ROTUNDA_PORT"]), backlog=4_096
    )
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
