"""Places in words and on paper: names, sizes, distances, and the dots of the map."""

from typing import Any

import pytest

from portal.pages.cities import places, projection
from portal.pages.cities.room import Choice
from portal.pages.cities.sheets import sheets

# d3-geo's own tests of geoAlbersUsa, in its default size (1,070 units about 480, 250).
KNOWN = {
    "San Francisco": ("CA", 37.7749, -122.4194, 107.4, 214.1),
    "New York": ("NY", 40.7128, -74.0059, 794.6, 176.5),
    "Tulsa": ("OK", 36.1540, -95.9928, 488.8, 298.0),
    "Anchorage": ("AK", 61.2181, -149.9003, 171.2, 446.9),
    "Honolulu": ("HI", 21.3069, -157.8583, 298.5, 451.0),
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_city_stands_where_d3_puts_it(name: str) -> None:
    region, latitude, longitude, x, y = KNOWN[name]

    east, south = projection.states(region)(latitude, longitude)

    assert (480 + (east - 487.5) * 1070 / 1300) == pytest.approx(x, abs=0.1)
    assert (250 + (south - 305) * 1070 / 1300) == pytest.approx(y, abs=0.1)


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(18.3985, -66.1557), (18.2013, -67.1397), (17.98, -66.6), (18.5, -65.2)]
)
def test_puerto_rico_has_its_own_corner_of_the_sheet(latitude: float, longitude: float) -> None:
    x, y = projection.states("PR")(latitude, longitude)

    assert 840 < x < 975
    assert 520 < y < 610


def test_the_world_has_its_middle_where_greenwich_meets_the_equator() -> None:
    x, y = projection.world(0, 0)
    assert (x, y) == (487.5, 223)
    assert projection.world(0, 180)[0] == pytest.approx(975)
    assert projection.world(-41.3, 174.8)[1] < projection.WORLD_SIZE[1]


def test_a_distance_is_told_in_miles_and_kilometres() -> None:
    richmond, norfolk = (
        {"latitude": 37.5538, "longitude": -77.4603},
        {"latitude": 36.8468, "longitude": -76.2852},
    )
    near = {"latitude": 37.6, "longitude": -77.4603}

    assert places.away(richmond, norfolk).replace("\N{NO-BREAK SPACE}", " ") == "81 miles (130 km)"
    assert places.away(richmond, near).replace("\N{NO-BREAK SPACE}", " ") == "3.2 miles (5.1 km)"


@pytest.mark.parametrize(
    ("country", "region", "words"),
    [
        ("US", "VA", "Virginia"),
        ("US", "PR", "Puerto Rico"),
        ("GH", "01", "Ghana"),
        ("GB", "ENG", "United Kingdom"),
        ("XK", "", "Kosovo"),
        ("QQ", "", "QQ"),
    ],
)
def test_a_place_is_called_by_its_name(country: str, region: str, words: str) -> None:
    assert places.region({"country": country, "region": region}) == words


def test_every_country_of_the_seeds_has_a_name() -> None:
    from seeds.make_cities import CITIES  # noqa: PLC0415  # only this test looks at the seeds

    codes = {line.split(",")[-6] for line in CITIES.read_text(encoding="utf-8").splitlines()[1:]}

    assert [code for code in codes if places.country(code) == code] == []


def test_a_band_is_said_in_words() -> None:
    assert places.size({"atLeast": 0, "below": 30_000}) == "under 30,000"
    assert places.size({"atLeast": 150_000, "below": 300_000}) == "150,000 to 299,999"
    assert places.size({"atLeast": 4_000_000, "below": None}) == "4,000,000 or more"


def test_a_sheet_without_dots_is_not_drawn_and_a_name_stays_on_its_sheet() -> None:
    made = sheets([_city("bangor-me", "US", "ME", 44.8, -68.8), _city("fresno-ca", "US", "CA", 36.7, -119.8)])

    (sheet,) = made
    assert sheet.key == "us"
    assert [(dot.name, dot.left) for dot in sheet.dots] == [("bangor-me, ME", True), ("fresno-ca, CA", False)]
    assert [sheet.key for sheet in sheets([_city("accra-gh", "GH", "01", 5.6, -0.2)])] == ["world"]
    assert sheets([]) == []


def test_an_address_written_by_hand_asks_for_nothing_odd() -> None:
    odd = Choice({"named": " " * 5, "place": "us-va", "size": "many", "who": "me", "page": ""})

    assert odd.variables() == {"country": "US", "region": "VA", "member": True}
    assert Choice({"size": "9" * 30}).variables() == {"member": True}
    assert Choice({"who": "all"}).variables() == {}
    assert Choice({"named": "é&a", "who": "all", "page": "x"}).address() == "named=%C3%A9%26a&who=all"


def _city(slug: str, country: str, region: str, latitude: float, longitude: float) -> dict[str, Any]:
    place = {"country": country, "region": region, "latitude": latitude, "longitude": longitude}
    return {"slug": slug, "name": slug, **place}
