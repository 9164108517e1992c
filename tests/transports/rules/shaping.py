"""GraphQL over HTTP: the forms of a request, by POST and by GET, the methods, and what has no form at all."""

import gzip
import zlib

from tests.transports.rules.exchange import EVENTS, HELLO, LEGACY, MODERN, WORLD, Case, bad, good, got

JSON = "POST, JSON encoding"
ECHO = "query ($t: String!) { echo(text: $t) }"
QUERY = b'{"query":"{ hello }"%s}'
ALLOWED = "GET, POST, OPTIONS"
NO_JSON = {
    "nothing": b"",
    "a space": b" ",
    "nonsense": b"NONSENSE",
    "cut off": b'{"query":',
    "a bracket too many": b'{"query":"{ hello }"}}',
    "a trailing comma": b'{"query":"{ hello }",}',
    "single quotes": b"{'query':'{ hello }'}",
    "two objects": b'{"query":"{ hello }"}{"query":"{ hello }"}',
    "a comment": b'{"query":"{ hello }" /* why not */}',
    "a form": b"query=%7B%20hello%20%7D",
    "a line break in a string": b'{"query":"a\nb"}',
    "a raw NUL": b"\x00",
    "bytes that are not UTF-8": b"\xff\xfe",
    "a string that is not UTF-8": b'{"query":"\xff"}',
    "overlong UTF-8": b'{"query":"\xc0\xaf"}',
    "half a surrogate pair": b'{"query":"\\udfff"}',
    "a raw surrogate": b'{"query":"\xed\xa0\x80"}',
    "UTF-16": '{"query":"{ hello }"}'.encode("utf-16"),
    "UTF-32": '{"query":"{ hello }"}'.encode("utf-32"),
    "a byte order mark": '{"query":"{ hello }"}'.encode("utf-8-sig"),
    "gzip, unsaid": gzip.compress(b'{"query":"{ hello }"}'),
    "100,000 brackets": b"[" * 100_000,
    "100,000 objects": b'{"a":' * 100_000,
    "a number of 5,000 digits": b"1" * 5_000,
    "NaN": QUERY % b',"variables":{"n":NaN}',
    "minus infinity": QUERY % b',"variables":{"n":-Infinity}',
    "a double that is none": QUERY % b',"variables":{"n":1e999}',
    "5,000 digits in a variable": QUERY % (b',"variables":{"n":%s}' % (b"1" * 5_000)),
    "hexadecimals": QUERY % b',"variables":{"n":0x1F}',
}
NO_REQUEST = {
    "null": b"null",
    "5": b"5",
    "true": b"true",
    "a string": b'"{ hello }"',
    "an empty object": b"{}",
    "a typo": b'{"qeury":"{ hello }"}',
    "other letters": b'{"Query":"{ hello }"}',
    **{
        f"a query of {wrong}": b'{"query":%s}' % wrong.encode() for wrong in ("null", "5", "true", "[]", "{}")
    },
    **{
        f"{name} of {wrong}": QUERY % f',"{name}":{wrong}'.encode()
        for name, wrongs in {
            "variables": ("5", '"{}"', "[]", "[7]", "false"),
            "extensions": ("5", '"{}"', "[]", "false"),
            "operationName": ("5", "{}", "[]", "false"),
        }.items()
        for wrong in wrongs
    },
}
NO_CHARACTER = {
    "a NUL in the document": b'{"query":"{ hello\\u0000 }"}',
    "a NUL in the operation's name": QUERY % b',"operationName":"\\u0000"',
    "a NUL in a variable": QUERY % b',"variables":{"n":"a\\u0000b"}',
    "a NUL deep in a variable": QUERY % b',"variables":{"n":[{"a":["\\u0000"]}]}',
    "a NUL in a variable's name": QUERY % b',"variables":{"\\u0000":1}',
}

