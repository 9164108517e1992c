"""Whatever is put into whichever argument of the contract: an answer, a typed problem or a code. Never a bug.

The spots are read from the printed schema, so that an argument of tomorrow is attacked from its first day.
"""

import asyncio
import logging
import re
from typing import Any

import orjson
import pytest

from tests.abuse.contract import Spot, arguments
from tests.abuse.oddities import BY_SCALAR, LONG, NAMELESS, RAW, WORDS, WRONG
from tests.living import Caller, Home

SECRETARIAT, MAYOR = "secretariat@rotunda.example", "mayor@richmond-va.example"
CODES = {
    "BAD_USER_INPUT",
    "BAD_CURSOR",
    "BAD_JSON",
    "BAD_REQUEST",
    "BAD_CHARACTER",
    "TOO_DEEP",
    "GRAPHQL_VALIDATION_FAILED",
    "GRAPHQL_PARSE_FAILED",
    "TOO_LONG",
}
PLAUSIBLE = {
    "ID": '"evt_00000000000000000000000000000000"',
    "String": '"words"',
    "Int": "1",
    "Boolean": "true",
    "Cursor": '"MTp4OjA6MA"',
    "idempotencyKey": "KEY",
    "timeZone": '"America/Chicago"',
    "startsAt": '"2031-03-16T09:00"',
    "startsOn": '"2031-03-16"',
    "on": '"2031-03-16"',
    "email": '"somebody@nowhere.example"',
    "days": "30",
    "dueAt": '"2090-03-16T09:00"',
    "ClauseInput": '{ kind: RESOLVED, text: "that words be words" }',
}


@pytest.fixture(scope="module")
async def callers(shared_home: Home) -> list[Caller]:
    return [await shared_home.caller(email) for email in (SECRETARIAT, MAYOR)]


@pytest.fixture(scope="module")
async def real(callers: list[Caller]) -> dict[str, str]:
    """Ids of things that are there, so that what is odd gets as far as it can."""
    found = await callers[0].ask(
        "{ events(first: 1) { nodes { id } } cities(first: 1) { nodes { id slug } } terms(first: 1) { nodes { id } } }"
    )
    mine = await callers[1].ask(
        """{ viewer { account { id } capacity { principal { id } } }
             resolutionCalls(first: 1) { nodes { id } } resolutions(first: 1, mine: true) { nodes { id } }
             groups(first: 1, entered: true) { nodes { id threads(first: 1) { nodes { id } } } } }"""
    )
    (group,) = mine["groups"]["nodes"]
    return {
        "eventId": found["events"]["nodes"][0]["id"],
        "cityId": found["cities"]["nodes"][0]["id"],
        "mayorId": mine["viewer"]["capacity"]["principal"]["id"],
        "accountId": mine["viewer"]["account"]["id"],
        "groupId": group["id"],
        "threadId": group["threads"]["nodes"][0]["id"],
        "callId": mine["resolutionCalls"]["nodes"][0]["id"],
        "resolutionId": mine["resolutions"]["nodes"][0]["id"],
    }


SPOTS = arguments(PLAUSIBLE)
#: `first`, `eventId` and their like stand in many places and are read by the same lines: the first place is put every
#: question, the others every twelfth, each beginning with another.
EVERY = 12
TURNS = {spot.name: [s.argument for s in SPOTS[:n]].count(spot.argument) for n, spot in enumerate(SPOTS)}


def test_the_whole_contract_is_attacked() -> None:
    names = {spot.name for spot in SPOTS}

    assert {
        "Query.node(id)",
        "Query.events(after)",
        "createEvent.title",
        "Event.startsAtIn(timeZone)",
        "draftResolution.clauses.text",
    } <= names
    assert "Subscription.eventPostponed(after)" in names
    assert len(names) > 120


