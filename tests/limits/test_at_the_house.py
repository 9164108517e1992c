"""The same over the wire: by POST, GET, socket and event stream, for strangers and for the portal itself."""

from typing import Any

import httpx
import orjson
import pytest

from planner.limits import Limits
from portal.documents import document
from rotunda.registered import hashed
from tests.limits.conftest import LISTENING, REGISTERED
from tests.living import PATIENCE, Home

MODERN = {"Accept": "application/graphql-response+json"}


def _apollos(text: str) -> dict[str, Any]:
    return {
        "extensions": {"persistedQuery": {"version": 1, "sha256Hash": hashed(text).removeprefix("sha256:")}}
    }


@pytest.mark.parametrize(
    "named", [{"documentId": hashed(REGISTERED)}, _apollos(REGISTERED), {"query": REGISTERED}]
)
async def test_a_registered_document_is_answered_whichever_way_it_is_named(
    strict_home: Home, named: dict[str, Any]
) -> None:
    answer = await _post(strict_home, named)

    assert len(answer.json()["data"]["cities"]["nodes"]) == 2


async def test_a_registered_document_is_answered_by_get(strict_home: Home) -> None:
    apollos = {"extensions": orjson.dumps(_apollos(REGISTERED)["extensions"]).decode()}

    for named in ({"documentId": hashed(REGISTERED)}, apollos):
        answer = await strict_home.http.get(f"{strict_home.url}/graphql", params=named, headers=MODERN)
        assert len(answer.json()["data"]["cities"]["nodes"]) == 2


async def test_a_mutation_by_its_hash_is_not_carried_out_by_get(shared_home: Home) -> None:
    named = {"documentId": hashed(document("home/seen.act"))}

    answer = await shared_home.http.get(f"{shared_home.url}/graphql", params=named, headers=MODERN)

    assert answer.status_code == 405


async def test_a_registered_subscription_is_heard_by_its_name_over_a_socket(strict_home: Home) -> None:
    caller = await strict_home.caller()

    async with caller.socket() as socket:
        await socket.send(_subscribe("known", {"documentId": "listening-1"}))
        known = orjson.loads(await socket.recv())
        await socket.send(_subscribe("unknown", {"query": LISTENING + " "}))
        unknown = orjson.loads(await socket.recv())
        while unknown["id"] == "known":
            unknown = orjson.loads(await socket.recv())

    assert known["payload"] == {"data": {"eventPostponed": {"__typename": "Heartbeat"}}}
    assert (unknown["type"], unknown["payload"][0]["extensions"]["code"]) == (
        "error",
        "DOCUMENT_NOT_REGISTERED",
    )


async def test_a_registered_subscription_is_heard_by_its_name_over_an_event_stream(strict_home: Home) -> None:
    async with strict_home.http.stream(
        "POST",
        f"{strict_home.url}/graphql",
        json={"documentId": "listening-1"},
        headers={"Accept": "text/event-stream"},
        timeout=PATIENCE,
    ) as response:
        data = await anext(line async for line in response.aiter_lines() if line.startswith("data:"))

    assert orjson.loads(data[5:]) == {"data": {"eventPostponed": {"__typename": "Heartbeat"}}}


async def test_an_unknown_hash_is_a_request_error_with_the_code_apollos_clients_know(
    shared_home: Home,
) -> None:
    for named in (_apollos("{ head } # new"), {"documentId": hashed("{ head } # new")}):
        modern, legacy = await _post(shared_home, named, MODERN), await _post(shared_home, named)

        assert (modern.status_code, legacy.status_code) == (400, 200)
        assert _codes(modern) == _codes(legacy) == ["PERSISTED_QUERY_NOT_FOUND"]

    answer = await _post(shared_home, {"query": "{ head } # new", **_apollos("{ head } # new")})
    assert answer.json()["data"]["head"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"documentId": 5},
        {"documentId": ""},
        {"documentId": "sha256:abc"},
        {"documentId": "a b"},
        {"documentId": "other:thing"},
        {"extensions": {"persistedQuery": {}}},
        {"extensions": {"persistedQuery": 5}},
        {"extensions": {"persistedQuery": {"sha256Hash": "XYZ"}}},
        {"extensions": {"persistedQuery": {"sha256Hash": 5}}},
    ],
)
async def test_an_id_that_is_none_is_malformed(shared_home: Home, wrong: dict[str, Any]) -> None:
    answer = await _post(shared_home, wrong)

    assert (answer.status_code, _codes(answer)) == (400, ["BAD_REQUEST"])


async def test_where_only_registered_documents_are_answered_strangers_are_told_so(strict_home: Home) -> None:
    for asked in ("{ head }", "{ __schema { types { name } } }", "{ nonsense }", "mutation { nonsense }"):
        answer = await _post(strict_home, {"query": asked}, MODERN)

        assert (answer.status_code, _codes(answer)) == (400, ["DOCUMENT_NOT_REGISTERED"])


@pytest.mark.parametrize("place", ["/", "/calendar", "/cities", "/docs/api", "/graphql"])
async def test_the_portal_is_whole_all_the_same(strict_home: Home, place: str) -> None:
    page = await strict_home.http.get(f"{strict_home.url}{place}", headers={"Accept": "text/html"})

    assert page.status_code == 200
    if place == "/docs/api":
        assert "postponeEvent" in page.text


