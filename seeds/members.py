"""The member cities: which they are, who holds their seats, and to whom those mayors have delegated what."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from secrets import token_bytes
from typing import Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from models.accounts import Account
from models.cities import City, Seat
from models.delegations import Delegation, DelegationStatus, Scope
from models.mayors import Person, Term
from seeds.make_cities import CITIES
from seeds.names import Names
from seeds.rows import House, Ids

MEMBERS: Final = 400
SECRETARIAT: Final = "secretariat@rotunda.example"
HOST: Final = "host@water.example"
SECRETARY: Final = "Josephine Okafor"
WATER_HOST: Final = "Marisol Achterberg"
TWO_MAYORS: Final = "regional@tidewater.example"

#: What `staff@<slug>.example` may do in every member city.
STAFF_SCOPES: Final = [
    Scope.PROFILE,
    Scope.RSVP,
    Scope.REGISTER,
    Scope.DRAFT_RESOLUTION,
    Scope.POST_AS_OFFICE,
    Scope.READ_GROUP,
]

#: The seat that nobody holds, in a city that has asked to join; and the one whose next mayor is elected.
VACANT: Final = "dublin-ca"
CHANGING: Final = "mount-vernon-ny"


_CHOSEN = CITIES.with_name("members.csv")

_BEFORE_OFFICE = (
    "Taught civics at the public high school for eleven years before standing for the council.",
    "Ran the family hardware shop on Main Street, and still knows which bridge needs paint.",
    "A nurse by training; came to office over the closing of a clinic and stayed for the water bills.",
    "Engineer of streets and drains, twice council member, once by seven votes.",
    "Led the neighbourhood library's friends for a decade before leading the city.",
    "Former bus driver and union steward; walks to work on the first Monday of every month.",
    "Practised housing law, then sat on the planning commission through two floods.",
    "Came to the city as a student, opened a bakery, and was asked to run by its customers.",
    "Retired fire captain. Reads every budget line, and asks about it.",
    "Grew up three blocks from city hall and keeps Saturday office hours at the market.",
)

_OFFICES = (
    ("chief-of-staff", [*Scope]),
    ("scheduler", [Scope.RSVP, Scope.REGISTER]),
    ("policy", [Scope.DRAFT_RESOLUTION, Scope.COMMITTEE_PREFERENCES, Scope.READ_GROUP]),
    ("press", [Scope.PROFILE, Scope.POST_AS_OFFICE]),
    ("counsel", [Scope.DRAFT_RESOLUTION, Scope.SPONSOR, Scope.SIGN_LETTER]),
    ("water", [Scope.HOST_SESSIONS, Scope.REGISTER, Scope.READ_GROUP]),
)
_S = DelegationStatus
_FATES = (_S.ACTIVE, _S.INVITED, _S.EXPIRED, _S.REVOKED, _S.LEFT, _S.ACTIVE)

#: The steps a grant takes to get where it stands.
_STEPS: dict[DelegationStatus, tuple[str, ...]] = {
    _S.INVITED: (),
    _S.ACTIVE: ("accept",),
    _S.EXPIRED: ("accept", "expire"),
    _S.REVOKED: ("accept", "revoke"),
    _S.TERM_ENDED: ("accept", "end_with_term"),
    _S.LEFT: ("accept", "leave"),
}


@dataclass(frozen=True)
class Cast:
    """The people whom events need to know."""

    secretariat: UUID
    host: UUID


def people_the_house(house: House, *, ids: Ids, today: date, dice: Random) -> Cast:
    """Add every city with its seat, the members' mayors and staff, and the conference's own people."""
    registry = _Registry(house, ids, today, dice)
    for line in _lines(CITIES):
        registry.settle(line)
    members = _choose(house.cities, dice)
    for city in members:
        registry.join(city)
        registry.seat_and_staff(city)
    for number, city in enumerate(members):
        if number % 4 == 0 and city.slug != "alexandria-va":
            registry.second_delegate(city, number // 4)
    registry.every_kind_of_delegate(registry.city("alexandria-va"))
    registry.one_delegate_for(TWO_MAYORS, [registry.city("norfolk-va"), registry.city("portsmouth-va")])
    for city in members[::16]:
        registry.predecessor(city)
    registry.elect_successor(registry.city(CHANGING))
    registry.vacate(registry.city(VACANT))
    return Cast(
        secretariat=registry.login(registry.person("US", name=SECRETARY), SECRETARIAT, secretariat=True).id,
        host=registry.login(registry.person("US", name=WATER_HOST), HOST).id,
    )


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _choose(cities: Sequence[City], dice: Random) -> list[City]:
    """The members: those in `members.csv`, the largest of every state, and others of every size."""
    american = [city for city in cities if city.country == "US" and city.slug != VACANT]
    largest = {city.region: city.slug for city in sorted(american, key=lambda city: city.population)}
    wanted = {line["slug"] for line in _lines(_CHOSEN)} | {*largest.values()}
    others = [city.slug for city in american if city.slug not in wanted]
    wanted.update(dice.sample(others, MEMBERS - len(wanted)))
    return [city for city in cities if city.slug in wanted]


class _Registry:
    """Adds people, seats, terms and grants to the house, so that each fits what is there."""

    def __init__(self, house: House, ids: Ids, today: date, dice: Random) -> None:
        self._house = house
        self._ids = ids
        self._today = today
        self._dice = dice
        self._names = Names(dice, taken=(SECRETARY, WATER_HOST))
        self._cities: dict[str, City] = {}
        self._terms: dict[UUID, Term] = {}

    def city(self, slug: str) -> City:
        return self._cities[slug]

    def settle(self, line: dict[str, str]) -> None:
        """A city of `cities.csv`, and the seat of its mayor."""
        city = City(
            id=next(self._ids),
            slug=line["slug"],
            name=line["name"],
            region=line["region"],
            country=line["country"],
            population=int(line["population"]),
            time_zone=line["time_zone"],
            latitude=float(line["latitude"]),
            longitude=float(line["longitude"]),
            geonames_id=int(line["geonames_id"]),
        )
        self._cities[city.slug] = city
        self._house.cities.append(city)
        self._house.seats.append(Seat(city_id=city.id, office_email=f"office@{city.slug}.example"))

    def join(self, city: City) -> None:
        """The conference was founded in 1933, its world chapter in 1984 (both: seeds)."""
        first = date(1933, 2, 21) if city.country == "US" else date(1984, 5, 1)
        last = self._today - timedelta(days=90)
        city.joined_on = first + timedelta(days=self._dice.randrange((last - first).days))

    def person(self, country: str, biography: str = "", *, name: str | None = None) -> Person:
        person = Person(id=next(self._ids), name=name or self._names.draw(country), biography=biography)
        self._house.people.append(person)
        return person

    def login(self, person: Person, email: str, *, secretariat: bool = False) -> Account:
        account = Account(id=next(self._ids), person_id=person.id, email=email, secretariat=secretariat)
        self._house.accounts.append(account)
        return account

    def seat_and_staff(self, city: City) -> None:
        """A mayor in office with an account, and `staff@<slug>.example`, who has done most of it since."""
        mayor = self.person(city.country, self._dice.choice(_BEFORE_OFFICE))
        self.login(mayor, f"mayor@{city.slug}.example")
        term = self._open(city, mayor, self._inauguration())
        staff = self.login(self.person(city.country), f"staff@{city.slug}.example")
        self._grant(term, staff, STAFF_SCOPES, DelegationStatus.ACTIVE)

    def second_delegate(self, city: City, number: int) -> None:
        """Another delegate, by turns of every office and every fate."""
        office, scopes = _OFFICES[number % len(_OFFICES)]
        account = self.login(self.person(city.country), f"{office}@{city.slug}.example")
        self._grant(self._terms[city.id], account, scopes, _FATES[number // 2 % len(_FATES)])

    def every_kind_of_delegate(self, city: City) -> None:
        """One city where each kind of grant can be seen at once."""
        for (office, scopes), status in zip(_OFFICES, _FATES, strict=True):
            account = self.login(self.person(city.country), f"{office}@{city.slug}.example")
            self._grant(self._terms[city.id], account, scopes, status)

    def one_delegate_for(self, email: str, cities: Sequence[City]) -> None:
        """One person at work for several mayors."""
        account = self.login(self.person(cities[0].country), email)
        for city in cities:
            self._grant(self._terms[city.id], account, STAFF_SCOPES, DelegationStatus.ACTIVE)

    def predecessor(self, city: City) -> None:
        """Who held the seat before, with an aide whose grant ended with the term."""
        left = _first_day(self._terms[city.id].during)
        mayor = self.person(city.country, self._dice.choice(_BEFORE_OFFICE))
        self.login(mayor, f"former-mayor@{city.slug}.example")
        term = self._open(city, mayor, _years_before(left, 4), left)
        aide = self.login(self.person(city.country), f"former-aide@{city.slug}.example")
        self._grant(term, aide, STAFF_SCOPES, DelegationStatus.TERM_ENDED)

    def elect_successor(self, city: City) -> None:
        """The term in force gets its last day, and the elected mayor one that has not begun."""
        term = self._terms[city.id]
        handover = date((self._today + timedelta(days=21)).year + 1, 1, 1)
        term.during = Range(term.during.lower, handover)
        for grant in self._house.delegations:
            if grant.term_id == term.id and (grant.during.upper is None or grant.during.upper > handover):
                grant.during = Range(grant.during.lower, handover)
        elected = self.person(city.country, self._dice.choice(_BEFORE_OFFICE))
        self.login(elected, f"mayor-elect@{city.slug}.example")
        self._open(city, elected, handover)

    def vacate(self, city: City) -> None:
        """A seat whose last mayor left weeks ago."""
        left = self._today - timedelta(days=40)
        mayor = self.person(city.country, self._dice.choice(_BEFORE_OFFICE))
        self.login(mayor, f"former-mayor@{city.slug}.example")
        self._open(city, mayor, _years_before(left, 3), left)

    def _open(self, city: City, mayor: Person, start: date, end: date | None = None) -> Term:
        term = Term(id=next(self._ids), city_id=city.id, person_id=mayor.id, during=Range(start, end))
        self._house.terms.append(term)
        if start <= self._today and end is None:
            self._terms[city.id] = term
        return term

    def _inauguration(self) -> date:
        """A day on which mayors take office, within the last nine years but not the last ninety days."""
        month, day = self._dice.choice([(1, 2), (1, 5), (1, 8), (5, 15), (7, 1), (12, 1)])
        latest = self._today - timedelta(days=90)
        this_year = date(latest.year, month, day)
        years = self._dice.choice([0, 0, 1, 1, 1, 2, 2, 3, 4, 6, 8])
        return _years_before(this_year, years if this_year <= latest else years + 1)

    def _grant(self, term: Term, to: Account, scopes: list[Scope], status: DelegationStatus) -> None:
        """A grant within its term that has taken the steps to ``status``."""
        during = self._days(term, status)
        offered = datetime.combine(_first_day(during), time(14, self._dice.randrange(60)), UTC) - timedelta(
            days=1
        )
        grant = Delegation(
            id=next(self._ids),
            term_id=term.id,
            city_id=term.city_id,
            person_id=term.person_id,
            account_id=to.id,
            scopes=scopes,
            during=during,
            status=DelegationStatus.INVITED,
            invited_at=offered,
        )
        for step in _STEPS[status]:
            grant.move(step)
        if status is DelegationStatus.INVITED:
            # The letter with the code was never sent, so nobody knows it, and nobody should.
            grant.code_hash = sha256(token_bytes(32)).digest()
        else:
            grant.accepted_at = offered + timedelta(hours=self._dice.randrange(1, 20))
        if status not in {DelegationStatus.INVITED, DelegationStatus.ACTIVE}:
            last = during.upper or self._today - timedelta(days=self._dice.randrange(2, 30))
            grant.ended_at = datetime.combine(last, time(4), UTC)
        self._house.delegations.append(grant)

    def _days(self, term: Term, status: DelegationStatus) -> Range[date]:
        began = _first_day(term.during)
        match status:
            case DelegationStatus.TERM_ENDED:
                return Range(began + timedelta(days=30), term.during.upper)
            case DelegationStatus.EXPIRED:
                return Range(began + timedelta(days=7), began + timedelta(days=80))
            case DelegationStatus.INVITED:
                return Range(self._today, self._today + timedelta(days=365))
            case DelegationStatus.ACTIVE:
                return Range(began + timedelta(days=self._dice.randrange(2, 60)), None)
            case _:
                return Range(began + timedelta(days=self._dice.randrange(2, 45)), None)


def _first_day(during: Range[date]) -> date:
    if during.lower is None:
        raise ValueError("every term and every grant has a first day")
    return during.lower


def _years_before(day: date, years: int) -> date:
    # All our inaugurations are on days that exist in every year.
    return date(day.year - years, day.month, min(day.day, 28))
