"""One thing has one spelling: an id, a cursor, a day or an instant that is written otherwise names nothing."""

import base64
import hashlib
import hmac
import string
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson
import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from models import ids, texts
from models.positions import BadCursor, cursor, opened
from models.problems import Invalid
from planner import cursors
from planner.refusals import BadRequest
from schema.scalars import SCALARS, Day, Instant
from tests.living import Home

ALPHABET = string.ascii_letters + string.digits + "-_"
KEY, LABEL = b"k" * 32, "Query.events"


def sealed(keys: str) -> str:
    """A page cursor as the database makes it."""
    raw = keys.encode()
    mac = hmac.digest(KEY, LABEL.encode() + b"\x1f" + raw, hashlib.sha256)[:8]
    return base64.urlsafe_b64encode(raw + mac).decode().rstrip("=")


def respelt(shown: str) -> list[str]:
    """The same bytes, or nearly, in other letters."""
    padded = shown + "=" * (-len(shown) % 4)
    last = [shown[:-1] + letter for letter in ALPHABET if letter != shown[-1]]
    standard = shown.replace("-", "+").replace("_", "/")
    others = [
        padded,
        shown + "=",
        shown + "==",
        shown + "\n",
        " " + shown,
        shown[:4] + " " + shown[4:],
        shown + "A",
    ]
    return [other for other in [*others, standard, *last] if other != shown]


@given(st.integers(0, 2**63 - 1), st.text("0123456789abcdef", min_size=1, max_size=12))
def test_a_cursor_of_the_log_has_one_spelling(position: int, epoch: str) -> None:
    shown = cursor(position, epoch)

    assert opened(shown) == (position, epoch)
    for other in respelt(shown):
        with pytest.raises(BadCursor):
            opened(other)


def test_a_position_written_with_zeros_or_other_digits_is_none() -> None:
    for digits in ("007", "+7", " 7", "7_0", "\u0667", "-0"):
        text = f"1:e:{digits}:{cursor(7, 'e')}"
        with pytest.raises(BadCursor):
            opened(base64.urlsafe_b64encode(text.encode()).decode().rstrip("="))


@given(st.lists(st.text(max_size=12), min_size=1, max_size=1))
def test_a_cursor_of_a_page_has_one_spelling(keys: list[str]) -> None:
    shown = sealed(orjson.dumps(keys).decode())

    assert cursors.opened(shown, LABEL, KEY, 1) == keys
    for other in respelt(shown):
        with pytest.raises(BadRequest):
            cursors.opened(other, LABEL, KEY, 1)


async def test_a_cursor_of_a_page_belongs_to_its_list_and_its_house(shared_home: Home) -> None:
    visitor = await shared_home.caller()
    page = "query ($after: String) { cities(first: 1, after: $after) { pageInfo { endCursor } } }"
    end = (await visitor.ask(page))["cities"]["pageInfo"]["endCursor"]

    await visitor.ask(page, after=end)
    assert (
        await visitor.code("query ($c: String) { events(after: $c) { nodes { id } } }", c=end) == "BAD_CURSOR"
    )
    for other in [*respelt(end)[:12], sealed('["a","b"]'), end[::-1], ""]:
        assert await visitor.code(page, after=other) == "BAD_CURSOR"


def test_an_id_has_one_spelling() -> None:
    own = uuid4()
    shown = ids.shown("evt", own)
    digits = shown.partition("_")[2]

    assert ids.read("evt", shown) == own
    for other in (shown.upper(), f"evt_{own}", f"evt_{digits.upper()}", f"{shown} ", f" {shown}", f"evt__{digits}",
                  f"evt_{{{digits}}}", f"urn:uuid:{own}", f"cit_{digits}", digits, f"{shown}0"):  # fmt: skip
        if other != shown:
            assert ids.read("evt", other) is None, other


@pytest.mark.parametrize(
    "odd",
    ["2031-02-30", "0000-01-01", "10000-01-01", "20310316", "2031-W11-7", "2031-3-1", "infinity", "now", "2031-03-16 ",
     "\u0662\u0660\u0663\u0661-\u0660\u0663-\u0661\u0666", 20310316, 0, True, None, ["2031-03-16"], "2031-03-16T00:00"],
)  # fmt: skip
def test_a_day_is_a_day_of_the_calendar(odd: Any) -> None:
    read = SCALARS[Day].parse_value
    assert read is not None

    with pytest.raises(GraphQLError, match="2031-03-12"):
        read(odd)


@pytest.mark.parametrize(
    "odd",
    ["2031-12-31T23:59:60Z", "2031-12-31T24:00:00Z", "2031-02-30T00:00:00Z", "0000-01-01T00:00:00Z",
     "10000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2031-03-12T16:00:00",
     "2031-03-12", "infinity", "-infinity", "epoch", "2031-03-12T16:00:00+99:99", "20310312T160000Z", 1.5, 0],
)  # fmt: skip
def test_an_instant_is_one_of_the_calendar_and_the_clock(odd: Any) -> None:
    read = SCALARS[Instant].parse_value
    assert read is not None

    with pytest.raises(GraphQLError, match="with an offset"):
        read(odd)


def test_an_instant_may_be_written_as_rfc_3339_allows() -> None:
    read = SCALARS[Instant].parse_value
    assert read is not None

    for text in (
        "2031-03-12T16:00:00Z",
        "2031-03-12t16:00:00.000z",
        "2031-03-12T10:00:00-06:00",
        "2031-03-12T16:00Z",
    ):
        assert read(text) == datetime(2031, 3, 12, 16, tzinfo=UTC)


@pytest.mark.parametrize("good", ["Zoë 👩‍👩‍👧‍👦", "מרכז העיר", "مدينة", "a\nb\tc", "e\u0301", "\u200fא", ""])
def test_people_may_write_in_any_script_and_with_any_emoji(good: str) -> None:
    texts.check({"name": good, "more": [good]})


@pytest.mark.parametrize(
    "bad", ["\0", "\x1b[31m", "\x7f", "\x85", "\u202eevil", "\u2066x", "\ud800", "\uffff", "x" * 10_001]
)
def test_what_cannot_be_seen_or_kept_is_told_by_its_field(bad: str) -> None:
    with pytest.raises(Invalid) as refusal:
        texts.check({"title": f"A {bad}", "summary": "fine", "scopes": ["fine", bad]})

    assert [field.name for field in refusal.value.fields] == ["title", "scopes"]
    assert bad not in str(refusal.value)


async def test_a_title_stays_on_its_line(shared_home: Home) -> None:
    secretariat = await shared_home.caller("secretariat@rotunda.example")

    made = await secretariat.done(
        "createEvent", title=" A\r\nBcc: all@x.example\n ", kind="WEBINAR", timeZone="America/Chicago"
    )

    assert made["title"] == "A Bcc: all@x.example"
