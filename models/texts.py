"""Texts as people may write them: of any script, with any emoji, but nothing unseen."""

import re
from collections.abc import Mapping
from typing import Any

from models.problems import BadField, Invalid

LONGEST = 10_000

#: Controls but line breaks and tabs; marks that turn the text of others round (Unicode TR 36, 3.2: names that look like
#: other names); halves of surrogate pairs, and what is no character. Scripts from right to left need none of them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def check(given: Mapping[str, Any]) -> None:
    """``Invalid`` names every text among the inputs, by their names, that cannot be kept as it is."""
    texts = [(name, text) for name, value in given.items() for text in _texts(value)]
    problems = [BadField(name, wrong) for name, text in texts if (wrong := _wrong(text))]
    if problems:
        raise Invalid(*problems)


def line(text: str) -> str:
    """A text on one line, without blanks at its ends."""
    return " ".join(text.split())


def _texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return _texts(list(value.values()))
    if isinstance(value, list | tuple):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []


def _wrong(text: str) -> str:
    if len(text) > LONGEST:
        return f"This has {len(text):,} characters; at most {LONGEST:,} can be kept, and often fewer."
    unseen = _UNSEEN.search(text)
    return (
        f"There is a character in it that cannot be seen (U+{ord(unseen[0]):04X}); leave it out."
        if unseen
        else ""
    )
