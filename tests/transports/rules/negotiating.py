"""GraphQL over HTTP: Accept, Content-Type, and the status codes that follow from them."""

from tests.transports.rules.exchange import EVENTS, HELLO, LEGACY, MODERN, WORLD, Case, bad, good

ACCEPT = [
    good(
        "Accept", "none is answered in application/json (graphql-http's audit 80D8)", headers={"accept": None}
    ),
    good("Accept", "an empty one is none", headers={"accept": ""}),
    *(
        good("Accept", f"{accept} is answered in {media}", headers={"accept": accept}, media=media)
        for accept, media in [
            ("*/*", LEGACY),
            ("application/*", LEGACY),
            (LEGACY, LEGACY),
            (MODERN, MODERN),
            ("APPLICATION/GraphQL-Response+JSON", MODERN),
            ("Application/JSON", LEGACY),
            (f"{MODERN}; charset=utf-8, {LEGACY}; charset=utf-8", MODERN),
            (f"{LEGACY}, {MODERN}", MODERN),
            (f"{MODERN};q=0.5, {LEGACY};q=0.9", LEGACY),
            (f"{MODERN};q=0.9, {LEGACY};q=0.5", MODERN),
            (f"{MODERN};Q=0.1, {LEGACY};Q=0.9", LEGACY),
            (f"{MODERN};q=0, {LEGACY}", LEGACY),
            (f"{LEGACY};q=0, {MODERN};q=0.001", MODERN),
            (f"{MODERN};q=0.5, */*", LEGACY),
            (f"{LEGACY};q=0.5, */*", MODERN),
            (f"{LEGACY};q=0, */*", MODERN),
            (f"application/*;q=0.2, {MODERN};q=0.1", LEGACY),
            (f"text/html, {MODERN};q=0.1", MODERN),
            (f"{MODERN};q=nan, {LEGACY};q=0.1", LEGACY),
            (f"{MODERN};q=7, {LEGACY};q=0.1", LEGACY),
            (f"{MODERN}; charset=utf-16, {LEGACY}", LEGACY),
            ("text/html, application/xhtml+xml, */*;q=0.8", LEGACY),
            (f"{MODERN}, application/graphql+json, {LEGACY}, {EVENTS}, multipart/mixed", MODERN),
            (f"multipart/mixed;deferSpec=20220824, {MODERN}, {LEGACY};q=0.9", MODERN),
            (",".join(["text/x"] * 40) + f", {LEGACY}", LEGACY),
        ]
    ),
    *(
        bad("Accept", f"{accept} is 406", 406, "NOT_ACCEPTABLE", headers={"accept": accept})
        for accept in [
            "text/html",
            "image/*",
            "application/jsonp",
            "application/json-patch+json",
            "application/graphql-response",
            "application/graphql+json",
            "json",
            f"{LEGACY};q=0",
            "*/*;q=0",
            f"{LEGACY}; charset=utf-16",
        ]
    ),
]

TYPES = [
    *(
        good("POST", f"{kind} is taken", headers={"content-type": kind})
        for kind in [
            "application/json",
            "Application/JSON",
            "application/json; charset=utf-8",
            "application/json;charset=UTF-8",
            'application/json; charset="utf-8"',
            "application/json; CHARSET=utf8",
            "application/json; profile=x",
        ]
    ),
    good("POST", "UTF-8 is assumed", {"query": '{ echo(text: "Grüße 🏛") }'}, {"data": {"echo": "Grüße 🏛"}}),
    *(
        bad("POST", f"{kind or 'an empty type'} is 415", 415, "NOT_JSON", headers={"content-type": kind})
        for kind in [
            "",
            "text/plain",
            "text/json",
            "application/jsonp",
            "application/json-patch+json",
            "application/graphql",
            "application/graphql-response+json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json; charset=utf-16",
            "application/json; charset=iso-8859-1",
            "text/plain, application/json",
            "application/json, text/plain",
            "json",
        ]
    ),
    bad("POST", "no type is 415", 415, "NOT_JSON", headers={"content-type": None}),
    bad(
        "POST",
        "415 is JSON in the type that was asked for",
        415,
        "NOT_JSON",
        headers={"content-type": "text/plain", "accept": MODERN},
        media=MODERN,
    ),
]

REFUSED = {
    "Document parsing failure": {"query": "{"},
    "Document parsing failure, of nothing": {"query": ""},
    "Document validation failure": {"query": "{ nothing }"},
    "Operation cannot be determined: two without a name": {"query": "query A { hello } query B { hello }"},
    "Operation cannot be determined: an unknown name": {"query": "query A { hello }", "operationName": "B"},
    "Operation cannot be determined: fragments only": {"query": "fragment F on Query { hello }"},
    "Variable coercion failure: wrong type": {
        "query": "query ($t: String!) { echo(text: $t) }",
        "variables": {"t": 5},
    },
    "Variable coercion failure: null": {
        "query": "query ($t: String!) { echo(text: $t) }",
        "variables": {"t": None},
    },
    "Variable coercion failure: left out": {"query": "query ($t: String!) { echo(text: $t) }"},
    "A subscription by plain POST": {"query": "subscription { forever }"},
}

STATUS = [
    *(
        Case(
            f"Status Codes, {media}",
            f"{name} is {status}, without data",
            body=body,
            status=status,
            media=media,
            code="",
            headers={"accept": media},
        )
        for media, status in ((MODERN, 400), (LEGACY, 200))
        for name, body in REFUSED.items()
    ),
    *(
        good(
            f"Status Codes, {media}",
            "Field errors encountered during execution is 200, with the data there is",
            {"query": "{ hello broken }"},
            {
                "data": {"hello": "world", "broken": None},
                "errors": [
                    {
                        "message": "This field is broken.",
                        "path": ["broken"],
                        "locations": [{"line": 1, "column": 9}],
                    }
                ],
            },
            media=media,
            headers={"accept": media},
        )
        for media in (MODERN, LEGACY)
    ),
    *(
        Case(
            "Status Codes",
            f"a bad token is 401 in {media}, and says how to come",
            body=HELLO,
            status=401,
            media=media,
            code="",
            headers={"accept": media, "authorization": "Bearer forged"},
            tells={"www-authenticate": "Bearer"},
        )
        for media in (MODERN, LEGACY)
    ),
    *(
        Case(
            "Status Codes",
            f"an overload is 503 in {media}, and says when to come again",
            body={"query": "{ busy }"},
            status=503,
            media=media,
            code="",
            headers={"accept": media},
            tells={"retry-after": "1"},
        )
        for media in (MODERN, LEGACY)
    ),
    *(
        Case(
            "Status Codes",
            f"a bug is 500 in {media}, masked",
            body={"query": "{ die }"},
            status=500,
            media=media,
            code="INTERNAL",
            headers={"accept": media},
        )
        for media in (MODERN, LEGACY)
    ),
    good(
        "Status Codes",
        "what is well-formed is 200, whoever asks",
        headers={"authorization": "Bearer good"},
        answer=WORLD,
    ),
]

CASES = [*ACCEPT, *TYPES, *STATUS]
