"""Plans: kept by shape, so that a warm cache answers as a cold one does, and no document is given another's."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import schema
from planner.documents import Documents
from planner.prepared import Prepared
from planner.refusals import BadRequest
from tests.planner.stage import SIGNING

DOCUMENTS = [
    """query ($first: Int, $last: Int, $country: String, $named: String, $member: Boolean,
            $on: Boolean = true) { cities(first: $first, last: $last, country: $country, named:
            $named, member: $member) { totalCount @include(if: $on) nodes { id name @skip(if:
            $on) mayor @include(if: $on) { name } } } } """,
    """query ($first: Int, $status: [EventStatus!], $one: EventStatus! = HELD, $mine:
            Boolean, $on: Boolean = false) { a: events(first: $first, status: $status,
            hostedByMe: $mine) { nodes { id } } b: events(last: 3, status: [SCHEDULED, $one]) {
            nodes { id host @include(if: $on) { name } } } } """,
    """query ($id: ID!, $ids: [ID!]! = [], $slug: String) { node(id: $id) { __typename id }
            nodes(ids: $ids) { id } city(slug: $slug, id: $id) { id } } """,
    """query ($id: ID!, $on: Boolean = true) { node(id: $id) { ... on Event { t:
            startsAtIn(timeZone: "UTC") @include(if: $on) } } } """,
]
_SHOWN_IDS = [f"{prefix}_{digit * 32}" for prefix in ("cit", "evt", "may", "acc", "del") for digit in "01"]
_ID = st.sampled_from([*_SHOWN_IDS, "nope", "evt_", "x_1"])
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "first": st.sampled_from([None, 0, 1, 2, 100, 101]),
    "last": st.sampled_from([None, 1, 2]),
    "country": st.sampled_from([None, "US", "DE"]),
    "named": st.sampled_from([None, "A", ""]),
    "member": st.sampled_from([None, True, False]),
    "on": st.booleans(),
    "mine": st.sampled_from([None, True, False]),
    "status": st.sampled_from([None, [], ["HELD"], ["DRAFT", "HELD"]]),
    "one": st.sampled_from(["HELD", "DRAFT"]),
    "id": _ID,
    "ids": st.lists(_ID, max_size=4),
    "slug": st.sampled_from([None, "alexandria-va"]),
}
REQUESTS = st.tuples(
    st.sampled_from(DOCUMENTS), st.fixed_dictionaries({}, optional=_VALUES), st.sampled_from(_SHOWN_IDS)
)
WORLD = schema.world(SIGNING)


@settings(max_examples=150, derandomize=True, database=None, deadline=None)
@given(requests=st.lists(REQUESTS, min_size=2, max_size=10))
def test_a_warm_cache_plans_as_a_cold_one_does(requests: list[tuple[str, dict[str, Any], str]]) -> None:
    warm = Documents(WORLD)
    for query, variables, id in requests:  # noqa: A001  # GraphQL's name for it
        given_variables = {"id": id, **variables}

        assert _planned(warm, query, given_variables) == _planned(Documents(WORLD), query, given_variables)


def test_equal_shapes_share_one_plan() -> None:
    documents = Documents(WORLD)
    prepared = _prepared(documents, DOCUMENTS[0])

    plans = [
        documents.plan(prepared, prepared.values({"country": country, "first": 2}))
        for country in ("US", "DE", "FR")
    ]

    assert len({id(plan) for plan in plans}) == 1


def test_ids_of_no_kind_share_one_plan() -> None:
    documents = Documents(WORLD)
    prepared = _prepared(documents, "query ($id: ID!) { node(id: $id) { id } }")

    plans = [documents.plan(prepared, prepared.values({"id": f"made-up{n}_1"})) for n in range(20)]

    assert len({id(plan) for plan in plans}) == 1


def test_a_document_seen_again_is_not_read_again() -> None:
    documents = Documents(WORLD)

    assert documents.prepare("{ head }") is documents.prepare("{ head }")
    assert documents.prepare("{ head }") is not documents.prepare("{ head  }")


def test_one_document_holds_operations_that_are_told_apart() -> None:
    documents = Documents(WORLD)
    both = "query A { head } query B { cities { totalCount } }"

    first, second = (_prepared(documents, both, name) for name in ("A", "B"))

    assert documents.plan(first, {}).sql != documents.plan(second, {}).sql


def _prepared(documents: Documents, query: str, name: str | None = None) -> Prepared:
    found = documents.prepare(query, name)
    assert isinstance(found, Prepared), found
    return found


def _planned(documents: Documents, query: str, variables: dict[str, Any]) -> object:
    prepared = _prepared(documents, query)
    try:
        values = prepared.values(variables)
        plan = documents.plan(prepared, values)
        return plan.sql, plan.bind(values), plan.complete, plan.mentions
    except BadRequest as refusal:
        return refusal.message


def test_the_types_of_an_interface_share_their_edges_and_their_text() -> None:
    documents = Documents(schema.world(SIGNING))
    prepared = documents.prepare(
        "{ changes { nodes { __typename actor { name } ... on EventNotice { event { id } } } } }"
    )
    assert isinstance(prepared, Prepared)

    sql = documents.plan(prepared, {}).sql or ""

    assert sql.count("LEFT JOIN accounts t") == 1
    assert sql.count("LEFT JOIN events t") == 1
