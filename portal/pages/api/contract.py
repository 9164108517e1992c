"""The contract as its documentation shows it: what may be asked, done and heard, then everything these speak of."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

Node = Mapping[str, Any]
PAGING = frozenset({"first", "after", "last", "before"})
_PAGED = ("Connection", "Edge")
_ROOTS = frozenset({"Query", "Mutation", "Subscription"})
_NO_NOTICES = frozenset({"Heartbeat", "CursorExpired", "StreamEnded"})


@dataclass(frozen=True, slots=True)
class Type:
    """A type as it is written: what stands before its name, the name, what stands behind: `[`, `Event`, `!]!`."""

    before: str
    name: str
    behind: str

    @property
    def anchor(self) -> str:
        """Where it is told."""
        return anchor(self.name)


@dataclass(frozen=True, slots=True)
class Part:
    """A field, an argument or a word; `paged` when it takes the arguments that all long lists take."""

    name: str
    description: str
    type: Type | None
    args: Sequence["Part"]
    paged: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """What has a heading of its own: a field of a root type, or a type. `others` are the types it is, or may be."""

    name: str
    anchor: str
    description: str
    type: Type | None
    parts: Sequence[Part]
    paged: bool
    related: str
    others: Sequence[Type]


@dataclass(frozen=True, slots=True)
class Chapter:
    """Entries of one sort."""

    name: str
    anchor: str
    lead: str
    entries: Sequence[Entry]


#: A page whose edges say more than a node and its place.
_TOLD_APART = frozenset({"SearchConnection", "SearchEdge"})


def chapters(schema: Node) -> list[Chapter]:
    """All chapters of an introspected schema, in the order of reading. Connections are told once, as what they are."""
    types = {kind["name"]: kind for kind in schema["types"] if not kind["name"].startswith("__")}
    shown = [kind for kind in types.values() if not _is_page_of(kind, types)]

    def fields(name: str, place: str) -> list[Entry]:
        return [_field(node, place, types) for node in types[name]["fields"]]

    def kinds(wanted: Callable[[Node], bool]) -> list[Entry]:
        return [_kind(kind) for kind in shown if wanted(kind)]

    def of(*sorts: str) -> Callable[[Node], bool]:
        return lambda kind: kind["kind"] in sorts

    reading = "Reading. Whatever a document selects is one statement, as of one moment."
    acting = "Each is one transaction, and answers with the thing itself or a problem."
    return [
        Chapter("Queries", "queries", reading, fields("Query", "queries")),
        Chapter("Acts", "acts", acting, fields("Mutation", "acts")),
        Chapter("Streams", "streams", "Notices as they are written.", fields("Subscription", "streams")),
        Chapter("Things", "things", "What there is to know of.", kinds(_is_thing)),
        Chapter("Notices", "notices", "What streams carry.", kinds(_is_notice)),
        Chapter("Problems", "problems", "Why an act did not happen.", kinds(_is_problem)),
        Chapter("Inputs", "inputs", "What acts are told.", kinds(of("INPUT_OBJECT"))),
        Chapter("Outcomes and items", "unions", "One of several.", kinds(of("UNION"))),
        Chapter("Words", "words", "Scalars, and the values of enums.", kinds(of("ENUM", "SCALAR"))),
    ]


def anchor(name: str) -> str:
    """Where a type is told: a connection or its edge with the one telling of all connections."""
    paged = name not in _TOLD_APART and (name.endswith(_PAGED) or name == "PageInfo")
    return "connections" if paged else f"type-{name}"


def _field(node: Node, place: str, types: Mapping[str, Node]) -> Entry:
    """A field of a root type; an act's input is told with its own fields, for nobody acts without them."""
    part = _part(node)
    return Entry(
        name=part.name,
        anchor=f"{place}-{part.name}",
        description=part.description,
        type=part.type,
        parts=[replace(arg, args=_inside(arg, types)) for arg in part.args],
        paged=part.paged,
        related="",
        others=(),
    )


def _inside(arg: Part, types: Mapping[str, Node]) -> list[Part]:
    fields = types[arg.type.name]["inputFields"] if arg.type else None
    return [_part(field) for field in fields or ()]


def _kind(node: Node) -> Entry:
    name = str(node["name"])
    parts = node["fields"] or node["inputFields"] or node["enumValues"] or ()
    related, others = "Is", node["interfaces"] or ()
    if node["possibleTypes"]:
        related, others = "One of" if node["kind"] == "UNION" else "Stands for", node["possibleTypes"]
    return Entry(
        name=name,
        anchor=anchor(name),
        description=node["description"] or "",
        type=None,
        parts=[_part(part) for part in parts],
        paged=False,
        related=related,
        others=[Type("", other["name"], "") for other in others],
    )


def _part(node: Node) -> Part:
    args: Iterable[Node] = node.get("args") or ()
    own = [_part(arg) for arg in args if arg["name"] not in PAGING]
    written = _written(node["type"]) if "type" in node else None
    paged = bool(written and written.name.endswith("Connection"))
    return Part(node["name"], node["description"] or "", written, own, paged)


def _written(ref: Node) -> Type:
    if ref["kind"] in {"NON_NULL", "LIST"}:
        inner = _written(ref["ofType"])
        if ref["kind"] == "NON_NULL":
            return Type(inner.before, inner.name, inner.behind + "!")
        return Type("[" + inner.before, inner.name, inner.behind + "]")
    return Type("", ref["name"], "")


def _is_page_of(kind: Node, types: Mapping[str, Node]) -> bool:
    name = str(kind["name"])
    return name == "PageInfo" or any(name.endswith(end) and name.removesuffix(end) in types for end in _PAGED)


def _is(kind: Node, interface: str) -> bool:
    return kind["name"] == interface or any(one["name"] == interface for one in kind["interfaces"] or ())


def _is_notice(kind: Node) -> bool:
    return _is(kind, "Notice") or kind["name"] in _NO_NOTICES


def _is_problem(kind: Node) -> bool:
    return _is(kind, "Problem") or kind["name"] == "InvalidField"


def _is_thing(kind: Node) -> bool:
    told = kind["name"] in _ROOTS or _is_notice(kind) or _is_problem(kind)
    return kind["kind"] in {"OBJECT", "INTERFACE"} and not told
