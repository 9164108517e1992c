"""Makes valid things in a migrated database; the arguments say what matters, everything else is made up.

Days are counted from today where the city is: ``since=-30`` is a month ago, ``until=0`` ended today.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models import ids
from models.delegations import Scope
from rotunda.graphql.service import Caller
from rotunda.tokens import grant

Connection = Any
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Login:
    """A person with an account."""

    id: UUID
    person_id: UUID
    email: str

    @property
    def shown(self) -> str:
        """Its public id."""
        return ids.shown("acc", self.id)


async def city(
    db: Connection,
    *,
    slug: str | None = None,
    time_zone: str = "America/Chicago",
    member: bool = True,
    population: int = 50_000,
) -> UUID:
    """A city with a seat nobody holds."""
    number = next(_numbers)
    made: UUID = await db.fetchval(
        "INSERT INTO cities (slug, name, region, country, population, time_zone, latitude, longitude, geonames_id,"
        " joined_on) VALUES ($1, $2, 'VA', 'US', $3, $4, 1, 1, $5, CASE WHEN $6 THEN date '1990-01-01' END)"
        " RETURNING id",
        slug or f"city-{number}",
        f"City {number:04}",
        population,
        time_zone,
        -number,
        member,
    )
    await db.execute(
        "INSERT INTO seats (city_id, office_email, office_phone) VALUES ($1, $2, '+1 555 0100')",
        made,
        f"office@city-{number}.example",
    )
    return made


async def account(
    db: Connection, *, email: str | None = None, secretariat: bool = False, name: str = "Pat Doe"
) -> Login:
    """Somebody who can sign in."""
    address = email or f"someone-{next(_numbers)}@people.example"
    person = await db.fetchval("INSERT INTO people (name) VALUES ($1) RETURNING id", name)
    made = await db.fetchval(
        "INSERT INTO accounts (person_id, email, secretariat) VALUES ($1, $2, $3) RETURNING id",
        person,
        address,
        secretariat,
    )
    return Login(made, person, address)


async def term(
    db: Connection, of: Login, *, city_id: UUID, since: int = -400, until: int | None = None
) -> UUID:
    """A mayor's days in office."""
    made: UUID = await db.fetchval(
        f"INSERT INTO terms (city_id, person_id, during) SELECT id, $2, {_DAYS} FROM cities WHERE id = $1 RETURNING id",
        city_id,
        of.person_id,
        since,
        until,
    )
    return made


async def mayor(
    db: Connection,
    *,
    member: bool = True,
    time_zone: str = "America/Chicago",
    since: int = -400,
    until: int | None = None,
) -> tuple[Login, UUID]:
    """A mayor with a city of their own, and the term."""
    holder = await account(db)
    seat = await city(db, member=member, time_zone=time_zone)
    return holder, await term(db, holder, city_id=seat, since=since, until=until)


async def delegation(
    db: Connection,
    to: Login,
    *,
    term_id: UUID,
    scopes: Sequence[Scope | str] = (Scope.RSVP,),
    status: str = "active",
    since: int = -100,
    until: int | None = None,
    object_id: UUID | None = None,
) -> UUID:
    """A grant; ``until`` counts to the first day on which it no longer holds."""
    made: UUID = await db.fetchval(
        "INSERT INTO delegations (term_id, city_id, person_id, account_id, scopes, status, object_id,"
        " code_hash, during)"
        f" SELECT t.id, t.city_id, t.person_id, $2, $5, $6, $7, sha256(uuidv7()::text::bytea), {_DAYS} * t.during"
        " FROM terms t JOIN cities ON cities.id = t.city_id WHERE t.id = $1 RETURNING id",
        term_id,
        to.id,
        since,
        until,
        [str(scope) for scope in scopes],
        status,
        object_id,
    )
    return made


async def event(
    db: Connection,
    *,
    status: str = "scheduled",
    audience: str = "members",
    host: Login | None = None,
    starts: datetime | None = None,
    title: str = "A meeting",
    kind: str = "meeting",
    time_zone: str = "America/Chicago",
) -> UUID:
    """An event; it has a date, in ten days unless said otherwise, wherever its state wants one."""
    dated = starts is not None or status not in ("draft", "postponed", "cancelled")
    made: UUID = await db.fetchval(
        "INSERT INTO events (title, kind, audience, status, time_zone, starts_wall, host_id) VALUES ($1, $2, $3, $4,"
        " $5, CASE WHEN $6 THEN coalesce($7, date_trunc('hour', localtimestamp) + interval '10 days') END, $8)"
        " RETURNING id",
        title,
        kind,
        audience,
        status,
        time_zone,
        dated,
        starts,
        host.id if host else None,
    )
    return made


async def caller(db: Connection, login: Login | None, *, acting_for: UUID | None = None) -> Caller:
    """Somebody at the door with a token; ``acting_for`` is a term, a delegation, or the account itself."""
    if login is None:
        return Caller()
    token = await grant(db, login.id, kind="api", days=1)
    return Caller(token, ids.shown("cap", acting_for) if acting_for else None)


_TODAY = "timezone(cities.time_zone, now())::date"
_DAYS = f"daterange({_TODAY} + $3::int, {_TODAY} + $4::int)"


async def group(
    db: Connection, founder: Login, *, audience: str = "members", confidentiality: str = "ordinary"
) -> UUID:
    """A group called after what it is; nobody is in it yet."""
    made: UUID = await db.fetchval(
        "INSERT INTO groups (name, audience, confidentiality, founder_id) VALUES ($1, $2, $3, $4) RETURNING id",
        f"Parley {audience} {confidentiality}",
        audience,
        confidentiality,
        founder.id,
    )
    return made


async def membership(
    db: Connection,
    group_id: UUID,
    of: Login,
    *,
    term_id: UUID | None = None,
    status: str = "joined",
    keeper: bool = False,
) -> UUID:
    """Somebody let into a group, as a mayor in a term or as themselves."""
    made: UUID = await db.fetchval(
        "INSERT INTO memberships (group_id, person_id, term_id, status, keeper, joined_at)"
        " VALUES ($1, $2, $3, $4, $5, now()) RETURNING id",
        group_id,
        of.person_id,
        term_id,
        status,
        keeper,
    )
    return made


async def thread(db: Connection, group_id: UUID, by: Login, *, term_id: UUID | None = None) -> UUID:
    """A thread nobody has posted in."""
    made: UUID = await db.fetchval(
        "INSERT INTO threads (group_id, audience, mayors_only, chatham_house, title, author_id, term_id)"
        " SELECT id, audience, mayors_only, chatham_house, 'A parley', $2, $3 FROM groups WHERE id = $1 RETURNING id",
        group_id,
        by.id,
        term_id,
    )
    return made


async def post(
    db: Connection, thread_id: UUID, by: Login, *, term_id: UUID | None = None, for_office: bool = False
) -> UUID:
    """The next post of a thread."""
    made: UUID = await db.fetchval(
        "INSERT INTO posts (thread_id, group_id, audience, mayors_only, chatham_house, number, place, body, body_html,"
        " words, author_id, term_id, for_office)"
        " SELECT id, group_id, audience, mayors_only, chatham_house, last_number + 1, nextval('post_places'),"
        " 'A word.', '<p>A word.</p>', 'A soliloquy.', $2, $3, $4 FROM threads WHERE id = $1 RETURNING id",
        thread_id,
        by.id,
        term_id,
        for_office,
    )
    return made
