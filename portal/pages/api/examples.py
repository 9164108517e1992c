"""The example documents under docs/examples, by who would send them: what GraphiQL offers."""

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
        words: [_read(file) for file in sorted((FOLDER / folder).glob("*.graphql"))]
        for folder, words in PERSONAS.items()
    }


def _read(file: Path) -> Example:
    variables = file.with_suffix(".json")
    return Example(
        name=f"{file.parent.name}/{file.stem}",
        title=file.stem.replace("-", " ").capitalize(),
        query=file.read_text(),
        variables=variables.read_text() if variables.exists() else "",
    )
