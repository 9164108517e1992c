"""The gate: each limit at its edge, each attack answered with a code, and nothing that makes it raise."""

from typing import Any

import pytest
from graphql import GraphQLError, get_introspection_query, parse, print_ast
from hypothesis import given, settings
from hypothesis import strategies as st

import schema
from planner.documents import Documents
from planner.limits import Limits
from planner.prepared import Prepared
from tests.limits.documents import ATTACKS, LIMITS
from tests.planner.stage import SIGNING

WORLD = schema.world(SIGNING)


def _spreading(names: str) -> str:
    fragments = " ".join(f"fragment {name} on Query {{ head }}" for name in names)
    return f"query A {{ {' '.join(f'...{name}' for name in names)} }} {fragments}"


_SKIPPED = "fragment B on Query { head @skip(if: false) }"
#: A document just at each limit of LIMITS, and one beyond it; the code, and what is counted.
EDGES: dict[str, tuple[str, str, int]] = {
    "DOCUMENT_TOO_LONG": ("{head}".ljust(1_500), "{head}".ljust(1_501), 1_501),
    "TOO_MANY_TOKENS": (
        f"{{ events(status: [{'HELD ' * 188}]) {{ totalCount }} }}",
        f"{{ events(status: [{'HELD ' * 189}]) {{ totalCount }} }}",
        201,
    ),
    "TOO_MANY_OPERATIONS": (
        "query A { head } query B { head } query C { head }",
        "query A { head } query B { head } query C { head } query D { head }",
        4,
    ),
    "TOO_MANY_FRAGMENTS": (_spreading("ABCD"), _spreading("ABCDE"), 5),
    "TOO_DEEP": (
        "query A { cities { nodes { mayor { city { band { atLeast } } } } } }",
        "query A { cities { nodes { mayor { city { mayor { city { id } } } } } } }",
        7,
    ),
    "TOO_MANY_FIELDS": (
        f"query A {{ viewer {{ {'member ' * 19} }} }}",
        f"query A {{ viewer {{ {'member ' * 20} }} }}",
        21,
    ),
    "TOO_MANY_ALIASES": (
        "query A { a: head b: head c: head d: head e: head }",
        "query A { a: head b: head c: head d: head e: head f: head }",
        6,
    ),
    "TOO_MANY_DIRECTIVES": (
        "query A { ... @include(if: true) { head @skip(if: false) @include(if: true) ...B } } " + _SKIPPED,
        "query A { ... @include(if: true) { ...B @skip(if: false) @include(if: true) head ...B } } "
        + _SKIPPED,
        5,
    ),
    "TOO_MANY_ROOT_FIELDS": (f"query A {{ {'head ' * 7} }}", f"query A {{ {'head ' * 8} }}", 8),
}


@pytest.mark.parametrize("code", EDGES)
def test_what_stands_at_a_limit_passes_and_one_more_is_refused_with_both_numbers(code: str) -> None:
    at, beyond, count = EDGES[code]

    passed, refused = _documents().prepare(at, _first(at)), _documents().prepare(beyond, _first(beyond))

    assert isinstance(passed, Prepared), passed
    error = _only(refused)
    assert error.extensions is not None
    assert (error.extensions["code"], error.extensions["count"]) == (code, count)
    assert f"{error.extensions['limit']:,}" in error.message


def test_every_operation_of_a_document_is_counted_whichever_is_meant() -> None:
    document = f"query A {{ head }} query B {{ {'head ' * 8} }}"

    error = _only(_documents().prepare(document, "A"))

    assert _code(error) == "TOO_MANY_ROOT_FIELDS"


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_answered_with_a_typed_refusal(attack: str) -> None:
    documents = Documents(WORLD)

    prepared = documents.prepare(ATTACKS[attack])
    errors = prepared if isinstance(prepared, list) else _refused_later(documents, prepared)

    assert 0 < len(errors) <= 10 or attack in _HARMLESS


def test_what_validation_would_compare_too_often_is_refused_in_words() -> None:
    error = _only(Documents(WORLD).prepare(f"{{ viewer {{ {'member ' * 900} }} }}"))

    assert _code(error) == "TOO_INTRICATE"


#: What is long, but within the limits and cheap to answer.
_HARMLESS = {"a long list"}


def test_the_standard_introspection_passes_twice_and_no_third_time() -> None:
    once = get_introspection_query(input_value_deprecation=True)
    operation, *fragments = map(print_ast, parse(once).definitions)
    inside = operation.partition("__schema")[2].rpartition("}")[0]
    thrice = f"{{ {' '.join(f'a{n}: __schema {inside}' for n in range(3))} }} {' '.join(fragments)}"

    assert isinstance(Documents(WORLD).prepare(once), Prepared)
    assert _code(_only(Documents(WORLD, Limits(fields=10_000)).prepare(thrice))) == "TOO_MUCH_INTROSPECTION"


