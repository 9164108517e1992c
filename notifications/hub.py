"""The hub: one per process. It tails the log and hands each notice to every stream that may hear of it.

A subscription is executed once for each notice, distinct request and visibility class, not once for each
subscriber: viewers who are alike in all that the payload depends on get the same bytes.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, Protocol
from uuid import UUID

from models.positions import opened
from notifications.log import PAGE, Entry, Extent, Log, listen
from notifications.streams import Feed, Stream
from policy.viewer import OF_GROUPS, Acting

_POLL = 0.5
_SWEEP = 60.0
_READY_WITHIN = 3.0
_TRIES_FOR_A_REASON = 30
_CATCHING_UP = 8
_AT_ONCE = 250  # streams that are told, or looked at, in a row: some two milliseconds
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


#: A token and the capacity chosen with it.
Asker = tuple[bytes | None, UUID | None]


class Admit(Protocol):
    """Whom tokens and capacities stand for at this moment, each or ``None`` when for nobody."""

    async def __call__(self, asked: Sequence[Asker], /) -> list[Acting | None]:
        """Look them up, in one statement."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the log for one stream, and the position it reaches through."""

    payloads: Sequence[tuple[int, bytes]]
    through: int


class Hub:
    """``head`` is the position the hub has begun to hand out; ``settled`` the one it has finished handing out.

    ``changes`` grows whenever the hub hears that somebody's rights may have changed, before it looks at whose.
    """

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
        self.changes = self._looks = 0

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

    async def subscribe(
        self, feed: Feed, acting: Acting, token: bytes | None, after: str | None, changes: int | None = None
    ) -> Stream:
        """A stream from ``after`` on, or from now; ``BadCursor`` when that is no cursor at all.

        ``changes`` is what the hub's was before ``acting`` was looked up: while it stays, that still holds.
        """
        place = opened(after) if after is not None else None
        stream = Stream(self, feed, acting, token, self.head, self.head, self._heartbeat_seconds)
        # From here to the return nothing may be missed: what comes is queued, what was lies at or before `head`.
        self._register(stream)
        try:
            if changes != self.changes:
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

    async def page(self, stream: Stream, last: int) -> Page:
        """The next page of the log for a stream, which has lost its place if the log was trimmed past that."""
        begun, acting = stream.through, stream.acting
        async with self._catching_up:
            found = await self._log.between(begun, last, stream.feed.kinds, acting.topics())
            payloads = [] if found is None else await _payloads(stream.feed, found, acting)
            if found is None or (len(payloads) < len(found) and await self._log.trimmed_past(begun)):
                stream.lose((await self._log.extent()).head)
                return Page((), begun)
            now = (await self._admit([(stream.token, acting.capacity_id)]))[0] if payloads else acting
        if not await self._stood(stream, acting, now):
            return Page((), begun)
        return Page(payloads, found[-1][0] if len(found) == PAGE else last)

    async def look_again(self, stream: Stream, reason: str, at: int | None = None) -> None:
        """See whether a stream's right still stands; if not, nothing behind ``at`` is handed out, or nothing more."""
        await self._look_again([stream], reason, at)

    async def _look_again(self, streams: Sequence[Stream], reason: str, at: int | None) -> None:
        """The same for several at once. An answer is of no use once a question asked later has been answered.

        That one knows of everything committed before this one was asked, and what comes later asks again.
        """
        self._looks += 1
        look, asked = self._looks, [(stream.token, stream.acting.capacity_id) for stream in streams]
        askers = list(dict.fromkeys(asked))
        found = dict(zip(askers, await self._admit(askers), strict=True))
        for stream, asker in zip(streams, asked, strict=True):
            if stream.looked < look:
                stream.looked = look
                self._judge(stream, found[asker], reason, at)

    def _judge(self, stream: Stream, acting: Acting | None, reason: str, at: int | None) -> None:
        if acting is None:
            stream.end(reason, stream.through if at is None else at)
        elif acting != stream.acting and stream in self._all:
            self._unregister_topics(stream)
            stream.acting = acting
            self._register(stream)

    async def _stood(self, stream: Stream, acting: Acting, now: Acting | None) -> bool:
        """Whether the rights a page was read under still stood when it had been read.

        A revocation may be committed and not yet have come round here: its notice then says why the stream ends.
        """
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
        if epoch == self._extent.epoch and position <= self.head:
            stream.through = position  # whether the log still reaches back so far is seen when it is read
            return
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
                if entries is None:
                    await self._begin_again()
                    continue
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

    async def _begin_again(self) -> None:
        """Go on from the log's end: it was trimmed past where the hub stood, which had slept for as long as it is kept.

        Whoever was in time for what is gone is not; all are sent to the log, which says so, and looked at again, for
        rights may have changed with what nobody heard.
        """
        self.changes += 1
        self.head = self.settled = (await self._log.extent()).head
        await self._looked_again(list(self._all), "RIGHTS_CHANGED")
        for stream in self._all:
            stream.fall_behind()

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
        likeness = _likeness(feed.mentions(entry.kind), entry.group)
        classes: dict[Any, list[Stream]] = defaultdict(list)
        for stream in streams:
            if stream.ended is None:
                classes[likeness(stream.acting)].append(stream)
        groups = list(classes.values())
        viewers = [group[0].acting.within(entry.group) for group in groups]
        if viewers:
            for _, index, payload in await feed.payloads(entry.kind, [entry.pos], viewers):
                for some in _batches(groups[index]):
                    now = datetime.now(UTC)
                    for stream in some:
                        stream.push(entry.pos, payload, now)
                    await asyncio.sleep(0)  # what was written goes out, and others get their turn

    async def _rights_changed(self, entry: Entry) -> None:
        """Look again at everybody whose rights this notice may have changed, before anything later is told.

        The database may be away just now; but nothing may be told past this point without the answer.
        """
        self.changes += 1
        reason = _REASONS.get(entry.kind, "RIGHTS_CHANGED")
        await self._looked_again(
            [s for s in self._all if s.acting.account_id in entry.rights], reason, entry.pos
        )

    async def _recheck_rights(self) -> None:
        accounts, self._rights = self._rights, set()
        if accounts:
            await self._looked_again([s for s in self._all if s.acting.account_id in accounts], "SIGNED_OUT")

    async def _looked_again(self, streams: Sequence[Stream], reason: str, at: int | None = None) -> None:
        """Look at them until there is an answer: it is owed, whatever keeps the database from giving it."""
        for some in _batches(streams):
            while True:
                try:
                    await self._look_again(some, reason, at)
                    break
                except Exception as trouble:  # noqa: BLE001 - as above
                    _log.warning("rights could not be looked at, trying again: %r", trouble)
                    await asyncio.sleep(_AGAIN)

    async def _listen(self) -> None:
        def rights(account: UUID) -> None:
            self.changes += 1
            self._rights.add(account)
            self._woken.set()

        await listen(self._dsn, woken=self._woken.set, rights=rights, linked=self._linked)

    async def _linked(self) -> None:
        """A new connection may lead to another database than before: a restored one has another log."""
        extent = await self._log.extent()
        if extent.epoch != self._extent.epoch:
            self.changes += 1
            self._extent, self.head, self.settled = extent, extent.head, extent.head
            for stream in self._all:
                stream.lose()

    async def _sweep(self) -> None:
        """Once a minute look at everybody again, should somebody have changed rights by hand."""
        while True:
            await asyncio.sleep(_SWEEP)
            await self._looked_again(list(self._all), "RIGHTS_CHANGED")


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


def _likeness(mentions: Collection[str], group: UUID | None) -> Callable[[Acting], Any]:
    """What viewers of one visibility class have in common; of groups, where they stand with the one it is about.

    Whoever is alike in that is one and the same viewer once it is narrowed to that group (`Acting.within`).
    """
    told = set(mentions) - set(OF_GROUPS) if group else set(mentions)
    plain = attrgetter(*sorted(told)) if told else lambda _: ()
    held = [attrgetter(name) for name in OF_GROUPS if name in set(mentions) - told]
    if not held:
        return plain
    return lambda acting: (plain(acting), *(group in (groups(acting) or ()) for groups in held))


def _batches(streams: Sequence[Stream]) -> Iterable[Sequence[Stream]]:
    return (streams[start : start + _AT_ONCE] for start in range(0, len(streams), _AT_ONCE))


def _by_feed(streams: Iterable[Stream]) -> dict[Feed, list[Stream]]:
    found: dict[Feed, list[Stream]] = defaultdict(list)
    for stream in streams:
        found[stream.feed].append(stream)
    return found
