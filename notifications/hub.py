"""The hub: one per process. It tails the log and hands each notice to every stream that may hear of it.

A subscription is executed once for each notice, distinct request and visibility class, not once for each
subscriber: viewers who are alike in all that the payload depends on get the same bytes.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from models.positions import opened
from notifications.log import PAGE, Entry, Extent, Log, listen
from notifications.streams import Feed, Stream
from policy.viewer import Acting

_POLL = 0.5
_SWEEP = 60.0
_READY_WITHIN = 3.0
_TRIES_FOR_A_REASON = 30
_CATCHING_UP = 8
_AGAIN = 0.2
_log = logging.getLogger(__name__)

#: Why a stream ends, by the notice that took its right away.
_REASONS = {
    "DelegationRevoked": "DELEGATION_REVOKED",
    "DelegationLeft": "DELEGATION_LEFT",
    "DelegationExpired": "EXPIRED",
    "DelegationTermEnded": "TERM_ENDED",
    "TermEnded": "TERM_ENDED",
    "SessionEnded": "SIGNED_OUT",
    "TokenEnded": "SIGNED_OUT",
}


class Admit(Protocol):
    """Who a token and capacity stand for at this moment; ``None`` when for nobody."""

    async def __call__(self, token: bytes | None, capacity: UUID | None, /) -> Acting | None:
        """Look it up."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the log for one stream, and the position it reaches through."""

    payloads: Sequence[tuple[int, bytes]]
    through: int


