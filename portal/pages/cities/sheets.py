"""Sheets of the map: cities become dots on the United States, or on the world where they lie elsewhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from portal.assets import FOLDER
from portal.pages.cities import places, projection

#: Behind this share of the width a name is written to the left of its dot, or it would leave the sheet.
_TURN = 0.72


@dataclass(frozen=True, slots=True)
class Dot:
    """A city on a sheet, in its units; `left` says on which side of it the name stands."""

    slug: str
    name: str
    x: int
    y: int
    left: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A drawn coast and the dots on it."""

    key: str
    name: str
    width: int
    height: int
    drawing: Markup
    dots: tuple[Dot, ...]


def sheets(cities: Iterable[Mapping[str, Any]]) -> list[Sheet]:
    """The sheets that have dots; a city is on one of them."""
    near: list[Dot] = []
    far: list[Dot] = []
    for city in cities:
        at_home = city["country"] == "US"
        (near if at_home else far).append(
            _dot(city, projection.US_SIZE if at_home else projection.WORLD_SIZE)
        )
    both = [
        Sheet("us", "the United States", *projection.US_SIZE, _US, tuple(near)),
        Sheet("world", "the world", *projection.WORLD_SIZE, _WORLD, tuple(far)),
    ]
    return [sheet for sheet in both if sheet.dots]


def _dot(city: Mapping[str, Any], size: tuple[int, int]) -> Dot:
    put = projection.states(city["region"]) if size is projection.US_SIZE else projection.world
    x, y = put(city["latitude"], city["longitude"])
    return Dot(city["slug"], places.brief(city), round(x), round(y), x > size[0] * _TURN)


# Drawn by static/vendor/fetch and checked in; they are part of the page, so that they take its colours.
_US, _WORLD = (
    Markup((FOLDER / "vendor" / f"map-{key}.svg").read_text())  # noqa: S704  # our own file
    for key in ("us", "world")
)
