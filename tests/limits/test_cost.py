"""Cost: the rows a request may reach, from the plan, with the values it came with."""

from typing import Any
from unittest.mock import Mock

import pytest
from graphql import GraphQLError, NonNullTypeNode, is_input_type, type_from_ast

import schema
from planner.documents import Documents
from planner.limits import Limits
from planner.prepared import Prepared
from portal.documents import document, names
from tests.planner.stage import SIGNING

WORLD = schema.world(SIGNING)
EVENT = "evt_" + "0" * 32
#: What a document of the portal may cost: most are one thing and the frame around it, which lists 100 capacities of
#: three rows each. These are pages of lists.
BUDGETS = {
    "cities/cities": 4_000,
    "cities/city": 2_500,
    "desk/accounts": 8_000,
    "desk/events": 15_000,
    "events/calendar": 15_000,
    "front/front": 3_000,
    "home/home": 5_000,
}
BUDGET = 2_000


@pytest.mark.parametrize(
    ("selection", "cost"),
    [
        ("head", 0),
        ("viewer { member }", 0),
        (f'event(id: "{EVENT}") {{ id title }}', 1),
        (f'event(id: "{EVENT}") {{ host {{ id }} }}', 2),
        ("cities(first: 7) { nodes { id } }", 7),
        ("cities { nodes { id } }", 20),
        ("cities(last: 7) { edges { cursor node { id } } pageInfo { hasNextPage } nodes { id } }", 7),
        ("cities(first: 7) { nodes { mayor { city { id } } } }", 7 * 3),
        ("cities(first: 7) { nodes { like { id } } }", 7 * (1 + 8)),
        ("cities(first: 7) { nodes { like { like { id } } } }", 7 * (1 + 8 + 64)),
        ("cities(first: 7) { edges { node { mayor { id } } } nodes { mayor { id } } }", 7 * 3),
        ("cities(first: 7) { totalCount }", 20),
        ("cities(first: 7) { totalCount nodes { id } }", 27),
        ("cities(first: 0) { nodes { mayor { id } } }", 0),
        ("mappedCities { id }", 1_000),
        (f'a: event(id: "{EVENT}") {{ id }} b: event(id: "{EVENT}") {{ id }}', 2),
        ("__schema { types { name } }", 0),
    ],
)
def test_a_selection_costs_the_rows_it_may_reach(selection: str, cost: int) -> None:
    assert _cost(f"{{ {selection} }}") == cost


def test_a_row_of_an_interface_costs_as_much_as_its_costliest_type() -> None:
    one = _cost(
        "{ changes(first: 5) { nodes { __typename ... on EventPostponed { event { host { id } } } } } }"
    )
    two = _cost(
        "{ changes(first: 5) { nodes { __typename ... on EventPostponed { event { host { id } } } "
        "... on EventCancelled { event { id } } } } }"
    )

    assert one == two == 5 * (1 + 2)


@pytest.mark.parametrize(("variables", "cost"), [({}, 20), ({"first": 3}, 3), ({"first": 100}, 100)])
def test_page_sizes_given_as_variables_count_as_they_are_given(variables: dict[str, Any], cost: int) -> None:
    assert _cost("query ($first: Int) { cities(first: $first) { nodes { id } } }", variables) == cost


def test_ids_count_as_many_as_they_are_under_one_plan() -> None:
    documents = Documents(WORLD)
    prepared = _prepared(
        documents, "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Event { host { id } } } }"
    )

    plans = [documents.plan(prepared, {"ids": [EVENT] * count}) for count in (1, 3, 100)]

    assert plans[0] is plans[1] is plans[2]
    assert [plans[0].cost.of({"ids": [EVENT] * count}) for count in (0, 1, 3, 100)] == [0, 2, 6, 200]


def test_ids_of_no_kind_cost_one_each() -> None:
    assert _cost('{ nodes(ids: ["nope", "x_1"]) { id } }') == 2


def test_at_the_limit_a_plan_is_made_and_beyond_it_refused_with_cost_and_limit() -> None:
    documents = Documents(WORLD, Limits(cost=100))
    prepared = _prepared(documents, "query ($n: Int) { cities(first: $n) { nodes { mayor { id } } } }")

    documents.plan(prepared, {"n": 50})

    with pytest.raises(GraphQLError) as refused:
        documents.plan(prepared, {"n": 51})
    assert refused.value.extensions == {"code": "TOO_COSTLY", "cost": 102, "limit": 100}


def test_what_was_refused_for_its_cost_is_not_planned_again(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = Documents(WORLD, Limits(cost=100))
    prepared = _prepared(documents, "{ mappedCities { id } }")
    plan = Mock(wraps=documents._planned)  # noqa: SLF001  # counted, not replaced
    monkeypatch.setattr(documents, "_planned", plan)

    for _ in range(3):
        with pytest.raises(GraphQLError):
            documents.plan(prepared, {})

    assert plan.call_count == 1


def test_an_interface_is_not_written_out_for_all_its_types_without_end() -> None:
    documents = Documents(WORLD, Limits(fields=20))
    few, many = (f"{{ changes {{ nodes {{ {'at ' * count} }} }} }}" for count in (1, 18))
    distinct = " ".join(f"a{n}: at" for n in range(18))

    documents.plan(_prepared(documents, few), {})

    with pytest.raises(GraphQLError) as refused:
        documents.plan(_prepared(documents, f"{{ changes {{ nodes {{ {distinct} }} }} }}"), {})
    assert (refused.value.extensions or {})["code"] == "TOO_MANY_FIELDS"
    documents.plan(_prepared(documents, many), {})  # one field, however often it is said


@pytest.mark.parametrize("name", names())
def test_every_document_of_the_portal_keeps_to_its_budget(name: str) -> None:
    documents = Documents(WORLD)
    prepared = _prepared(documents, document(name))
    if prepared.kind != "query":
        return
    values = {
        one.variable.name.value: _any(one.type) for one in prepared.operation.node.variable_definitions or ()
    }

    cost = documents.plan(prepared, values).cost.of(values)

    assert cost <= BUDGETS.get(name, BUDGET)


def _any(node: Any) -> Any:
    """A value that any variable of a page may have; flags at their largest."""
    kind = type_from_ast(WORLD.schema, node.type if isinstance(node, NonNullTypeNode) else node)
    assert is_input_type(kind)
    return {"Boolean": True, "ID": EVENT, "String": "x"}.get(str(kind))


def _cost(query: str, variables: dict[str, Any] | None = None) -> int:
    documents = Documents(WORLD)
    prepared = _prepared(documents, query)
    values = prepared.values(variables or {})
    return documents.plan(prepared, values).cost.of(values)


def _prepared(documents: Documents, query: str) -> Prepared:
    found = documents.prepare(query)
    assert isinstance(found, Prepared), found
    return found
