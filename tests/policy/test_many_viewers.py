"""Many viewers looked up at once are whom they are one by one: open streams are looked at by the hundred."""

from uuid import uuid4

from rotunda.credentials import capacity, hashed
from tests.policy.cast import Cast


async def test_many_at_once_are_whom_they_are_one_by_one(cast: Cast) -> None:
    known = [(hashed(one.token), capacity(one.capacity)) for one in cast.callers.values()]
    tokens, chosen = {token for token, _ in known}, {capacity for _, capacity in known}
    every = [(token, capacity) for token in tokens for capacity in chosen]
    asked = [*every, (b"nobody's", None), (None, uuid4()), *every]

    together = await cast.house.all_acting(asked)

    assert together == [await cast.house.acting(*one) for one in asked]
    assert len({str(one) for one in together}) > len(cast.callers) / 2, "they are not all alike"
    assert None in together


async def test_many_are_one_statement(cast: Cast) -> None:
    asked = [(hashed(one.token), capacity(one.capacity)) for one in cast.callers.values()]
    rows, statements = cast.house.reader.rows, 0

    async def counted(sql: str, arguments: object) -> list[object]:
        nonlocal statements
        statements += 1
        return await rows(sql, arguments)  # type: ignore[arg-type]  # as it came

    cast.house.reader.rows = counted  # type: ignore[method-assign]  # counts, and passes on
    try:
        await cast.house.all_acting(asked)
    finally:
        cast.house.reader.rows = rows  # type: ignore[method-assign]

    assert statements == 1
