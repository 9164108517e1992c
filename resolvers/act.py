"""An act: one transaction, one author, always lock, judge, move, record.

``perform`` owns the transaction, the idempotency key and the retries; nobody else commits. An act is handed an
``Act`` and plain parameters, and knows nothing of GraphQL.
"""

import asyncio
import hashlib
import json
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlmodel import SQLModel, select

from models import ids, texts
from models.accounts import Account
from models.audit import AuditEntry, UsedKey
from models.delegations import Delegation
from models.discussions import Post, Report, Thread
from models.events import Event
from models.groups import Group
from models.keys import Passkey
from models.letters import Letter
from models.mayors import Term
from models.notices import Notice, NoticeRow, as_shown
from models.problems import BadField, Conflict, Invalid, KeyReused, Missing, Refused
from models.resolutions import Resolution, ResolutionCall
from policy import accounts, delegations, discussions, events, groups, keys, mayors, resolutions
from policy.acts import JUDGED, Rule
from policy.rights import SIGN_IN
from policy.viewer import CTE, Acting

#: serialization_failure, deadlock_detected, lock_not_available: another try may well succeed.
_WORTH_ANOTHER_TRY = frozenset({"40001", "40P01", "55P03"})
_TRIES = 4
#: What may end the very token or grant it is done under. Shared first and wanted whole later, that row would be what
#: two of them at once wait for in a circle, with a connection each, until the database finds out a second later.
_MAY_END_ITS_OWN = frozenset(
    {"acceptDelegation", "leaveDelegation", "revokeToken", "revokeSession", "signOutEverywhere"}
)
_LONGEST_KEY = 200


#: The prefix of a thing's public id, what it is called, and who may know of it.
Known = tuple[str, str, str]
#: What can be locked by its public id.
_KNOWN: dict[type[SQLModel], Known] = {
    Event: ("evt", "event", events.READABLE),
    Delegation: ("del", "delegation", delegations.READABLE),
    Term: ("may", "mayor", mayors.READABLE),
    Account: ("acc", "account", accounts.READABLE),
    Passkey: ("key", "passkey", keys.OWN),
    Group: ("grp", "group", groups.READABLE),
    Thread: ("thr", "thread", discussions.READABLE),
    Post: ("pst", "post", discussions.READABLE),
    Report: ("rpt", "report", discussions.REPORTS),
    ResolutionCall: ("cal", "call for resolutions", resolutions.CALLS),
    Resolution: ("res", "resolution", resolutions.READABLE),
}

Row = TypeVar("Row", bound=SQLModel)


