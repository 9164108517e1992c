"""The shelf: as wide in bytes as it is made, whoever fills it; what is registered stays."""

import pytest

import schema
from planner import documents as planner_documents
from planner.documents import Documents
from planner.prepared import Prepared
from tests.planner.stage import SIGNING

WORLD = schema.world(SIGNING)
REGISTERED = "query Registered($first: Int) { cities(first: $first) { nodes { id } } }"


@pytest.fixture
def documents(monkeypatch: pytest.MonkeyPatch) -> Documents:
    """Documents with a shelf for some dozens of small ones."""
    monkeypatch.setattr(planner_documents, "_BYTES_KEPT", 1_000_000)
    return Documents(WORLD, registered={REGISTERED})


def test_however_many_documents_come_the_shelf_holds_so_many_bytes(documents: Documents) -> None:
    for n in range(300):
        _planned(documents, f'{{ city(slug: "{n}") {{ id name }} }}')

    assert documents.shelf.bytes <= 1_000_000
    assert 10 < len(documents.shelf) < 300


def test_what_it_says_it_holds_is_what_it_holds(documents: Documents) -> None:
    for n in range(200):
        _planned(
            documents,
            f"query ($first: Int) {{ a{n % 40}: cities(first: $first) {{ nodes {{ id }} }} }}",
            first=n % 7,
        )
        _planned(documents, REGISTERED, first=n % 90)

    held = documents.shelf._held.values()  # noqa: SLF001  # the sum is held against the parts
    assert documents.shelf.bytes == sum(prepared.weight for prepared in held)


def test_plans_weigh_too(documents: Documents) -> None:
    prepared = _planned(documents, "query ($first: Int) { cities(first: $first) { nodes { id } } }", first=1)
    before = prepared.weight

    for first in range(2, 60):
        _planned(documents, "query ($first: Int) { cities(first: $first) { nodes { id } } }", first=first)

    assert prepared.weight > before + 58 * 500
    assert documents.shelf.bytes >= prepared.weight


def test_what_is_asked_for_often_outlives_what_is_not(documents: Documents) -> None:
    often = documents.prepare("{ head }")

    for n in range(300):
        documents.prepare(f'{{ city(slug: "{n}") {{ id }} }}')
        assert documents.prepare("{ head }") is often


def test_a_document_too_big_for_the_shelf_is_answered_and_not_kept(documents: Documents) -> None:
    statuses = "HELD " * 1_500
    big = f'{{ city(slug: "{"a" * 90_000}") {{ id }} events(status: [{statuses}]) {{ totalCount }} }}'

    prepared = documents.prepare(big)

    assert isinstance(prepared, Prepared)
    assert documents.prepare(big) is not prepared


def test_a_registered_document_is_never_prepared_again_whatever_strangers_send(documents: Documents) -> None:
    registered = _planned(documents, REGISTERED, first=1)

    for n in range(300):
        _planned(documents, f'{{ city(slug: "{n}") {{ id }} }}')

    assert documents.prepare(REGISTERED) is registered
    assert not registered.plans
    assert _planned(documents, REGISTERED, first=1) is registered
    assert registered.plans


def test_of_what_is_refused_only_the_last_is_kept(documents: Documents) -> None:
    for n in range(300):
        documents.prepare(f"{{ nonsense{n} }}")

    assert len(documents.shelf) == 0
    assert documents.prepare("{ nonsense299 }") is documents.prepare("{ nonsense299 }")


def test_what_is_said_of_the_schema_weighs_and_is_forgotten_with_the_plans(documents: Documents) -> None:
    prepared = _planned(documents, "{ __schema { types { name } } }")
    before = documents.shelf.bytes

    documents.remember(prepared, b"x" * 10_000)

    assert documents.shelf.bytes == before + 10_000
    prepared.forget()
    assert prepared.said == b""


def _planned(documents: Documents, query: str, **variables: int) -> Prepared:
    prepared = documents.prepare(query)
    assert isinstance(prepared, Prepared), prepared
    documents.plan(prepared, prepared.values(variables))
    return prepared
