"""The crowd: thousands of sockets in one cheap process of its own, which notes when each of them hears something.

It obeys lines of JSON on standard input and answers each with one line. Sockets are plain, with a handshake and a
reader of frames made for this one purpose, so that what is measured is the server.
"""

import base64
import os
import select
import socket
import struct
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

_AT_ONCE = 48  # sockets that are being opened
_SWITCHING = b"HTTP/1.1 101"
_SMALL = 4_096  # bytes of a socket's receive buffer, for those who will not read
_PATIENCE = 60.0
_SILENCE: Iterator[bytes] = iter(())


@dataclass(eq=False)
class Ear:
    """One socket: what it says when its turn comes, and what it has heard."""

    line: socket.socket
    lines_to_say: Iterator[bytes]
    got: bytes = b""
    heard: int = 0
    ready: bool = False


@dataclass
class Crowd:
    """All sockets of one server."""

    ears: dict[int, Ear] = field(default_factory=dict)
    watch: select.epoll = field(default_factory=select.epoll)
    lost: int = 0
    arrived: list[int] = field(default_factory=list)  # nanoseconds of the monotonic clock
    last: bytes = b""

    def open(self, port: int, greetings: list[Any], *, deaf: bool = False) -> dict[str, Any]:
        """Open a socket for each greeting; those that are deaf never read again once they have subscribed."""
        waiting, opening = deque(greetings), set[Ear]()
        while waiting or opening:
            while waiting and len(opening) < _AT_ONCE:
                opening.add(self.knock(port, waiting.popleft(), deaf=deaf))
            self.listen(0.2)
            opening = {ear for ear in opening if not ear.ready}
            if self.lost:
                sys.exit(f"{self.lost} sockets were closed while the crowd came in: {self.last[-200:]!r}")
        if deaf:
            for number in list(self.ears):
                self.watch.unregister(number)
        return {"open": len(self.ears)}

    def expect(self, each: int) -> dict[str, Any]:
        """Wait until everybody has heard so many frames more; when the first, the middle and the last one had."""
        wanted = {number: ear.heard + each for number, ear in self.ears.items()}
        print(flush=True, end="ready\n")
        deadline = time.monotonic() + _PATIENCE
        self.arrived, missing = [], each * len(wanted)
        while len(self.arrived) < missing:
            if time.monotonic() > deadline or self.lost:
                late = sum(
                    self.ears[number].heard < wanted[number] for number in wanted if number in self.ears
                )
                sys.exit(f"{late} of {len(wanted)} sockets heard nothing in time, {self.lost} were closed")
            self.listen(1)
        arrived = sorted(self.arrived)
        return {
            "first": arrived[0],
            "middle": arrived[len(arrived) // 2],
            "last": arrived[-1],
            "bytes": len(self.last),
            "said": self.last.decode(),
        }

    def caught_up(self, heard: int) -> dict[str, Any]:
        """Wait until everybody has heard so many frames since coming."""
        deadline = time.monotonic() + _PATIENCE
        while (late := sum(ear.heard < heard for ear in self.ears.values())) or self.lost:
            if time.monotonic() > deadline or self.lost:
                sys.exit(f"{late} sockets did not catch up, {self.lost} were closed")
            self.listen(0.2)
        return {"heard": sum(ear.heard for ear in self.ears.values())}

    def close(self) -> dict[str, Any]:
        """Hang up, all at once."""
        for ear in self.ears.values():
            ear.line.close()
        self.ears.clear()
        self.watch.close()
        self.watch = select.epoll()
        return {"open": 0}

    def listen(self, seconds: float) -> None:
        """Take in what has come."""
        for number, _ in self.watch.poll(seconds):
            ear = self.ears[number]
            try:
                data = ear.line.recv(262_144)
            except ConnectionError:
                data = b""
            if not data:
                self.lost += 1
                self.watch.unregister(number)
                del self.ears[number]
                continue
            self.take(ear, data, time.monotonic_ns())

    def knock(self, port: int, greeting: Any, *, deaf: bool = False) -> Ear:
        """Open one socket, and say the first thing."""
        init, subscribe = greeting
        says = iter([_text(init), _text(subscribe) + _text({"type": "ping"}), b""])
        return self.connect(port, _handshake(port), says, deaf=deaf)

    def connect(
        self, port: int, first: bytes, then: Iterator[bytes] = _SILENCE, *, deaf: bool = False
    ) -> Ear:
        """A socket that has said the first of what it has to say."""
        line = socket.socket()
        if deaf:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL)
        home = 1 + len(self.ears) % 100  # as many homes, so that no address is short of ports
        line.bind((f"127.0.{home}.1", 0))
        line.connect(("127.0.0.1", port))
        line.setblocking(False)  # noqa: FBT003 - the standard library has it so
        ear = self.ears[line.fileno()] = Ear(line, then)
        self.watch.register(line.fileno(), select.EPOLLIN)
        line.send(first)
        return ear

    def note(self, ear: Ear, said: bytes, now: int) -> None:
        """Somebody heard what everybody waits for."""
        ear.heard += 1
        self.last = said
        self.arrived.append(now)

    def take(self, ear: Ear, data: bytes, now: int) -> None:
        """Understand what has come on one socket."""
        got = ear.got + data if ear.got else data
        if got[:1] == b"H":
            head, end, got = got.partition(b"\r\n\r\n")
            if not end or not head.startswith(_SWITCHING):
                self.last = head
                sys.exit(f"the server did not switch: {head[:300]!r}")
            ear.line.send(next(ear.lines_to_say))
        while (size := _whole(got)) is not None:
            self._hear(ear, got[0] & 0x0F, got[size[0] : size[1]], now)
            got = got[size[1] :]
        ear.got = got

    def _hear(self, ear: Ear, opcode: int, said: bytes, now: int) -> None:
        if opcode == 9:  # noqa: PLR2004 - a ping, RFC 6455
            ear.line.send(_frame(0x8A, said))
        elif opcode == 8:  # noqa: PLR2004 - a close
            self.last = said
        elif b'"next"' in said[:80]:
            self.note(ear, said, now)
        elif b'"connection_ack"' in said or b'"pong"' in said:
            ear.line.send(next(ear.lines_to_say))
            ear.ready = b'"pong"' in said
        elif b'"error"' in said:
            sys.exit(f"refused: {said[:500]!r}")
        elif b'"ping"' in said:
            ear.line.send(_text({"type": "pong"}))


