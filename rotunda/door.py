"""The door: signing in by a mailed link or code, choosing for whom to act, signing out."""

import asyncio
import hmac
import logging
import secrets
import time
from uuid import UUID

import asyncpg

from models import ids
from notifications.letters import SignIn
from notifications.log import RIGHTS_CHANNEL
from notifications.mail import NotSent, Post
from rotunda.credentials import hashed, made
from rotunda.tokens import grant

MINUTES = 15
SESSION_DAYS = 30
_TRIES = 5
_PER_HOUR = 10
#: Every request to be let in takes this long, whether the address is known or not, mailed or not.
_SECONDS = 0.25
_log = logging.getLogger(__name__)

_NEW = """
    INSERT INTO sign_ins (account_id, link_hash, code_hash, expires_at)
    SELECT a.id, $2, $3, now() + make_interval(mins => $4) FROM accounts a
    WHERE a.email = $1
      AND (SELECT count(*) FROM sign_ins s WHERE s.account_id = a.id AND s.created_at > now() - interval '1 hour') < $5
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
_CHOOSE = """
    UPDATE tokens t SET capacity_id = c.id FROM capacities c
    WHERE t.hash = $1 AND t.revoked_at IS NULL AND c.account_id = t.account_id AND c.id = $2
    RETURNING t.account_id
"""
_FORGET = "UPDATE tokens SET capacity_id = NULL WHERE hash = $1 AND revoked_at IS NULL RETURNING account_id"
_LEAVE = "UPDATE tokens SET revoked_at = now() WHERE hash = $1 AND revoked_at IS NULL RETURNING account_id"


class MailedDoor:
    """Lets in whoever can read an account's mail."""

    _pool: "asyncpg.Pool[asyncpg.Record]"

    def __init__(self, post: Post, public_url: str) -> None:
        self._post, self._public_url = post, public_url
        self._letters: set[asyncio.Task[None]] = set()

    def open(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        """Begin to let people in."""
        self._pool = pool

    async def ask(self, email: str, *, address: str) -> None:  # noqa: ARG002 - limits by address come with the rooms
        """Mail a link and a code, if the address is known; the same time and no answer either way."""
        began = time.monotonic()
        link, code = made(), f"{secrets.randbelow(1_000_000):06}"
        to = email.strip().lower()
        found = await self._pool.fetchval(_NEW, to, hashed(link), hashed(code), MINUTES, _PER_HOUR)
        if found is not None:
            letter = SignIn(to=to, about=str(found), link=f"{self._public_url}/sign-in/{link}", code=code)
            task = asyncio.create_task(self._send(letter))
            self._letters.add(task)
            task.add_done_callback(self._letters.discard)
        await asyncio.sleep(max(0.0, _SECONDS - (time.monotonic() - began)))

    async def redeem_link(self, secret: str) -> str | None:
        """A session for a link that was not used yet."""
        async with self._pool.acquire() as connection, connection.transaction():
            account = await connection.fetchval(_BY_LINK, hashed(secret))
            return await self._session(connection, account)

    async def redeem_code(self, email: str, code: str) -> str | None:
        """A session for the right code, tried at most five times."""
        given = hashed(code.strip()) or b""
        async with self._pool.acquire() as connection:
            open_ones = await connection.fetch(_TRY_CODE, email.strip().lower(), _TRIES)
            for row in open_ones:
                if hmac.compare_digest(row["code_hash"], given):
                    async with connection.transaction():
                        account = await connection.fetchval(_USE, row["id"])
                        return await self._session(connection, account)
        return None

    async def act_for(self, token: str, capacity_id: str) -> bool:
        """Remember with the session for whom it acts; the empty choice forgets, and the default holds again."""
        if not capacity_id:
            return await self._pool.fetchval(_FORGET, hashed(token)) is not None
        chosen = ids.read("cap", capacity_id)
        return chosen is not None and await self._pool.fetchval(_CHOOSE, hashed(token), chosen) is not None

    async def leave(self, token: str) -> None:
        """End the session, and every stream that ran under it."""
        async with self._pool.acquire() as connection, connection.transaction():
            account = await connection.fetchval(_LEAVE, hashed(token))
            if account is not None:
                await connection.execute("SELECT pg_notify($1, $2)", RIGHTS_CHANNEL, str(account))

    async def _send(self, letter: SignIn) -> None:
        try:
            await self._post.send(letter)
        except NotSent as trouble:
            _log.error("a sign-in letter was not mailed: %s", trouble)

    async def _session(
        self, connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]", account: UUID | None
    ) -> str | None:
        return (
            None if account is None else await grant(connection, account, kind="session", days=SESSION_DAYS)
        )
