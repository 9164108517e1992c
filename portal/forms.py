"""What came with a form, as plain text field by field; and whether what it asked for was refused."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

# Line breaks and tabs are writing; other control characters are accidents, and PostgreSQL takes no NUL.
_ACCIDENTS = {code: None for code in range(32) if chr(code) not in "\n\t"}


async def fields(request: Request) -> dict[str, str]:
    """Every field's text, without what cannot be seen; a file is no text and is left out."""
    sent = await request.form()
    return {name: _seen(value) for name, value in sent.items() if isinstance(value, str)}


def refused(outcome: Mapping[str, Any] | None, act: str) -> str:
    """The act, where it was the right to it that was missing: `/why` explains it under that name. Else nothing."""
    return act if outcome is not None and outcome["__typename"] == "Refused" else ""


def _seen(value: str) -> str:
    return value.translate(_ACCIDENTS).strip()
