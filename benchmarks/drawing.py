"""The table as a picture: one bar a contender, requests per second on a logarithmic scale."""

from collections.abc import Mapping, Sequence
from html import escape
from math import log10

from benchmarks.contenders import ROTUNDA
from benchmarks.figures import Line, times

_WIDTH, _LEFT, _BAR, _ROW = 860, 260, 460, 26
_LEAST, _DECADES = 1.0, 5  # from 10 to 100,000 requests a second

_STYLE = """
    text { font: 14px system-ui, sans-serif; fill: #1b1b1b } .about { fill: #565c65 } .name { font-weight: 700 }
    .bar { fill: #a9aeb1 } .ours { fill: #005ea2 } .figure { font-variant-numeric: tabular-nums }
    .line { stroke: #dfe1e2 }
    @media (prefers-color-scheme: dark) {
        text { fill: #f0f0f0 } .about { fill: #a9aeb1 } .line { stroke: #3d4551 }
        .bar { fill: #565c65 } .ours { fill: #58b4ff }
    }
"""


def drawn(found: Mapping[str, tuple[str, Sequence[Line]]], caption: str) -> str:
    """An SVG of every document's lines; ``found`` maps its name to what it reads and its figures."""
    parts, y = (
        [
            _text(16, 28, "Requests per second, more is better; a logarithmic scale", "name"),
            _text(16, 50, caption, "about"),
        ],
        84,
    )
    for name, (about, lines) in found.items():
        parts += [_text(16, y, name, "name"), _text(110, y, about, "about")]
        for one in lines:
            y += _ROW
            parts.append(_bar(y, one))
        y += 2 * _ROW
    scale = "".join(_mark(10**power, y) for power in range(1, _DECADES + 1))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y + 20}" role="img" '
        f'aria-label="Requests per second of Rotunda and of what it is compared with">'
        f"<style>{_STYLE}</style>{scale}{''.join(parts)}</svg>\n"
    )


def _bar(y: int, one: Line) -> str:
    ours = one.contender is ROTUNDA
    width = _place(one.rate) - _LEFT
    figure = f"{one.rate:,.0f}" + ("" if ours else f"  (Rotunda {times(one)})")
    return (
        _text(_LEFT - 10, y, one.contender.title, "name" if ours else "about", anchor="end")
        + f'<rect class="{"ours" if ours else "bar"}" x="{_LEFT}" y="{y - 14}" width="{width:.1f}" height="18" rx="2"/>'
        + _text(_LEFT + width + 8, y, figure, "figure")
    )


def _mark(rate: int, bottom: int) -> str:
    x = _place(rate)
    return f'<line class="line" x1="{x:.1f}" x2="{x:.1f}" y1="70" y2="{bottom - 24}"/>' + _text(
        x, bottom - 6, f"{rate:,}", "about", anchor="middle"
    )


def _place(rate: float) -> float:
    return _LEFT + _BAR * max(0.0, log10(max(rate, 1.0)) - _LEAST) / (_DECADES - _LEAST)


def _text(x: float, y: float, text: str, kind: str, *, anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'
