"""What the rules say again and again: documents, values of the wrong kind, and what is seen behind the door."""

from typing import Any

from tests.transports.rules.dialogue import Step, done, subscribe
from tests.transports.sockets import Served, Socket

HELLO = "{ hello }"
NEVER = "subscription { forever }"
COUNT = "subscription ($to: Int!) { count(to: $to) }"
ECHO = "query ($t: String!) { echo(text: $t) }"
NO_STRINGS: tuple[Any, ...] = (5, 0, 1.5, [], {}, True)
NO_OBJECTS: tuple[Any, ...] = (5, 0, 1.5, "text", "", [], [{}], True, False)
RUNNING = {"query": "{ slow }", "mutation": "mutation { slowAct }", "subscription": NEVER}
REFUSED: dict[str, tuple[str, dict[str, Any]]] = {
    "a syntax error": ("{", {}),
    "an empty document": ("", {}),
    "an unknown field": ("{ nothing }", {}),
    "an unknown field of a subscription": ("subscription { nothing }", {}),
    "two operations and no name": ("query A { hello } query B { hello }", {}),
    "an unknown operation": ("query A { hello }", {"operationName": "C"}),
    "a variable of the wrong type": (ECHO, {"variables": {"t": 5}}),
    "a variable left out": (ECHO, {}),
    "a subscription that is refused": ("subscription { refused }", {}),
    "a bug": ("{ die }", {}),
}
ENDED: dict[str, tuple[Step, int]] = {  # how it is asked, and how many messages answer
    "a query": (subscribe("1", HELLO), 2),
    "a mutation": (subscribe("1", "mutation { act }"), 2),
    "a subscription": (subscribe("1", COUNT, variables={"to": 2}), 3),
    "a subscription of nothing": (subscribe("1", COUNT, variables={"to": 0}), 1),
    "a refusal": (subscribe("1", "{ nothing }"), 1),
}


def hears(count: int) -> list[Step]:
    return [done(hear_one) for _ in range(count)]


async def hear_one(socket: Socket) -> None:
    await socket.hear()


def started(served: Served) -> bool:
    return bool(served.service.operations)


def untouched(served: Served) -> None:
    assert not served.service.operations


def acted_once(served: Served) -> bool:
    return served.service.acted == 1


def go(served: Served) -> None:
    served.service.go.set()


def hold(served: Served) -> None:
    """Let nobody in until further notice."""
    served.service.admission.clear()


def let_in(served: Served) -> None:
    served.service.admission.set()


def tidy(served: Served) -> bool:
    return served.service.closed == served.service.started and served.endpoint.lines == 0
