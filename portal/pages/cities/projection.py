"""A place on paper: Albers' equal-area cone for the United States with its insets, Equal Earth for the world.

Both sheets are drawn by `static/vendor/fetch` with these very functions, so that a dot lies where its coast does. The
figures of the first are those of d3's `geoAlbersUsa` as us-atlas uses it (1,300 units, 975 by 610); Puerto Rico, which
that leaves out, has an inset of its own. A projection is a matter of the picture and not of the city, so no column of
the database holds it: four hundred places cost a millisecond.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

Point = tuple[float, float]
Projection = Callable[[float, float], Point]

US_SIZE = (975, 610)
WORLD_SIZE = (975, 428)
_UNIT, _MIDDLE = 1300.0, (487.5, 305.0)


@dataclass(frozen=True, slots=True)
class Cone:
    """Albers' conic equal-area projection: parallels and centre in degrees, the centre seen from `meridian`."""

    meridian: float
    center: Point
    parallels: Point
    unit: float
    at: Point

    def __call__(self, latitude: float, longitude: float) -> Point:
        """Degrees become units to the right and down."""
        x, y = self._raw(radians(longitude - self.meridian), radians(latitude))
        east, north = self._raw(*map(radians, self.center))
        return self.at[0] + self.unit * (x - east), self.at[1] - self.unit * (y - north)

    def _raw(self, east: float, north: float) -> Point:
        first, second = (sin(radians(parallel)) for parallel in self.parallels)
        n = (first + second) / 2
        c = 1 + first * (2 * n - first)
        r = sqrt(c - 2 * n * sin(north)) / n
        return r * sin(east * n), sqrt(c) / n - r * cos(east * n)


def _beside(right: float, down: float) -> Point:
    return _MIDDLE[0] + right * _UNIT, _MIDDLE[1] + down * _UNIT


#: By the letters of the state; `""` is the forty-eight that hang together, and the District of Columbia.
STATES: Mapping[str, Cone] = {
    "": Cone(-96, (-0.6, 38.7), (29.5, 45.5), _UNIT, _MIDDLE),
    "AK": Cone(-154, (-2, 58.5), (55, 65), _UNIT * 0.35, _beside(-0.307, 0.201)),
    "HI": Cone(-157, (-3, 19.9), (8, 18), _UNIT, _beside(-0.205, 0.212)),
    "PR": Cone(-66.4, (0, 18.2), (8, 28), _UNIT * 1.3, _beside(0.3, 0.205)),
}
_A = (1.340264, -0.081106, 0.000893, 0.003796)  # Šavrič, Patterson and Jenny, 2018
_WORLD_UNIT = 975 / (2 * 2.70663)
_WORLD_TOP = 223.0


def states(region: str) -> Projection:
    """How places of a state are put on the sheet of the United States."""
    return STATES.get(region, STATES[""])


def world(latitude: float, longitude: float) -> Point:
    """Where a place is on the sheet of the world, from 83° north to 57° south."""
    t = asin(sqrt(3) / 2 * sin(radians(latitude)))
    steep = _A[0] + 3 * _A[1] * t**2 + t**6 * (7 * _A[2] + 9 * _A[3] * t**2)
    x = 2 * sqrt(3) * radians(longitude) * cos(t) / (3 * steep)
    y = t * (_A[0] + _A[1] * t**2 + t**6 * (_A[2] + _A[3] * t**2))
    return WORLD_SIZE[0] / 2 + _WORLD_UNIT * x, _WORLD_TOP - _WORLD_UNIT * y


def kilometres(here: Point, there: Point) -> float:
    """The great-circle distance of two places, each latitude and longitude, on a sphere of the mean radius."""
    (north, east), (other_north, other_east) = ((radians(a), radians(b)) for a, b in (here, there))
    half = sin((other_north - north) / 2) ** 2
    half += cos(north) * cos(other_north) * sin((other_east - east) / 2) ** 2
    return 2 * 6371.0088 * asin(min(1.0, sqrt(half)))
