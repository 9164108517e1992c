"""Nobody asks so often that others wait: counted by account, or by network for whoever is not signed in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
from websockets.exceptions import ConnectionClosed

from rotunda.graphql import traffic
from rotunda.graphql.limits import Limits
from rotunda.graphql.traffic import Rate, TooOften, Traffic
from tests.living import Caller, Home, Street

HEAD = "{ head }"
MAYOR, OTHER = "mayor@richmond-va.example", "mayor@norfolk-va.example"


@pytest.fixture
async def strict(street: Street, planted_database: str, tmp_path: Path) -> AsyncIterator[Home]:
    """A house that bears three requests of anyone, and two acts."""
    few = {"requests_per_account": 3, "requests_per_address": 3, "acts_per_account": 2}
    async with street.home(planted_database, tmp_path, **few) as home:
        yield home


class Clock:
    """A clock that stands until it is set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_000.0
        monkeypatch.setattr(traffic, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_a_bucket_holds_a_minutes_worth_and_fills_within_a_minute(clock: Clock) -> None:
    rate = Rate(60)

    assert [rate.wait("a") for _ in range(60)] == [0.0] * 60
    assert rate.wait("a") == pytest.approx(1.0)
    assert rate.wait("b") == 0.0
    clock.now += 1
    assert rate.wait("a") == 0.0
    assert rate.wait("a") > 0


def test_waiting_while_refused_costs_nothing_further(clock: Clock) -> None:
    rate = Rate(60)
    for _ in range(100):
        rate.wait("a")

    clock.now += 1

    assert rate.wait("a") == 0.0


def test_an_attacker_with_endless_addresses_fills_no_memory(clock: Clock) -> None:
    rate = Rate(10, most_keys=100)

    for number in range(1_000):
        rate.wait(f"2001:db8:{number:x}::/64")

    assert len(rate) <= 100
    clock.now += 120
    rate.wait("a")
    assert len(rate) <= 100


async def test_one_ipv6_network_is_one_stranger() -> None:
    counted = Traffic(Limits(address_requests=2))
    scopes = [{"client": (f"2001:db8:1:2:{n:x}::1", 1)} for n in range(3)]

    for scope in scopes[:2]:
        await counted.count(None, scope)

    with pytest.raises(TooOften):
        await counted.count(None, scopes[2])
    await counted.count(None, {"client": ("2001:db8:1:3::1", 1)})


async def test_made_up_tokens_count_for_the_network_that_makes_them_up() -> None:
    asked: list[str] = []

    async def nobodys(token: str) -> None:
        asked.append(token)

    counted = Traffic(Limits(address_requests=5), nobodys)
    scope = {"client": ("203.0.113.9", 1)}

    for number in range(5):
        await counted.count(f"rot_{number}", scope)

    with pytest.raises(TooOften):
        await counted.count("rot_6", scope)
    assert len(asked) == 5, "a token that comes too often costs the database nothing"


async def test_all_tokens_of_an_account_share_its_bucket_whatever_their_address() -> None:
    account = uuid4()

    async def whose(_token: str) -> Any:
        return account

    counted = Traffic(Limits(account_requests=4), whose)
    for number in range(4):  # the first of each token is still a stranger's
        await counted.count(f"rot_{number % 2}", {"client": (f"203.0.113.{number}", 1)})
    for number in range(2):
        await counted.count(f"rot_{number % 2}", {"client": (f"198.51.100.{number}", 1)})

    with pytest.raises(TooOften):
        await counted.count("rot_1", {"client": ("192.0.2.1", 1)})


async def test_a_token_that_has_ended_soon_counts_for_nobody(clock: Clock) -> None:
    account, good = uuid4(), True

    async def whose(_token: str) -> Any:
        return account if good else None

    counted = Traffic(Limits(), whose)
    assert await counted.account("rot_a") == account

    good = False
    clock.now += 61

    assert await counted.account("rot_a") is None


async def test_too_many_requests_are_told_when_to_come_again(strict: Home) -> None:
    visitor = await strict.caller()
    for _ in range(3):
        assert (await visitor.response(HEAD)).status_code == 200

    refused = await visitor.response(HEAD)

    assert refused.status_code == 429
    assert refused.headers["content-type"].startswith("application/json")
    error = refused.json()["errors"][0]
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert error["extensions"]["retryAfter"] == int(refused.headers["retry-after"]) > 0
    assert "data" not in refused.json()


async def test_whoever_is_signed_in_is_not_kept_out_by_strangers_behind_the_same_address(
    strict: Home,
) -> None:
    mayor, other, visitor = await strict.caller(MAYOR), await strict.caller(OTHER), await strict.caller()
    await mayor.ask(HEAD)
    await other.ask(HEAD)
    for _ in range(4):
        await visitor.response(HEAD)

    assert (await visitor.response(HEAD)).status_code == 429
    for _ in range(3):
        assert (await mayor.response(HEAD)).status_code == 200
    assert (await mayor.response(HEAD)).status_code == 429
    assert (await other.response(HEAD)).status_code == 200


async def test_too_many_acts_are_refused_before_anything_is_done(strict: Home) -> None:
    mayor = await strict.caller(MAYOR)
    act = "mutation ($key: String!) { %s }"
    mark = '%s: updateProfile(input: {biography: "%s", idempotencyKey: $key}) { __typename }'
    three = act % " ".join(mark % (name, name) for name in "abc")

    refused = await mayor.response(three, key="k")

    assert refused.status_code == 429
    assert refused.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert await strict.value("SELECT count(*) FROM used_keys") == 0


async def test_a_page_asked_for_too_often_is_a_page_that_says_so(strict: Home) -> None:
    for _ in range(3):
        await strict.http.get(f"{strict.url}/sign-in")

    refused = await strict.http.get(f"{strict.url}/sign-in")

    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert "Too many requests" in refused.text
    assert "default-src 'none'" in refused.headers["content-security-policy"]


async def test_files_of_a_page_are_not_counted(strict: Home) -> None:
    answers = [await strict.http.get(f"{strict.url}/static/nothing.css") for _ in range(5)]

    assert {answer.status_code for answer in answers} == {404}


async def test_an_operation_too_many_on_a_socket_is_an_error_and_the_socket_lives(
    street: Street, planted_database: str, tmp_path: Path
) -> None:
    async with (
        street.home(planted_database, tmp_path, requests_per_address=3) as home,
        Caller(home, None).socket() as socket,
    ):
        for number in range(4):
            payload = {"query": HEAD}
            await socket.send(
                orjson.dumps({"id": f"{number}", "type": "subscribe", "payload": payload}).decode()
            )
        heard = [orjson.loads(await asyncio.wait_for(socket.recv(), 20)) for _ in range(7)]
        refused = [message for message in heard if message["type"] == "error"]
        assert [message["payload"][0]["extensions"]["code"] for message in refused] == ["RATE_LIMITED"]
        assert refused[0]["payload"][0]["extensions"]["retryAfter"] > 0

        await socket.send('{"type":"ping"}')
        assert orjson.loads(await asyncio.wait_for(socket.recv(), 20)) == {"type": "pong"}


async def test_a_socket_that_floods_is_heard_more_slowly(
    street: Street, planted_database: str, tmp_path: Path
) -> None:
    async with (
        street.home(planted_database, tmp_path, requests_per_account=600) as home,
        Caller(home, None).socket() as socket,
    ):
        pongs = 0
        with suppress(TimeoutError, ConnectionClosed):
            async with asyncio.timeout(3):
                for _ in range(900):
                    await socket.send('{"type":"ping"}')
                while True:
                    await socket.recv()
                    pongs += 1

        assert 0 < pongs < 800  # 600 in one breath, and ten a second from then on
