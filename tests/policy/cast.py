"""Everybody the policy distinguishes, over every state of what there is to know; made once, and only read."""

from dataclasses import dataclass, field
from itertools import product
from typing import Any
from uuid import UUID

from models import ids
from models.events import Audience, EventStatus
from policy.viewer import CTE, Acting
from rotunda.credentials import capacity, hashed
from rotunda.graphql.service import Caller
from rotunda.service import House
from tests import factories
from tests.factories import Login


@dataclass
class Cast:
    """Roles by name, and what they may or may not know of; ``events`` and ``grants`` are sorted by what matters."""

    house: House
    callers: dict[str, Caller] = field(default_factory=dict)
    logins: dict[str, Login] = field(default_factory=dict)
    events: dict[str, set[str]] = field(default_factory=dict)
    grants: dict[str, str] = field(default_factory=dict)
    rows: dict[str, UUID] = field(default_factory=dict)
    terms: dict[str, UUID] = field(default_factory=dict)
    told: dict[str, list[int]] = field(default_factory=dict)

    async def acting(self, role: str) -> Acting:
        """The role as rules for acts see it."""
        caller = self.callers[role]
        found = await self.house.acting(hashed(caller.token), capacity(caller.capacity))
        assert found is not None
        return found

    async def viewed(self, role: str, select: str, *arguments: Any) -> list[Any]:
        """The one column of a SELECT over `viewer`, as this role."""
        caller = self.callers[role]
        given = (hashed(caller.token), capacity(caller.capacity), *arguments)
        return [row[0] for row in await self.house.reader.rows(f"WITH {CTE} {select}", given)]


async def assemble(db: Any, house: House) -> Cast:
    """Two member mayors A and B, one of no member city, their staff of every standing, a host, the secretariat."""
    cast = Cast(house)
    await _mayors(db, cast)
    await _others(db, cast)
    await _events(db, cast)
    await _staff(db, cast)
    cast.callers["visitor"] = Caller()
    for kind, table in (("EventEdited", "events"), ("DelegationRevoked", "delegations")):
        cast.told[kind] = await notices(db, kind, table)
    return cast


async def _mayors(db: Any, cast: Cast) -> None:
    for name, made in {
        "mayor A": {},
        "mayor B": {},
        "mayor of no member": {"member": False},
        "former mayor": {"until": 0},
    }.items():
        login, term = await factories.mayor(db, **made)  # type: ignore[arg-type]  # what each differs in
        cast.terms[name] = term
        await enter(db, cast, name, login)


async def _others(db: Any, cast: Cast) -> None:
    await enter(db, cast, "account", await factories.account(db))
    await enter(db, cast, "host", await factories.account(db))
    await enter(db, cast, "secretariat", await factories.account(db, secretariat=True))


async def _events(db: Any, cast: Cast) -> None:
    """Every state, on either calendar, hosted by nobody, by the host and by mayor A."""
    hosts = {"nobody": None, "the host": cast.logins["host"], "A": cast.logins["mayor A"]}
    for status, audience, (name, host) in product(EventStatus, Audience, hosts.items()):
        made = await factories.event(db, status=status.value, audience=audience.value, host=host)
        sort = "draft" if status is EventStatus.DRAFT else audience.value
        cast.events.setdefault(f"{sort} of {name}", set()).add(ids.shown("evt", made))
        cast.rows.setdefault(f"{sort} of {name}", made)
    one = await factories.event(db, status="draft", host=cast.logins["mayor A"])
    cast.events["the one draft"], cast.rows["the one draft"] = {ids.shown("evt", one)}, one


async def _staff(db: Any, cast: Cast) -> None:
    a, b, former = (cast.terms[name] for name in ("mayor A", "mayor B", "former mayor"))
    one = cast.rows["the one draft"]
    grants: dict[str, dict[str, Any]] = {
        "delegate": {"term_id": a, "scopes": ["rsvp"]},
        "delegate for profiles": {"term_id": a, "scopes": ["profile", "rsvp"]},
        "delegate for sessions": {"term_id": a, "scopes": ["host_sessions"]},
        "delegate for one session": {"term_id": a, "scopes": ["host_sessions"], "object_id": one},
        "invited": {"term_id": a, "status": "invited"},
        "expired": {"term_id": a, "status": "expired", "until": -5},
        "past its last day": {"term_id": a, "until": 0},
        "not begun": {"term_id": a, "since": 1},
        "revoked": {"term_id": a, "status": "revoked"},
        "left": {"term_id": a, "status": "left"},
        "former mayor's delegate": {"term_id": former, "status": "term_ended"},
    }
    for name, made in grants.items():
        login = await factories.account(db)
        await _grant(db, cast, name, login, **made)
        await enter(db, cast, name, login)
    both = await factories.account(db)
    for name, term in (("two for A", a), ("two for B", b)):
        grant = await _grant(db, cast, name, both, term_id=term)
        await enter(db, cast, name, both, acting_for=grant)
    await enter(db, cast, "two for oneself", both, acting_for=both.id)
    clerk = await factories.account(db, secretariat=True)
    grant = await _grant(db, cast, "secretariat for A", clerk, term_id=a)
    await enter(db, cast, "secretariat for A", clerk, acting_for=grant)


async def enter(db: Any, cast: Cast, name: str, login: Login, *, acting_for: UUID | None = None) -> None:
    """Give somebody a token and a name in the table."""
    cast.logins[name] = login
    cast.callers[name] = await factories.caller(db, login, acting_for=acting_for)


async def _grant(db: Any, cast: Cast, name: str, login: Login, **made: Any) -> UUID:
    grant = await factories.delegation(db, login, **made)
    cast.grants[name], cast.rows[name] = ids.shown("del", grant), grant
    return grant


async def notices(db: Any, kind: str, table: str, *, topics: str = "{}") -> list[int]:
    """One notice about every row, told to nobody in particular: who may hear of it is the clause's to say."""
    await db.execute(
        "INSERT INTO notices (kind, subject, revision, topics, payload)"
        f" SELECT $1, id, 99, $2::text::text[], '{{}}' FROM {table}",
        kind,
        topics,
    )
    return [row[0] for row in await db.fetch("SELECT pos FROM notices WHERE kind = $1", kind)]