@pytest.mark.parametrize("spot", SPOTS, ids=lambda spot: spot.name)
async def test_odd_values_are_answered_or_refused_and_never_break_anything(
    callers: list[Caller], real: dict[str, str], caplog: pytest.LogCaptureFixture, spot: Spot
) -> None:
    bodies = _bodies(spot, real)

    with caplog.at_level(logging.WARNING):
        asked = callers if spot.kind == "mutation" else callers[:1]
        answers = [await _answered(caller, spot, body) for caller in asked for body in bodies]

    odd = [
        (body[:300], answer)
        for body, answer in zip(bodies * len(asked), answers, strict=True)
        if _wrong(answer)
    ]
    assert not odd, odd[:3]
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize(
    "spot", [spot for spot in SPOTS if spot.leaf in {"String", "ID", "Cursor"}], ids=lambda spot: spot.name
)
async def test_every_text_has_a_bound_and_says_so(
    callers: list[Caller], real: dict[str, str], spot: Spot
) -> None:
    sent = [LONG] if spot.listed else LONG

    for caller in callers:
        said = await _answered(caller, spot, _body(_real(spot.document(), real, 9_000), orjson.dumps(sent)))
        text = orjson.dumps(said[1]).decode()

        done = (said[1].get("data") or {}).get("outcome") or {}
        assert "message" in done or "errors" in said[1] or spot.leaf != "String", text[:200]
        assert len(text) < 2_000, "what was sent is not sent back"


def _bodies(spot: Spot, real: dict[str, str]) -> list[bytes]:
    values = [*BY_SCALAR.get(spot.leaf, WORDS), *WRONG]
    if spot.listed:
        values += [[value] for value in values[:25]] + [values[:5] * 400]
    bodies = [_body(_real(spot.document(), real, n), orjson.dumps(value)) for n, value in enumerate(values)]
    bodies += [_body(_real(spot.document(), real, n), raw) for n, raw in enumerate(RAW, 1_000)]
    for n, value in enumerate(values, 2_000):
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            document = _real(spot.literal(orjson.dumps(value).decode()), real, n)
            bodies.append(orjson.dumps({"query": document}))
    turn = TURNS[spot.name]
    return bodies[turn % EVERY :: EVERY] if turn else bodies


async def _answered(caller: Caller, spot: Spot, body: bytes) -> tuple[int, Any]:
    accept = "text/event-stream" if spot.kind == "subscription" else "application/json"
    headers = {**caller.credentials, "content-type": "application/json", "accept": accept}
    place = caller.place
    async with (
        asyncio.timeout(30),
        place.http.stream("POST", f"{place.url}/graphql", content=body, headers=headers) as answer,
    ):
        if answer.headers["content-type"].startswith("text/event-stream"):
            async for line in answer.aiter_lines():
                if line.startswith("data: {"):
                    return answer.status_code, orjson.loads(line[6:])
                if line.startswith(":"):
                    return answer.status_code, {}  # it listens
        return answer.status_code, orjson.loads(await answer.aread() or b"{}")


def _wrong(answer: tuple[int, Any]) -> bool:
    status, said = answer
    codes = {error["extensions"]["code"] for error in said.get("errors", [])}
    return status not in {200, 400} or not codes <= CODES


def _body(document: str, value: bytes) -> bytes:
    return b'{"query":' + orjson.dumps(document) + b',"variables":{"v":' + value + b"}}"


def _real(document: str, real: dict[str, str], number: int) -> str:
    """With things that are there, and a key of its own."""
    there = {
        "Event": real["eventId"],
        "City": real["cityId"],
        "Mayor": real["mayorId"],
        "Account": real["accountId"],
        "Group": real["groupId"],
        "Thread": real["threadId"],
        "Resolution": real["resolutionId"],
        "ResolutionCall": real["callId"],
    }
    there["Delegation"] = f"del_{NAMELESS}"
    document = re.sub(
        r'node\(id: "[^"]*"\) \{ \.\.\. on (Event|City|Mayor|Account|Delegation)\b',
        lambda found: f'node(id: "{there[found[1]]}") {{ ... on {found[1]}',
        document,
    )
    document = re.sub(
        r'\b(event|city|account|group|thread|resolution|resolutionCall)\(id: "[^"]*"',
        lambda found: f'{found[1]}(id: "{there[found[1][0].upper() + found[1][1:]]}"',
        document,
    )
    for name, shown in real.items():
        document = re.sub(rf'\b{name}: "[^"]*"', f'{name}: "{shown}"', document)
    return document.replace("KEY", f'"odd-{number}"')
