"""What a field stands for, said where the field is declared: a column, an expression, an edge, a list.

SQL is written as templates. ``{row}`` is the row at hand, ``{child}`` the row an edge leads to, ``{value}`` an
argument, ``{viewer.member}`` an attribute of whoever asks. Nothing here fetches; ``planner.compile`` does.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument

PLAN = "plan"
EVERYONE = "true"
_T = TypeVar("_T", bound=type)


@dataclass(frozen=True)
class Source:
    """Where the objects of a GraphQL type come from, and which of them a viewer may know of.

    ``table`` is a relation; ``key`` its identifying column; ``prefix`` begins its public ids. ``json`` says the
    object lies inside a JSON value of its parent's row instead.
    """

    table: str = ""
    readable: str = EVERYONE
    key: str = "id"
    prefix: str | None = None
    json: bool = False
    kind_column: str | None = None
    nullable: frozenset[str] | None = None


@dataclass(frozen=True)
class Where:
    """An argument that narrows a selection; left out or null, it narrows nothing."""

    type: Any
    sql: str
    description: str
    of: str | None = None
    required: bool = False


@dataclass(frozen=True)
class Column:
    """A column of the row, under the field's own name unless another is given."""

    name: str | None = None
    readable: str = EVERYONE


@dataclass(frozen=True)
class Expression:
    """An SQL expression over the row and the viewer."""

    sql: str
    nullable: bool = True


@dataclass(frozen=True)
class Identity:
    """The row's public id."""

    sql: str = "{row}.{key}"


@dataclass(frozen=True)
class One:
    """An edge to at most one row.

    ``held`` lists its columns over ``{row}``, for an edge to what the row at hand has looked up already: nothing is
    read once more. ``on`` still says what is meant.
    """

    on: str
    where: Mapping[str, Where] = field(default_factory=dict)
    held: str | None = None


@dataclass(frozen=True)
class Many:
    """A short list, whole: at most ``most`` rows in ``order``."""

    on: str
    order: str
    most: int = 100
    where: Mapping[str, Where] = field(default_factory=dict)


@dataclass(frozen=True)
class Pages:
    """A Relay connection. ``order`` is (SQL expression, PostgreSQL type) pairs that end in something unique.

    It lists rows of its nodes' type; or, where its edges were declared as rows, of theirs.
    ``counted`` is the SQL of a count that is kept, good as long as no argument narrows; ``most_counted`` is where
    counting stops, of lists too long to be judged whole. ``ways`` are clauses of which each readable row fulfils one
    and no more: for a visibility of several kinds, of which no index knows more than one, each is read by its own.
    They may name the list's required arguments.
    """

    on: str
    order: Sequence[tuple[str, str]]
    where: Mapping[str, Where] = field(default_factory=dict)
    counted: str | None = None
    most_counted: int | None = None
    ways: Sequence[str] = ()


@dataclass(frozen=True)
class Elsewhere:
    """The node of an edge that only says where it lies: ``kind`` is the name of one of ``kinds``, ``key`` its key."""

    kind: str
    key: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Here:
    """The object lies in the row itself: a JSON value of it, or the very same row under another type."""

    sql: str | None = None


@dataclass(frozen=True)
class AnyNode:
    """``node(id:)``: whatever the id names."""


@dataclass(frozen=True)
class AnyNodes:
    """``nodes(ids:)``: whatever each id names."""


@dataclass(frozen=True)
class Computed:
    """A field that needs Python: ``answer`` is given its ``needs`` (SQL over the row, as JSON values) and arguments."""

    answer: Callable[..., Any]
    needs: Mapping[str, str]


@dataclass(frozen=True)
class Stream:
    """A subscription: rows of a log, of these kinds, as they are written."""

    kinds: tuple[str, ...]
    where: Mapping[str, Where] = field(default_factory=dict)


Declaration = (
    Column
    | Expression
    | Identity
    | One
    | Many
    | Pages
    | Elsewhere
    | Here
    | AnyNode
    | AnyNodes
    | Computed
    | Stream
)


def node(
    rows: Any,
    *,
    readable: str,
    prefix: str | None = None,
    key: str = "id",
    interface: bool = False,
    kind_column: str | None = None,
    name: str | None = None,
) -> Callable[[_T], _T]:
    """Declare a GraphQL type whose objects are rows of ``rows`` (a SQLModel table, or a relation's name).

    ``key`` is empty of a relation without one, which is reached by lists alone. The class's docstring is its
    description.
    """
    table, nullable = _relation(rows)
    source = Source(table, readable, key, prefix, kind_column=kind_column, nullable=nullable)
    return _typed(source, interface=interface, name=name)


def part() -> Callable[[_T], _T]:
    """Declare a GraphQL type whose objects lie inside a JSON value, already in the form that is shown."""
    return _typed(Source(json=True), interface=False, name=None)


def root() -> Callable[[_T], _T]:
    """Declare an operation's root type: it has no row of its own."""
    return _typed(Source(), interface=False, name=None)


