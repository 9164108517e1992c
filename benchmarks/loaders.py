"""The same answers by Strawberry as its documentation teaches: resolvers, DataLoaders, and its caches of documents.

Loaders are made anew for each request (https://strawberry.rocks/docs/guides/dataloaders), connections are plain
generic types (https://strawberry.rocks/docs/guides/pagination/connections), rows come from asyncpg without an ORM.
SQL is composed of clauses in this file and of policy's (S608); every value is a bind parameter.
"""

import base64
import hashlib
import hmac
import json
from collections import defaultdict
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any, Generic, NewType, TypeVar
from uuid import UUID

import asyncpg
import strawberry
from starlette.applications import Starlette
from starlette.routing import Route
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types import Info

from benchmarks.serving import ROLE, Given, listen
from policy import discussions, groups, resolutions
from policy import events as policy
from policy.viewer import CTE

Instant = NewType("Instant", datetime)
Day = NewType("Day", date)
LocalTime = NewType("LocalTime", datetime)
_Node = TypeVar("_Node")

_START = "coalesce(e.starts_at, 'infinity')"
_EVENTS_LABEL = "Event:coalesce({row}.starts_at,infinity::timestamptz),{row}.id"
_CITIES_LABEL = "City:{row}.sort_name,{row}.id"


class _Attributes:
    """The viewer's attributes as the policy's templates name them."""

    def __getattr__(self, name: str) -> str:
        return f"viewer.{name}"


_SEEN = policy.READABLE.format(row="e", viewer=_Attributes())
_KNOWN = groups.READABLE.format(row="g", viewer=_Attributes())
_READ = discussions.READABLE.format(row="t", viewer=_Attributes())
_OPENED = resolutions.READABLE.format(row="r", viewer=_Attributes())
_TOLD = discussions.AUTHOR.format(row="t", viewer=_Attributes())


