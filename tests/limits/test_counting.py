"""Counting: what a document says is what is counted, in as many steps as it has words."""

from typing import Any

import pytest
from graphql import get_introspection_query, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.counting import Counted, Counter
from planner.limits import MANY
from tests.limits import documents

SIZES = {"types": 100, "fields": 5}


@pytest.mark.parametrize("made", [documents.doubling, documents.nested_doubling, documents.circling])
def test_steps_grow_with_the_document_and_not_with_what_it_means(made: documents.Made) -> None:
    steps = [_counter(made(size)).visited for size in (100, 200, 400)]

    assert steps[2] - steps[1] <= 2 * (steps[1] - steps[0]) + 10


def test_a_mesh_of_fragments_takes_some_steps_for_every_spread() -> None:
    counter = _counter(documents.meshed(40))

    counter.operations()

    spreads = 40 * 39 / 2
    assert counter.visited <= 4 * spreads + 4 * 40


def test_a_fragment_counts_wherever_it_is_spread() -> None:
    (counted,) = _counter(
        """query ($a: Boolean!) { x: viewer { ...A } viewer { ...A @include(if: $a) account { ...A } } }
        fragment A on Viewer { one two: three { four @skip(if: $a) } }"""
    ).operations()

    assert counted == Counted(depth=4, fields=12, aliases=4, directives=4, root_fields=2)


def test_fragments_at_the_root_ask_questions_of_the_root() -> None:
    (counted,) = _counter(
        "{ ...A ... { three } } fragment A on Query { one ...B } fragment B on Query { two }"
    ).operations()

    assert counted.root_fields == 3


def test_doublings_are_counted_until_nobody_counts_on() -> None:
    (twenty,) = _counter(documents.doubling(20)).operations()
    (hundred,) = _counter(documents.doubling(100)).operations()

    assert twenty.fields == 2**20
    assert hundred.fields == MANY


def test_how_deep_a_question_about_the_schema_goes_is_no_matter() -> None:
    (standard,) = _counter(get_introspection_query(input_value_deprecation=True)).operations()
    (deeper,) = _counter(
        "{ a { b { ...I } } } fragment I on X { __typename __schema { x { y { z } } } }"
    ).operations()

    assert standard.depth == 1
    assert deeper.depth == 3


def test_questions_about_the_schema_are_weighed_by_what_they_yield() -> None:
    (counted,) = _counter(
        "{ __schema { types { name fields { name ...T } } } } fragment T on __Field { type { name } }"
    ).operations()

    # __schema, types, then 100 of name and fields, and 500 of name, type and its name
    assert counted.introspection == 1 + 1 + 100 * 2 + 100 * 5 * 3


def test_the_operations_of_a_document_are_counted_apart() -> None:
    small, big = _counter("query A { one } query B { one { two { three } } }").operations()

    assert (small.depth, big.depth) == (1, 3)


@settings(max_examples=200, derandomize=True, database=None, deadline=None)
@given(st.data())
def test_any_document_is_counted_as_if_it_were_spread_out(data: st.DataObject) -> None:
    text = data.draw(_documents())

    (counted,) = _counter(text).operations()

    assert (counted.fields, counted.aliases, counted.depth) == _spread_out(text)


def _counter(text: str) -> Counter:
    counter = Counter(parse(text), SIZES)
    counter.operations()
    return counter


@st.composite
def _documents(draw: st.DrawFn) -> str:
    """An operation and some fragments, each spreading only later ones."""
    count = draw(st.integers(0, 4))
    parts = [f"{{ {draw(_selection(0, count))} }}"]
    parts += [f"fragment F{n} on X {{ {draw(_selection(n + 1, count))} }}" for n in range(count)]
    return " ".join(parts)


def _selection(first: int, last: int) -> st.SearchStrategy[str]:
    leaves = st.sampled_from(["a", "b: c", *(f"...F{n}" for n in range(first, last))])
    inside = st.recursive(
        leaves,
        lambda some: st.tuples(
            st.sampled_from(["a {%s}", "b: c {%s}", "... {%s}"]), st.lists(some, min_size=1, max_size=3)
        ).map(lambda pair: pair[0] % " ".join(pair[1])),
        max_leaves=6,
    )
    return st.lists(inside, min_size=1, max_size=3).map(" ".join)


def _spread_out(text: str) -> tuple[int, int, int]:
    """The same by going there: every spread is walked again."""
    document = parse(text)
    fragments: dict[str, Any] = {d.name.value: d for d in document.definitions[1:]}  # type: ignore[attr-defined]

    def walked(node: Any, level: int) -> tuple[int, int, int]:
        fields = aliases = 0
        deepest = level - 1
        for one in node.selection_set.selections:
            if one.kind == "field":
                fields, aliases, deepest = fields + 1, aliases + (one.alias is not None), max(deepest, level)
                inside = walked(one, level + 1) if one.selection_set else (0, 0, level)
            else:
                inside = walked(fragments[one.name.value] if one.kind == "fragment_spread" else one, level)
            fields, aliases, deepest = fields + inside[0], aliases + inside[1], max(deepest, inside[2])
        return fields, aliases, deepest

    return walked(document.definitions[0], 1)
