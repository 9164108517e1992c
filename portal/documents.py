"""The pages' GraphQL documents: one file each, with the fragments they spread put beside them."""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "pages"
_SPREAD = re.compile(r"\.\.\.\s*(?!on\b)([A-Za-z_]\w*)")


@cache
def document(name: str) -> str:
    """The whole text of a document, `events/calendar` or `events/postpone.act`, fragments included."""
    text = (FOLDER / f"{name}.graphql").read_text()
    parts, wanted = [text], _SPREAD.findall(text)
    known: set[str] = set()
    while wanted:
        fragment = wanted.pop()
        if fragment not in known:
            known.add(fragment)
            parts.append(_fragment(fragment))
            wanted += _SPREAD.findall(parts[-1])
    return "\n".join(part.strip() for part in parts) + "\n"


def names() -> list[str]:
    """Every document there is, for the tests that hold them against the schema."""
    files = FOLDER.rglob("*.graphql")
    found = (str(file.relative_to(FOLDER)).removesuffix(".graphql") for file in files)
    return sorted(name for name in found if not name.endswith(".fragment"))


def _fragment(name: str) -> str:
    return next(FOLDER.rglob(f"{name}.fragment.graphql")).read_text()
