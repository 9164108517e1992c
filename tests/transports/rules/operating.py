"""PROTOCOL.md: Next, Error, Complete."""

from tests.transports.rules.dialogue import (
    Rule,
    alive,
    closes,
    comes_true,
    complete,
    done,
    error,
    fresh,
    hear,
    next_,
    rule,
    say,
    subscribe,
    then,
)
from tests.transports.rules.words import (
    COUNT,
    ECHO,
    ENDED,
    HELLO,
    NEVER,
    NO_STRINGS,
    REFUSED,
    RUNNING,
    acted_once,
    go,
    hears,
    started,
    untouched,
)
from tests.transports.sockets import Socket

NEXT = [
    rule(
        "Next",
        "a query is one, and complete",
        subscribe("1", HELLO),
        next_("1", hello="world"),
        complete("1"),
        alive(),
    ),
    rule(
        "Next",
        "a mutation is one, and complete",
        subscribe("1", "mutation { act }"),
        next_("1", act="acted"),
        complete("1"),
        alive(),
        comes_true(acted_once),
    ),
    rule(
        "Next",
        "a subscription is as many as there are, in order, and complete",
        subscribe("1", COUNT, variables={"to": 5}),
        *(next_("1", count=n) for n in range(1, 6)),
        complete("1"),
        alive(),
    ),
    rule(
        "Next",
        "a subscription may have none",
        subscribe("1", COUNT, variables={"to": 0}),
        complete("1"),
        alive(),
    ),
    rule(
        "Next",
        "the error of a field is part of it, beside the data",
        subscribe("1", "{ hello broken }"),
        hear(
            id="1",
            type="next",
            payload={
                "data": {"hello": "world", "broken": None},
                "errors": [
                    {
                        "message": "This field is broken.",
                        "path": ["broken"],
                        "locations": [{"line": 1, "column": 9}],
                    }
                ],
            },
        ),
        complete("1"),
    ),
    rule(
        "Next",
        "only the asked-for operation hears it",
        subscribe("a", HELLO),
        next_("a", hello="world"),
        complete("a"),
        subscribe("b", HELLO),
        next_("b", hello="world"),
        complete("b"),
        alive(),
    ),
]

ERROR = [
    *(
        rule(
            "Error",
            f"{name} ends the operation, without a complete; the socket stays",
            subscribe("1", query, **extra),
            error("1"),
            alive(),
        )
        for name, (query, extra) in REFUSED.items()
    ),
    rule(
        "Error",
        "may come during the execution, and ends it",
        subscribe("1", "subscription { broken }", variables={"to": 1}),
        next_("1", count=1),
        error("1", "INTERNAL"),
        alive(),
    ),
    rule(
        "Error",
        "leaves other operations alone",
        subscribe("live", COUNT, variables={"to": 1}),
        next_("live", count=1),
        complete("live"),
        subscribe("1", "{"),
        error("1"),
        subscribe("2", HELLO),
        next_("2", hello="world"),
    ),
    rule(
        "Error",
        "does not stop what runs",
        subscribe("slow", "{ slow }"),
        subscribe("1", "{"),
        error("1"),
        then(go),
        next_("slow", slow="at last"),
        complete("slow"),
    ),
    rule(
        "Error",
        "a NUL is refused for itself, not with the socket",
        subscribe("1", ECHO, variables={"t": "a\0b"}),
        error("1", "BAD_CHARACTER"),
        alive(),
        then(untouched),
    ),
    rule("Error", "a bug tells nothing of itself", subscribe("1", "{ die }"), error("1", "INTERNAL")),
    rule(
        "Error",
        "one operation too many is refused for itself",
        *(
            step
            for n in range(2)
            for step in (subscribe(str(n), NEVER, variables={"to": 1}), next_(str(n), count=1))
        ),
        subscribe("more", HELLO),
        error("more", "TOO_MANY_OPERATIONS"),
        alive(),
        limits={"operations": 2},
    ),
]

COMPLETE = [
    rule(
        "Complete",
        "of the client stops a subscription, and is not echoed",
        subscribe("1", NEVER, variables={"to": 1}),
        next_("1", count=1),
        say(id="1", type="complete"),
        comes_true(lambda served: served.service.closed == 1),
        alive(),
    ),
    rule(
        "Complete",
        "of the client silences a query that has not answered",
        subscribe("1", "{ slow }"),
        comes_true(started),
        say(id="1", type="complete"),
        comes_true(lambda served: served.service.cancelled == 1),
        then(go),
        alive(),
    ),
    rule(
        "Complete",
        "of the client silences a mutation, and does not halve it",
        subscribe("1", "mutation { slowAct }"),
        comes_true(started),
        say(id="1", type="complete"),
        alive(),
        then(go),
        comes_true(acted_once),
        alive(),
    ),
    *(
        rule(
            "Complete",
            f"in the same breath as its {kind} silences it",
            subscribe("1", query, variables={"to": 0}),
            say(id="1", type="complete"),
            alive(),
        )
        for kind, query in RUNNING.items()
    ),
    rule("Complete", "of an unknown id is ignored", say(id="never seen", type="complete"), alive()),
    fresh(
        "Complete",
        "of an unknown id is ignored before the init",
        say(id="never seen", type="complete"),
        alive(),
    ),
    *(
        rule(
            "Complete",
            f"is ignored after the end of {name}",
            asked,
            *hears(messages),
            say(id="1", type="complete"),
            alive(),
        )
        for name, (asked, messages) in ENDED.items()
    ),
    rule(
        "Complete",
        "twice is once",
        subscribe("1", NEVER, variables={"to": 0}),
        say(id="1", type="complete"),
        say(id="1", type="complete"),
        alive(),
        comes_true(lambda served: served.service.closed == served.service.started),
    ),
    rule(
        "Complete",
        "crossing the server's own is ignored",
        subscribe("1", HELLO),
        say(id="1", type="complete"),
        subscribe("2", HELLO),
        done(lambda socket: _until_complete(socket, "2")),
        alive(),
    ),
    rule(
        "Complete",
        "of one leaves the others alone",
        subscribe("1", NEVER, variables={"to": 1}),
        next_("1", count=1),
        subscribe("slow", "{ slow }"),
        say(id="1", type="complete"),
        then(go),
        next_("slow", slow="at last"),
        complete("slow"),
    ),
    rule(
        "Complete",
        "entries that are not specified are tolerated",
        subscribe("1", NEVER, variables={"to": 0}),
        say(id="1", type="complete", payload=None, since=5),
        comes_true(lambda served: served.service.closed == served.service.started),
        alive(),
    ),
    *(
        rule(
            "Complete",
            f"an id of {wrong!r} is closed with 4400",
            say(id=wrong, type="complete"),
            closes(4400),
        )
        for wrong in (None, "", *NO_STRINGS)
    ),
    rule("Complete", "no id is closed with 4400", say(type="complete"), closes(4400)),
]

RULES: list[Rule] = [*NEXT, *ERROR, *COMPLETE]


async def _until_complete(socket: Socket, id: str) -> None:
    """Read on until an operation has completed: whether the other was quicker than its own end is chance."""
    while await socket.hear() != {"id": id, "type": "complete"}:
        pass
