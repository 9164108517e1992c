"""The readers: a crowd of open pages, each an event stream, which notes when there is something new to show."""

import sys
from typing import Any

from benchmarks.fanout.crowd import Crowd, Ear, obey

_ENDS = b"\n\n"  # of a message; chunks of HTTP end otherwise
_SHOWS = b"hx-partial"


class Readers(Crowd):
    """Pages of one server; a greeting is the whole request."""

    def knock(self, port: int, greeting: Any, *, deaf: bool = False) -> Ear:
        """Ask for one stream."""
        return self.connect(port, greeting.encode(), deaf=deaf)

    def take(self, ear: Ear, data: bytes, now: int) -> None:
        """Note every message that shows something."""
        got = ear.got + data
        if not ear.ready:
            head, ear.ready = got[:400], b"\r\n\r\n" in got
            if ear.ready and not head.startswith(b"HTTP/1.1 200"):
                sys.exit(f"a page was not opened: {head!r}")
        *messages, ear.got = got.split(_ENDS)
        for said in messages:
            if b"event: ended" in said:
                sys.exit(f"a page is no longer kept fresh: {self.last[-400:]!r}")
            if _SHOWS in said:
                self.note(ear, said, now)


if __name__ == "__main__":
    obey(Readers())