BODIES = [
    *(bad(JSON, f"{name} is 400", 400, "BAD_JSON", body) for name, body in NO_JSON.items()),
    *(bad(JSON, f"{name} is 400", 400, "BAD_REQUEST", body) for name, body in NO_REQUEST.items()),
    *(bad(JSON, f"{name} is 400", 400, "BAD_CHARACTER", body) for name, body in NO_CHARACTER.items()),
    bad(
        JSON,
        "variables 900 deep are 400",
        400,
        "TOO_DEEP",
        QUERY % (b',"variables":{"n":%s}' % (b"[" * 900 + b"]" * 900)),
    ),
    bad(JSON, "a list of one is 400: no batches", 400, "BATCHING_REFUSED", [HELLO]),
    bad(JSON, "an empty list is 400", 400, "BATCHING_REFUSED", []),
    bad(
        JSON,
        "a 400 is told in the type that was asked for",
        400,
        "BAD_JSON",
        b"NONSENSE",
        headers={"accept": MODERN},
        media=MODERN,
    ),
    bad(
        JSON,
        "a 400 is a status to an event stream too",
        400,
        "BAD_JSON",
        b"NONSENSE",
        headers={"accept": EVENTS},
    ),
    bad(
        "RFC 9110, 8.4",
        "a body in gzip is 400",
        400,
        "BAD_REQUEST",
        gzip.compress(b'{"query":"{ hello }"}'),
        headers={"content-encoding": "gzip"},
    ),
    bad(
        "RFC 9110, 8.4",
        "a body in deflate is 400",
        400,
        "BAD_REQUEST",
        zlib.compress(b'{"query":"{ hello }"}'),
        headers={"content-encoding": "deflate"},
    ),
    good(
        "RFC 9110, 8.4",
        "a body that is said to be as it is, is taken",
        headers={"content-encoding": "Identity"},
    ),
    bad("RFC 9110, 15.5.14", "a body of a megabyte is 413", 413, "TOO_LONG", b" " * 1_000_001),
    good(JSON, "a body just under it is taken", b'{"query":"{ hello }"}'.ljust(1_000_000)),
    good(
        JSON,
        "nulls are as good as nothing",
        {**HELLO, "variables": None, "operationName": None, "extensions": None},
    ),
    good(JSON, "extensions may hold anything", {**HELLO, "extensions": {"any": ["thing"]}}),
    good(JSON, "entries that are not specified are tolerated", {**HELLO, "id": "x", "since": [1]}),
    good(
        JSON,
        "variables reach the operation",
        {"query": ECHO, "variables": {"t": "市長"}},
        {"data": {"echo": "市長"}},
    ),
    good(
        JSON,
        "the operation that is named is run",
        {"query": "query A { hello } query B { big }", "operationName": "A"},
    ),
    *(
        good(
            JSON,
            f"a string may look awkward: {text[:8]!r}",
            {"query": ECHO, "variables": {"t": text}},
            {"data": {"echo": text}},
        )
        for text in ("a\\u0000b", "{[" * 100, "\\ud83c", "\u2028")
    ),
    good(JSON, "white space around it is legal", b'\r\n\t {"query":"{ hello }"}\n'),
    good(JSON, "escapes are letters", b'{"\\u0071uery":"\\u007b hello }"}'),
]