class NotAdmitted(Exception):
    """The token is not good, or the capacity asked for is not held; ``code`` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Versioned(Protocol):
    version: int


@dataclass
class Act:
    """What an act works with: who acts, and the only ways to read, judge and write."""

    session: AsyncSession
    acting: Acting
    token: bytes | None
    capacity: UUID | None
    name: str
    judged: bool = False
    letters: list[Letter] = field(default_factory=list)
    once: dict[str, str] = field(default_factory=dict)

    async def locked(
        self, rows: type[Row], shown_id: str, *, among: Known | None = None, shared: bool = False
    ) -> Row:
        """The row, locked until the end; ``Missing`` when there is none that this viewer may know of.

        ``among`` tells apart things of different names that lie in one table. ``shared`` keeps it from changing, and
        lets others keep it so at the same time: for marks that many readers make of one thing.
        """
        prefix, noun, readable = among or _KNOWN[rows]
        row_id = ids.read(prefix, shown_id)
        clause = readable.format(row="x", viewer=_ViewerByName())
        table, lock = rows.__tablename__, "SHARE" if shared else "UPDATE"
        sql = f"WITH {CTE} SELECT x.* FROM {table} x, viewer WHERE x.id = :id AND {clause} FOR {lock} OF x"
        chosen = select(rows).from_statement(_statement(sql))
        values = {"token": self.token, "capacity": self.capacity, "id": row_id}
        found: Row | None = (
            await self.session.execute(chosen, values, execution_options={"populate_existing": True})
        ).scalar()
        if found is None:
            raise Missing(f"There is no such {noun}, or none that you may know of.")
        return found

    @property
    def author(self) -> UUID:
        """The account that acts; an act begins only for somebody signed in."""
        return _known(self.acting.account_id)

    @property
    def principal(self) -> UUID:
        """The person for whom it is done: oneself, or the mayor."""
        return _known(self.acting.principal_id)

    def must(self, rule: Rule, subject: Any) -> None:
        """``Refused`` with the rule's own sentence, unless the rule allows it."""
        declared = JUDGED.get(self.name)
        if not self.judged and declared is not None and declared.rule is not rule:
            raise AssertionError(f"{self.name} is judged by another rule than policy.acts says")
        self.judged = True
        sentence = rule(self.acting, subject)
        if sentence:
            raise Refused(sentence)

    def expect(self, row: _Versioned, version: int | None) -> None:
        """``Conflict`` when the caller read another version than the one that stands."""
        if version is not None and version != row.version:
            raise Conflict(
                "Somebody changed it meanwhile, so it was left as it stands. Look at it, and decide anew.",
                version=row.version,
            )

    def as_oneself(self) -> None:
        """Go on in one's own name: this act is the person's own, and no principal's history shows it."""
        own = self.acting.account_id
        self.acting = Acting(
            account_id=own, capacity_id=own, capacity_kind="self", secretariat=self.acting.secretariat
        )

    async def save(self, *rows: SQLModel) -> None:
        """Write rows, and read back what the database computed (ids, instants)."""
        self.session.add_all(rows)
        await self.session.flush()
        for row in rows:
            await self.session.refresh(row)

    def record(
        self, notice: Notice, *, confidential: bool = False, in_office: bool = False, **detail: Any
    ) -> None:
        """Tell it, and write the act into the audit, with actor and principal, and with what else is to be kept.

        In confidence the log does not say by whom, and the audit says it to nobody but the actor. What stays
        ``in_office`` the audit says to that mayor's office alone.
        """
        self.tell(notice, confidential=confidential)
        told = {"notice": type(notice).__name__, "revision": notice.revision}
        kept = told | {name: as_shown(value) for name, value in detail.items()}
        self.note(notice.subject, kept, confidential=confidential, in_office=in_office)

    def tell(self, notice: Notice, *, confidential: bool = False) -> None:
        """Put a notice into the log and nothing into the audit: of an act with several facts, or of what one reads."""
        actor, term = (None, None) if confidential else (self.acting.account_id, self.acting.term_id)
        self.session.add(NoticeRow.of(notice, actor_id=actor, term_id=term))

    def post(self, letter: Letter) -> None:
        """Have a letter sent once the act is committed; never when it is refused or repeated."""
        self.letters.append(letter)

    def say_once(self, **said: str) -> None:
        """Say something in this act's answer alone; a repeat of the act says nothing."""
        self.once.update(said)

    def note(
        self,
        subject: UUID,
        detail: Mapping[str, Any] | None = None,
        *,
        confidential: bool = False,
        in_office: bool = False,
    ) -> None:
        """Write the act into the audit alone: what it did concerns nobody else."""
        if self.acting.account_id is None:
            raise Refused(SIGN_IN)
        self.session.add(
            AuditEntry(
                act=self.name,
                actor_id=self.acting.account_id,
                term_id=self.acting.term_id,
                delegation_id=self.acting.delegation_id,
                subject=subject,
                detail=dict(detail or {}),
                confidential=confidential,
                in_office=in_office,
            )
        )


@dataclass(frozen=True)
class Asked:
    """What a caller asks for: the act's name and function, who calls, the key, and the act's own arguments.

    What is ``rehearsed`` is judged and moved like any other act, and undone: nobody is told, and no key is used.
    """

    name: str
    act: Callable[..., Awaitable[Any]]
    token: bytes | None
    capacity: UUID | None
    key: str
    arguments: Mapping[str, Any]
    rehearsed: bool = False


@dataclass(frozen=True)
class Done:
    """What came of an act: the thing's id, who acted, the letters to be sent now, and what is said only now."""

    outcome: UUID
    acting: Acting
    letters: tuple[Letter, ...] = ()
    once: Mapping[str, str] = field(default_factory=dict)


async def perform(engine: AsyncEngine, asked: Asked) -> Done:
    """Carry out an act; the same key with the same input changes nothing the second time.

    Raises a ``Problem`` for the caller, ``NotAdmitted`` for bad credentials. A refused act leaves no trace of its
    key, so that it may be tried again once what was missing is there.
    """
    if not 0 < len(asked.key) <= _LONGEST_KEY:
        raise Invalid(
            BadField("idempotencyKey", f"Give a key of 1 to {_LONGEST_KEY} characters, new for each act.")
        )
    texts.check({"idempotencyKey": asked.key, **{_shown(name): v for name, v in asked.arguments.items()}})
    for attempt in range(_TRIES):
        try:
            return await _once(engine, asked)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in _WORTH_ANOTHER_TRY or attempt == _TRIES - 1:
                raise
            await asyncio.sleep(random.uniform(0.01, 0.05) * 2**attempt)  # noqa: S311 - jitter, not a secret
    raise AssertionError