def column(name: str | None = None, *, description: str, readable: str = EVERYONE) -> Any:
    """A column; under a ``readable`` clause of its own, null to whoever may not see it."""
    return _declared(Column(name, readable), description)


def expression(sql: str, *, description: str, nullable: bool = True) -> Any:
    """An SQL expression; ``nullable=False`` promises that it never is null."""
    return _declared(Expression(sql, nullable), description)


def identity() -> Any:
    """The opaque, typed id."""
    return _declared(Identity(), "Opaque and lasting; good for `node(id:)`.")


def one(on: str, *, description: str, held: str | None = None, **where: Where) -> Any:
    """An edge to at most one row, null where there is none or it may not be known; ``held``: see ``One``."""
    return _declared(One(on, where, held), description, where)


def found(*, description: str, **where: Where) -> Any:
    """A root field that finds one row by any of its arguments."""
    return _declared(One(EVERYONE, where), description, where)


def many(on: str, *, order: str, description: str, most: int = 100, **where: Where) -> Any:
    """A short list, whole."""
    return _declared(Many(on, order, most, where), description, where)


def pages(
    on: str = EVERYONE,
    *,
    order: Sequence[tuple[str, str]],
    description: str,
    counted: str | None = None,
    most_counted: int | None = None,
    ways: Sequence[str] = (),
    **where: Where,
) -> Any:
    """A Relay connection in keyset order; ``counted``, ``most_counted`` and ``ways``: see ``Pages``."""
    paging = {
        "first": (int | None, "How many, from the start; at most 100. Without `first` or `last`, 20."),
        "after": (str | None, "Begin behind this cursor."),
        "last": (int | None, "How many, from the end; at most 100."),
        "before": (str | None, "End ahead of this cursor."),
    }
    made = _declared(Pages(on, order, where, counted, most_counted, ways), description, where)
    made.arguments = [_argument(name, kind, text) for name, (kind, text) in paging.items()] + made.arguments
    return made


def elsewhere(kind: str, key: str, *kinds: str, description: str) -> Any:
    """An edge's node, in whichever table its kind lies."""
    return _declared(Elsewhere(kind, key, kinds), description)


def here(sql: str | None = None, *, description: str) -> Any:
    """An object inside the row."""
    return _declared(Here(sql), description)


def any_node(*, description: str) -> Any:
    """``node(id:)``."""
    made = _declared(AnyNode(), description)
    made.arguments = [_argument("id", strawberry.ID, "The id, of any kind.", required=True)]
    return made


def any_nodes(*, description: str) -> Any:
    """``nodes(ids:)``."""
    made = _declared(AnyNodes(), description)
    made.arguments = [
        _argument("ids", list[strawberry.ID], "Ids, of any kinds; usually at most 100.", required=True)
    ]
    return made


def computed(
    answer: Callable[..., Any], *, needs: Mapping[str, str], description: str, **takes: tuple[Any, str]
) -> Any:
    """A field that needs Python. ``takes`` names its arguments: ``time_zone=(str, "An IANA zone.")``."""
    made = _declared(Computed(answer, needs), description)
    made.arguments = [_argument(name, kind, text, required=True) for name, (kind, text) in takes.items()]
    return made


def stream(kinds: tuple[str, ...], *, after: tuple[Any, str], description: str, **where: Where) -> Any:
    """A subscription to rows of these kinds, beginning behind a cursor or now."""
    made = _declared(Stream(kinds, where), description, where)
    made.arguments = [_argument("after", after[0] | None, after[1]), *made.arguments]
    return made


def where(kind: Any, sql: str, description: str, *, of: str | None = None, required: bool = False) -> Where:
    """An argument that narrows; ``of`` is the id prefix an ``ID`` argument must carry."""
    return Where(kind, sql, description, of, required)


def _argument(name: str, kind: Any, description: str, *, required: bool = False) -> StrawberryArgument:
    return StrawberryArgument(
        python_name=name,
        graphql_name=None,
        type_annotation=StrawberryAnnotation(kind),
        description=description,
        default=inspect.Parameter.empty if required else None,
    )


def _declared(declaration: Declaration, description: str, where: Mapping[str, Where] | None = None) -> Any:
    made = strawberry.field(description=description, metadata={PLAN: declaration})
    made.arguments = [
        _argument(name, w.type if w.required else w.type | None, w.description, required=w.required)
        for name, w in (where or {}).items()
    ]
    return made


def _relation(rows: Any) -> tuple[str, frozenset[str] | None]:
    if isinstance(rows, str):
        return rows, None
    table = rows.__table__
    return table.name, frozenset(column.name for column in table.columns if column.nullable)


def _typed(source: Source, *, interface: bool, name: str | None) -> Callable[[_T], _T]:
    def decorate(cls: _T) -> _T:
        cls.__plan_source__ = source  # type: ignore[attr-defined]  # read back by planner.world
        described = " ".join((inspect.getdoc(cls) or "").split())
        made = strawberry.interface if interface else strawberry.type
        return made(cls, name=name, description=described)

    return decorate
