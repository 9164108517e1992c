"""Secrets a caller may hold: made with 256 bits of chance, kept only as their SHA-256."""

import hashlib
import secrets
from uuid import UUID

from models import ids

#: A capacity id that is none: it must be answered like one that is not held, not like no choice at all.
_NOBODY = UUID(int=0)


def made() -> str:
    """A new bearer token."""
    return f"rot_{secrets.token_urlsafe(32)}"


def hashed(secret: str | None) -> bytes | None:
    """What is kept of a secret; ``None`` for a visitor."""
    return None if secret is None else hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def capacity(shown: str | None) -> UUID | None:
    """The capacity a caller chose; ``None`` for no choice."""
    return None if shown is None else ids.read("cap", shown) or _NOBODY