class Rows:
    """The pool, the viewer of one request, and its loaders."""

    def __init__(self, given: Given, pool: Any, token: bytes | None) -> None:
        self.given, self.pool, self.token = given, pool, token
        self.people = DataLoader(load_fn=self._by_id("SELECT * FROM people WHERE id = ANY ($1)"))
        self.cities = DataLoader(load_fn=self._by_id("SELECT * FROM cities WHERE id = ANY ($1)"))
        self.accounts = DataLoader(load_fn=self._by_id("SELECT * FROM accounts WHERE id = ANY ($1)"))
        self.terms = DataLoader(load_fn=self._by_id("SELECT * FROM terms WHERE id = ANY ($1)"))
        self.events = DataLoader(load_fn=self._events)
        self.mayors = DataLoader(load_fn=self._mayors)
        self.moves = DataLoader(load_fn=self._moves)
        self.groups = DataLoader(load_fn=self._groups)
        self.threads = DataLoader(load_fn=self._threads)
        self.posts = DataLoader(load_fn=self._posts)
        self.reactions = DataLoader(load_fn=self._reactions)
        self.sponsors = DataLoader(load_fn=self._sponsors)

    async def all(self, sql: str, *arguments: Any) -> list[Any]:
        """The rows of a statement."""
        async with self.pool.acquire() as connection:
            rows: list[Any] = await connection.fetch(sql, *arguments)
        return rows

    async def visible(self, sql: str, *arguments: Any) -> list[Any]:
        """The rows of a statement that asks for the viewer; ``$1`` and ``$2`` are the viewer's."""
        return await self.all(f"WITH {CTE} {sql}", self.token, None, *arguments)

    async def _events(self, keys: list[UUID]) -> list[Any]:
        sql = f"SELECT e.* FROM events e, viewer WHERE e.id = ANY ($3::uuid[]) AND {_SEEN}"  # noqa: S608
        found = {row["id"]: row for row in await self.visible(sql, keys)}
        return [found.get(key) for key in keys]

    async def _groups(self, keys: list[UUID]) -> list[Any]:
        sql = f"SELECT g.* FROM groups g, viewer WHERE g.id = ANY ($3::uuid[]) AND {_KNOWN}"  # noqa: S608
        found = {row["id"]: row for row in await self.visible(sql, keys)}
        return [found.get(key) for key in keys]

    async def _threads(self, keys: list[UUID]) -> list[Any]:
        sql = f"SELECT t.* FROM threads t, viewer WHERE t.id = ANY ($3::uuid[]) AND {_READ}"  # noqa: S608
        found = {row["id"]: row for row in await self.visible(sql, keys)}
        return [found.get(key) for key in keys]

    async def _posts(self, keys: list[UUID]) -> list[Any]:
        sql = f"SELECT t.*, {_TOLD} AS told FROM posts t, viewer WHERE t.id = ANY ($3::uuid[]) AND {_READ}"  # noqa: S608
        found = {row["id"]: row for row in await self.visible(sql, keys)}
        return [found.get(key) for key in keys]

    async def _reactions(self, keys: list[UUID]) -> list[list[Any]]:
        sql = """SELECT r.post_id, r.mark, r.count FROM reaction_tallies r JOIN posts p ON p.id = r.post_id AND p.stands
                 WHERE r.post_id = ANY ($1) ORDER BY r.post_id, r.count DESC, r.mark"""
        found = defaultdict(list)
        for row in await self.all(sql, keys):
            found[row["post_id"]].append(row)
        return [found[key] for key in keys]

    async def _mayors(self, keys: list[UUID]) -> list[Any]:
        sql = """SELECT t.* FROM terms t JOIN cities c ON c.id = t.city_id
                 WHERE t.city_id = ANY ($1) AND t.during @> timezone(c.time_zone, now())::date"""
        found = {row["city_id"]: row for row in await self.all(sql, keys)}
        return [found.get(key) for key in keys]

    async def _moves(self, keys: list[UUID]) -> list[list[Any]]:
        sql = """SELECT * FROM event_moves WHERE event_id = ANY ($1) AND status <> 'draft'
                 ORDER BY event_id, revision DESC"""
        found = defaultdict(list)
        for row in await self.all(sql, keys):
            found[row["event_id"]].append(row)
        return [found[key] for key in keys]

    async def _sponsors(self, keys: list[UUID]) -> list[list[Any]]:
        sql = """SELECT * FROM sponsorships WHERE resolution_id = ANY ($1)
                 ORDER BY resolution_id, NOT lead, at, id"""
        found = defaultdict(list)
        for row in await self.all(sql, keys):
            found[row["resolution_id"]].append(row)
        return [found[key] for key in keys]

    def _by_id(self, sql: str) -> Any:
        async def load(keys: list[UUID]) -> list[Any]:
            found = {row["id"]: row for row in await self.all(sql, keys)}
            return [found.get(key) for key in keys]

        return load


def rows_of(info: Info) -> Rows:
    """The rows of the request that is being answered."""
    rows: Rows = info.context["rows"]
    return rows


# ---------------------------------------------------------------------- types


@strawberry.type
class PageInfo:
    """Relay's PageInfo."""

    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class Edge(Generic[_Node]):
    """Relay's Edge."""

    cursor: str
    node: _Node


@strawberry.type
class Connection(Generic[_Node]):
    """Relay's Connection."""

    edges: list[Edge[_Node]]
    page_info: PageInfo
    counting: strawberry.Private[Any]

    @strawberry.field
    async def total_count(self) -> int:
        """How many there are."""
        count: int = await self.counting()
        return count


@strawberry.type
class Mayor:
    """A term of office."""

    row: strawberry.Private[Any]

    @strawberry.field
    async def name(self, info: Info) -> str:
        """The person's name."""
        person = await rows_of(info).people.load(self.row["person_id"])
        return str(person["name"])

    @strawberry.field
    def since(self) -> Day:
        """Its first day."""
        return Day(self.row["during"].lower)

    @strawberry.field
    async def city(self, info: Info) -> "City | None":
        """Its city."""
        return _city(await rows_of(info).cities.load(self.row["city_id"]))


