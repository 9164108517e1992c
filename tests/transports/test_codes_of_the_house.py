"""Every error the house answers with says what it is in `extensions.code`, whichever way it was asked."""

import re
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from tests.living import Caller, Home
from tests.transports.rules import negotiating, shaping
from tests.transports.rules.exchange import EVENTS, LEGACY, MODERN, Case

MALFORMED = [case for case in (*negotiating.CASES, *shaping.CASES) if case.code is not None]
LONG = "a" * 10_000
ROOT = Path(__file__).parents[2]
TELLING = (
    "BAD_",
    "TOO_",
    "NOT_",
    "DOCUMENT_",
    "PERSISTED_",
    "GRAPHQL_",
    "FORBIDDEN_",
    "INTROSPECTION_",
)  # how codes begin
REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "a syntax error": ("{", {}, "GRAPHQL_PARSE_FAILED"),
    "nothing at all": ("", {}, "GRAPHQL_PARSE_FAILED"),
    "an unknown field": ("{ nothing }", {}, "GRAPHQL_VALIDATION_FAILED"),
    "an unknown argument": ("{ events(nothing: 1) { totalCount } }", {}, "GRAPHQL_VALIDATION_FAILED"),
    "an unknown directive": ("{ head @nothing }", {}, "GRAPHQL_VALIDATION_FAILED"),
    "no selection": ("{ viewer }", {}, "GRAPHQL_VALIDATION_FAILED"),
    "two operations without a name": ("query A { head } query B { head }", {}, "BAD_USER_INPUT"),
    "only a fragment": ("fragment F on Query { head }", {}, "GRAPHQL_VALIDATION_FAILED"),
    "a variable left out": ("query ($id: ID!) { node(id: $id) { id } }", {}, "BAD_USER_INPUT"),
    "a variable of the wrong type": (
        "query ($id: ID!) { node(id: $id) { id } }",
        {"id": []},
        "BAD_USER_INPUT",
    ),
    "an enum that is none": (
        "query ($s: [EventStatus!]) { events(status: $s) { totalCount } }",
        {"s": ["x"]},
        "BAD_USER_INPUT",
    ),
    "an instant that is none": (
        "query ($i: Instant) { events(startsFrom: $i) { totalCount } }",
        {"i": "soon"},
        "BAD_USER_INPUT",
    ),
    "too many at once": ("{ events(first: 101) { totalCount } }", {}, "BAD_USER_INPUT"),
    "fewer than none": ("{ events(first: -1) { nodes { id } } }", {}, "BAD_USER_INPUT"),
    "first and last": ("{ events(first: 1, last: 1) { nodes { id } } }", {}, "BAD_USER_INPUT"),
    "a number beyond 32 bits": (
        "query ($n: Int) { events(first: $n) { totalCount } }",
        {"n": 2**40},
        "BAD_USER_INPUT",
    ),
    "a page's cursor that is forged": (
        '{ events(first: 1, after: "forged") { nodes { id } } }',
        {},
        "BAD_CURSOR",
    ),
    "a long name": (f"{{ {LONG} }}", {}, "GRAPHQL_VALIDATION_FAILED"),
}
STREAMS: dict[str, tuple[str, dict[str, Any], str]] = {
    "a log's cursor that is forged": (
        'subscription { eventPostponed(after: "forged") { __typename } }',
        {},
        "BAD_CURSOR",
    ),
    "a stream of nothing": ("subscription { nothing }", {}, "GRAPHQL_VALIDATION_FAILED"),
    "two streams": (
        "subscription { eventPostponed { __typename } notices { __typename } }",
        {},
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "the stream of the schema": ("subscription { __typename }", {}, ""),
}


@pytest.fixture
async def mayor(shared_home: Home) -> Caller:
    return await shared_home.caller("mayor@richmond-va.example")


async def test_what_is_no_request_has_a_code(shared_home: Home) -> None:
    async with httpx.AsyncClient() as http:
        codes = {str(case): await _codes_of(http, case, shared_home) for case in MALFORMED}

    assert {claim: found for claim, found in codes.items() if not _all_are_codes(found)} == {}


@pytest.mark.parametrize(("query", "variables", "code"), REFUSED.values(), ids=REFUSED)
async def test_what_is_refused_has_a_code_over_http_and_a_socket(
    mayor: Caller, query: str, variables: dict[str, Any], code: str
) -> None:
    legacy = (await mayor.response(query, **variables)).json()
    modern = await mayor.place.http.post(
        f"{mayor.place.url}/graphql",
        json={"query": query, "variables": variables},
        headers={**mayor.credentials, "accept": MODERN},
    )
    async with mayor.listening(query, **variables) as heard:
        frame = await heard.frame()

    assert (modern.status_code, modern.json()) == (400, legacy)
    assert (frame.kind, frame.payload) == ("error", legacy["errors"])
    assert legacy.keys() == {"errors"}
    assert {error["extensions"]["code"] for error in legacy["errors"]} == {code}


@pytest.mark.parametrize(("query", "variables", "code"), STREAMS.values(), ids=STREAMS)
async def test_a_stream_that_is_refused_has_a_code_on_either_way(
    mayor: Caller, query: str, variables: dict[str, Any], code: str
) -> None:
    async with mayor.listening(query, **variables) as heard:
        over_a_socket = await heard.frame()
    async with mayor.listening(query, over="sse", **variables) as heard:
        over_events = await heard.frame()

    assert (over_a_socket.kind, over_events.kind) == ("error", "next")
    assert over_a_socket.payload == over_events.payload["errors"]
    found = [error["extensions"]["code"] for error in over_a_socket.payload]
    assert _all_are_codes(found)
    assert code in {"", *found}


@pytest.mark.parametrize(
    ("headers", "code", "status"),
    [
        ({"authorization": "Bearer forged"}, "UNAUTHENTICATED", 401),
        ({"authorization": "Basic forged"}, "UNAUTHENTICATED", 401),
        ({"rotunda-acting-for": "cap_unknown"}, "CAPACITY_NOT_HELD", 401),
        ({"origin": "https://evil.example"}, "FORBIDDEN_ORIGIN", 403),
    ],
)
@pytest.mark.parametrize("accept", [LEGACY, MODERN, EVENTS])
async def test_who_may_not_ask_is_told_so_by_a_code(
    mayor: Caller, headers: dict[str, str], code: str, status: int, accept: str
) -> None:
    query = "subscription { eventPostponed { __typename } }" if accept == EVENTS else "{ head }"
    sent = {**mayor.credentials, "accept": accept, **{name.title(): text for name, text in headers.items()}}

    response = await mayor.place.http.post(f"{mayor.place.url}/graphql", json={"query": query}, headers=sent)

    assert response.status_code == status
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == [code]


async def _codes_of(http: httpx.AsyncClient, case: Case, home: Home) -> list[Any]:
    response = await http.send(case.request_to(f"{home.url}/graphql"))
    event = response.text.partition("data: ")[2].partition("\n")[0]  # where only events are wanted
    said = orjson.loads(event or response.text)
    return [error.get("extensions", {}).get("code") for error in said["errors"]]


def _all_are_codes(found: list[Any]) -> bool:
    return bool(found) and all(
        isinstance(code, str) and re.fullmatch("[A-Z]+(_[A-Z]+)*", code) for code in found
    )


def test_every_code_is_in_the_book_of_errors_and_no_other() -> None:
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "errors.md").read_text(), re.MULTILINE))
    paths = [*ROOT.glob("rotunda/**/*.py"), *ROOT.glob("planner/**/*.py")]
    written = {word for path in paths for word in re.findall(r'"([A-Z]+(?:_[A-Z]+)*)"', path.read_text())}

    assert told - written == set(), "no code says so"
    assert {code for code in written - told if code.startswith(TELLING)} == set(), (
        "docs/errors.md does not say so"
    )
