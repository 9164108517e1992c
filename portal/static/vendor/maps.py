"""Draws the portal's two sheets, the United States and the world, from the atlases of npm; called by `fetch`."""

import json
import math
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parents[2]))

from portal.pages.cities import projection  # noqa: E402  # found only now

AS_IT_IS = lambda x, y: (x, y)  # noqa: E731


def draw(modules: pathlib.Path) -> None:
    united = Atlas(modules / "us-atlas/states-albers-10m.json", AS_IT_IS)
    apart = Atlas(modules / "us-atlas/states-10m.json", lambda x, y: projection.states("PR")(y, x))
    island = [g for g in apart.objects["states"]["geometries"] if g["id"] == "72"]
    land = united.outlines(united.objects["nation"]["geometries"], 0.9, 5) + apart.outlines(island, 0.5, 3)
    write("map-us.svg", land=land, borders=united.borders("states", 0.9))
    world = Atlas(modules / "world-atlas/land-110m.json", AS_IT_IS)
    write("map-world.svg", land=world.coasts(world.objects["land"]["geometries"], 0.5, 3), borders="")


def write(name: str, *, land: str, borders: str) -> None:
    lines = f'<path class="map-borders" d="{borders}"/>\n' if borders else ""
    (HERE / name).write_text(f'<path class="map-land" d="{land}"/>\n{lines}')


class Atlas:
    """A TopoJSON file with its arcs decoded and put on paper."""

    def __init__(self, file: pathlib.Path, place) -> None:
        told = json.loads(file.read_text())
        self.objects = told["objects"]
        scale, shift = told["transform"]["scale"], told["transform"]["translate"]
        self.arcs = []
        for steps in told["arcs"]:
            x = y = 0
            points = []
            for dx, dy in steps:
                x, y = x + dx, y + dy
                points.append(place(x * scale[0] + shift[0], y * scale[1] + shift[1]))
            self.arcs.append(points)

    def outlines(self, shapes, tolerance: float, least: float) -> str:
        """Every ring of the shapes that covers at least so many square units."""
        thinned = ([p for arc in ring for p in self.thinned(arc, tolerance)] for ring in rings(shapes))
        return "".join(path(points) + "z" for points in thinned if abs(area(points)) >= least)

    def coasts(self, shapes, tolerance: float, least: float) -> str:
        """The same on the world. A coast that crosses the date line goes on beyond it; Antarctica is left out."""
        text = ""
        for ring in rings(shapes):
            degrees = []
            for x, y in (p for arc in ring for p in self.thinned(arc, 0)):
                turns = round((degrees[-1][0] - x) / 360) if degrees else 0
                degrees.append((x + 360 * turns, y))
            east = [x for x, _ in degrees]
            home = 360 * round((min(east) + max(east)) / 720)
            if max(y for _, y in degrees) > -60:
                points = thin([projection.world(y, x - home) for x, y in degrees], tolerance)
                text += path(points) + "z" if abs(area(points)) >= least else ""
        return text

    def borders(self, name: str, tolerance: float) -> str:
        """The lines that two shapes share."""
        users = {}
        for shape in self.objects[name]["geometries"]:
            for arc in flat(shape["arcs"]):
                users[arc if arc >= 0 else ~arc] = users.get(arc if arc >= 0 else ~arc, 0) + 1
        return "".join(path(self.thinned(arc, tolerance)) for arc, many in sorted(users.items()) if many > 1)

    def thinned(self, arc: int, tolerance: float):
        """An arc without the points nobody would miss; both shapes beside it lose the same ones."""
        points = thin(self.arcs[arc if arc >= 0 else ~arc], tolerance)
        return points if arc >= 0 else points[::-1]


def rings(shapes):
    for shape in shapes:
        for polygon in [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]:
            yield from polygon


def flat(arcs):
    for item in arcs:
        if isinstance(item, int):
            yield item
        else:
            yield from flat(item)


def area(points) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1])) / 2


def thin(points, tolerance: float):
    """Douglas and Peucker, 1973."""
    (ax, ay), (bx, by) = points[0], points[-1]
    length = math.hypot(bx - ax, by - ay)
    far, where = 0.0, 0
    for n, (x, y) in enumerate(points[1:-1], 1):
        off = abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length if length else math.hypot(x - ax, y - ay)
        if off > far:
            far, where = off, n
    if far <= tolerance:
        return [points[0], points[-1]]
    return thin(points[: where + 1], tolerance)[:-1] + thin(points[where:], tolerance)


def path(points) -> str:
    """Whole units, each step from the one before: an eye sees no more on a screen."""
    whole = [(round(x), round(y)) for x, y in points]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in zip(whole, whole[1:]) if a != b]
    return f"M{whole[0][0]},{whole[0][1]}l" + " ".join(f"{x},{y}" for x, y in steps).replace(" -", "-").replace(",-", "-") if steps else ""
