"""Names for invented people: given and family names as they are common in many parts of the world."""

import csv
from collections.abc import Iterable
from pathlib import Path
from random import Random

#: Given names and family names, by where they are common. A US city draws from all of them.
with Path(__file__).with_name("names.csv").open(encoding="utf-8", newline="") as _file:
    _LINES = list(csv.DictReader(_file))

_NAMES = {line["culture"]: (line["given"].split(), line["families"].split()) for line in _LINES}
_CULTURES = {country: line["culture"] for line in _LINES for country in line["countries"].split()}

# Immigrant countries draw from everybody, the first three more often, as their directories do.
_EVERYBODY = ("anglo", "anglo", "anglo", "african_american", "african_american", "latin", "latin", *_NAMES)


class Names:
    """Draws names without ever giving two people the same one."""

    def __init__(self, dice: Random, *, taken: Iterable[str] = ()) -> None:
        self._dice = dice
        self._given = set(taken)

    def draw(self, country: str) -> str:
        """A new name, such as is heard in ``country`` (ISO 3166-1, two letters)."""
        while True:
            name = self._once(country)
            if name not in self._given:
                self._given.add(name)
                return name

    def _once(self, country: str) -> str:
        culture = _CULTURES.get(country) or self._dice.choice(_EVERYBODY)
        given, families = _NAMES[culture]
        family = self._dice.choice(families)
        return f"{self._dice.choice(given)} {family}"