GET = [
    got("GET", "a query runs", {"query": "{ hello }"}),
    got("GET", "a plus is a space (WHATWG, urlencoded)", "query=%7B+hello+%7D"),
    got(
        "GET",
        "variables, operationName and extensions are read",
        {
            "query": f"{ECHO.replace('query', 'query A')} query B {{ hello }}",
            "variables": '{"t":"ü+ &"}',
            "operationName": "A",
            "extensions": "{}",
        },
        {"data": {"echo": "ü+ &"}},
    ),
    got("GET", "an empty operationName is none", {"query": "{ hello }", "operationName": ""}),
    got("GET", "empty variables are none", {"query": "{ hello }", "variables": ""}),
    got("GET", "variables of null are none", {"query": "{ hello }", "variables": "null"}),
    got(
        "GET",
        'operationName=null is the name "null"',
        {"query": "query null { hello } query B { big }", "operationName": "null"},
    ),
    got("GET", "parameters that are not specified are tolerated", {"query": "{ hello }", "since": "5"}),
    got(
        "GET",
        "is answered in the type that was asked for",
        {"query": "{ hello }"},
        headers={"accept": MODERN},
        media=MODERN,
    ),
    got("GET", "a body is nothing to it", {"query": "{ hello }"}, body=b"NONSENSE"),
    *(
        Case("GET", f"{name} is 400", method="GET", query=query, status=400, code=code, reaches=False)
        for name, query, code in [
            ("nothing", "", "BAD_REQUEST"),
            ("an empty query", "query=", "BAD_REQUEST"),
            ("a typo", "qeury=%7Bhello%7D", "BAD_REQUEST"),
            ("a query twice", "query=%7Bhello%7D&query=%7Bhello%7D", "BAD_REQUEST"),
            ("variables twice", "query=%7Bhello%7D&variables=%7B%7D&variables=%7B%7D", "BAD_REQUEST"),
            ("what is not UTF-8", "query=%FF", "BAD_REQUEST"),
            ("a NUL", "query=%7Bhello%7D%00", "BAD_CHARACTER"),
            ("variables of a list", "query=%7Bhello%7D&variables=%5B%5D", "BAD_REQUEST"),
            ("variables of 5", "query=%7Bhello%7D&variables=5", "BAD_REQUEST"),
            ("variables of text", "query=%7Bhello%7D&variables=%22x%22", "BAD_REQUEST"),
            ("variables that are no JSON", "query=%7Bhello%7D&variables=%7B", "BAD_JSON"),
            ("variables of NaN", "query=%7Bhello%7D&variables=%7B%22n%22%3ANaN%7D", "BAD_JSON"),
            (
                "variables with a NUL",
                "query=%7Bhello%7D&variables=%7B%22a%22%3A%22%5Cu0000%22%7D",
                "BAD_CHARACTER",
            ),
            ("variables of 2,000 brackets", "query=%7Bhello%7D&variables=" + "%5B" * 2_000, "BAD_JSON"),
            ("extensions of a list", "query=%7Bhello%7D&extensions=%5B%5D", "BAD_REQUEST"),
            ("100 parameters", "&".join(["a=b"] * 100), "BAD_REQUEST"),
        ]
    ),
    *(
        Case(
            "GET",
            f"a mutation is 405 {how}",
            method="GET",
            query=query,
            status=405,
            code="METHOD_NOT_ALLOWED",
            reaches=False,
            tells={"allow": "POST"},
            headers={"accept": accept},
            media=media,
        )
        for how, accept, media in [
            ("in JSON", LEGACY, LEGACY),
            ("in the modern type", MODERN, MODERN),
            ("for a stream", EVENTS, LEGACY),
        ]
        for query in [{"query": "mutation { act }"}]
    ),
    Case(
        "GET",
        "a mutation that is named among queries is 405",
        method="GET",
        query={"query": "query A { hello } mutation B { act }", "operationName": "B"},
        status=405,
        code="METHOD_NOT_ALLOWED",
        reaches=False,
        tells={"allow": "POST"},
    ),
    got(
        "GET",
        "a query beside a mutation runs",
        {"query": "query A { hello } mutation B { act }", "operationName": "A"},
    ),
    *(
        Case(
            "GET",
            f"a document that is refused is {status} in {media}",
            method="GET",
            query={"query": "{ nothing }"},
            status=status,
            code="",
            media=media,
            headers={"accept": media},
        )
        for media, status in ((MODERN, 400), (LEGACY, 200))
    ),
    Case(
        "GET",
        "406 comes before anything is run",
        method="GET",
        query={"query": "{ hello }"},
        status=406,
        code="NOT_ACCEPTABLE",
        reaches=False,
        headers={"accept": "text/html"},
    ),
]

METHODS = [
    *(
        bad(
            "RFC 9110, 15.5.6",
            f"{method} is 405, and Allow says what is",
            405,
            "METHOD_NOT_ALLOWED",
            method=method,
            tells={"allow": ALLOWED},
        )
        for method in ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND")
    ),
    good("POST", "a query runs"),
    good("POST", "a mutation runs", {"query": "mutation { act }"}, {"data": {"act": "acted"}}),
    good("POST", "the parameters of the address are nothing to it", query="query=%7Bbig%7D", answer=WORLD),
]

CASES = [*BODIES, *GET, *METHODS]