async def _once(engine: AsyncEngine, asked: Asked) -> Done:
    async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
        acting = await admitted(session, asked)
        if acting.account_id is None:
            raise Refused(SIGN_IN)
        if not acting.acts:
            raise Refused(keys.READS_ONLY)
        earlier = await _claimed(session, acting, asked)
        if earlier:
            return Done(earlier, acting)
        act = Act(session, acting, asked.token, asked.capacity, asked.name)
        thing = await asked.act(act, **asked.arguments)
        if not act.judged:
            raise AssertionError(f"{asked.name} was about to commit without having been judged")
        outcome: UUID = thing.id
        if asked.rehearsed:
            await session.flush()  # what the database has to say to it counts too
            await session.rollback()
            return Done(outcome, acting)
        used = await session.get_one(UsedKey, (acting.account_id, asked.key))
        used.outcome_id = outcome
        return Done(outcome, acting, tuple(act.letters), act.once)


async def admitted(session: AsyncSession, asked: Asked) -> Acting:
    """Who acts, as values. Token and delegation are locked against being ended until the act is done (rule 5)."""
    acting = await _viewer(session, asked.token, asked.capacity)
    lock = "UPDATE" if asked.name in _MAY_END_ITS_OWN else "SHARE"
    if acting.token_id:
        good = await session.execute(
            text(f"SELECT revoked_at IS NULL FROM tokens WHERE id = :id FOR {lock}"), {"id": acting.token_id}
        )
        if not good.scalar_one():
            raise NotAdmitted("UNAUTHENTICATED")
    if acting.delegation_id:
        held = await session.execute(
            text(f"SELECT status, scopes FROM delegations WHERE id = :id FOR {lock}"),
            {"id": acting.delegation_id},
        )
        grant = held.one()
        if grant.status != "active":
            raise NotAdmitted("CAPACITY_NOT_HELD")
        if tuple(grant.scopes) != acting.scopes:  # narrowed between the two looks
            acting = await _viewer(session, asked.token, acting.capacity_id)
    return acting


async def _viewer(session: AsyncSession, token: bytes | None, capacity: UUID | None) -> Acting:
    found = await session.execute(
        _statement(f"WITH {CTE} SELECT * FROM viewer"), {"token": token, "capacity": capacity}
    )
    row = found.mappings().one()
    if row["state"] != "ok":
        raise NotAdmitted(row["state"])
    return Acting.of(row)


async def _claimed(session: AsyncSession, acting: Acting, asked: Asked) -> UUID | None:
    """Take the key, waiting for whoever is using it; the earlier outcome when it was used for the same."""
    fingerprint = _fingerprint(asked, acting)
    values = {"actor": acting.account_id, "key": asked.key, "fingerprint": fingerprint}
    taken = await session.execute(
        text(
            "INSERT INTO used_keys (actor_id, key, fingerprint) VALUES (:actor, :key, :fingerprint) "
            "ON CONFLICT DO NOTHING RETURNING key"
        ),
        values,
    )
    if taken.scalar():
        return None
    earlier = await session.get_one(UsedKey, (acting.account_id, asked.key))
    if earlier.fingerprint != fingerprint:
        raise KeyReused("This idempotency key was used for something else; take a new one for each act.")
    return earlier.outcome_id


def _shown(name: str) -> str:
    """An act's parameter as its input's field is called."""
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def _fingerprint(asked: Asked, acting: Acting) -> bytes:
    said = [
        asked.name,
        str(acting.term_id),
        {name: asked.arguments[name] for name in sorted(asked.arguments)},
    ]
    return hashlib.sha256(json.dumps(said, default=str).encode()).digest()


def _known(found: UUID | None) -> UUID:
    if found is None:
        raise AssertionError("an act was begun for a visitor")
    return found


class _ViewerByName:
    def __getattr__(self, name: str) -> str:
        return f"viewer.{name}"


def _statement(sql: str) -> Any:
    """A policy's SQL for SQLAlchemy: ``$1`` and ``$2`` by name, and no colon that could be taken for a name."""
    named = sql.replace("$1::bytea", "CAST(:token AS bytea)").replace("$2::uuid", "CAST(:capacity AS uuid)")
    named = named.replace("$1", "CAST(:token AS bytea)")
    return text(named.replace("::", r"\:\:"))
