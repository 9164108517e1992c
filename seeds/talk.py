"""Reads `talk.txt`: groups with what they are for, and what is said in them.

A line's first word says what it is: `#` a group (name, audience, confidentiality, whether offices post, who keeps it),
`##` a thread with its flags, `~` what could be said in any thread of the group (of the group `*`: in any group), `-` an
answer, `+` one from a mayor's office, `<` one from whoever opened the thread. ` ¶ ` parts paragraphs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from models.groups import Confidentiality, GroupAudience

_TEXT: Final = Path(__file__).with_name("talk.txt")


@dataclass(frozen=True)
class Line:
    """One post. ``kind`` is its first word; ``beside`` how it reads now, why it was hidden, or why reported."""

    kind: str
    text: str
    beside: str = ""


@dataclass
class Talk:
    """A thread."""

    title: str
    flags: frozenset[str]
    lines: list[Line] = field(default_factory=list)


@dataclass
class Room:
    """A group; ``chorus`` fits each of its threads."""

    name: str
    audience: GroupAudience
    confidentiality: Confidentiality
    offices: bool
    keepers: tuple[str, ...]
    purpose: str = ""
    chorus: list[str] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)


def rooms() -> tuple[list[Room], list[str]]:
    """Every group, and what can be said in any of them."""
    found: list[Room] = []
    anywhere: list[str] = []
    chorus = anywhere
    for mark, text in _lines():
        match mark:
            case "#" if text.startswith("*"):
                chorus = anywhere
            case "#":
                found.append(_room(text))
                chorus = found[-1].chorus
            case "##":
                title, _, flags = text.partition(" | ")
                found[-1].talks.append(Talk(title, frozenset(flags.split())))
            case "~":
                chorus.append(text)
            case "":
                _unmarked(found[-1], text)
            case _:
                said, _, beside = text.partition(" || ")
                found[-1].talks[-1].lines.append(Line(mark, said, beside))
    return found, anywhere


def _lines() -> Iterator[tuple[str, str]]:
    for line in _TEXT.read_text(encoding="utf-8").splitlines():
        text = line.replace(" ¶ ", "\n\n")
        mark, _, rest = text.partition(" ")
        if mark in {"#", "##"} or mark[:1] in {"~", "-", "+", "<"}:
            yield mark, rest
        elif text and mark != ";":
            yield "", text


def _unmarked(room: Room, text: str) -> None:
    """Ahead of its threads a group's purpose, then the opening of a thread."""
    if room.talks:
        room.talks[-1].lines.append(Line("<", text))
    else:
        room.purpose = text


def _room(text: str) -> Room:
    name, audience, confidentiality, offices, keepers = text.split(" | ")
    return Room(
        name,
        GroupAudience(audience),
        Confidentiality(confidentiality),
        offices == "offices",
        tuple(keepers.split()),
    )
