"""What a connection keeps prepared is bounded by number and by text: PostgreSQL keeps a plan of each."""

from types import SimpleNamespace

import pytest

from planner import read
from planner.read import _Line


class Connection:
    """A connection that remembers what it was told to prepare."""

    def __init__(self) -> None:
        self.prepared: list[str] = []

    async def prepare(self, sql: str, *, name: str) -> SimpleNamespace:
        self.prepared.append(sql)
        return SimpleNamespace(sql=sql, name=name)


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> _Line:
    monkeypatch.setattr(read, "_STATEMENTS_KEPT", 5)
    monkeypatch.setattr(read, "_TEXT_KEPT", 100)
    return _Line(Connection())  # type: ignore[arg-type]  # what is used of one


async def test_the_statement_unused_for_longest_goes_when_there_are_too_many(line: _Line) -> None:
    for sql in ["a", "b", "c", "d", "e", "a", "f", "a", "c", "b"]:
        await line.prepared(sql)

    assert line.connection.prepared == ["a", "b", "c", "d", "e", "f", "b"]  # type: ignore[attr-defined]  # ours


async def test_long_statements_make_room_for_each_other_by_their_text(line: _Line) -> None:
    for n in range(50):
        await line.prepared(f"{n}".ljust(30))

    kept = line._statements  # noqa: SLF001  # what the connection keeps alive
    assert list(kept) == [f"{n}".ljust(30) for n in (47, 48, 49)]
    assert line._text == 90  # noqa: SLF001


async def test_a_statement_longer_than_all_there_is_room_for_is_kept_alone(line: _Line) -> None:
    for sql in ["a", "b" * 200, "c"]:
        await line.prepared(sql)

    assert list(line._statements) == ["c"]  # noqa: SLF001
    assert line._text == 1  # noqa: SLF001
