"""The layout: one noun, one name, on every floor; CONTRIBUTING's table is held true here."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOUNS = ("events", "delegations", "mayors", "keys", "groups", "discussions", "readings")
FLOORS = ("models", "policy", "resolvers", "schema")
#: Nouns that nobody acts upon yet.
READ_ONLY = ("cities", "accounts", "notices", "audit")
FORBIDDEN_NAMES = {"utils", "helpers", "base", "manager", "service_layer", "handlers", "common", "misc"}


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("floor", FLOORS)
def test_every_noun_stands_under_its_name_on_every_floor(floor: str, noun: str) -> None:
    assert (ROOT / floor / f"{noun}.py").is_file()


@pytest.mark.parametrize("noun", READ_ONLY)
@pytest.mark.parametrize("floor", ["models", "policy", "schema"])
def test_what_is_only_read_stands_on_the_floors_of_reading(floor: str, noun: str) -> None:
    assert (ROOT / floor / f"{noun}.py").is_file()


def test_no_module_hides_behind_a_name_that_says_nothing() -> None:
    modules = {path.stem for path in _sources()}

    assert not modules & FORBIDDEN_NAMES


def test_every_module_says_in_its_first_line_what_it_is() -> None:
    silent = [
        str(path) for path in _sources() if path.stat().st_size and not path.read_text().startswith('"""')
    ]

    assert silent == []


def test_what_contributing_names_is_there() -> None:
    named = re.findall(r"`((?:[a-z]+/)+[a-z_.]+(?:/)?)`", (ROOT / "CONTRIBUTING.md").read_text())

    missing = [path for path in named if not (ROOT / path).exists()]

    assert len(named) > 5
    assert missing == []


def test_every_page_is_a_document_and_a_template() -> None:
    pages = ROOT / "portal" / "pages"
    templates = {path.with_suffix("") for path in pages.rglob("*.html")}
    documents = {path.with_suffix("") for path in pages.rglob("*.graphql")}

    # Pieces that several templates share have no document of their own: they are named for what they are part of.
    lonely = {path for path in templates - documents if "_" not in path.name and path.name != "moving"}

    assert lonely == set()


def test_only_the_wrapper_of_acts_commits() -> None:
    committing = [
        path.relative_to(ROOT).as_posix()
        for floor in ("models", "policy", "resolvers", "schema", "notifications", "portal")
        for path in (ROOT / floor).rglob("*.py")
        if re.search(r"\.commit\(|session\.begin\(|\.transaction\(", path.read_text())
    ]

    # The worker's expiry is a transaction of its own.
    assert sorted(committing) == ["resolvers/act.py", "resolvers/expiry.py"]


def _sources() -> list[Path]:
    floors = (
        "models",
        "policy",
        "planner",
        "resolvers",
        "schema",
        "notifications",
        "portal",
        "rotunda",
        "seeds",
    )
    return [path for floor in floors for path in (ROOT / floor).rglob("*.py")]
