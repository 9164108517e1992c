"""What places are called: countries by the time zone database, the states by hand; and how large and far they are."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portal import dates
from portal.pages.cities.projection import kilometres

A_MILE = 1.609344
_NEAR = 10

STATES = dict(
    line.split(" ", 1)
    for line in """AK Alaska;AL Alabama;AR Arkansas;AZ Arizona;CA California;CO Colorado;CT Connecticut;
    DC District of Columbia;DE Delaware;FL Florida;GA Georgia;HI Hawaii;IA Iowa;ID Idaho;IL Illinois;
    IN Indiana;KS Kansas;KY Kentucky;LA Louisiana;MA Massachusetts;MD Maryland;ME Maine;MI Michigan;
    MN Minnesota;MO Missouri;MS Mississippi;MT Montana;NC North Carolina;ND North Dakota;NE Nebraska;
    NH New Hampshire;NJ New Jersey;NM New Mexico;NV Nevada;NY New York;OH Ohio;OK Oklahoma;OR Oregon;
    PA Pennsylvania;PR Puerto Rico;RI Rhode Island;SC South Carolina;SD South Dakota;TN Tennessee;
    TX Texas;UT Utah;VA Virginia;VT Vermont;WA Washington;WI Wisconsin;WV West Virginia;
    WY Wyoming""".replace("\n    ", "").split(";")
)
#: Where the database abbreviates, or has no name at all.
_OTHERWISE = {
    "GB": "United Kingdom",
    "KR": "South Korea",
    "KP": "North Korea",
    "CD": "Democratic Republic of the Congo",
    "CG": "Republic of the Congo",
    "XK": "Kosovo",
}


def country(code: str) -> str:
    """A country's name, or its code where nobody knows the name."""
    return _OTHERWISE.get(code) or _countries().get(code, code)


def region(city: Mapping[str, Any]) -> str:
    """Where a city is, in words: the state in the United States, the country elsewhere."""
    known: str = city["region"] if city["country"] == "US" else city["country"]
    return STATES.get(known, known) if city["country"] == "US" else country(known)


def brief(city: Mapping[str, Any]) -> str:
    """A city with as little as tells it from others: "Richmond, VA", "Tema, Ghana"."""
    return f"{city['name']}, {city['region'] if city['country'] == 'US' else country(city['country'])}"


def size(band: Mapping[str, Any] | None) -> str:
    """A band of the dues table in words: "150,000 to 299,999"."""
    if band is None:
        return "not known"
    if not band["atLeast"]:
        return f"under {band['below']:,}"
    return (
        f"{band['atLeast']:,} to {band['below'] - 1:,}" if band["below"] else f"{band['atLeast']:,} or more"
    )


def away(here: Mapping[str, Any], there: Mapping[str, Any]) -> str:
    """How far apart two cities are as the crow flies: "98 miles (158 km)"."""
    apart = kilometres((here["latitude"], here["longitude"]), (there["latitude"], there["longitude"]))
    miles = apart / A_MILE
    figures = (f"{miles:.1f}", f"{apart:.1f}") if miles < _NEAR else (f"{miles:,.0f}", f"{apart:,.0f}")
    return f"{figures[0]}{dates.NBSP}miles ({figures[1]}{dates.NBSP}km)"


def clock_there(zone: str) -> str:
    """What the clocks of a zone say now: "9:41 am on Sunday"; nothing where the zone is unknown."""
    try:
        now = datetime.now(ZoneInfo(zone))
    except ZoneInfoNotFoundError:
        return ""
    return f"{dates.clock(now)} on {now:%A}"


@cache
def _countries() -> dict[str, str]:
    text = (resources.files("tzdata.zoneinfo") / "iso3166.tab").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {line[0]: line[1] for line in lines}
