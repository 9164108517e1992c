"""Passkeys: a key in somebody's device, added once signed in, and then the quicker way in.

The browser binds each to the host of ``ROTUNDA_PUBLIC_URL``; where that is a loopback number, to ``localhost``, for
WebAuthn knows no numbers. A challenge is made here, kept hashed, and good once.
"""

import asyncio
import logging
from importlib import import_module
from ipaddress import ip_address
from types import ModuleType
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg

from models.keys import PasskeyAdded
from notifications.letters import KeyAdded
from notifications.mail import NotSent, Post
from portal.api import Ceremony, Visitor
from rotunda.credentials import hashed
from rotunda.door import begin
from rotunda.facts import tell
from rotunda.knocks import Knocks
from rotunda.visitors import device_of, network_of, place_of

_log = logging.getLogger(__name__)
_LONGEST_NAME = 80
_MOST = 20
_USUAL_PORTS = {"http": 80, "https": 443}

_SESSION = """
    SELECT a.id, a.email, p.name, array(SELECT k.credential_id FROM passkeys k
        WHERE k.account_id = a.id AND k.removed_at IS NULL) AS held
    FROM tokens t JOIN accounts a ON a.id = t.account_id JOIN people p ON p.id = a.person_id
    WHERE t.hash = $1 AND t.kind = 'session' AND t.revoked_at IS NULL AND t.expires_at > now()
"""
_OPEN = "INSERT INTO challenges (hash, account_id) VALUES ($1, $2)"
_CLOSE = """
    DELETE FROM challenges WHERE hash = $1 AND account_id IS NOT DISTINCT FROM $2::uuid
    RETURNING expires_at > now() AS good
"""
_KEEP = """
    INSERT INTO passkeys (account_id, credential_id, public_key, sign_count, name) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT DO NOTHING RETURNING id
"""
_AUDIT = """
    INSERT INTO audit (act, actor_id, subject, detail)
    VALUES ('addPasskey', $1, $2, jsonb_build_object('name', $3::text))
"""
_KNOWN = """
    SELECT id, account_id, public_key, sign_count FROM passkeys
    WHERE credential_id = $1 AND removed_at IS NULL FOR UPDATE
"""
_USED = "UPDATE passkeys SET sign_count = $2, last_used_at = now() WHERE id = $1"


def at(public_url: str, knocks: Knocks, post: Post) -> "DevicePasskeys | None":
    """Passkeys for people who reach Rotunda at this address; ``None`` where it is a number that no browser takes."""
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    try:
        number = ip_address(host)
    except ValueError:
        pass
    else:
        if not number.is_loopback:
            return None
        host = "localhost"
    # As browsers write an origin: in lower case, and without the port that goes without saying.
    port = "" if parts.port in {None, _USUAL_PORTS.get(parts.scheme)} else f":{parts.port}"
    return DevicePasskeys(host, f"{parts.scheme}://{host}{port}", knocks, post)


class DevicePasskeys:
    """Lets in whoever holds the private half of a key that an account has added."""

    _pool: "asyncpg.Pool[asyncpg.Record]"

    def __init__(self, host: str, origin: str, knocks: Knocks, post: Post) -> None:
        self.host, self.origin, self._knocks, self._post = host, origin, knocks, post

    def open(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        """Begin to let people in."""
        self._pool = pool

    async def invite(self, token: str) -> Ceremony | None:
        """Begin to add a passkey to the session's account; one that it holds already is not added twice."""
        whose = await self._pool.fetchrow(_SESSION, hashed(token))
        if whose is None or len(whose["held"]) >= _MOST:
            return None
        held = whose["held"]
        begun = (await _ceremonies()).to_add(self.host, whose["id"], whose["email"], whose["name"], held)
        return await self._begun(begun, whose["id"])

    async def enrol(self, token: str, challenge: str, credential: str, name: str, visitor: Visitor) -> bool:
        """Keep a new passkey, when it answers the challenge that this session was given."""
        whose = await self._pool.fetchrow(_SESSION, hashed(token))
        if whose is None or not await self._closed(challenge, whose["id"]):
            return False
        made = (await _ceremonies()).made(challenge, credential, host=self.host, origin=self.origin)
        if made is None:
            return False
        called = " ".join(name.split())[:_LONGEST_NAME] or device_of(visitor.user_agent)
        values = (whose["id"], made.credential_id, made.public_key, made.sign_count, called)
        async with self._pool.acquire() as connection, connection.transaction():
            kept = await connection.fetchval(_KEEP, *values)
            if kept is not None:
                await connection.execute(_AUDIT, whose["id"], kept, called)
                await tell(connection, PasskeyAdded.of(kept, owner=whose["id"]), actor=whose["id"])
        if kept is not None:
            await self._tell_the_owner(whose["email"], about=str(kept), name=called, visitor=visitor)
        return kept is not None

    async def challenge(self, visitor: Visitor) -> Ceremony:
        """Begin to sign in. It names no account: the device knows whose passkeys it holds.

        Raises:
            TooManyTries: too many were begun from there.
        """
        await self._knocks.count(self._pool, "passkey", network=network_of(visitor.address))
        return await self._begun((await _ceremonies()).to_sign_in(self.host), None)

    async def redeem(self, challenge: str, credential: str, visitor: Visitor) -> str | None:
        """A session for whoever signed the challenge with a passkey that is known here."""
        ceremonies = await _ceremonies()
        said = ceremonies.read(credential)
        if said is None or not await self._closed(challenge, None):
            return None
        key_id, owner = said
        async with self._pool.acquire() as connection, connection.transaction():
            known = await connection.fetchrow(_KNOWN, key_id)
            if known is None or owner != known["account_id"]:
                return None
            signed = ceremonies.proved(
                challenge,
                credential,
                host=self.host,
                origin=self.origin,
                public_key=known["public_key"],
                sign_count=known["sign_count"],
            )
            if signed is None:
                return None
            await connection.execute(_USED, known["id"], signed)
            return await begin(connection, known["account_id"], visitor)

    async def _tell_the_owner(self, to: str, *, about: str, name: str, visitor: Visitor) -> None:
        """By letter, once it is kept: whoever added it from a session left open cannot take the letter back."""
        device, place = device_of(visitor.user_agent), place_of(visitor.address)
        try:
            await self._post.send(
                KeyAdded(to=to, about=about, kind="passkey", name=name, device=device, place=place)
            )
        except NotSent as trouble:
            _log.error("a letter about a new passkey was not mailed: %s", trouble)

    async def _begun(self, ceremony: Ceremony, account: UUID | None) -> Ceremony:
        await self._pool.execute(_OPEN, hashed(ceremony.challenge), account)
        return ceremony

    async def _closed(self, challenge: str, account: UUID | None) -> bool:
        """Whether the challenge was open, for this account or for signing in; from now on it is not."""
        return await self._pool.fetchval(_CLOSE, hashed(challenge), account) is True


async def _ceremonies() -> ModuleType:
    """WebAuthn's library, loaded when the first passkey is used: it takes a tenth of a second and 14 MB."""
    return await asyncio.to_thread(import_module, "rotunda.ceremonies")
