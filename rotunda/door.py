"""The door: signing in by a mailed link or code, choosing for whom to act, signing out."""

import asyncio
import hmac
import logging
import secrets
import time
from uuid import UUID

import asyncpg

from models import ids
from models.keys import SessionBegun, SessionEnded
from notifications.letters import SignIn
from notifications.mail import NotSent, Post
from portal.api import Visitor
from rotunda.credentials import hashed, made
from rotunda.facts import tell
from rotunda.knocks import Knocks
from rotunda.tokens import grant
from rotunda.visitors import device_of, network_of, place_of

MINUTES = 15
SESSION_DAYS = 30
#: Short enough for a thumb. Whoever guesses at a whole conference from many networks is held by the house's own pause
#: (`knocks.WRONG_CODES`) to some ten thousand codes a day, of a million.
DIGITS = 6
_TRIES = 5
#: Every request to be let in takes this long, whether the address is known or not, mailed or not.
_SECONDS = 0.25
#: Compared with where there is no code to compare with: the same work is done either way.
_NO_CODE = hashed(made()) or b""
_log = logging.getLogger(__name__)

_NEW = """
    INSERT INTO sign_ins (account_id, link_hash, code_hash, expires_at)
    SELECT a.id, $2, $3, now() + make_interval(mins => $4) FROM accounts a WHERE a.email = $1
    RETURNING id
"""
_BY_LINK = """
    UPDATE sign_ins SET used_at = now() WHERE link_hash = $1 AND used_at IS NULL AND expires_at > now()
    RETURNING account_id
"""
# A wrong code counts against every open sign-in of the account, so that asking again buys no further tries.
_TRY_CODE = """
    UPDATE sign_ins s SET attempts = attempts + 1 FROM accounts a
    WHERE a.id = s.account_id AND a.email = $1 AND s.used_at IS NULL AND s.expires_at > now() AND s.attempts < $2
    RETURNING s.id, s.account_id, s.code_hash
"""
_USE = "UPDATE sign_ins SET used_at = now() WHERE id = $1 AND used_at IS NULL RETURNING account_id"
# Whoever came in by one letter needs the others no more, and nobody else shall find them useful.
_SPEND = "UPDATE sign_ins SET used_at = now() WHERE account_id = $1 AND used_at IS NULL"
_CHOOSE = """
    UPDATE tokens t SET capacity_id = c.id FROM capacities c
    WHERE t.hash = $1 AND t.revoked_at IS NULL AND t.kind = 'session' AND c.account_id = t.account_id AND c.id = $2
    RETURNING t.account_id
"""
_FORGET = """
    UPDATE tokens SET capacity_id = NULL WHERE hash = $1 AND revoked_at IS NULL AND kind = 'session'
    RETURNING account_id
"""
# The database tells every process that a token has ended: see the trigger on tokens.
_LEAVE = """
    UPDATE tokens SET revoked_at = now() WHERE hash = $1 AND revoked_at IS NULL AND kind = 'session'
    RETURNING id, account_id
"""
_NEWEST = "SELECT id FROM tokens WHERE hash = $1"


class MailedDoor:
    """Lets in whoever can read an account's mail."""

    _pool: "asyncpg.Pool[asyncpg.Record]"

    def __init__(self, post: Post, public_url: str, knocks: Knocks) -> None:
        self._post, self._public_url, self._knocks = post, public_url, knocks
        self._letters: set[asyncio.Task[None]] = set()

    def open(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        """Begin to let people in."""
        self._pool = pool

    async def ask(self, email: str, visitor: Visitor) -> None:
        """Mail a link and a code, if the address is known; the same time and no answer either way.

        Raises:
            TooManyTries: too many were asked for; known or not.
        """
        began = time.monotonic()
        link, code = made(), f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        to = _addressed(email)
        await self._knocks.count(self._pool, "ask", network=network_of(visitor.address), email=to)
        found = await self._pool.fetchval(_NEW, to, hashed(link), hashed(code), MINUTES)
        if found is not None:
            letter = SignIn(to=to, about=str(found), link=f"{self._public_url}/sign-in/{link}", code=code)
            task = asyncio.create_task(self._send(letter))
            self._letters.add(task)
            task.add_done_callback(self._letters.discard)
        await asyncio.sleep(max(0.0, _SECONDS - (time.monotonic() - began)))

    async def redeem_link(self, secret: str, visitor: Visitor) -> str | None:
        """A session for a link that was not used yet.

        Raises:
            TooManyTries: too many were tried from there.
        """
        await self._knocks.count(self._pool, "link", network=network_of(visitor.address))
        async with self._pool.acquire() as connection, connection.transaction():
            account = await connection.fetchval(_BY_LINK, hashed(secret))
            return None if account is None else await begin(connection, account, visitor)

    async def redeem_code(self, email: str, code: str, visitor: Visitor) -> str | None:
        """A session for the right code, tried at most five times.

        Raises:
            TooManyTries: too many were tried, from there or for this address; known or not.
        """
        to, given = _addressed(email), hashed(code.strip()) or b""
        await self._knocks.count(self._pool, "code", network=network_of(visitor.address), email=to)
        async with self._pool.acquire() as connection:
            open_ones = await connection.fetch(_TRY_CODE, to, _TRIES)
            same = [row for row in open_ones if hmac.compare_digest(row["code_hash"], given)]
            if not open_ones:
                hmac.compare_digest(_NO_CODE, given)
            if not same:
                await self._knocks.wrong(self._pool)
                return None
            async with connection.transaction():
                account = await connection.fetchval(_USE, same[0]["id"])
                return None if account is None else await begin(connection, account, visitor)

    async def act_for(self, token: str, capacity_id: str) -> bool:
        """Remember with the session for whom it acts; the empty choice forgets, and the default holds again."""
        if not capacity_id:
            return await self._pool.fetchval(_FORGET, hashed(token)) is not None
        chosen = ids.read("cap", capacity_id)
        return chosen is not None and await self._pool.fetchval(_CHOOSE, hashed(token), chosen) is not None

    async def leave(self, token: str) -> None:
        """End the session, and every stream that ran under it."""
        async with self._pool.acquire() as connection, connection.transaction():
            ended = await connection.fetchrow(_LEAVE, hashed(token))
            if ended is not None:
                owner = ended["account_id"]
                await tell(connection, SessionEnded.of(ended["id"], owner=owner), actor=owner)

    async def _send(self, letter: SignIn) -> None:
        try:
            await self._post.send(letter)
        except NotSent as trouble:
            _log.error("a sign-in letter was not mailed: %s", trouble)


async def begin(
    connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]", account: UUID, visitor: Visitor
) -> str:
    """A new session of an account, in the transaction at hand; what was mailed before is spent."""
    await connection.execute(_SPEND, account)
    device, place = device_of(visitor.user_agent), place_of(visitor.address)
    token = await grant(connection, account, kind="session", days=SESSION_DAYS, device=device, place=place)
    begun = await connection.fetchval(_NEWEST, hashed(token))
    await tell(connection, SessionBegun.of(begun, owner=account), actor=account)
    return token


def _addressed(email: str) -> str:
    return email.strip().lower()
