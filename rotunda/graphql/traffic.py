"""Traffic: how often each caller asks and how many lines each holds, counted in this process's memory.

Whoever is signed in counts as an account, whatever their address: a whole conference may sit behind one. Everybody
else counts by the network they come from, and so does whoever shows a token that is nobody's.
"""

import math
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from time import monotonic
from uuid import UUID

from starlette.types import Scope

from rotunda.graphql.limits import Limits
from rotunda.graphql.refusal import Refused
from rotunda.visitors import network_of

#: An account, or a network.
Key = UUID | str
Whose = Callable[[str], Awaitable[UUID | None]]

_MINUTE = 60.0
#: Callers remembered: some 10 MB where an attacker fills it, who may choose addresses.
_MOST_KEYS = 50_000
_MOST_TOKENS = 20_000
# Caching costs 2 MB at most and saves 3 µs at each request of a known visitor.
_network = lru_cache(maxsize=10_000)(network_of)


class TooOften(Refused):
    """Somebody asks more often than is fair to the others; ``seconds`` says when to ask again."""

    def __init__(self, wait: float, message: str = "Too many requests: wait {} s, and ask again.") -> None:
        self.seconds = max(1, math.ceil(wait))
        super().__init__(
            429,
            message.format(self.seconds),
            code="RATE_LIMITED",
            headers=[(b"retry-after", b"%d" % self.seconds)],
            more={"retryAfter": self.seconds},
        )


class TooManyLines(Refused):
    """No further socket or event stream: this caller has enough of them (429), or the server has (503)."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, message, code="TOO_MANY_STREAMS", headers=[(b"retry-after", b"5")])


class Rate:
    """A bucket for each key, which holds a minute's worth and fills again within a minute.

    The generic cell rate algorithm (ITU-T I.371): one number a key, the time at which its bucket will be full.
    """

    def __init__(self, a_minute: int, most_keys: int = _MOST_KEYS) -> None:
        self._gap = _MINUTE / a_minute
        self._most_keys = most_keys
        self._full: dict[Key, float] = {}
        self._swept = 0.0

    def __len__(self) -> int:
        return len(self._full)

    def wait(self, key: Key, number: int = 1) -> float:
        """Take some out; or take nothing, and say for how many seconds the bucket holds too little."""
        now = monotonic()
        full = self._full.get(key)
        if full is None:
            if len(self._full) >= self._most_keys:
                self._make_room(now)
            full = now
        full = max(full, now) + self._gap * number
        late = full - now - _MINUTE
        if late > self._gap / 2:  # half a gap, for adding up many of them is not exact
            return late
        self._full[key] = full
        return 0.0

    def _make_room(self, now: float) -> None:
        """Forget whose bucket is full, at most once a second; where all are in use, the tenth that came first."""
        if now - self._swept > 1:
            self._swept = now
            self._full = {key: full for key, full in self._full.items() if full > now}
        if len(self._full) >= self._most_keys:
            for key in list(islice(self._full, self._most_keys // 10)):
                del self._full[key]


class Traffic:
    """Counts requests, acts and lines; ``whose`` tells the account of a good token.

    What is known of tokens is forgotten every minute, so that one that has ended soon counts for nobody.
    """

    def __init__(self, limits: Limits, whose: Whose | None = None) -> None:
        self._limits = limits
        self._whose = whose
        self._by_account = Rate(limits.account_requests)
        self._by_address = Rate(limits.address_requests)
        self._acts = Rate(limits.account_acts)
        self._accounts: dict[str, UUID] = {}
        self._since = monotonic()
        self._lines: Counter[Key] = Counter()
        self._open = 0

    async def count(self, token: str | None, scope: Scope) -> Key:
        """Count one request; `TooOften` where there are too many. The key it was counted under."""
        account = self._known(token)
        if account is not None:
            self.tick(account)
            return account
        address = address_of(scope)
        self.tick(address)  # before anything is asked of the database: made-up tokens are many
        return await self.account(token) or address

    def tick(self, key: Key) -> None:
        """Count one request under a key; `TooOften` where there are too many."""
        rate = self._by_address if isinstance(key, str) else self._by_account
        if wait := rate.wait(key):
            raise TooOften(wait)

    async def acts(self, token: str | None, number: int) -> None:
        """Count what an account is about to do; `TooOften` where that is too much. Strangers do nothing anyway."""
        account = await self.account(token)
        if account is not None and (wait := self._acts.wait(account, number)):
            raise TooOften(wait, "Too many acts at once: wait {} s. Nothing of this request was done.")

    async def account(self, token: str | None) -> UUID | None:
        """The account of a token that is good; asked of the database once a minute."""
        known = self._known(token)
        if known is None and token is not None and self._whose is not None:
            known = await self._whose(token)
            if known is not None:
                self._accounts[token] = known
        return known

    def know(self, token: str | None, account: UUID | None) -> None:
        """Take note of whose a token is, when that has been looked up anyway."""
        if token is not None and account is not None and self._known(token) is None:
            self._accounts[token] = account

    @contextmanager
    def line(self, key: Key) -> Iterator["Held"]:
        """Hold a line open under a key; `TooManyLines` where there are too many."""
        if self._open >= self._limits.lines:
            raise TooManyLines(503, "This server keeps as many streams as it can; try again in a moment.")
        self._enter(key)
        self._open += 1
        held = Held(self, key)
        try:
            yield held
        finally:
            self._open -= 1
            self._leave(held.key)

    def move(self, held: "Held", key: Key) -> None:
        """Count a line under another key from now on; `TooManyLines` where that has too many."""
        if key != held.key:
            self._enter(key)
            self._leave(held.key)
            held.key = key

    def _known(self, token: str | None) -> UUID | None:
        if token is None:
            return None
        if monotonic() - self._since > _MINUTE or len(self._accounts) >= _MOST_TOKENS:
            self._accounts.clear()
            self._since = monotonic()
        return self._accounts.get(token)

    def _enter(self, key: Key) -> None:
        own = isinstance(key, UUID)
        most = self._limits.account_lines if own else self._limits.address_lines
        if self._lines[key] >= most:
            whom = "account" if own else "address"
            raise TooManyLines(429, f"One {whom} may keep {most} streams open at once; close one first.")
        self._lines[key] += 1

    def _leave(self, key: Key) -> None:
        self._lines[key] -= 1
        if not self._lines[key]:
            del self._lines[key]


class Held:
    """A line that is counted, and under which key."""

    __slots__ = ("_traffic", "key")

    def __init__(self, traffic: Traffic, key: Key) -> None:
        self._traffic = traffic
        self.key = key

    def move(self, key: Key) -> None:
        """Count it under another key: a socket has said whose it is. `TooManyLines` where that has too many."""
        self._traffic.move(self, key)


def address_of(scope: Scope) -> str:
    """What a stranger is counted by: one IPv4 address, or one IPv6 network of 64 bits."""
    client = scope.get("client")
    return _network(client[0]) if client else ""