@strawberry.type
class City:
    """A place."""

    key: strawberry.Private[UUID]
    id: strawberry.ID
    slug: str
    name: str
    population: int
    time_zone: str

    @strawberry.field
    async def mayor(self, info: Info) -> Mayor | None:
        """Who holds its seat today."""
        row = await rows_of(info).mayors.load(self.key)
        return Mayor(row=row) if row else None


@strawberry.type
class EventMove:
    """How an event stood before."""

    status: str
    starts_at: Instant | None
    starts_at_local: LocalTime | None
    ends_at_local: LocalTime | None
    time_zone: str
    reason: str | None
    at: Instant


@strawberry.type
class Event:
    """An occasion."""

    key: strawberry.Private[UUID]
    id: strawberry.ID
    title: str
    status: str
    version: int
    starts_at: Instant | None
    ends_at: Instant | None
    starts_at_local: LocalTime | None
    ends_at_local: LocalTime | None
    time_zone: str
    location: str
    reason: str | None

    @strawberry.field
    async def previously(self, info: Info) -> list[EventMove]:
        """How it stood before each move."""
        return [_move(row) for row in await rows_of(info).moves.load(self.key)]


@strawberry.type
class Author:
    """Who spoke."""

    row: strawberry.Private[Any]

    @strawberry.field
    async def name(self, info: Info) -> str:
        """The person's name."""
        account = await rows_of(info).accounts.load(self.row["author_id"])
        person = await rows_of(info).people.load(account["person_id"])
        return str(person["name"])

    @strawberry.field
    def for_office(self) -> bool:
        """Whether staff wrote it."""
        return bool(self.row["for_office"])

    @strawberry.field
    async def mayor(self, info: Info) -> Mayor | None:
        """As which mayor."""
        row = await rows_of(info).terms.load(self.row["term_id"]) if self.row["term_id"] else None
        return Mayor(row=row) if row else None


@strawberry.type
class Reactions:
    """A mark and how many put it."""

    mark: str
    count: int


@strawberry.type
class Post:
    """What somebody said."""

    row: strawberry.Private[Any]
    id: strawberry.ID
    number: int
    at: Instant
    body_html: str | None
    excerpt: str | None

    @strawberry.field
    def author(self) -> Author | None:
        """Who spoke, where the viewer may know."""
        return Author(row=self.row) if self.row["told"] else None

    @strawberry.field
    async def reactions(self, info: Info) -> list[Reactions]:
        """The marks upon it."""
        found = await rows_of(info).reactions.load(self.row["id"])
        return [Reactions(mark=row["mark"].upper(), count=row["count"]) for row in found]


@strawberry.type
class TalkPageInfo:
    """Whether there is more."""

    has_next_page: bool


@strawberry.type
class TalkEdge(Generic[_Node]):
    """An edge without a cursor, which is not asked for here."""

    node: _Node


@strawberry.type
class Talk(Generic[_Node]):
    """A connection without cursors."""

    edges: list[TalkEdge[_Node]]
    page_info: TalkPageInfo


@strawberry.type
class Thread:
    """A conversation."""

    row: strawberry.Private[Any]
    id: strawberry.ID
    title: str
    pinned: bool
    post_count: int

    @strawberry.field
    async def last_post(self, info: Info) -> Post | None:
        """The latest post."""
        key = self.row["last_post_id"]
        row = await rows_of(info).posts.load(key) if key else None
        return _post(row) if row else None

    @strawberry.field
    async def posts(self, info: Info, first: int = 20) -> Talk[Post]:
        """What was said."""
        sql = f"""SELECT t.*, {_TOLD} AS told FROM posts t, viewer WHERE t.thread_id = $3 AND {_READ}
                  ORDER BY t.number LIMIT $4"""  # noqa: S608
        page: Talk[Post] = _cut(await rows_of(info).visible(sql, self.row["id"], first + 1), first, _post)
        return page


