"""Registered documents: read from files and manifests, checked at the start, meant by their hash."""

import hashlib
import json
from pathlib import Path

import pytest

import schema
from planner.documents import Documents
from planner.refusals import BadRequest
from portal.documents import names
from rotunda.refusals import StartRefused
from rotunda.registered import Registered, Source, check, found_at, gathered, hashed, own, prepared
from rotunda.settings import Settings
from tests.planner.stage import SIGNING

TEXT = "query Held { events { totalCount } }\n"
HASH = hashlib.sha256(TEXT.encode()).hexdigest()
WORLD = schema.world(SIGNING)


def test_a_folder_holds_documents_as_files_and_in_manifests(tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "held.graphql").write_text(TEXT)
    (tmp_path / "codegen.json").write_text(
        json.dumps({HASH: TEXT, "0cc175b9c0f1b6a831c399e269772661": "{ head }"})
    )
    (tmp_path / "notes.txt").write_text("not a document")

    found = gathered(found_at(tmp_path), only=False)

    assert found.by_id == {
        f"sha256:{HASH}": TEXT,
        hashed("{ head }"): "{ head }",
        "0cc175b9c0f1b6a831c399e269772661": "{ head }",
    }


@pytest.mark.parametrize(
    "manifest",
    [
        {HASH: TEXT},
        {f"sha256:{HASH}": TEXT},
        {
            "format": "apollo-persisted-query-manifest",
            "version": 1,
            "operations": [{"id": HASH, "name": "Held", "type": "query", "body": TEXT}],
        },
    ],
)
def test_manifests_of_codegen_relay_and_apollo_mean_the_same(tmp_path: Path, manifest: object) -> None:
    file = tmp_path / "manifest.json"
    file.write_text(json.dumps(manifest))

    assert [(source.id, source.text) for source in found_at(file)] == [(f"sha256:{HASH}", TEXT)]


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("m.json", "[1]", "is no manifest"),
        ("m.json", "{", "is no manifest"),
        ("m.json", '{"a": 1}', "is no manifest"),
        ("m.json", '{"operations": [{"id": "a"}]}', "is no manifest"),
        ("m.json", json.dumps({"f" * 64: TEXT}), "is not the hash of its text"),
        ("m.txt", TEXT, "no .graphql file and no .json manifest"),
        ("m.graphql", "query { heads }", "does not fit the contract. Cannot query field 'heads'"),
        ("m.graphql", "query {", "does not fit the contract. Syntax Error"),
        (
            "m.graphql",
            "fragment A on Query { head }",
            "does not fit the contract. Fragment 'A' is never used",
        ),
        (
            "m.graphql",
            "query A { head } query B { heads }",
            "does not fit the contract. Cannot query field 'heads'",
        ),
        (
            "m.graphql",
            "query { " + "head " * 31 + "}",
            "does not fit the contract. This asks 31 questions at once",
        ),
    ],
)
def test_what_cannot_be_registered_stops_the_start_with_a_sentence(
    tmp_path: Path, name: str, text: str, sentence: str
) -> None:
    (tmp_path / name).write_text(text)

    with pytest.raises(StartRefused) as refused:
        prepared(Settings(var=tmp_path / "var", documents=tmp_path))

    assert sentence in str(refused.value)
    assert str(refused.value).startswith("ROTUNDA_DOCUMENTS")


def test_a_folder_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(StartRefused, match="cannot be read"):
        list(found_at(tmp_path / "nowhere.graphql"))


def test_one_name_for_two_documents_stops_the_start() -> None:
    with pytest.raises(StartRefused, match="the name of another document too"):
        gathered([Source("a", "here", TEXT), Source("a", "there", "{ head }")], only=False)


def test_all_the_house_asks_is_registered_and_fits() -> None:
    everything = list(own())

    check(Documents(WORLD), everything)

    assert len(everything) > len(names())
    assert gathered(everything, only=True).texts >= {source.text for source in everything}


def test_an_id_means_its_text_with_or_without_the_text_beside_it() -> None:
    registered = Registered({hashed(TEXT): TEXT, "held-1": TEXT})

    assert registered.meant(hashed(TEXT), "") == TEXT
    assert registered.meant(hashed(TEXT), TEXT) == TEXT
    assert registered.meant("held-1", "") == TEXT
    assert registered.meant("held-1", TEXT) == TEXT


def test_an_unknown_hash_is_told_so_that_the_text_is_sent_and_then_it_is_answered_but_not_registered() -> (
    None
):
    registered = Registered()

    with pytest.raises(BadRequest) as first:
        registered.meant(hashed(TEXT), "")
    answered = registered.meant(hashed(TEXT), TEXT)
    with pytest.raises(BadRequest) as again:
        registered.meant(hashed(TEXT), "")

    assert answered == TEXT
    assert _code(first.value) == _code(again.value) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize("id", [hashed("{ head }"), hashed("something else"), "held-1"])
def test_an_id_and_a_text_that_is_not_its_are_refused(id: str) -> None:
    registered = Registered({hashed("{ head }"): "{ head }", "held-1": "{ head }"})

    with pytest.raises(BadRequest) as refused:
        registered.meant(id, TEXT)

    assert _code(refused.value) == "DOCUMENT_MISMATCH"


def test_where_only_registered_documents_are_answered_their_text_alone_will_do() -> None:
    registered = Registered({hashed(TEXT): TEXT}, only=True)

    assert registered.meant(None, TEXT) == TEXT
    for name, query in [(None, "{ head }"), (None, TEXT + " "), (hashed("{ head }"), "{ head }")]:
        with pytest.raises(BadRequest) as refused:
            registered.meant(name, query)
        assert _code(refused.value) == "DOCUMENT_NOT_REGISTERED"


def _code(refused: BadRequest) -> str:
    return str((refused.extensions or {})["code"])
