"""Cursors: those of pages cannot be made up or carried elsewhere, and the database and Python write them alike."""

import base64
import hmac
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import positions
from planner.cursors import opened, pads, sealed
from planner.refusals import BadRequest
from tests.planner.stage import Stage

SETTINGS = settings(
    max_examples=60,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
_LETTERS = string.ascii_letters + string.digits + "-_"
_CITIES = "query ($after: String) { cities(first: 2, member: true, after: $after) { nodes { id } } }"


@SETTINGS
@given(
    key=st.one_of(st.binary(min_size=1, max_size=100), st.sampled_from([b"k" * 64, b"k" * 65])),
    text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=200),
    label=st.sampled_from(["City:{row}.name,{row}.id", "Event:coalesce({row}.starts_at,infinity)"]),
)
async def test_the_database_signs_as_hmac_does(stage: Stage, key: bytes, text: str, label: str) -> None:
    connection = stage.readings["visitor"].connection
    inner, outer = pads(key)
    keys = f'["{text}"]'.encode()

    shown = await connection.fetchval(
        "SELECT " + sealed("$1::bytea", label, "$2::bytea", "$3::bytea"), keys, inner, outer
    )

    mac = hmac.digest(key, label.encode() + b"\x1f" + keys, "sha256")[:8]
    assert shown == _base64url(keys + mac)


@SETTINGS
@given(pos=st.integers(0, 2**63 - 1), epoch=st.text("0123456789abcdef", min_size=12, max_size=12))
async def test_the_database_writes_log_cursors_as_python_does(stage: Stage, pos: int, epoch: str) -> None:
    shown = await stage.readings["visitor"].connection.fetchval("SELECT log_cursor($1, $2)", pos, epoch)

    assert shown == positions.cursor(pos, epoch)
    assert positions.opened(shown) == (pos, epoch)


async def test_a_cursor_with_any_letter_changed_is_refused(stage: Stage) -> None:
    cursor = stage.names["@cities2@"]
    # The last letter may hold bits beyond the last byte, which nothing depends on.
    for place in range(len(cursor) - 1):
        other = _LETTERS[(_LETTERS.index(cursor[place]) + 1) % len(_LETTERS)]
        changed = cursor[:place] + other + cursor[place + 1 :]

        answer = await stage.planned(_CITIES, {"after": changed}, "secretariat")

        assert answer["errors"][0]["extensions"]["code"] == "BAD_CURSOR", changed


@pytest.mark.parametrize("borrowed", ["@events1@", "@delegations1@"])
async def test_a_cursor_of_another_list_is_refused(stage: Stage, borrowed: str) -> None:
    answer = await stage.agree(_CITIES, {"after": stage.names[borrowed]})

    assert answer["errors"][0]["extensions"]["code"] == "BAD_CURSOR"


async def test_a_cursor_signed_with_another_key_is_refused(stage: Stage) -> None:
    db = stage.readings["visitor"].connection
    label = "City:{row}.name,{row}.id"
    inner, outer = pads(b"another key of some length, also secret")
    keys = b'["Alexandria", "01890f3e-0000-7000-8000-000000000000"]'
    forged = await db.fetchval(
        "SELECT " + sealed("$1::bytea", label, "$2::bytea", "$3::bytea"), keys, inner, outer
    )

    answer = await stage.agree(_CITIES, {"after": forged})

    assert answer["errors"][0]["extensions"]["code"] == "BAD_CURSOR"


async def test_a_cursor_of_another_order_of_the_same_list_is_refused(stage: Stage) -> None:
    db = stage.readings["visitor"].connection
    key, keys = b"one key for both", b'["Alexandria", "01890f3e-0000-7000-8000-000000000000"]'
    inner, outer = pads(key)
    by_name = await db.fetchval(
        "SELECT " + sealed("$1::bytea", "City:{row}.name,{row}.id", "$2::bytea", "$3::bytea"),
        keys,
        inner,
        outer,
    )

    assert opened(by_name, "City:{row}.name,{row}.id", key, 2)[0] == "Alexandria"
    with pytest.raises(BadRequest):
        opened(by_name, "City:{row}.population,{row}.id", key, 2)
    with pytest.raises(BadRequest):
        opened(by_name, "City:{row}.name,{row}.id", key, 3)


async def test_a_secret_longer_than_a_block_of_the_hash_makes_cursors_that_are_read(stage: Stage) -> None:
    db = stage.readings["visitor"].connection
    key = b"a secret chosen by an operator who likes them long, and who is right to: it has ninety letters."
    inner, outer = pads(key)

    cursor = await db.fetchval(
        "SELECT " + sealed("$1::bytea", "Any:x", "$2::bytea", "$3::bytea"), b"[1]", inner, outer
    )

    assert opened(cursor, "Any:x", key, 1) == [1]


def _base64url(raw: bytes) -> str:

    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