@strawberry.type
class Group:
    """Where people talk."""

    row: strawberry.Private[Any]
    id: strawberry.ID
    name: str

    @strawberry.field
    async def threads(self, info: Info, first: int = 20) -> Talk[Thread]:
        """Its threads."""
        sql = f"""SELECT t.* FROM threads t, viewer WHERE t.group_id = $3 AND {_READ}
                  ORDER BY t.place, t.id LIMIT $4"""  # noqa: S608
        page: Talk[Thread] = _cut(await rows_of(info).visible(sql, self.row["id"], first + 1), first, _thread)
        return page


@strawberry.type
class Sponsorship:
    """A name under a resolution."""

    row: strawberry.Private[Any]
    lead: bool

    @strawberry.field
    async def mayor(self, info: Info) -> Mayor | None:
        """Whose it is."""
        row = await rows_of(info).terms.load(self.row["term_id"])
        return Mayor(row=row) if row else None


@strawberry.type
class Resolution:
    """A text that mayors sponsor."""

    key: strawberry.Private[UUID]
    id: strawberry.ID
    title: str
    status: str
    sponsor_count: int

    @strawberry.field
    async def sponsors(self, info: Info, first: int = 20) -> Talk[Sponsorship]:
        """Whose names are under it."""
        page: Talk[Sponsorship] = _cut(await rows_of(info).sponsors.load(self.key), first, _sponsorship)
        return page


@strawberry.type
class Account:
    """A login."""

    row: strawberry.Private[Any]

    @strawberry.field
    async def name(self, info: Info) -> str:
        """The person's name."""
        person = await rows_of(info).people.load(self.row["person_id"])
        return str(person["name"])

    @strawberry.field
    def email(self) -> str | None:
        """The address, which is one's own here."""
        return str(self.row["email"])

    @strawberry.field
    def secretariat(self) -> bool:
        """Whether it is the secretariat's."""
        return bool(self.row["secretariat"])


@strawberry.type
class Capacity:
    """A way to act."""

    term_id: strawberry.Private[UUID | None]
    id: strawberry.ID

    @strawberry.field
    async def principal(self, info: Info) -> Mayor | None:
        """For whom."""
        row = await rows_of(info).terms.load(self.term_id) if self.term_id else None
        return Mayor(row=row) if row else None


@strawberry.type
class Viewer:
    """Who asks."""

    row: strawberry.Private[Any]

    @strawberry.field
    async def account(self, info: Info) -> Account | None:
        """Who acts."""
        return Account(row=await rows_of(info).accounts.load(self.row["account_id"]))

    @strawberry.field
    def capacity(self) -> Capacity | None:
        """In which capacity."""
        return _capacity(self.row["capacity_id"], self.row["term_id"])

    @strawberry.field
    async def capacities(self, info: Info) -> list[Capacity]:
        """Every capacity."""
        sql = "SELECT * FROM capacities WHERE account_id = $1 ORDER BY kind DESC, id LIMIT 100"
        found = await rows_of(info).all(sql, self.row["account_id"])
        return [_capacity(row["id"], row["term_id"]) for row in found]