@pytest.mark.parametrize(
    "document",
    [
        "{ heads }",
        "{ events(frist: 1) { totalCount } }",
        "{ events(kind: WEBINER) { totalCount } }",
        "query ($v: Evnt) { head }",
        "query ($v: EventKin) { events(kind: $v) { totalCount } }",
        "{ head @skp(if: true) }",
        "{ head @skip(fi: true) }",
        "{ ... on Quer { head } }",
        "{ ...Heed } fragment Head on Query { head }",
        "mutation { postponeEvent(input: {evntId: 1}) { __typename } }",
        "mutation { postponeEvnt { __typename } }",
        "subscription { eventPostpond { __typename } }",
        "{ node(id: 1) { titel } }",
    ],
)
def test_nothing_is_suggested_where_introspection_is_closed(document: str) -> None:
    errors = _closed().prepare(document)

    assert isinstance(errors, list)
    assert not any("Did you mean" in error.message for error in errors), errors


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        ("query ($k: EventKind) { events(kind: $k) { totalCount } }", {"k": "WEBINER"}),
        (
            "mutation ($i: PostponeEventInput!) { postponeEvent(input: $i) { __typename } }",
            {"i": {"eventId": "x", "idempotencyKey": "x", "reson": "x"}},
        ),
    ],
)
def test_neither_are_values_of_variables_suggested(document: str, variables: dict[str, Any]) -> None:
    told, untold = (
        _refused_variables(documents, document, variables) for documents in (Documents(WORLD), _closed())
    )

    assert "Did you mean" in told.message
    assert "Did you mean" not in untold.message


@pytest.mark.parametrize(
    "document", ["{ __schema { types { name } } }", '{ a: __type(name: "City") { name } }']
)
def test_closed_introspection_is_refused_and_type_names_are_not(document: str) -> None:
    assert _code(_only(_closed().prepare(document))) == "INTROSPECTION_CLOSED"
    assert isinstance(_closed().prepare("{ __typename node(id: 1) { __typename } }"), Prepared)


def test_a_registered_document_may_ask_about_the_schema_all_the_same() -> None:
    document = "{ __schema { types { name } } }"
    documents = Documents(WORLD, Limits(introspection=False), {document})

    assert isinstance(documents.prepare(document), Prepared)


def test_variables_may_hold_so_many_values_and_no_more() -> None:
    documents = _documents()
    prepared = documents.prepare("query ($s: [EventStatus!]) { events(status: $s) { totalCount } }")
    assert isinstance(prepared, Prepared)

    prepared.values({"s": ["HELD"] * 9})

    with pytest.raises(GraphQLError) as refused:
        prepared.values({"s": ["HELD"] * 10})
    assert _code(refused.value) == "TOO_MANY_VALUES"


DOCUMENTS = Documents(WORLD)


@settings(max_examples=300, derandomize=True, database=None, deadline=None)
@given(st.data())
def test_whatever_is_sent_is_prepared_or_refused(data: st.DataObject) -> None:
    text = data.draw(_TEXTS)

    found = DOCUMENTS.prepare(text, data.draw(st.sampled_from([None, "", "A", "\0"])))

    errors = found if isinstance(found, list) else _refused_later(DOCUMENTS, found)
    assert isinstance(found, Prepared) or errors
    assert all(error.message for error in errors)


_WORDS = """{ } ( ) [ ] ... : $ @ ! = | & "x" # -0 1e9 9999999999 query mutation subscription fragment on A Query City
head cities nodes id __schema __type __typename types fields node(id:1) @include(if:true) $v $v:Int input eventId
postponeEvent(input: true false null \u00e9 \ufeff"""
_PIECES = [*_WORDS.split(), "\0", "\ud800", "\n", '"""']
_TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(_PIECES), max_size=60).map(" ".join),
    st.sampled_from(sorted(ATTACKS.values())).flatmap(
        lambda attack: st.tuples(st.integers(0, len(attack)), st.sampled_from(_PIECES)).map(
            lambda cut: attack[: cut[0]] + cut[1] + attack[cut[0] : 5_000]
        )
    ),
)


def _documents() -> Documents:
    return Documents(WORLD, LIMITS)


def _closed() -> Documents:
    return Documents(WORLD, Limits(introspection=False))


def _first(document: str) -> str | None:
    return "A" if "query A" in document else None


def _only(refused: Prepared | list[GraphQLError]) -> GraphQLError:
    assert isinstance(refused, list)
    (error,) = refused
    return error


def _code(error: GraphQLError) -> str:
    assert error.extensions is not None
    return str(error.extensions["code"])


def _refused_later(documents: Documents, prepared: Prepared) -> list[GraphQLError]:
    """What is small as a document may be large as a plan."""
    if prepared.kind != "query":
        return []
    try:
        documents.plan(prepared, prepared.values({"a": True}))
    except GraphQLError as refused:
        return [refused]
    return []


def _refused_variables(documents: Documents, document: str, variables: dict[str, Any]) -> GraphQLError:
    prepared = documents.prepare(document)
    assert isinstance(prepared, Prepared), prepared
    with pytest.raises(GraphQLError) as refused:
        prepared.values(variables)
    return refused.value
