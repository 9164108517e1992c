"""A position in the log, and its opaque form for clients: the same as the database's ``log_cursor``."""

import base64
import binascii
import hashlib

_VERSION = "1"
_LARGEST = 2**63 - 1


class BadCursor(ValueError):
    """Not a cursor of any log: damaged, or never one."""


def cursor(position: int, epoch: str) -> str:
    """A position as clients carry it."""
    text = f"{_VERSION}:{epoch}:{position}:{_check(position, epoch)}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def opened(shown: str) -> tuple[int, str]:
    """The position and the epoch inside a cursor; ``BadCursor`` when there is none inside."""
    try:
        raw = base64.b64decode(shown.translate(_STANDARD) + "=" * (-len(shown) % 4), validate=True)
        version, epoch, digits, check = raw.decode("ascii").split(":")
        position = int(digits) if digits.isdigit() else -1
    except (ValueError, binascii.Error):
        raise BadCursor from None
    if version != _VERSION or not 0 <= position <= _LARGEST or check != _check(position, epoch):
        raise BadCursor
    if cursor(position, epoch) != shown:
        raise BadCursor  # another spelling: padding, blanks, leading zeros, bits that say nothing
    return position, epoch


_STANDARD = str.maketrans("-_", "+/")


def _check(position: int, epoch: str) -> str:
    # A checksum against accidents, not a signature: a forged position shows nothing that `readable` does not allow,
    # and a cursor of another installation must still be read, to be answered with CursorExpired.
    return hashlib.md5(f"rotunda:{epoch}:{position}".encode(), usedforsecurity=False).hexdigest()[:6]
