"""A Relay connection in SQL: one row more than the page is read, so that "is there more?" costs no second look."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from graphql import FieldNode, GraphQLField, get_named_type

from planner.arguments import Given, storable
from planner.cost import COUNTING
from planner.cursors import opened, sealed
from planner.declare import Elsewhere, Expression, Pages
from planner.refusals import BadRequest
from planner.texts import QUOTE, camel, joined, json_object, listed, named
from planner.world import declaration_of, source_of

if TYPE_CHECKING:
    from planner.compile import Compiler

MOST, USUAL = 100, 20


def connection(
    compiler: "Compiler", made: GraphQLField, declared: Pages, group: list[FieldNode], row: str
) -> str:
    """The JSON text of a connection."""
    given = Given.of(made, group[0], compiler.shape)
    kind: Any = get_named_type(made.type)
    return _Connection(compiler, declared, given, kind, row, compiler.alias(), _Page.of(given)).text(group)


@dataclass(frozen=True)
class _Page:
    """How many, and from which end. Both are part of the text: a bound LIMIT hides the number from PostgreSQL."""

    size: int
    backward: bool

    @classmethod
    def of(cls, given: Given) -> "_Page":
        first, last = given.fixed("first"), given.fixed("last")
        if first is not None and last is not None:
            raise BadRequest("Ask for `first` or for `last`, not for both.")
        size = USUAL if first is None and last is None else first if last is None else last
        if not 0 <= size <= MOST:
            raise BadRequest(f"A page holds from 0 to {MOST} items; {size} were asked for.")
        return cls(size, backward=last is not None)


@dataclass
class _Connection:
    """One connection of one plan: ``child`` is its row's alias, ``kind`` its GraphQL type."""

    compiler: "Compiler"
    declared: Pages
    given: Given
    kind: Any
    parent: str
    child: str
    page: _Page
    joins: list[str] = field(default_factory=list)
    needs_keys: bool = False
    needs_number_fetched: bool = False

    def __post_init__(self) -> None:
        self.edge = get_named_type(self.kind.fields["edges"].type)
        self.node = get_named_type(self.edge.fields["node"].type)
        self.source = source_of(self.edge) or self.compiler.source(self.node)

    def text(self, group: list[FieldNode]) -> str:
        """The whole connection."""
        wanted = self.compiler.operation.fields(self.kind, group, self.compiler.shape)
        body = json_object(
            self.compiler.typed(self.kind) + [(key, self._part(nodes)) for key, nodes in wanted.items()]
        )
        if not any(nodes[0].name.value in ("edges", "nodes", "pageInfo") for nodes in wanted.values()):
            return body
        self.compiler.reach.add(self.page.size)
        # HAVING makes one row of it even where nothing in the body aggregates (`pageInfo { hasPreviousPage }` alone).
        return f"(SELECT {body} FROM {self._rows()} {' '.join(self.joins)} HAVING true)"

    def _part(self, nodes: list[FieldNode]) -> str:
        match nodes[0].name.value:
            case "edges":
                return self._list(self._edge(nodes))
            case "nodes":
                return self._list(self._any(nodes))
            case "pageInfo":
                return self._page_info(nodes)
            case "totalCount":
                self.compiler.reach.add(COUNTING)
                return self._count()
            case _:
                return named(self.kind)

    def _count(self) -> str:
        declared = self.declared
        if declared.counted and not any(self.given.present(camel(name)) for name in declared.where):
            return declared.counted
        rows = f"FROM {self.source.table} {self.child} WHERE {self._matching}"
        if declared.most_counted is None:
            return f"(SELECT count(*) {rows})"
        return f"(SELECT count(*) FROM (SELECT {rows} LIMIT {declared.most_counted}) counted)"

    # ------------------------------------------------------------------ what is shown

    def _list(self, item: str) -> str:
        way = "DESC" if self.page.backward else "ASC"
        kept = f"FILTER (WHERE {self.child}.n <= {self.page.size})"
        return listed(f"string_agg({item},',' ORDER BY {self.child}.n {way}) {kept}")

    def _edge(self, nodes: list[FieldNode]) -> str:
        pairs = self.compiler.typed(self.edge)
        for key, group in self.compiler.operation.fields(self.edge, nodes, self.compiler.shape).items():
            name = group[0].name.value
            text = named(self.edge)
            if name == "node":
                text = self._any(group)
            elif name == "cursor":
                self.needs_keys = True
                text = joined(QUOTE, self._cursor(f"{self.child}.keys"), QUOTE)
            elif name in self.edge.fields:
                text = self._said_of_edge(self.edge.fields[name])
            pairs.append((key, text))
        return json_object(pairs)

    def _said_of_edge(self, made: GraphQLField) -> str:
        """What an edge itself says of how its node was found."""
        declared = declaration_of(made)
        if not isinstance(declared, Expression):
            raise TypeError(f"{self.edge.name} says more than was declared to the planner")
        said = self.compiler.text(declared.sql, row=self.child, **self._arguments)
        return self.compiler.leaf(made, said, sure=not declared.nullable)

    def _any(self, nodes: list[FieldNode]) -> str:
        declared = declaration_of(self.edge.fields["node"])
        with self.compiler.reach.within(self.page.size):
            if isinstance(declared, Elsewhere):
                return self.compiler.elsewhere(declared, nodes, self.child)
            return self.compiler.any(self.node, nodes, self.child, self.joins)

    @cached_property
    def _arguments(self) -> dict[str, str]:
        """The required arguments, for ways to read, and for what an edge says of how it was found."""
        return {
            name: self.compiler.argument(self.given, name, where)
            for name, where in self.declared.where.items()
            if where.required
        }

    def _page_info(self, nodes: list[FieldNode]) -> str:
        kind: Any = get_named_type(self.kind.fields["pageInfo"].type)
        wanted = self.compiler.operation.fields(kind, nodes, self.compiler.shape)
        facts = [(key, self._page_fact(kind, group[0].name.value)) for key, group in wanted.items()]
        return json_object(self.compiler.typed(kind) + facts)

    def _page_fact(self, kind: Any, name: str) -> str:
        more = f"CASE WHEN bool_or({self.child}.n > {self.page.size}) THEN 'true' ELSE 'false' END"
        behind = "'true'" if self.given.present("after") else "'false'"
        ahead = "'true'" if self.given.present("before") else "'false'"
        backward = self.page.backward
        match name:
            case "hasNextPage":
                return ahead if backward else more
            case "hasPreviousPage":
                return more if backward else behind
            case "startCursor":
                return self._cursor_at(last=backward)
            case "endCursor":
                return self._cursor_at(last=not backward)
            case _:
                return named(kind)

    def _cursor_at(self, *, last: bool) -> str:
        place = f"least({self.child}.fetched, {self.page.size})" if last else "1"
        within = f"{self.child}.n = {place} AND {self.child}.n <= {self.page.size}"
        self.needs_number_fetched |= last
        return f"""coalesce('"'||max({self._cursor(self._keys())}) FILTER (WHERE {within})||'"','null')"""

    def _cursor(self, keys: str) -> str:
        return sealed(keys, self._label(), *self.compiler.signing())

    def _keys(self) -> str:
        keys = [self.compiler.text(sql, row=self.child) for sql, _ in self.declared.order]
        return f"convert_to(json_build_array({', '.join(keys)})::text,'UTF8')"

    # ------------------------------------------------------------------ what is read

    def _rows(self) -> str:
        way = "DESC" if self.page.backward else "ASC"
        keys = [self.compiler.text(sql, row=self.child) for sql, _ in self.declared.order]
        order = ", ".join(f"{key} {way}" for key in keys)
        clauses = [self._matching, *self._bounds(keys)]
        ordered = f"ORDER BY {order} LIMIT {self.page.size + 1}"
        read = f"SELECT * FROM {self.source.table} {self.child} WHERE {' AND '.join(clauses)}"
        found = f"{read} {ordered}"
        if self.declared.ways:
            ways = [self.compiler.text(way, row=self.child, **self._arguments) for way in self.declared.ways]
            each = " UNION ALL ".join(f"({read} AND ({way}) {ordered})" for way in ways)
            found = f"SELECT * FROM ({each}) {self.child} {ordered}"
        extra = ["row_number() OVER () AS n"]  # as they come out of ``found``, which is in order
        if self.needs_number_fetched:
            extra.append("count(*) OVER () AS fetched")
        if self.needs_keys:
            extra.append(f"{self._keys()} AS keys")
        return f"(SELECT {self.child}.*, {', '.join(extra)} FROM ({found}) {self.child}) {self.child}"

    @cached_property
    def _matching(self) -> str:
        """What the rows have in common; its arguments are bound once, however often it is said."""
        own = self.compiler.text(self.declared.on, row=self.parent, child=self.child)
        readable = self.compiler.text(self.source.readable, row=self.child)
        narrowed = self.compiler.narrowed(self.given, self.declared.where, self.child)
        return " AND ".join([f"({own})", f"({readable})", *narrowed])

    def _bounds(self, keys: list[str]) -> list[str]:
        bounds = [("after", ">"), ("before", "<")]
        return [
            f"({', '.join(keys)}) {sign} ({', '.join(self._keyset(name))})"
            for name, sign in bounds
            if self.given.present(name)
        ]

    def _keyset(self, name: str) -> list[str]:
        read, label, order = self.given.reader(name), self._label(), self.declared.order
        signing = self.compiler.world.signing

        def key(place: int) -> Any:
            return lambda values: _as_text(opened(storable(read(values)), label, signing, len(order))[place])

        return [
            f"({self.compiler.parameters.add(key(place), 'text')})::{cast}"
            for place, (_, cast) in enumerate(order)
        ]

    def _label(self) -> str:
        return f"{self.node.name}:{','.join(sql for sql, _ in self.declared.order)}".replace("'", "")


def _as_text(key: Any) -> str:
    return key if isinstance(key, str) else str(key)