class Hub:
    """``head`` is the position the hub has begun to hand out; ``settled`` the one it has finished handing out."""

    def __init__(self, dsn: str, log: Log, admit: Admit, *, heartbeat_seconds: float) -> None:
        self._dsn, self._log, self._admit = dsn, log, admit
        self._heartbeat_seconds = heartbeat_seconds
        self._streams: dict[str, set[Stream]] = defaultdict(set)
        self._all: set[Stream] = set()
        self._woken = asyncio.Event()
        self._rights: set[UUID] = set()
        self._catching_up = asyncio.Semaphore(_CATCHING_UP)
        self._tasks: list[asyncio.Task[None]] = []
        self._last_tail = 0.0
        self._extent = Extent("", 0, 0)
        self.head = self.settled = 0

    async def start(self) -> None:
        """Learn where the log ends, before the first subscriber is taken; then follow it."""
        self._extent = await self._log.extent()
        self.head = self.settled = self._extent.head
        self._last_tail = time.monotonic()
        self._tasks = [asyncio.create_task(work()) for work in (self._follow, self._listen, self._sweep)]

    async def stop(self) -> None:
        """Stop following; streams are the transports' to close."""
        left = set(self._tasks)
        while left:  # a cancellation that meets a time-out on its way may be lost (CPython 3.11): ask again
            for task in left:
                task.cancel()
            _, left = await asyncio.wait(left, timeout=_AGAIN)

    @property
    def ready(self) -> bool:
        """Whether the log's end was read lately."""
        return bool(self._tasks) and time.monotonic() - self._last_tail < _READY_WITHIN

    @property
    def subscribers(self) -> int:
        """How many streams are open in this process."""
        return len(self._all)

    def cursor(self, position: int) -> str:
        """A position in its opaque form."""
        return self._extent.cursor(position)

    # ------------------------------------------------------------------ subscribers

    async def subscribe(self, feed: Feed, acting: Acting, token: bytes | None, after: str | None) -> Stream:
        """A stream from ``after`` on, or from now; ``BadCursor`` when that is no cursor at all."""
        place = opened(after) if after is not None else None
        stream = Stream(self, feed, acting, token, self.head, self.head, self._heartbeat_seconds)
        # From here to the return nothing may be missed: what comes is queued, what was lies at or before `head`.
        self._register(stream)
        try:
            await self.look_again(stream, "SIGNED_OUT")
            if place is not None:
                await self._begin_at(stream, *place)
        except BaseException:
            self.leave(stream)
            raise
        return stream

    def leave(self, stream: Stream) -> None:
        """Forget a stream."""
        self._all.discard(stream)
        self._unregister_topics(stream)

    async def page(self, stream: Stream, last: int) -> Page | None:
        """The next page of the log for a stream; ``None`` when the log was trimmed past where it stands."""
        begun, acting = stream.through, stream.acting
        async with self._catching_up:
            found = await self._log.between(begun, last, stream.feed.kinds, acting.topics())
            payloads = [] if found is None else await _payloads(stream.feed, found, acting)
            if found is None or (len(payloads) < len(found) and await self._log.trimmed_past(begun)):
                return None
        if not await self._stood(stream, acting):
            return Page((), begun)
        return Page(payloads, found[-1][0] if len(found) == PAGE else last)

    async def look_again(self, stream: Stream, reason: str, at: int | None = None) -> None:
        """See whether a stream's right still stands; if not, nothing behind ``at`` is handed out, or nothing more.

        One look at a time, so that an older answer never overtakes a newer one.
        """
        async with stream.looking:
            acting = await self._admit(stream.token, stream.acting.capacity_id)
            if acting is None:
                stream.end(reason, stream.through if at is None else at)
            elif acting != stream.acting and stream in self._all:
                self._unregister_topics(stream)
                stream.acting = acting
                self._register(stream)

    async def _stood(self, stream: Stream, acting: Acting) -> bool:
        """Whether the rights a page was read under still stood when it had been read.

        A revocation may be committed and not yet have come round here: its notice then says why the stream ends.
        """
        now = await self._admit(stream.token, acting.capacity_id)
        if now is None:
            for _ in range(_TRIES_FOR_A_REASON):
                if stream.ended:
                    break
                await asyncio.sleep(_AGAIN)
            stream.end("RIGHTS_CHANGED", stream.through)
        elif now != acting:
            await self.look_again(stream, "RIGHTS_CHANGED")
        return now == acting

    async def _begin_at(self, stream: Stream, position: int, epoch: str) -> None:
        extent = await self._log.extent()
        if epoch != extent.epoch or not extent.pruned_through <= position <= extent.head:
            stream.lose(extent.head)  # the log's own end: this server may not have heard of it yet
            return
        stream.through = position

    def _register(self, stream: Stream) -> None:
        self._all.add(stream)
        for topic in stream.acting.topics():
            self._streams[topic].add(stream)

    def _unregister_topics(self, stream: Stream) -> None:
        for topic in stream.acting.topics():
            self._streams[topic].discard(stream)
            if not self._streams[topic]:
                del self._streams[topic]

    # ------------------------------------------------------------------ following the log

    async def _follow(self) -> None:
        while True:
            self._woken.clear()
            try:
                await self._recheck_rights()
                entries = await self._log.tail(self.head)
                self._last_tail = time.monotonic()
                for entry in entries:
                    await self._tell(entry)
                if len(entries) == PAGE:
                    continue
            except Exception as trouble:  # noqa: BLE001 - whatever it was: a hub that has stopped tells nobody anything
                _log.warning("the log cannot be read, trying again: %r", trouble)
                await asyncio.sleep(_AGAIN)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(_POLL):
                    await self._woken.wait()

    async def _tell(self, entry: Entry) -> None:
        """One notice to everyone.

        ``head`` moves before anything is awaited, so that whoever subscribes meanwhile
        reads this notice from the log; and a notice that could not be read sends its hearers there too.
        """
        self.head = entry.pos
        hearers = self._hearers(entry)
        if entry.rights:
            await self._rights_changed(entry)
        for feed, streams in _by_feed(hearers).items():
            try:
                await self._tell_feed(feed, entry, streams)
            except Exception:  # noqa: BLE001 - whatever it was, nobody may miss the notice
                _log.exception(
                    "a payload of %s at %s could not be read; its readers go to the log",
                    entry.kind,
                    entry.pos,
                )
                for stream in streams:
                    stream.fall_behind()
        self.settled = entry.pos

    def _hearers(self, entry: Entry) -> list[Stream]:
        found = {stream for topic in entry.topics for stream in self._streams.get(topic, ())}
        return [s for s in found if entry.kind in s.feed.kinds and not s.behind and s.ended is None]

    async def _tell_feed(self, feed: Feed, entry: Entry, streams: Sequence[Stream]) -> None:
        mentions = sorted(feed.mentions(entry.kind))
        classes: dict[Any, list[Stream]] = defaultdict(list)
        for stream in streams:
            if stream.ended is None:
                classes[tuple(getattr(stream.acting, name) for name in mentions)].append(stream)
        groups = list(classes.values())
        viewers = [group[0].acting for group in groups]
        if viewers:
            for _, index, payload in await feed.payloads(entry.kind, [entry.pos], viewers):
                for stream in groups[index]:
                    stream.push(entry.pos, payload)

    async def _rights_changed(self, entry: Entry) -> None:
        """Look again at everybody whose rights this notice may have changed, before anything later is told.

        The database may be away just now; but nothing may be told past this point without the answer.
        """
        reason = _REASONS.get(entry.kind, "RIGHTS_CHANGED")
        for stream in [s for s in self._all if s.acting.account_id in entry.rights]:
            while not await self._looked_again(stream, reason, entry.pos):  # noqa: ASYNC110 - for the database
                await asyncio.sleep(_AGAIN)

    async def _recheck_rights(self) -> None:
        accounts, self._rights = self._rights, set()
        for stream in [s for s in self._all if s.acting.account_id in accounts]:
            if not await self._looked_again(stream, "SIGNED_OUT"):
                self._rights.update(accounts)

    async def _looked_again(self, stream: Stream, reason: str, at: int | None = None) -> bool:
        try:
            await self.look_again(stream, reason, at)
        except Exception as trouble:  # noqa: BLE001 - whatever it was, the answer is still owed
            _log.warning("rights could not be looked at, trying again: %r", trouble)
            return False
        return True

    async def _listen(self) -> None:
        def rights(account: UUID) -> None:
            self._rights.add(account)
            self._woken.set()

        await listen(self._dsn, woken=self._woken.set, rights=rights, linked=self._linked)

    async def _linked(self) -> None:
        """A new connection may lead to another database than before: a restored one has another log."""
        extent = await self._log.extent()
        if extent.epoch != self._extent.epoch:
            self._extent, self.head, self.settled = extent, extent.head, extent.head
            for stream in self._all:
                stream.lose()

    async def _sweep(self) -> None:
        """Once a minute look at everybody again, should somebody have changed rights by hand."""
        while True:
            await asyncio.sleep(_SWEEP)
            for stream in list(self._all):
                await self._looked_again(stream, "RIGHTS_CHANGED")


async def _payloads(feed: Feed, found: Iterable[tuple[int, str]], acting: Acting) -> list[tuple[int, bytes]]:
    """A page's payloads for one viewer, in the log's order; one statement for each kind."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for position, kind in found:
        by_kind[kind].append(position)
    payloads = [
        (position, payload)
        for kind, positions in by_kind.items()
        for position, _, payload in await feed.payloads(kind, positions, [acting])
    ]
    return sorted(payloads, key=lambda item: item[0])


def _by_feed(streams: Iterable[Stream]) -> dict[Feed, list[Stream]]:
    found: dict[Feed, list[Stream]] = defaultdict(list)
    for stream in streams:
        found[stream.feed].append(stream)
    return found
