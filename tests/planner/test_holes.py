"""Holes are the planner's own: no text of anybody's, wherever it is kept, is ever taken for one."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import orjson
import pytest
from sqlmodel import SQLModel

from models.columns import Word
from notifications.mail import Post
from planner.holes import MARK, Unfillable, filled
from tests.planner.stage import Stage, set_up
from tests.planner.test_corners import EVERYTHING
from tests.planner.test_discussions import POSTS, SEARCH, TALK

FORGED = f"{MARK}0:{{}}{MARK}"
#: Words of ours, which only programs write.
OURS = {
    (table.name, column.name)
    for table in SQLModel.metadata.tables.values()
    for column in table.columns
    if isinstance(column.type, Word)
} | {("notices", "kind"), ("reaction_tallies", "mark")}
HOLED = """{ viewer { account { name } capacity { principal { name biography } } rights { act allowed because } }
  changes(last: 50) { nodes { __typename ... on EventNotice { reason now { location timeZone }
    event { title location startsAtIn(timeZone: "Asia/Tokyo") } } } }
  audit(last: 50) { nodes { act actor { name } } } accounts(first: 50) { nodes { name email } } }"""


@pytest.fixture
async def forged(planted_database: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """A conference in which whatever can be text bears what looks like a hole, as no act would let anybody write."""
    post = Post(public_url="http://testserver", smtp_url=None, mailbox=tmp_path)
    stage = await set_up(planted_database, post)
    connection = await asyncpg.connect(planted_database)
    await connection.execute("SET session_replication_role = replica")  # no trigger has a say in it
    texts = await connection.fetch(
        "SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t"
        " USING (table_schema, table_name) WHERE c.table_schema = 'public' AND c.data_type = 'text'"
        " AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'"
    )
    planted = 0
    for table, column in texts:
        if (
            table,
            column,
        ) in OURS or column == "time_zone":  # which has to be one, or its table cannot be read
            continue
        try:
            await connection.execute(f"UPDATE {table} SET {column} = {column} || '{FORGED}'")
            planted += 1
        except (asyncpg.CheckViolationError, asyncpg.InvalidParameterValueError):
            pass  # the database itself holds what may stand there
    await connection.execute(
        "UPDATE notices SET payload = payload || jsonb_build_object('reason', $1::text)", FORGED
    )
    await connection.close()
    assert planted > 20
    yield stage
    await stage.close()


@pytest.mark.parametrize("viewer", ["secretariat", "mayor", "chief of staff"])
async def test_what_looks_like_a_hole_is_shown_as_the_text_it_is(forged: Stage, viewer: str) -> None:
    ids = [forged.filled(f"@{prefix}{n}@") for prefix in ("pst", "thr", "grp", "mem") for n in range(8)]

    answers = [
        await forged.agree(EVERYTHING, viewer=viewer),
        await forged.agree(HOLED, viewer=viewer),
        await forged.agree(TALK.replace("{ groups", "{ viewer { rights { act } } groups", 1), viewer=viewer),
        await forged.agree(POSTS, {"ids": ids}, viewer),
        await forged.agree(SEARCH, {"text": "city", "first": 7}, viewer),
    ]

    for answer in answers:
        assert "errors" not in answer
        assert FORGED.encode() in orjson.dumps(answer).replace(b"\\u0001", MARK.encode())


@pytest.mark.parametrize(
    "body",
    [
        b'{"title":"\x010:{}\x01"}',  # a number that is no hole of this document
        b'{"title":"\x01"}',  # a mark alone, which would turn all behind it inside out
        b'{"title":"\x01-1:{}\x01"}',
        b'{"title":"\x01\x01"}',
    ],
)
def test_a_mark_that_is_not_the_planners_goes_the_long_way_and_breaks_no_page(body: bytes) -> None:
    with pytest.raises(Unfillable):
        filled(body, (), {})