async def test_the_cost_is_told_when_it_is_asked_for_and_only_then(shared_home: Home) -> None:
    query = "query ($n: Int) { cities(first: $n) { nodes { id mayor { id } } } }"
    asked = {"query": query, "variables": {"n": 3}}

    told = await _post(shared_home, {**asked, "extensions": {"cost": True}})
    untold = [
        await _post(shared_home, asked),
        await _post(shared_home, {**asked, "extensions": {"cost": "yes"}}),
    ]

    assert told.json()["extensions"] == {"cost": {"cost": 6, "limit": 50_000}}
    assert told.json()["data"] == untold[0].json()["data"]
    assert not any("extensions" in answer.json() for answer in untold)


async def test_the_cost_is_told_of_acts_of_what_python_completes_and_of_the_schema(shared_home: Home) -> None:
    caller = await shared_home.caller("mayor@alexandria-va.example")
    cost = {"extensions": {"cost": True}}
    act = 'mutation { it: markSeen(input: {through: "x", idempotencyKey: "1"}) { __typename } }'
    event = await shared_home.value(
        "SELECT 'evt_' || replace(id::text, '-', '') FROM events WHERE audience = 'public' LIMIT 1"
    )
    completed = f'{{ node(id: "{event}") {{ ... on Event {{ startsAtIn(timeZone: "UTC") }} }} }}'

    answers = [
        await _post(shared_home, {"query": query, **cost}, caller.credentials)
        for query in (act, completed, '{ __type(name: "City") { name } }')
    ]

    assert [answer.json()["extensions"]["cost"]["cost"] for answer in answers] == [1, 1, 0]


async def test_a_request_that_costs_too_much_is_refused_before_it_is_read(shared_home: Home) -> None:
    query = "{ " + " ".join(f"a{n}: mappedCities {{ like {{ id }} }}" for n in range(6)) + " }"

    answer = await _post(shared_home, {"query": query}, MODERN)

    (error,) = answer.json()["errors"]
    assert answer.status_code == 400
    assert error["extensions"] == {"code": "TOO_COSTLY", "cost": 54_000, "limit": 50_000}


async def test_acts_that_would_cost_too_much_to_tell_are_not_carried_out(
    shared_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_home.house.documents, "limits", Limits(cost=3))
    caller = await shared_home.caller("mayor@alexandria-va.example")
    one = """updateProfile(input: {{biography: "New words.", idempotencyKey: "{}"}}) {{
        __typename ... on Mayor {{ city {{ id }} }} }}"""

    code = await caller.code(f"mutation {{ a: {one.format('a')} b: {one.format('b')} }}")

    assert code == "TOO_COSTLY"
    assert await shared_home.value("SELECT count(*) FROM audit WHERE act = 'updateProfile'") == 0
    answer = await caller.ask(f"mutation {{ a: {one.format('a')} }}")
    assert answer["a"]["__typename"] == "Mayor"


@pytest.mark.parametrize("over", ["ws", "sse"])
async def test_a_stream_that_would_cost_too_much_or_go_too_deep_does_not_begin(
    shared_home: Home, monkeypatch: pytest.MonkeyPatch, over: str
) -> None:
    monkeypatch.setattr(shared_home.house.documents, "limits", Limits(cost=1))
    caller = await shared_home.caller()
    costly = "{ ... on EventPostponed { event { host { id } } } }"
    deep = (
        "{ ... on EventPostponed { event " + "{ host { city { mayor " * 5 + "{ id }" + " } } }" * 5 + " } }"
    )

    codes = []
    for selection in (costly, deep):
        async with caller.listening(f"subscription {{ eventPostponed {selection} }}", over=over) as heard:
            told = (await heard.frame()).payload
            errors = told["errors"] if over == "sse" else told
            codes.append(errors[0]["extensions"]["code"])

    assert codes == ["TOO_COSTLY", "TOO_DEEP"]


async def test_what_is_asked_about_the_schema_is_said_once_and_then_known(shared_home: Home) -> None:
    query = "{ __schema { queryType { name fields { name } } } __typename }"

    first = await _post(shared_home, {"query": query})
    prepared = shared_home.house.documents.prepare(query)
    again = await _post(shared_home, {"query": query})

    assert first.content == again.content == prepared.said  # type: ignore[union-attr]  # it was answered


async def test_whoever_has_a_bad_token_is_not_told_what_is_known_of_the_schema(shared_home: Home) -> None:
    query = "{ __schema { queryType { name } } }"
    await _post(shared_home, {"query": query})

    answer = await _post(shared_home, {"query": query}, {"Authorization": "Bearer nonsense"})

    assert _codes(answer) == ["UNAUTHENTICATED"]


def _subscribe(id: str, payload: dict[str, Any]) -> str:
    return orjson.dumps({"id": id, "type": "subscribe", "payload": payload}).decode()


async def _post(home: Home, body: dict[str, Any], headers: dict[str, str] | None = None) -> httpx.Response:
    return await home.http.post(f"{home.url}/graphql", json=body, headers=headers or {}, timeout=PATIENCE)


def _codes(answer: httpx.Response) -> list[str]:
    assert "data" not in answer.json()
    return [error["extensions"]["code"] for error in answer.json()["errors"]]
