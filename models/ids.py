"""Public ids: a short prefix that names the kind, and the row's UUID in hexadecimal (``evt_0198…``)."""

from uuid import UUID

_HEX_DIGITS = 32


def shown(prefix: str, value: UUID) -> str:
    """The public form of a row's id."""
    return f"{prefix}_{value.hex}"


def read(prefix: str, text: str) -> UUID | None:
    """The UUID inside a public id; ``None`` when it is malformed or names another kind."""
    kind, _, digits = text.partition("_")
    if kind != prefix or len(digits) != _HEX_DIGITS or not set(digits) <= set("0123456789abcdef"):
        return None
    return UUID(hex=digits)
