"""PROTOCOL.md: Subscribe."""

from tests.transports.rules.dialogue import (
    Rule,
    alive,
    closes,
    complete,
    fresh,
    next_,
    rule,
    say,
    subscribe,
    then,
)
from tests.transports.rules.words import (
    ECHO,
    ENDED,
    HELLO,
    NEVER,
    NO_OBJECTS,
    NO_STRINGS,
    RUNNING,
    go,
    hears,
    untouched,
)

SUBSCRIBE = [
    fresh(
        "Subscribe",
        "before the init is closed with 4401, and not executed",
        subscribe("1", HELLO),
        closes(4401, "Unauthorized"),
        then(untouched),
    ),
    fresh(
        "Subscribe",
        "before the ack is closed with 4401, and not executed",
        then(lambda served: served.service.admission.clear()),
        say(type="connection_init"),
        subscribe("1", HELLO),
        closes(4401, "Unauthorized"),
        then(untouched),
    ),
    fresh(
        "Subscribe",
        "a mutation before the init is not carried out",
        subscribe("1", "mutation { act }"),
        closes(4401),
        then(untouched),
    ),
    fresh(
        "Subscribe",
        "one of the wrong form before the init is closed with 4400",
        say(type="subscribe", id="1"),
        closes(4400),
    ),
    *(
        rule(
            "Subscribe",
            f"an id of {wrong!r} is closed with 4400",
            subscribe(wrong, HELLO),
            closes(4400),
            then(untouched),
        )
        for wrong in (None, "", *NO_STRINGS)
    ),
    rule(
        "Subscribe",
        "no id is closed with 4400",
        say(type="subscribe", payload={"query": HELLO}),
        closes(4400),
    ),
    *(
        rule(
            "Subscribe",
            f"any string is an id: {name[:12]!r}",
            subscribe(name, HELLO),
            next_(name, hello="world"),
            complete(name),
        )
        for name in ("0", " ", "null", '"}, "', "\u2028\n\t\\", "1" * 3_000, "🏛", "ü-ö")
    ),
    rule("Subscribe", "no payload is closed with 4400", say(type="subscribe", id="1"), closes(4400)),
    *(
        rule(
            "Subscribe",
            f"a payload of {wrong!r} is closed with 4400",
            say(type="subscribe", id="1", payload=wrong),
            closes(4400),
        )
        for wrong in (None, {}, *NO_OBJECTS)
    ),
    *(
        rule("Subscribe", f"a query of {wrong!r} is closed with 4400", subscribe("1", wrong), closes(4400))
        for wrong in (None, *NO_STRINGS)
    ),
    *(
        rule(
            "Subscribe",
            f"an operationName of {wrong!r} is closed with 4400",
            subscribe("1", HELLO, operationName=wrong),
            closes(4400),
        )
        for wrong in NO_STRINGS
    ),
    *(
        rule(
            "Subscribe",
            f"{entry} of {wrong!r} are closed with 4400",
            subscribe("1", HELLO, **{entry: wrong}),
            closes(4400),
        )
        for entry in ("variables", "extensions")
        for wrong in NO_OBJECTS
    ),
    *(
        rule(
            "Subscribe",
            f"{entry} of {legal!r} is legal",
            subscribe("1", HELLO, **{entry: legal}),
            next_("1", hello="world"),
        )
        for entry, legal in [
            ("operationName", None),
            ("variables", None),
            ("variables", {}),
            ("extensions", None),
            ("extensions", {"any": ["thing"]}),
        ]
    ),
    rule(
        "Subscribe",
        "entries that are not specified are tolerated in the payload",
        subscribe("1", HELLO, hash="x"),
        next_("1", hello="world"),
    ),
    rule(
        "Subscribe",
        "entries that are not specified are tolerated beside it",
        say(id="1", type="subscribe", payload={"query": HELLO}, since=5),
        next_("1", hello="world"),
    ),
    rule(
        "Subscribe",
        "the operation that is named is run",
        subscribe("1", "query A { hello } query B { whoAmI }", operationName="A"),
        next_("1", hello="world"),
    ),
    rule(
        "Subscribe",
        "variables are given to it",
        subscribe("1", ECHO, variables={"t": "Grüße, 市長"}),
        next_("1", echo="Grüße, 市長"),
    ),
    *(
        rule(
            "Subscribe",
            f"an id in use by a {kind} is closed with 4409, whatever comes: {name}",
            subscribe("twice", query, variables={"to": 0}),
            then(lambda _: None),
            subscribe("twice", again),
            closes(4409, "Subscriber for twice already exists"),
        )
        for kind, query in RUNNING.items()
        for name, again in {"a query": HELLO, "a syntax error": "{", "a subscription": NEVER}.items()
    ),
    rule(
        "Subscribe",
        "an id in use is closed with a reason that fits, however long it is",
        subscribe("é" * 200, "{ slow }"),
        subscribe("é" * 200, "{ slow }"),
        closes(4409, "Subscriber for ééé"),
    ),
    *(
        rule(
            "Subscribe",
            f"an id is free after {name}, once its last message is read",
            *(step for _ in range(3) for step in (asked, *hears(messages))),
            alive(),
            service={"closing_takes": 0.05},
        )
        for name, (asked, messages) in ENDED.items()
    ),
    *(
        rule(
            "Subscribe",
            f"an id is free once the client completes a {kind}",
            subscribe("again", query, variables={"to": 0}),
            say(id="again", type="complete"),
            subscribe("again", HELLO),
            next_("again", hello="world"),
            complete("again"),
            service={"closing_takes": 0.05},
        )
        for kind, query in RUNNING.items()
    ),
    rule(
        "Subscribe",
        "ids apart run side by side, their messages interleaved",
        subscribe("slow", "{ slow }"),
        subscribe("live", NEVER, variables={"to": 1}),
        next_("live", count=1),
        subscribe("quick", HELLO),
        next_("quick", hello="world"),
        complete("quick"),
        then(go),
        next_("slow", slow="at last"),
        complete("slow"),
    ),
]

RULES: list[Rule] = SUBSCRIBE
