"""graphql-transport-ws, every rule of PROTOCOL.md (npm graphql-ws) that a server answers for, in raw frames."""

import pytest

from tests.transports.rules import connecting, ending, operating, pinging, subscribing
from tests.transports.rules.dialogue import Rule
from tests.transports.sockets import Dial, Serve

RULES = [rule for part in (connecting, pinging, subscribing, operating, ending) for rule in part.RULES]


@pytest.mark.parametrize("rule", RULES, ids=str)
async def test_graphql_transport_ws(serve: Serve, dial: Dial, rule: Rule) -> None:
    served = await serve(**rule.limits)
    for name, value in rule.service.items():
        setattr(served.service, name, value)
    socket = await dial(served, subprotocols=rule.offers)
    if rule.greeted:
        await socket.greet()

    for step in rule.steps:
        await step(served, socket)


def test_no_claim_is_made_twice() -> None:
    claims = [str(rule) for rule in RULES]

    assert len(set(claims)) == len(claims)
    assert len(claims) >= 131
