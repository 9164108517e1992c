"""What came with a form: plain text, field by field."""

from starlette.requests import Request

# Line breaks and tabs are writing; other control characters are accidents, and PostgreSQL takes no NUL.
_ACCIDENTS = {code: None for code in range(32) if chr(code) not in "\n\t"}


async def fields(request: Request) -> dict[str, str]:
    """Every field's text, without what cannot be seen; a file is no text and is left out."""
    sent = await request.form()
    return {name: _seen(value) for name, value in sent.items() if isinstance(value, str)}


def _seen(value: str) -> str:
    return value.translate(_ACCIDENTS).strip()