@strawberry.type
class Query:
    """The fields that the documents ask for."""

    @strawberry.field
    async def viewer(self, info: Info) -> Viewer | None:
        """Who asks."""
        row = info.context["viewer"]
        return Viewer(row=row) if row["account_id"] else None

    @strawberry.field
    async def head(self, info: Info) -> str:
        """The log's end."""
        return str((await rows_of(info).all("SELECT log_cursor(log_head(), log_epoch()) AS head"))[0]["head"])

    @strawberry.field
    async def event(self, info: Info, id: strawberry.ID) -> Event | None:
        """An event by its id."""
        row = await rows_of(info).events.load(UUID(id.removeprefix("evt_")))
        return _event(row) if row else None

    @strawberry.field
    async def group(self, info: Info, id: strawberry.ID) -> Group | None:
        """A group by its id."""
        row = await rows_of(info).groups.load(UUID(id.removeprefix("grp_")))
        return Group(row=row, id=strawberry.ID(f"grp_{row['id'].hex}"), name=row["name"]) if row else None

    @strawberry.field
    async def thread(self, info: Info, id: strawberry.ID) -> Thread | None:
        """A thread by its id."""
        row = await rows_of(info).threads.load(UUID(id.removeprefix("thr_")))
        return _thread(row) if row else None

    @strawberry.field
    async def resolutions(self, info: Info, first: int = 20) -> Talk[Resolution]:
        """Resolutions, the newest first."""
        sql = f"SELECT r.* FROM resolutions r, viewer WHERE {_OPENED} ORDER BY (-r.recency), r.id LIMIT $3"  # noqa: S608
        page: Talk[Resolution] = _cut(await rows_of(info).visible(sql, first + 1), first, _resolution)
        return page

    @strawberry.field
    async def events(
        self,
        info: Info,
        first: int = 20,
        after: str | None = None,  # noqa: ARG002 - the pages measured are first ones
        starts_from: Instant | None = None,
        starts_before: Instant | None = None,
    ) -> Connection[Event]:
        """Events by their start."""
        rows = rows_of(info)
        clauses = f"""{_SEEN} AND ($3::timestamptz IS NULL OR {_START} >= $3)
                      AND ($4::timestamptz IS NULL OR {_START} < $4)"""
        given = (starts_from, starts_before)
        sql = f"SELECT e.* FROM events e, viewer WHERE {clauses} ORDER BY {_START}, e.id LIMIT $5"  # noqa: S608
        found = await rows.visible(sql, *given, first + 1)

        async def count() -> int:
            counting = f"SELECT count(*) FROM events e, viewer WHERE {clauses}"  # noqa: S608
            counted = await rows.visible(counting, *given)
            return int(counted[0][0])

        def sealed(row: Any) -> str:
            return _sealed(rows.given.secret, _EVENTS_LABEL, [_start(row), str(row["id"])])

        page: Connection[Event] = _page(found, first, node=_event, sealed=sealed, counting=count)
        return page

    @strawberry.field
    async def cities(
        self,
        info: Info,
        first: int = 20,
        after: str | None = None,  # noqa: ARG002 - as above
        country: str | None = None,
        region: str | None = None,
        population_at_least: int | None = None,
    ) -> Connection[City]:
        """Cities by name."""
        rows = rows_of(info)
        clauses = """($1::text IS NULL OR country = $1) AND ($2::text IS NULL OR region = $2)
                     AND ($3::int IS NULL OR population >= $3)"""
        given = (country, region, population_at_least)
        sql = f"SELECT * FROM cities WHERE {clauses} ORDER BY sort_name, id LIMIT $4"  # noqa: S608
        found = await rows.all(sql, *given, first + 1)

        async def count() -> int:
            counting = f"SELECT count(*) FROM cities WHERE {clauses}"  # noqa: S608
            return int((await rows.all(counting, *given))[0][0])

        def sealed(row: Any) -> str:
            return _sealed(rows.given.secret, _CITIES_LABEL, [row["sort_name"], str(row["id"])])

        page: Connection[City] = _page(found, first, node=_city, sealed=sealed, counting=count)
        return page


# ---------------------------------------------------------------------- from rows to objects


def _page(found: list[Any], first: int, *, node: Any, sealed: Any, counting: Any) -> Any:
    edges = [Edge(cursor=sealed(row), node=node(row)) for row in found[:first]]
    more = PageInfo(has_next_page=len(found) > first, end_cursor=edges[-1].cursor if edges else None)
    return Connection(edges=edges, page_info=more, counting=counting)


def _cut(found: list[Any], first: int, node: Any) -> Any:
    edges = [TalkEdge(node=node(row)) for row in found[:first]]
    return Talk(edges=edges, page_info=TalkPageInfo(has_next_page=len(found) > first))


def _resolution(row: Any) -> Resolution:
    return Resolution(
        key=row["id"],
        id=strawberry.ID(f"res_{row['id'].hex}"),
        title=row["title"],
        status=row["status"].upper(),
        sponsor_count=row["sponsor_count"],
    )


def _sponsorship(row: Any) -> Sponsorship:
    return Sponsorship(row=row, lead=row["lead"])


