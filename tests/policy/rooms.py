"""Groups of every audience and confidentiality, with everybody who may stand anywhere with them; only read."""

from dataclasses import dataclass, field
from itertools import product
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import SQLModel

from models import ids
from models.delegations import Scope
from models.discussions import Post
from models.groups import Confidentiality, Group, GroupAudience
from rotunda.graphql.service import Caller
from rotunda.service import House
from tests import factories
from tests.policy.cast import Cast, enter, notices

Row = TypeVar("Row", bound=SQLModel)

#: A group by what it is: its audience, and its confidentiality.
Sort = tuple[str, str]
SORTS: tuple[Sort, ...] = tuple((a.value, c.value) for a, c in product(GroupAudience, Confidentiality))
KINDS = ("group", "thread", "post", "membership", "report")
_PREFIXES = {"group": "grp", "thread": "thr", "post": "pst", "membership": "mem", "report": "rpt"}
_TOLD = {
    "GroupEdited": "groups",
    "ThreadStarted": "threads",
    "PostAdded": "posts",
    "GroupJoined": "memberships",
    "PostReported": "reports",
}


@dataclass
class Rooms(Cast):
    """What hangs on each group, by its sort: a thread, the keeper's post, the keeper's membership, a report of it."""

    things: dict[str, dict[Sort, UUID]] = field(default_factory=lambda: {kind: {} for kind in KINDS})

    def shown(self, kind: str, sort: Sort) -> str:
        """The public id of what hangs on a group."""
        return ids.shown(_PREFIXES[kind], self.things[kind][sort])

    def sort_of(self, shown: str) -> Sort:
        """Which group a public id hangs on."""
        return next(s for kind in KINDS for s in SORTS if self.shown(kind, s) == shown)


async def furnish(db: Any, house: House) -> Rooms:
    """Mayors in every standing, people as themselves, their staff; what is said by the keeper names every mayor."""
    rooms = Rooms(house)
    await _mayors(db, rooms)
    for name, made in {
        "account": {},
        "host": {},
        "account let in": {},
        "account asked in": {},
        "secretariat": {"secretariat": True},
        "secretariat let in": {"secretariat": True},
    }.items():
        await enter(db, rooms, name, await factories.account(db, **made))  # type: ignore[arg-type]  # a flag
    await factories.event(db, host=rooms.logins["host"])
    for sort in SORTS:
        await _room(db, rooms, sort)
    await _staff(db, rooms)
    rooms.callers["visitor"] = Caller()
    for kind, table in _TOLD.items():
        rooms.told[kind] = await notices(db, kind, table, topics="{public}")
    return rooms


async def _mayors(db: Any, rooms: Rooms) -> None:
    for name, made in {
        "keeper": {},
        "mayor A": {},
        "mayor B": {},
        "invited mayor": {},
        "removed mayor": {},
        "mayor who left": {},
        "mayor of no member": {"member": False},
        "mayor of no member let in": {"member": False},
        "former mayor": {"until": 0},
    }.items():
        login, rooms.terms[name] = await factories.mayor(db, **made)  # type: ignore[arg-type]  # as in the cast
        await enter(db, rooms, name, login)


_STANDING = {
    "keeper": "joined", "mayor A": "joined", "invited mayor": "invited", "removed mayor": "removed",
    "mayor who left": "left", "mayor of no member let in": "joined", "former mayor": "joined",
    "account let in": "joined", "account asked in": "invited", "secretariat let in": "joined",
}  # fmt: skip


async def _room(db: Any, rooms: Rooms, sort: Sort) -> None:
    keeper, term = rooms.logins["keeper"], rooms.terms["keeper"]
    group = await factories.group(db, keeper, audience=sort[0], confidentiality=sort[1])
    for name, status in _STANDING.items():
        made = await factories.membership(
            db,
            group,
            rooms.logins[name],
            term_id=rooms.terms.get(name),
            status=status,
            keeper=name == "keeper",
        )
        rooms.things["membership"].setdefault(sort, made)
    thread = await factories.thread(db, group, keeper, term_id=term)
    post = await factories.post(db, thread, keeper, term_id=term)
    await db.execute(
        "INSERT INTO mentions (post_id, term_id) SELECT $1, unnest($2::uuid[])", post, [*rooms.terms.values()]
    )
    report = await db.fetchval(
        "INSERT INTO reports (post_id, group_id, mayors_only, reporter_id, reason, words)"
        " SELECT id, group_id, mayors_only, $2, 'Loud.', words FROM posts WHERE id = $1 RETURNING id",
        post,
        rooms.logins["mayor A"].id,
    )
    for kind, made in {"group": group, "thread": thread, "post": post, "report": report}.items():
        rooms.things[kind][sort] = made


async def _staff(db: Any, rooms: Rooms) -> None:
    a, b = rooms.terms["mayor A"], rooms.terms["mayor B"]
    reads: dict[str, Any] = {"scopes": [Scope.READ_GROUP]}
    one, event = rooms.things["group"]["invited", "ordinary"], await factories.event(db)
    for name, made in {
        "delegate": {"term_id": a},
        "delegate who reads": {"term_id": a, **reads},
        "delegate who posts": {"term_id": a, "scopes": [Scope.READ_GROUP, Scope.POST_AS_OFFICE]},
        "delegate with every scope": {"term_id": a, "scopes": list(Scope)},
        "delegate for one group": {"term_id": a, "object_id": one, **reads},
        "delegate for one event": {"term_id": a, "object_id": event, **reads},
        "keeper's delegate": {"term_id": rooms.terms["keeper"], "scopes": list(Scope)},
        "invited mayor's delegate": {"term_id": rooms.terms["invited mayor"], **reads},
        "delegate of no member": {"term_id": rooms.terms["mayor of no member let in"], **reads},
        "former mayor's delegate": {
            "term_id": rooms.terms["former mayor"],
            "status": "term_ended",
            **reads,
        },
        "revoked": {"term_id": a, "status": "revoked", **reads},
        "past its last day": {"term_id": a, "until": 0, **reads},
        "not begun": {"term_id": a, "since": 1, **reads},
        "invited": {"term_id": a, "status": "invited", **reads},
    }.items():
        login = await factories.account(db)
        await factories.delegation(db, login, **made)
        await enter(db, rooms, name, login)
    both = await factories.account(db)
    for name, term in (("two for A", a), ("two for B", b)):
        grant = await factories.delegation(db, both, term_id=term, **reads)
        await enter(db, rooms, name, both, acting_for=grant)
    await enter(db, rooms, "two for oneself", both, acting_for=both.id)
    clerk = await factories.account(db, secretariat=True)
    grant = await factories.delegation(db, clerk, term_id=a, **reads)
    await enter(db, rooms, "secretariat for A", clerk, acting_for=grant)


def group_of(rooms: Rooms, sort: Sort) -> Group:
    """The group as rules see it."""
    return with_only(
        Group,
        id=rooms.things["group"][sort],
        audience=GroupAudience(sort[0]),
        confidentiality=Confidentiality(sort[1]),
        mayors_only=sort[1].startswith("mayors_only"),
        chatham_house=sort[1].endswith("chatham_house"),
        offices_post=sort[1] == "ordinary",
    )


def post_of(rooms: Rooms, sort: Sort) -> Post:
    """The keeper's post as rules see it."""
    return with_only(
        Post,
        id=rooms.things["post"][sort],
        group_id=rooms.things["group"][sort],
        author_id=rooms.logins["keeper"].id,
        term_id=rooms.terms["keeper"],
    )


def with_only(rows: type[Row], **known: Any) -> Row:
    """A row of which a rule may see only what is said here."""
    return rows(**known)
