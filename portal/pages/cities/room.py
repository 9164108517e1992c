"""The directory: cities and their mayors, on a list and on a map, and a page for each."""

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.live import Subject, live, shown_in
from portal.pages.cities import places, profile
from portal.pages.cities.sheets import sheets
from portal.pages.events.telling import told
from portal.rooms import House, MissingThing

MOST_PEOPLE = 1_000_000_000
WORDS: dict[str, Any] = {
    "region_of": places.region,
    "brief": places.brief,
    "size_words": places.size,
    "away": places.away,
    "clock_there": places.clock_there,
    "sheets": sheets,
}


def routes(house: House) -> list[Route]:
    """The directory, a city, and the form of its profile."""

    async def cities(request: Request) -> Response:
        chosen = Choice.of(request)
        asked = chosen.address(page=chosen.page)
        extra: dict[str, Any] = {"chosen": chosen, "choices": _choices}
        extra |= {"live_query": asked, "live_name": _named(asked)}
        return await house.page(request, "cities/cities", chosen.variables(), **extra, **WORDS)

    async def cities_live(request: Request) -> Response:
        chosen = Choice.of(request)
        extra = {"chosen": chosen, **WORDS}
        subject = Subject("cities/cities", "directory", chosen.variables(), extra, says=shown_in)
        return live(house, request, subject)

    async def city(request: Request) -> Response:
        variables = {"slug": request.path_params["slug"]}
        return await house.page(request, "cities/city", variables, **OF_ONE)

    async def city_live(request: Request) -> Response:
        slug = request.path_params["slug"]

        def heeds(notice: Mapping[str, Any]) -> bool:
            return bool(notice.get("event")) or _of(notice) == slug

        def says(notice: Mapping[str, Any], block: str) -> bool:
            return _of(notice) == slug or shown_in(notice, block)

        subject = Subject("cities/city", "city", {"slug": slug}, OF_ONE, heeds=heeds, says=says)
        return live(house, request, subject)

    return [
        Route("/cities", cities),
        Route("/live/cities", cities_live),
        *profile.routes(house),
        Route("/cities/{slug}", city),
        Route("/live/cities/{slug}", city_live),
    ]


class Choice:
    """What of the directory is wanted, as the address says it; whatever it says wrongly is not asked for."""

    def __init__(self, asked: Mapping[str, str]) -> None:
        self.named = asked.get("named", "").strip()[:100]
        self.place = asked.get("place", "").strip()[:10].upper()
        size = asked.get("size", "")
        self.size = size if size.isdecimal() and len(size) < len(str(MOST_PEOPLE)) else ""
        self.everyone = asked.get("who") == "all"
        self.page = asked.get("page", "")

    @classmethod
    def of(cls, request: Request) -> "Choice":
        """From the address of a page."""
        return cls(request.query_params)

    def variables(self) -> dict[str, Any]:
        """For the document; what is not wanted is left out."""
        country, _, region = self.place.partition("-")
        wanted = {
            "named": self.named,
            "country": country,
            "region": region,
            "size": int(self.size) if self.size else None,
            "member": None if self.everyone else True,
            "after": self.page,
        }
        return {name: value for name, value in wanted.items() if value not in ("", None)}

    def address(self, **instead: str) -> str:
        """The query of the same choice with something else instead; another page only if it is named."""
        said = {
            "named": self.named,
            "place": self.place,
            "size": self.size,
            "who": "all" if self.everyone else "",
        }
        return urlencode({name: value for name, value in (said | instead).items() if value})

    @property
    def narrow(self) -> bool:
        """Whether anything at all was chosen."""
        return bool(self.named or self.place or self.size)


def _choices(regions: list[Mapping[str, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The places to choose from, under headings: the states, then the other countries."""
    states = {r["region"]: places.region(r) for r in regions if r["country"] == "US"}
    lands = {r["country"]: places.country(r["country"]) for r in regions if r["country"] != "US"}
    at_home = [(f"US-{code}", name) for code, name in sorted(states.items(), key=lambda item: item[1])]
    abroad = sorted(lands.items(), key=lambda item: item[1])
    return [("United States", [("US", "All of the United States"), *at_home]), ("Elsewhere", abroad)]


def _named(asked: str) -> str:
    """A name for what is asked for, good for an element's id."""
    return hashlib.sha256(asked.encode()).hexdigest()[:12]


def _of(notice: Mapping[str, Any]) -> str:
    """The city of the mayor that a notice is about."""
    return str((((notice.get("mayor") or {}).get("city")) or {}).get("slug", ""))


def _there(city: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if city is None:
        raise MissingThing("There is no such city.")
    return city


OF_ONE: dict[str, Any] = {**WORDS, "there": _there, "tell": told}
