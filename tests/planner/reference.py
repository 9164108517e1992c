"""The reference executor: graphql-core alone over the same declarations, one naive query a field.

It shares the declarations with the planner and nothing else: slow, simple, obviously right. Whatever the two answer
differently is a bug in one of them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLUnionType,
    execute,
    get_named_type,
    parse,
    validate,
)
from graphql.pyutils import is_awaitable

from planner.declare import (
    EVERYONE,
    AnyNode,
    AnyNodes,
    Column,
    Computed,
    Elsewhere,
    Expression,
    Here,
    Identity,
    Many,
    One,
    Pages,
    Source,
)
from planner.limits import Limits
from planner.world import declaration_of, python_name, source_of
from tests.planner.cutting import Page
from tests.planner.reading import (
    Reading,
    Row,
    Select,
    TooMuch,
    Unanswerable,
    camel,
    kind_of,
    narrowed,
    opened_id,
    text,
)

Resolver = Callable[..., Any]
Info = GraphQLResolveInfo[Any]


#: As many queries as it takes.
_ANY = 20_000
_A_MOMENT = 1.0


@dataclass(frozen=True)
class Reference:
    """``schema`` is a schema of this executor's own, freshly built: its resolvers are replaced."""

    schema: GraphQLSchema

    def __post_init__(self) -> None:
        for kind in self.schema.type_map.values():
            if kind.name.startswith("__"):
                continue
            if isinstance(kind, GraphQLObjectType):
                kind.is_type_of = None
                for made in kind.fields.values():
                    made.resolve = self._resolver(kind, made)
            elif isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
                kind.resolve_type = _type_of

    async def answer(
        self,
        reading: Reading,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        root: Mapping[str, Row] | None = None,
        most: int = _ANY,
    ) -> dict[str, Any]:
        """The response. ``root`` holds what a mutation or subscription leads to, by response key.

        Raises:
            TooMuch: it would take more than ``most`` queries.
        """
        document = parse(query)
        # Whoever would rather have no answer than many queries does not wait long for one of them either: cities like
        # another are looked for among all, each anew.
        reading.left, reading.patience = most, None if most == _ANY else _A_MOMENT
        if errors := validate(self.schema, document):
            return {"errors": [error.formatted for error in errors]}
        made: Any = execute(
            self.schema,
            document,
            root_value=root or Row("Query", Source()),
            context_value=reading,
            variable_values=dict(variables or {}),
        )
        result = await made if is_awaitable(made) else made
        errors = result.errors or []
        for error in errors:
            if isinstance(error.original_error, TooMuch):
                raise error.original_error
            if isinstance(error.original_error, Unanswerable):
                return {"errors": [{"extensions": {"code": error.original_error.code}}]}
        shown = {"errors": [error.formatted for error in errors]} if errors else {}
        refused = result.data is None and any(error.path is None for error in errors)
        return shown if refused else {"data": result.data, **shown}

    def row(self, kind: str, key: UUID) -> Row:
        """The row of a type with this key."""
        source = source_of(self.schema.type_map[kind])
        assert source is not None
        return Row(kind, source, key)

    def _resolver(self, kind: GraphQLObjectType, made: Any) -> Resolver:
        if kind in (self.schema.mutation_type, self.schema.subscription_type):
            return lambda source, info, **_: source[info.path.key]
        declared = declaration_of(made)
        if declared is None:
            assert source_of(kind) is None or kind.name.endswith("Edge"), (
                f"{kind.name}.{python_name(made)} was not declared"
            )
            return _attribute(python_name(made))
        return _READ[type(declared)](declared, made)


# ---------------------------------------------------------------------- leaves


def _column(declared: Column, made: Any) -> Resolver:
    column = declared.name or python_name(made)

    async def resolve(row: Row, info: Info) -> Any:
        if row.source.json:
            return _shown(made.type, row.part[camel(column)])
        hidden = declared.readable != EVERYONE
        if hidden and not await info.context.of_row(row, f"({text(declared.readable)}) IS TRUE"):
            return None
        return _shown(made.type, await info.context.of_row(row, f"parent.{column}"))

    return resolve


def _expression(declared: Expression, made: Any) -> Resolver:
    async def resolve(row: Row, info: Info) -> Any:
        places = {name: f"${2 + n}::{kind}" for n, (name, (_, kind)) in enumerate(row.given.items())}
        # Whatever was given is named, for PostgreSQL takes no parameter of which it cannot tell the type.
        named = " AND ".join(["true", *(f"{place} IS NOT NULL" for place in places.values())])
        sql = f"CASE WHEN {named} THEN ({text(declared.sql, **places)}) END"
        return _shown(made.type, await info.context.of_row(row, sql))

    return resolve


def _identity(declared: Identity, _made: Any) -> Resolver:
    async def resolve(row: Row, info: Info) -> str:
        key: UUID = await info.context.of_row(row, text(declared.sql, key=row.source.key))
        return f"{row.source.prefix}_{key.hex}"

    return resolve


def _computed(declared: Computed, made: Any) -> Resolver:
    names = {name: re.sub(r"[A-Z]", lambda found: "_" + found[0].lower(), name) for name in made.args}

    async def resolve(row: Row, info: Info, **given: Any) -> Any:
        needs = {
            need: await info.context.of_row(row, f"to_json({text(sql)})")
            for need, sql in declared.needs.items()
        }
        return declared.answer(**needs, **{names[name]: value for name, value in given.items()})

    return resolve


