"""Values that nobody means and somebody sends, by the scalar that they are sent as."""

import base64
from typing import Any

from models.positions import cursor

LONG = "x" * 50_000
NAMELESS = "0" * 32

TEXTS: list[Any] = [
    "",
    " ",
    "\0",
    "a\0b",
    "\x1b[31m\x07\x7f",
    "\u202eevil\u2066\u200b\ufeff",
    "\uffff\U0010ffff",
    "👩‍👩‍👧‍👦" * 30,
    "e\u0301" * 500,
    "{row}{viewer.member}{value}{0}{{",
    "%s%n%(x)s$1$2:name::text",
    "'; DROP TABLE events; --",
    '\\"<script>alert(1)</script>',
    "../../etc/passwd",
    LONG,
]
IDS: list[Any] = [
    *TEXTS,
    *(
        f"{prefix}_{digits}"
        for prefix in ("evt", "cit", "may", "acc", "del", "cap", "tok", "ses", "key", "zzz", "")
        for digits in (NAMELESS, "f" * 32)
    ),
    "evt_" + "F" * 32,
    "evt_" + "\u0660" * 32,
    "evt_" + "0" * 31,
    "evt_00000000-0000-0000-0000-000000000000",
    "ZXZ0OjE=",
    1,
    -1,
    2**31,
    2**63,
    1.5,
]
DATES: list[Any] = [
    *TEXTS,
    "0000-01-01",
    "0001-01-01",
    "10000-01-01",
    "-2031-03-16",
    "99999999999-01-01",
    "2031-02-30",
    "2031-13-01",
    "2031-3-1",
    "20310316",
    "2031-W11-7",
    "2031-075",
    "infinity",
    "-infinity",
    "now",
    "today",
    "epoch",
    "4713-01-01 BC",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "2031-12-31T23:59:60",
    "2031-12-31T23:59:60Z",
    "2031-12-31T24:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2031-03-12T16:00:00+99:99",
    "2031-03-12T16:00:00.123456789Z",
    "2031-03-12 16:00Z",
    "2031-03-12T16:00:00",
    "٢٠٣١-٠٣-١٦",
    0,
    1e20,
    -62135596800,
]
_CURSOR = cursor(1, "00000000")
CURSORS: list[Any] = [
    *TEXTS,
    _CURSOR + "=",
    _CURSOR + "\n",
    " " + _CURSOR,
    _CURSOR[:-1],
    _CURSOR[:-1] + ("A" if _CURSOR[-1] != "A" else "B"),
    *(
        base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        for text in (
            "1:x:0:0",
            f"1:{'e' * 9_000}:1:0",
            f"1:e:{'9' * 4_000}:0",
            "::::",
            "1:e:٣:0",
            "[1]",
            "\0",
        )
    ),
]
INTS: list[Any] = [
    0,
    -1,
    1,
    2**31 - 1,
    2**31,
    -(2**31) - 1,
    2**53,
    2**63 - 1,
    -(2**63),
    2**64 - 1,
    1.0,
    1.5,
    1e308,
]
INTS += ["1", "NaN", "", True]
FLOATS: list[Any] = [*INTS, -0.0, 5e-324, 1.7976931348623157e308, "Infinity"]
BOOLEANS: list[Any] = [0, 1, "true", "", "t"]
WORDS: list[Any] = ["", "nope", "DRAFT ", "draft", "__proto__", "\0", LONG, 0, True]
WRONG: list[Any] = [None, {}, [], [[]], [None], {"a": {"b": []}}, [1, "a", None], True]

BY_SCALAR: dict[str, list[Any]] = {
    "String": [*TEXTS, *DATES[len(TEXTS) :], 0, 1.5],
    "ID": IDS,
    "Cursor": CURSORS,
    "Instant": DATES,
    "Day": DATES,
    "LocalTime": DATES,
    "Int": INTS,
    "Float": FLOATS,
    "Boolean": BOOLEANS,
}
#: JSON that Python would not write by itself, each in a variable's place.
RAW: list[bytes] = [
    b'"\\ud800"',
    b'"\\udc00\\ud800"',
    b'"a\\u0000b"',
    b"NaN",
    b"Infinity",
    b"-Infinity",
    b"1" + b"0" * 400,
    b"-1" + b"0" * 30,
    b"1e400",
    b"1e-400",
    b"0x10",
    b"01",
    b"'a'",
    b'"\x00"',
    b'"\xff"',
    b'"\xed\xa0\x80"',
    b"[" * 5_000 + b"]" * 5_000,
    b'{"a":' * 500 + b"1" + b"}" * 500,
]
