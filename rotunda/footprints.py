"""Footprints: when each token was last used, kept to the hour, and never while anybody waits for an answer."""

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncpg

_EVERY = 20.0  # seconds between two writings
_AN_HOUR = 3600.0
_MOST = 20_000  # tokens remembered between two; beyond, a use goes unnoted: made-up tokens must not fill the memory
_log = logging.getLogger(__name__)

_WRITE = """
    UPDATE tokens SET last_used_at = now() WHERE hash = ANY ($1)
    AND (last_used_at IS NULL OR last_used_at < now() - interval '1 hour')
"""


class Footprints:
    """Collects the hashes of tokens in use. Noting one costs a look into a set."""

    def __init__(self) -> None:
        self._known: set[bytes] = set()
        self._new: set[bytes] = set()

    def note(self, token: bytes) -> None:
        """This token was used just now."""
        if token not in self._known and len(self._known) < _MOST:
            self._known.add(token)
            self._new.add(token)

    async def keep(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        """Write down what was noted, for ever; what is known of an hour is forgotten after it."""
        waited = 0.0
        while True:
            await asyncio.sleep(_EVERY)
            waited += _EVERY
            if waited >= _AN_HOUR:
                waited = 0.0
                self._known.clear()
            await self.write(pool)

    async def write(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        """Write down what was noted; a database that is away is asked again later."""
        some, self._new = self._new, set()
        if not some:
            return
        try:
            await pool.execute(_WRITE, list(some))
        except Exception as trouble:  # noqa: BLE001 - whatever it was: when somebody was last here can wait
            _log.warning("when tokens were last used could not be written, trying again: %r", trouble)
            self._new |= some