def _whole(got: bytes) -> tuple[int, int] | None:
    """Where the payload of the first frame begins and ends; ``None`` while it is not all there."""
    if len(got) < 2:  # noqa: PLR2004 - the shortest header
        return None
    length, begins = got[1], 2
    if length == 126:  # noqa: PLR2004 - two more bytes say how long
        begins, length = 4, int.from_bytes(got[2:4], "big")
    elif length == 127:  # noqa: PLR2004 - eight more
        begins, length = 10, int.from_bytes(got[2:10], "big")
    return (begins, begins + length) if len(got) >= begins + length and len(got) >= begins else None


def _handshake(port: int) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    return (
        f"GET /graphql HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
    ).encode()


def _text(message: dict[str, Any]) -> bytes:
    return _frame(0x81, orjson.dumps(message))


def _frame(first: int, said: bytes) -> bytes:
    """A client's frame; its mask is of zeros, which masks nothing and costs nothing."""
    length = bytes([0x80 | len(said)]) if len(said) < 126 else b"\xfe" + struct.pack("!H", len(said))  # noqa: PLR2004
    return bytes([first]) + length + b"\0\0\0\0" + said


def obey(crowd: Crowd) -> None:
    """Obey until standard input ends; listen meanwhile, so that pings are answered."""
    os.set_blocking(0, False)
    pending = b""
    while True:
        crowd.listen(0.02)
        try:
            some = os.read(0, 1 << 20)
        except BlockingIOError:
            continue
        if not some:
            return
        pending += some
        while b"\n" in pending:
            line, _, pending = pending.partition(b"\n")
            asked = orjson.loads(line)
            answer = getattr(crowd, asked.pop("do"))(**asked)
            sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    obey(Crowd())
