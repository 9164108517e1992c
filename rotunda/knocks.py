"""Knocks: how often somebody tried a door lately, counted in the database, so that all processes count together."""

import hashlib
import hmac
from typing import TYPE_CHECKING

from portal.api import TooManyTries

if TYPE_CHECKING:
    import asyncpg

MINUTES = 15
#: Tries in a quarter of an hour. A whole conference may sit behind one hotel's address; one person may not.
FROM_ONE_NETWORK = 200
FOR_ONE_ADDRESS = 8
#: Wrong codes in the whole house, whoever they are for: then codes rest, and links and passkeys go on opening the door.
WRONG_CODES = 100

# One statement for both, and for known and unknown addresses alike. Rows come in one order, so that two knocks
# at once never wait for each other in a circle.
_COUNT = """
    INSERT INTO knocks (who, since)
    SELECT who, date_bin(make_interval(mins => $2), now(), 'epoch') FROM unnest($1::bytea[]) AS who ORDER BY who
    ON CONFLICT (who, since) DO UPDATE SET tries = knocks.tries + 1
    RETURNING who, tries, extract(epoch FROM since + make_interval(mins => $2) - now())::int AS seconds
"""


_WRONG = """
    SELECT extract(epoch FROM since + make_interval(mins => $2) - now())::int AS seconds FROM knocks
    WHERE who = $1 AND since = date_bin(make_interval(mins => $2), now(), 'epoch') AND tries >= $3
"""


class Knocks:
    """Counts tries at doors; ``key`` keeps whoever reads the table from guessing addresses out of it."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    async def count(
        self, pool: "asyncpg.Pool[asyncpg.Record]", door: str, *, network: str, email: str | None = None
    ) -> None:
        """Count one try at a door.

        Raises:
            TooManyTries: there were too many, from this network or for this address, whether it is known or not.
        """
        limits = {self._who(door, "from", network): FROM_ONE_NETWORK}
        if email is not None:
            limits[self._who(door, "for", email)] = FOR_ONE_ADDRESS
        rows = await pool.fetch(_COUNT, list(limits), MINUTES)
        over = [row["seconds"] for row in rows if row["tries"] > limits[row["who"]]]
        if door == "code":
            over += [
                row["seconds"] for row in await pool.fetch(_WRONG, self._who("wrong"), MINUTES, WRONG_CODES)
            ]
        if over:
            raise TooManyTries(max(1, -(-max(over) // 60)))

    async def wrong(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        """Count a wrong code for the house: one is a slip of the finger, hundreds are somebody who guesses."""
        await pool.fetch(_COUNT, [self._who("wrong")], MINUTES)

    def _who(self, *words: str) -> bytes:
        return hmac.digest(self._key, "\0".join(words).encode("utf-8", "surrogatepass"), hashlib.sha256)