def _shown(kind: Any, value: Any) -> Any:
    """A value in the one form clients know it by."""
    if isinstance(kind, GraphQLNonNull):
        return _shown(kind.of_type, value)
    if value is None:
        return None
    if isinstance(kind, GraphQLList):
        return [_shown(kind.of_type, item) for item in value]
    if isinstance(kind, GraphQLEnumType):
        return next(v.value for name, v in kind.values.items() if value in (name, v.value))
    return _in_time(value)


def _in_time(value: Any) -> Any:
    match value:
        case datetime() if value.tzinfo is not None:
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}Z"
        case datetime():
            return value.isoformat(timespec="minutes")
        case date():
            return value.isoformat()
    return value


# ---------------------------------------------------------------------- edges


def _here(declared: Here, made: Any) -> Resolver:
    kind = get_named_type(made.type)
    source = source_of(kind)
    assert source is not None

    async def resolve(row: Row, info: Info) -> Row | None:
        if declared.sql is None:
            return Row(kind.name, source, row.key, row.part)
        part = await info.context.of_row(row, text(declared.sql))
        return None if part is None else Row(kind.name, source, part=part)

    return resolve


def _one(declared: One, made: Any) -> Resolver:
    async def resolve(parent: Row, info: Info, **given: Any) -> Row | None:
        clauses, arguments = narrowed(declared.where, given, made)
        if declared.where and not clauses:
            return None
        select = Select(get_named_type(made.type), [text(declared.on), *clauses], arguments, ["1"])
        found = await select.rows(info.context, parent)
        assert len(found) <= 1, f"{info.parent_type}.{info.field_name} leads to several rows"
        return found[0][0] if found else None

    return resolve


def _many(declared: Many, made: Any) -> Resolver:
    async def resolve(parent: Row, info: Info, **given: Any) -> list[Row]:
        clauses, arguments = narrowed(declared.where, given, made)
        select = Select(
            get_named_type(made.type), [text(declared.on), *clauses], arguments, [text(declared.order)]
        )
        return [row for row, _ in await select.rows(info.context, parent)][: declared.most]

    return resolve


def _pages(declared: Pages, made: Any) -> Resolver:
    edge: Any = get_named_type(get_named_type(made.type).fields["edges"].type)
    node = get_named_type(edge.fields["node"].type)
    label = f"{node.name}:{','.join(sql for sql, _ in declared.order)}".replace("'", "")
    order = [text(sql, row="child") for sql, _ in declared.order]

    async def resolve(parent: Row, info: Info, **given: Any) -> Page:
        first, last = given.get("first"), given.get("last")
        size = 20 if first is None and last is None else last if first is None else first
        if (first is not None and last is not None) or not 0 <= (size or 0) <= 100:
            raise Unanswerable
        clauses, arguments = narrowed(declared.where, given, made)
        select = Select(
            edge if source_of(edge) else node, [text(declared.on), *clauses], arguments, order, keys=True
        )
        kinds = [
            kind_of(made.args[camel(name)].type)
            for name in declared.where
            if given.get(camel(name)) is not None
        ]
        names = [name for name in declared.where if given.get(camel(name)) is not None]
        told = dict(zip(names, zip(arguments, kinds, strict=True), strict=True))
        return Page(
            signing=info.context.signing,
            label=label,
            kinds=tuple(kind for _, kind in declared.order),
            everything=await select.rows(info.context, parent),
            size=size or 0,
            backward=last is not None,
            after=given.get("after"),
            before=given.get("before"),
            most_counted=declared.most_counted,
            given=told if source_of(edge) else None,
        )

    return resolve


def _elsewhere(declared: Elsewhere, _made: Any) -> Resolver:
    async def resolve(row: Row, info: Info) -> Row | None:
        bare = replace(row, given={})
        kind = await info.context.of_row(bare, text(declared.kind))
        key = await info.context.of_row(bare, text(declared.key))
        assert kind in declared.kinds
        source = source_of(info.schema.type_map[kind])
        assert source is not None
        return await _readable(info, kind, source, key)

    return resolve


def _any_node(_declared: AnyNode, _made: Any) -> Resolver:
    async def resolve(_parent: Row, info: Info, **given: str) -> Row | None:
        return await _found(info, given["id"])

    return resolve


def _any_nodes(_declared: AnyNodes, _made: Any) -> Resolver:
    async def resolve(_parent: Row, info: Info, ids: list[str]) -> list[Row | None]:
        if len(ids) > Limits().ids:
            raise Unanswerable("TOO_MANY_IDS")
        return [await _found(info, shown) for shown in ids]

    return resolve


async def _found(info: Info, shown: str) -> Row | None:
    for kind in info.schema.type_map.values():
        source = source_of(kind) if isinstance(kind, GraphQLObjectType) else None
        if source and source.prefix and (key := opened_id(shown, source.prefix)):
            return await _readable(info, kind.name, source, key)
    return None


async def _readable(info: Info, kind: str, source: Source, key: Any) -> Row | None:
    readable = f"({text(source.readable)}) IS TRUE"
    sql = f"SELECT FROM viewer, {source.table} parent WHERE parent.{source.key} = $1 AND {readable}"
    return Row(kind, source, key) if await info.context.rows(sql, key) else None


def _attribute(name: str) -> Resolver:
    def resolve(source: Any, _info: Info) -> Any:
        value = getattr(source, name)
        return value() if callable(value) else value

    return resolve


def _type_of(value: Any, _info: Info, _kind: Any) -> str:
    assert isinstance(value, Row)
    return value.kind


_READ: dict[type, Callable[[Any, Any], Resolver]] = {
    Column: _column,
    Expression: _expression,
    Identity: _identity,
    Computed: _computed,
    Here: _here,
    One: _one,
    Many: _many,
    Pages: _pages,
    Elsewhere: _elsewhere,
    AnyNode: _any_node,
    AnyNodes: _any_nodes,
}
