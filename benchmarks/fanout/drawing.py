"""The table as a picture: milliseconds until the last socket hears, over the number of sockets."""

from collections.abc import Sequence
from html import escape
from math import log10

from benchmarks.fanout.figures import Line
from benchmarks.fanout.servers import ROTUNDA, SYSTEM_CALL

_WIDTH, _HEIGHT, _LEFT, _TOP, _PLOT_WIDTH, _PLOT_HEIGHT = 860, 470, 70, 80, 540, 330
_MARKS = (1, 10, 100, 1_000, 10_000)

_STYLE = """
    text { font: 14px system-ui, sans-serif; fill: #1b1b1b } .about { fill: #565c65 } .name { font-weight: 700 }
    .line { stroke: #dfe1e2 } .curve { fill: none; stroke-width: 2.5; stroke: #a9aeb1 } .mine { stroke: #005ea2 }
    @media (prefers-color-scheme: dark) {
        text { fill: #f0f0f0 } .about { fill: #a9aeb1 } .line { stroke: #3d4551 }
        .curve { stroke: #565c65 } .mine { stroke: #58b4ff }
    }
"""


def drawn(lines: Sequence[Line], caption: str) -> str:
    """An SVG with a line for each contender, on a logarithmic scale; the two bare writes would lie on each other."""
    lines = [one for one in lines if one.key != SYSTEM_CALL.key]
    sizes = sorted({one.size for one in lines})
    parts = [
        _text(
            16,
            28,
            "Milliseconds until the last socket hears of a postponement; less is better; logarithmic",
            "name",
        )
    ]
    parts.append(_text(16, 50, f"By the number of sockets; one server process each, {caption}", "about"))
    for mark in _MARKS:
        y = _down(mark)
        parts.append(
            f'<line class="line" x1="{_LEFT}" x2="{_LEFT + _PLOT_WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
        )
        parts.append(_text(_LEFT - 8, y + 5, f"{mark:,}", "about", anchor="end"))
    for size in sizes:
        x = _across(size, sizes[-1])
        parts.append(_text(x, _TOP + _PLOT_HEIGHT + 24, f"{size:,}", "about", anchor="middle"))
    keys = dict.fromkeys(one.key for one in lines)
    parts += [_curve([one for one in lines if one.key == key], sizes[-1]) for key in keys]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="How soon the last of many sockets hears, of Rotunda and of what it is compared with">'
        f"<style>{_STYLE}</style>{''.join(parts)}</svg>\n"
    )


def _curve(own: Sequence[Line], most: int) -> str:
    mine = own[0].key == ROTUNDA.key
    points = " ".join(f"{_across(one.size, most):.1f},{_down(one.last):.1f}" for one in own)
    x, y = _across(own[-1].size, most) + 8, _down(own[-1].last) + 5
    said = f"{own[-1].last:,.0f}  {own[-1].title}"
    return f'<polyline class="curve{" mine" if mine else ""}" points="{points}"/>' + _text(
        x, y, said, "name" if mine else "about"
    )


def _across(size: int, most: int) -> float:
    return _LEFT + _PLOT_WIDTH * size / most


def _down(milliseconds: float) -> float:
    return _TOP + _PLOT_HEIGHT * (1 - log10(milliseconds) / log10(_MARKS[-1]))


def _text(x: float, y: float, text: str, kind: str, *, anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
