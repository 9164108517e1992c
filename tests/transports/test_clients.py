"""The official npm clients and audits, run by Node against a real endpoint."""

import asyncio
import fcntl
import shutil
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.transports.sockets import Served, until

CLIENTS = Path(__file__).parent / "clients"
LONG = 120  # seconds; npm on a cold cache


@pytest.fixture(scope="session")
async def node() -> str:
    """Node, with the clients' packages installed as their lock file says."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("the npm clients need Node: install it to run these tests")
    with (CLIENTS / "package-lock.json").open() as lock:
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)  # xdist's workers install once, not at once
        await _install(npm)
    return node


async def test_graphql_https_own_audits_all_pass(node: str, served: Served) -> None:
    audits = await _run(node, "audits.mjs", served.url)

    assert len(audits) >= 61
    assert [audit for audit in audits if audit["status"] != "ok"] == []


async def test_the_graphql_ws_client_understands_us(node: str, served: Served) -> None:
    told = await _run(node, "websocket.mjs", served.socket_url)

    _expect_the_usual(told)
    assert told["syntaxError"]["error"] == ["Syntax Error: Expected Name, found <EOF>."]
    assert told["refused"] == {"heard": [], "error": ["Not this one."]}
    assert told["afterwards"]["heard"] == [{"data": {"whoAmI": "good as cap_1"}}]
    assert told["closes"] == [{"code": 4403, "reason": "DELEGATION_REVOKED"}], (
        "one socket for all, to the end"
    )
    assert told["forged"] == {"heard": [], "error": {"code": 4403, "reason": "Forbidden"}}
    await until(lambda: served.service.closed == served.service.started == 3)


async def test_the_graphql_sse_client_understands_us(node: str, served: Served) -> None:
    told = await _run(node, "sse.mjs", served.url)

    _expect_the_usual(told)
    assert told["syntaxError"]["heard"][0]["errors"][0]["message"].startswith("Syntax Error")
    assert told["refused"] == {"heard": [{"errors": [{"message": "Not this one."}]}]}
    assert told["afterwards"]["heard"] == [{"data": {"whoAmI": "good as cap_1"}}]
    assert told["forged"]["error"]["status"] == 401
    await until(lambda: served.service.closed == served.service.started == 3)


def _expect_the_usual(told: dict[str, Any]) -> None:
    assert told["query"] == {"heard": [{"data": {"hello": "world"}}]}
    assert told["mutation"] == {"heard": [{"data": {"act": "acted"}}]}
    assert told["fieldError"]["heard"][0]["data"] == {"hello": "world", "broken": None}
    assert told["subscription"] == {"heard": [{"data": {"count": number}} for number in (1, 2, 3)]}
    assert told["left"] == {"heard": [{"data": {"count": number}} for number in (1, 2)]}
    assert told["ended"]["heard"] == [{"data": {"ended": {"reason": "DELEGATION_REVOKED"}}}]


async def _install(npm: str) -> None:
    done, wanted = CLIENTS / "node_modules" / ".package-lock.json", CLIENTS / "package-lock.json"
    if done.exists() and done.stat().st_mtime >= wanted.stat().st_mtime:
        return
    await _finish(npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts")
    done.touch()


async def _run(node: str, script: str, url: str) -> Any:
    return orjson.loads(await _finish(node, script, url))


async def _finish(*command: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=CLIENTS, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), LONG)
    except TimeoutError:
        process.kill()
        raise
    assert process.returncode == 0, err.decode()
    return out
