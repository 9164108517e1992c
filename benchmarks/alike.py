"""Whether two servers said the same: to the letter where they share a schema, else value by value."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

_PLACES = {"cursor", "endCursor"}  # everybody's own, and opaque
_ID = 32  # hexadecimal digits


def difference(ours: Any, other: Any, *, shaped: bool) -> str | None:
    """Where they differ, or ``None``; ``shaped`` says that names and order count too."""
    if shaped:
        return None if ours == other else _first(ours, other)
    missing, more = (Counter(_values(one)) for one in (ours["data"], other.get("data", other)))
    return (
        None if missing == more else f"{dict(missing - more)} is missing, {dict(more - missing)} is too much"
    )


def _first(ours: Any, other: Any, path: str = "") -> str:
    if isinstance(ours, dict) and isinstance(other, dict) and ours.keys() == other.keys():
        parts = [(f"{path}.{key}", ours[key], other[key]) for key in ours]
    elif isinstance(ours, list) and isinstance(other, list) and len(ours) == len(other):
        parts = [(f"{path}[{n}]", *pair) for n, pair in enumerate(zip(ours, other, strict=True))]
    else:
        return f"{path} is {str(other)[:200]} instead of {str(ours)[:200]}"
    return next(_first(mine, its, where) for where, mine, its in parts if mine != its)


def _values(answer: Any) -> Iterator[Any]:
    """Every value, in one form: ids without their kind, times to the minute, words in small letters."""
    match answer:
        case dict():
            for key, value in answer.items():
                if key not in _PLACES:
                    yield from _values(value)
        case list():
            for value in answer:
                yield from _values(value)
        case str():
            yield _plain(answer)
        case _:
            yield answer


def _plain(text: str) -> str:
    bare = text.partition("_")[2] or text
    if len(bare.replace("-", "")) == _ID:
        return bare.replace("-", "")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text.lower()
    moment = moment.astimezone(UTC) if moment.tzinfo else moment
    return moment.isoformat(timespec="minutes")
