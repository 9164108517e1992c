"""Page cursors: the keyset of an edge, opaque and signed, so that a changed or borrowed one is told at once.

A cursor is base64url(keys ‖ mac): ``keys`` is a JSON array of the order's values, ``mac`` the first eight bytes of
HMAC-SHA256 (RFC 2104) over the list's label and the keys. PostgreSQL without pgcrypto has SHA-256 and no HMAC,
so the database is handed the two padded keys and does the two hashes itself.
"""

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any

from planner.refusals import BadRequest

_BLOCK = 64
_MAC = 8
_SEPARATOR = b"\x1f"


def pads(key: bytes) -> tuple[bytes, bytes]:
    """HMAC's inner and outer padded keys, for ``sealed``."""
    padded = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
    return bytes(b ^ 0x36 for b in padded), bytes(b ^ 0x5C for b in padded)


def sealed(keys: str, label: str, inner: str, outer: str) -> str:
    """SQL text that makes a cursor of ``keys``, an SQL expression of the keys' bytes."""
    labelled = f"{inner} || '{label}\\x1f'::bytea || {keys}".replace("\\x1f", "\\037")
    mac = f"substr(sha256({outer} || sha256({labelled})), 1, {_MAC})"
    return f"translate(encode({keys} || {mac}, 'base64'), E'+/=\\n', '-_')"


def opened(cursor: Any, label: str, signing: bytes, width: int) -> list[Any]:
    """The keys inside a cursor; ``BadRequest`` when it is not one of ours for this list."""
    try:
        raw = base64.b64decode(
            str(cursor).replace("-", "+").replace("_", "/") + "=" * (-len(str(cursor)) % 4), validate=True
        )
        if base64.urlsafe_b64encode(raw).decode().rstrip("=") != cursor:
            raise ValueError  # noqa: TRY301 - another spelling of one of ours is none of ours
        keys, mac = raw[:-_MAC], raw[-_MAC:]
        expected = hmac.digest(signing, label.encode() + _SEPARATOR + keys, "sha256")[:_MAC]
        if not hmac.compare_digest(mac, expected):
            raise ValueError  # noqa: TRY301 - every way to be no cursor is answered in one place
        values: list[Any] = json.loads(keys)
    except (ValueError, binascii.Error):
        raise BadRequest(
            "This cursor does not belong to this list; take one from its `edges` or `pageInfo`.", "BAD_CURSOR"
        ) from None
    if len(values) != width:
        raise BadRequest("This cursor belongs to another order of the list.", "BAD_CURSOR")
    return values
