"""The official npm clients and audits, run by Node against a real endpoint."""

from typing import Any

import pytest

from tests.transports import node
from tests.transports.sockets import Served, until

pytestmark = pytest.mark.usefixtures("npm")


async def test_graphql_https_own_audits_all_pass(served: Served) -> None:
    audits = await node.told("audits.mjs", served.url)

    assert len(audits) >= 61
    assert [audit for audit in audits if audit["status"] != "ok"] == []


async def test_the_graphql_ws_client_understands_us(served: Served) -> None:
    told = await node.told("websocket.mjs", served.socket_url)

    _expect_the_usual(told)
    assert told["syntaxError"]["error"] == ["Syntax Error: Expected Name, found <EOF>."]
    assert told["refused"] == {"heard": [], "error": ["Not this one."]}
    assert told["afterwards"]["heard"] == [{"data": {"whoAmI": "good as cap_1"}}]
    assert told["closes"] == [{"code": 4403, "reason": "DELEGATION_REVOKED"}], (
        "one socket for all, to the end"
    )
    assert told["forged"] == {"heard": [], "error": {"code": 4403, "reason": "Forbidden"}}
    await until(lambda: served.service.closed == served.service.started == 3)


async def test_the_graphql_sse_client_understands_us(served: Served) -> None:
    told = await node.told("sse.mjs", served.url)

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
