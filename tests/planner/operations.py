"""Operations made by chance: hypothesis-graphql selects the fields, this gives them arguments, fragments, variables.

Ids and cursors stand in them as placeholders (`@evt3@`), for what is planted has new ids in every database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from graphql import (
    ArgumentNode,
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListTypeNode,
    ListValueNode,
    NamedTypeNode,
    NameNode,
    NonNullTypeNode,
    NullValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    build_schema,
    get_named_type,
    get_nullable_type,
    is_list_type,
    print_ast,
    print_schema,
    visit,
)
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

_KINDS = ("cit", "may", "acc", "evt", "del", "aud", "grp", "thr", "pst", "mem", "rpt")
_IDS = [f"@{prefix}{n}@" for prefix in _KINDS for n in range(12)]
#: Stands for the field's own name in a cursor's placeholder: mostly a list is given its own cursors.
_OWN = [f"@own{n}@" for n in range(6)]
_BAD_CURSORS = ["", "zzz", "a\u0000", "@cities1@", "@events1@", "@delegations1@"]
#: How deep lists may lie in lists.
_LISTS = 2
_ROOT = "Asking"
_BAD_IDS = [
    "",
    "evt_",
    "nope",
    "evt_00000000000000000000000000000000",
    "evt_G",
    "cap_1",
    "EVT_",
    "may\u00e9_1",
]
_SIZES = [0, 1, 1, 2, 2, 2, 3, 3, 4, 5, 7, 100]
_MOMENTS = [
    "2026-01-01T00:00:00.000Z", "2021-10-14T12:00:00-05:00", "2030-06-30T12:00:00+05:30", "1850-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999Z",
]  # fmt: skip

#: What an argument may be given, by its name.
VALUES: Mapping[str, list[Any]] = {
    "id": [*_IDS, *_BAD_IDS],
    "ids": [[], ["@evt0@"], ["@cit1@", "nope", "@may2@", "@cit1@"], ["@acc0@", "@del0@", "@evt1@"]],
    "slug": ["alexandria-va", "norfolk-va", "nowhere", ""],
    "country": ["US", "DE", "us", ""],
    "region": ["VA", "TX", "", "va"],
    "named": ["A", "st", "São", "%", "_", "", "\u00df"],
    "populationAtLeast": [0, 30_000, 400_000, 5_000_000, -1, 2_147_483_647],
    "text": ["city", "mayor of", "buses or fares", '"the city"', "-nothing", "Alexandira", "", "é", "the"],
    "containing": ["a", "bus", "", "É", "%"],
    "member": [True, False],
    "hostedByMe": [True, False],
    "kind": ["WEBINAR", "MEETING", "ANNUAL_MEETING", "COURSE"],
    "status": [["SCHEDULED"], ["DRAFT", "POSTPONED"], ["HELD", "HELD"], [], "CANCELLED", ["MOVED_ONLINE", "HELD"]],
    "startsFrom": _MOMENTS,
    "startsBefore": _MOMENTS,
    "timeZone": ["America/Chicago", "Asia/Tokyo", "Pacific/Apia", "CST", "", "Mars/Olympus"],
    "first": _SIZES,
    "last": _SIZES,
    "after": _OWN,
    "before": _OWN,
}  # fmt: skip
#: What leads to a refusal of the whole request, given rarely.
REFUSED: Mapping[str, list[Any]] = {
    "first": [101, -1],
    "last": [101, -1],
    "after": _BAD_CURSORS,
    "before": _BAD_CURSORS,
    "slug": ["A\u0000"],
    "named": ["a\u0000b"],
    "text": ["a\u0000b"],
    "populationAtLeast": [2_147_483_648],
    "startsFrom": ["2026-01-01", "soon", "0001-01-01T00:00:00+14:00"],
    "ids": [["@evt2@"] * 101],
}
#: How often an argument that may be left out is given.
_OFTEN = {"first": 0.8, "last": 0.15, "after": 0.2, "before": 0.1}


@dataclass(frozen=True)
class Asked:
    """A document and its variables, with placeholders in both."""

    query: str
    variables: dict[str, Any]


def asked(schema: GraphQLSchema, fields: tuple[str, ...] | None = None) -> st.SearchStrategy[Asked]:
    """Queries over ``schema``, with arguments, aliases, fragments, directives and variables of every sort."""
    scalars = {name: st.just(nodes.String("2026-01-01T00:00:00Z")) for name in ("Instant", "Day", "Cursor")}
    documents = queries(schema, fields=fields, custom_scalars=scalars, print_ast=lambda document: document)
    # A seed, not `st.randoms()`: that one prefers extremes, and every argument would be the first of its values.
    return st.builds(
        lambda document, seed: made(schema, document, Random(seed)),  # noqa: S311  # chance, not a secret
        documents,
        st.integers(0, 2**32),
    )


def selected(schema: GraphQLSchema, kind: str, put: "Put") -> st.SearchStrategy[Asked]:
    """Operations whose one field leads to ``kind``; hypothesis-graphql is shown a schema with just that to ask."""
    asking = build_schema(f"{print_schema(schema)}\ntype {_ROOT} {{ it: {kind}! }}")
    shown = GraphQLSchema(query=asking.type_map[_ROOT])  # type: ignore[arg-type]  # an object type
    scalars = {name: st.just(nodes.String("x")) for name in ("Instant", "Day", "Cursor", "LocalTime")}
    documents = queries(shown, custom_scalars=scalars, print_ast=lambda document: document)
    return st.builds(
        lambda document, seed: made(shown, document, Random(seed), put),  # noqa: S311  # as above
        documents,
        st.integers(0, 2**32),
    )


@dataclass(frozen=True)
class Put:
    """What the one field `it` really is: of which operation, under which name, with which arguments."""

    operation: OperationType
    field: str
    definitions: tuple[VariableDefinitionNode, ...] = ()
    arguments: tuple[ArgumentNode, ...] = ()

    def into(self, operation: OperationDefinitionNode) -> OperationDefinitionNode:
        """The operation as it is to be sent."""
        inside: Any = operation.selection_set.selections[0]
        field_node = replace(inside, alias=_named("it"), name=_named(self.field), arguments=self.arguments)
        return replace(
            operation,
            operation=self.operation,
            variable_definitions=(*(operation.variable_definitions or ()), *self.definitions),
            selection_set=SelectionSetNode(selections=(field_node,)),
        )


def made(schema: GraphQLSchema, document: Any, dice: Random, put: Put | None = None) -> Asked:
    """A document with its selections elaborated."""
    info = TypeInfo(schema)
    elaboration = Elaboration(dice, info)
    elaborated: DocumentNode = visit(document, TypeInfoVisitor(info, elaboration))
    operation = elaborated.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    operation = replace(operation, variable_definitions=tuple(elaboration.definitions))
    operation = put.into(operation) if put else operation
    whole = DocumentNode(definitions=(operation, *elaboration.fragments))
    return Asked(print_ast(whole), elaboration.variables)


@dataclass
class Elaboration(Visitor):
    """Gives every field arguments, and every selection a chance to stand in a fragment, under a name, or not at all."""

    dice: Random
    info: TypeInfo
    definitions: list[VariableDefinitionNode] = field(default_factory=list)
    fragments: list[FragmentDefinitionNode] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    lists: int = 0
    may_refuse: bool = False
    refused: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def enter_field(self, *_: Any) -> FieldNode | None:
        """Lists within lists within lists are cut off: the reference would read them until tomorrow."""
        deeper = is_list_type(get_nullable_type(self.info.get_type()))
        if deeper and self.lists == _LISTS:
            return FieldNode(name=_named("__typename"), alias=self._name("a"), arguments=(), directives=())
        self.lists += deeper
        return None

    def leave_field(self, node: FieldNode, *_: Any) -> FieldNode:
        """New arguments, and an alias of its own so that no two fields of one name disagree."""
        self.lists -= is_list_type(get_nullable_type(self.info.get_type()))
        made_of = self.info.get_field_def()
        if made_of is not None and made_of.args and not node.name.value.startswith("__"):
            given = (self._argument(node.name.value, name, taken) for name, taken in self._taken(made_of))
            arguments = tuple(argument for argument in given if argument)
            names = {argument.name.value for argument in arguments}
            self.refused |= {"first", "last"} <= names  # not both at once: that is a reason too
            return replace(node, arguments=arguments, alias=self._name("a"))
        return replace(node, alias=self._name("a")) if self.dice.random() < 0.1 else node

    def _taken(self, made_of: GraphQLField) -> list[tuple[str, GraphQLArgument]]:
        """The arguments to try: below the root, none that may refuse the request.

        The planner refuses such a one even where there turns out to be no row to ask; the reference never gets there.
        """
        kind = self.info.get_parent_type()
        self.may_refuse = kind is not None and kind.name == "Query"
        spared = [] if self.may_refuse else ["after", "before"]
        if self.refused or not self.may_refuse:
            spared.append(self.dice.choice(["first", "last"]))
        return [(name, taken) for name, taken in made_of.args.items() if name not in spared]

    def leave_selection_set(self, node: SelectionSetNode, *_: Any) -> SelectionSetNode:
        """Some of the selections move into fragments, appear twice, or depend on a variable."""
        kind = self.info.get_parent_type()
        assert kind is not None
        if kind.name == _ROOT:
            return node
        selections = [self._wrapped(one, kind.name) for one in node.selections]
        if self.dice.random() < 0.3:
            place = self.dice.randrange(len(selections) + 1)
            selections.insert(place, FieldNode(name=_named("__typename"), arguments=(), directives=()))
        if kind.name == "Query" and self.dice.random() < 0.1:
            selections.insert(0, _introspection())
        return replace(node, selections=tuple(selections))

    def _wrapped(self, one: Any, on: str) -> Any:
        way = self.dice.random()
        if way < 0.7:
            return one
        if way < 0.8:
            return InlineFragmentNode(
                type_condition=self.dice.choice([None, NamedTypeNode(name=_named(on))]),
                directives=self._directives(),
                selection_set=SelectionSetNode(selections=(one,)),
            )
        if way < 0.9:
            name = self._name("F")
            condition = NamedTypeNode(name=_named(on))
            inside = SelectionSetNode(selections=(one,))
            self.fragments.append(
                FragmentDefinitionNode(
                    name=name,
                    type_condition=condition,
                    selection_set=inside,
                    directives=(),
                    variable_definitions=(),
                )
            )
            return FragmentSpreadNode(name=name, directives=self._directives())
        return replace(one, directives=self._directives())

    def _directives(self) -> tuple[DirectiveNode, ...]:
        if self.dice.random() < 0.5:
            return ()
        keeps = self.dice.random() < 0.8
        name = self.dice.choice(["skip", "include"])
        on = keeps is (name == "include")
        value: ValueNode = BooleanValueNode(value=on)
        if self.dice.random() < 0.7:
            value = self._variable(NonNullTypeNode(type=NamedTypeNode(name=_named("Boolean"))), on)
        return (DirectiveNode(name=_named(name), arguments=(ArgumentNode(name=_named("if"), value=value),)),)

    def _argument(self, of: str, name: str, argument: GraphQLArgument) -> ArgumentNode | None:
        required = isinstance(argument.type, GraphQLNonNull)
        if not required and self.dice.random() > _OFTEN.get(name, 0.4):
            return None
        refused = self.may_refuse and name in REFUSED and self.dice.random() < 0.03 and not self.refused
        self.refused |= refused  # once is enough: of two reasons either may be said first
        value = self.dice.choice(REFUSED[name] if refused else VALUES.get(name) or _any(argument.type))
        if isinstance(value, str):
            value = value.replace("@own", f"@{of}")
        literal = _literal(value, argument.type)
        way = self.dice.random()
        if way < 0.5:
            shown = literal
        elif way < 0.7:
            shown = self._variable(_spelled(argument.type), value)
        elif way < 0.8:
            shown = self._variable(_spelled(argument.type), None, default=literal, absent=True)
        elif required:
            shown = self._variable(_spelled(argument.type), value, default=literal)
        elif way < 0.9:
            shown = self._variable(_spelled(argument.type), None, absent=self.dice.random() < 0.5)
        else:
            shown = NullValueNode()
        return ArgumentNode(name=_named(name), value=shown)

    def _variable(self, kind: Any, value: Any, *, default: Any = None, absent: bool = False) -> VariableNode:
        variable = VariableNode(name=self._name("v"))
        self.definitions.append(
            VariableDefinitionNode(variable=variable, type=kind, default_value=default, directives=())
        )
        if not absent:
            self.variables[variable.name.value] = value
        return variable

    def _name(self, letter: str) -> NameNode:
        self._count = getattr(self, "_count", 0) + 1
        return _named(f"{letter}{self._count}")


def _any(kind: Any) -> list[Any]:
    """Values for an argument whose name says nothing here."""
    named = get_named_type(kind)
    if isinstance(named, GraphQLEnumType):
        return [*named.values]
    known: dict[str, list[Any]] = {
        "ID": _IDS,
        "Instant": _MOMENTS,
        "Int": _SIZES,
        "Boolean": [True, False],
    }
    return known.get(named.name, ["", "postponeEvent"])


def _named(name: str) -> NameNode:
    return NameNode(value=name)


def _literal(value: Any, kind: Any) -> ValueNode:
    if isinstance(value, list):
        return ListValueNode(values=tuple(_literal(item, kind) for item in value))
    if isinstance(value, bool):
        return BooleanValueNode(value=value)
    if isinstance(value, int):
        return IntValueNode(value=str(value))
    if isinstance(get_named_type(kind), GraphQLEnumType):
        return EnumValueNode(value=value)
    return StringValueNode(value=value, block=False)


def _spelled(kind: Any) -> Any:
    if isinstance(kind, GraphQLNonNull):
        return NonNullTypeNode(type=_spelled(kind.of_type))
    if isinstance(kind, GraphQLList):
        return ListTypeNode(type=_spelled(kind.of_type))
    return NamedTypeNode(name=_named(kind.name))


def _introspection() -> FieldNode:
    name = FieldNode(name=_named("name"), arguments=(), directives=())
    return FieldNode(
        alias=_named("city"),
        name=_named("__type"),
        arguments=(ArgumentNode(name=_named("name"), value=StringValueNode(value="City", block=False)),),
        directives=(),
        selection_set=SelectionSetNode(selections=(name,)),
    )