def _thread(row: Any) -> Thread:
    return Thread(
        row=row,
        id=strawberry.ID(f"thr_{row['id'].hex}"),
        title=row["title"],
        pinned=row["pinned"],
        post_count=row["post_count"],
    )


def _post(row: Any) -> Post:
    return Post(
        row=row,
        id=strawberry.ID(f"pst_{row['id'].hex}"),
        number=row["number"],
        at=row["at"],
        body_html=row["body_html"] if row["stands"] else None,
        excerpt=row["excerpt"] if row["stands"] else None,
    )


def _city(row: Any) -> City:
    return City(
        key=row["id"],
        id=strawberry.ID(f"cit_{row['id'].hex}"),
        slug=row["slug"],
        name=row["name"],
        population=row["population"],
        time_zone=row["time_zone"],
    )


def _event(row: Any) -> Event:
    return Event(
        key=row["id"],
        id=strawberry.ID(f"evt_{row['id'].hex}"),
        title=row["title"],
        status=row["status"].upper(),
        version=row["version"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        starts_at_local=row["starts_wall"],
        ends_at_local=row["ends_wall"],
        time_zone=row["time_zone"],
        location=row["location"],
        reason=row["reason"],
    )


def _move(row: Any) -> EventMove:
    return EventMove(
        status=row["status"].upper(),
        starts_at=row["starts_at"],
        starts_at_local=row["starts_wall"],
        ends_at_local=row["ends_wall"],
        time_zone=row["time_zone"],
        reason=row["reason"],
        at=row["at"],
    )


def _capacity(key: UUID, term: UUID | None) -> Capacity:
    return Capacity(id=strawberry.ID(f"cap_{key.hex}"), term_id=term)


def _start(row: Any) -> str:
    return row["starts_at"].isoformat() if row["starts_at"] else "infinity"


def _sealed(secret: bytes, label: str, values: list[str]) -> str:
    keys = json.dumps(values, ensure_ascii=False).encode()
    mac = hmac.digest(secret, label.encode() + b"\x1f" + keys, "sha256")[:8]
    return base64.urlsafe_b64encode(keys + mac).decode().rstrip("=")


# ---------------------------------------------------------------------- serving

_SCALARS: dict[object, Any] = {
    Instant: strawberry.scalar(
        name="Instant",
        serialize=lambda value: f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03}Z",
        parse_value=datetime.fromisoformat,
    ),
    Day: strawberry.scalar(name="Day", serialize=date.isoformat, parse_value=date.fromisoformat),
    LocalTime: strawberry.scalar(
        name="LocalTime",
        serialize=lambda value: f"{value:%Y-%m-%dT%H:%M}",
        parse_value=datetime.fromisoformat,
    ),
}


class Endpoint(GraphQL[Any, Any]):
    """Strawberry's ASGI application with a context of ours."""

    given: Given
    pool: Any

    async def get_context(self, request: Any, response: Any) -> Any:  # noqa: ARG002 - Strawberry's signature
        """The viewer, and loaders that live as long as the request."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        rows = Rows(self.given, self.pool, hashlib.sha256(token.encode()).digest() if token else None)
        viewer = (await rows.visible("SELECT * FROM viewer"))[0]
        return {"rows": rows, "viewer": viewer}


def _built(given: Given) -> Starlette:
    schema = strawberry.Schema(
        query=Query,
        extensions=[ParserCache, ValidationCache],
        config=StrawberryConfig(scalar_map=_SCALARS),
    )
    endpoint = Endpoint(schema)
    endpoint.given = given

    @asynccontextmanager
    async def lifespan(_: Starlette) -> Any:
        endpoint.pool = await asyncpg.create_pool(
            given.dsn,
            min_size=given.connections,
            max_size=given.connections,
            server_settings={"jit": "off", "role": ROLE},
        )
        yield
        await endpoint.pool.close()

    return Starlette(routes=[Route("/graphql", endpoint)], lifespan=lifespan)


if __name__ == "__main__":
    listen(_built)
