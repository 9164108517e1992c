"""The example documents under docs/examples, by who would send them: what GraphiQL offers."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[3] / "docs" / "examples"
PERSONAS = {
    "mayor": "As a mayor",
    "staff": "As a mayor's staff",
    "host": "As a host",
    "secretariat": "As the secretariat",
    "program": "As a program",
}
# What one would try first; what is not named follows by its name.
ORDER = (
    "who-am-i",
    "what-changed",
    "what-waits",
    "head",
    "notices",
    "accept-a-delegation",
    "events",
    "event",
    "postpone-an-event",
    "mark-as-seen",
)
FIRST = "mayor/who-am-i"


@dataclass(frozen=True, slots=True)
class Example:
    """A document with its variables, both as text; `name` is `mayor/who-am-i`."""

    name: str
    title: str
    query: str
    variables: str


@cache
def examples() -> dict[str, list[Example]]:
    """Every example under its persona's words."""
    return {
        words: [_read(file) for file in sorted((FOLDER / folder).glob("*.graphql"), key=_place)]
        for folder, words in PERSONAS.items()
    }


def _place(file: Path) -> tuple[int, str]:
    return (ORDER.index(file.stem) if file.stem in ORDER else len(ORDER), file.stem)


def _read(file: Path) -> Example:
    variables = file.with_suffix(".json")
    return Example(
        name=f"{file.parent.name}/{file.stem}",
        title=re.sub(r"\bi\b", "I", file.stem.replace("-", " ").capitalize()),
        query=file.read_text(),
        variables=variables.read_text() if variables.exists() else "",
    )
