"""Who somebody is just now. Whoever asks in the same breath is looked up together.

When a thousand listeners come back at once, one statement answers for fifty of them, and pages keep their connections.
"""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from notifications.hub import Asker
from planner.read import Reader
from policy.viewer import CTE, MANY, Acting

_AT_ONCE = 50
_ONE = f"WITH {CTE} SELECT viewer.* FROM viewer"  # noqa: S608 - a constant clause of policy's


class Admission:
    """Looks tokens up, one statement at a time. An answer is never older than its question."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._waiting: list[tuple[Asker, asyncio.Future[Acting | str]]] = []
        self._looking: asyncio.Task[None] | None = None

    async def who(self, token: bytes | None, chosen: UUID | None) -> Acting | str:
        """Whom a token and capacity stand for, or the code that says why for nobody."""
        answer: asyncio.Future[Acting | str] = asyncio.get_running_loop().create_future()
        self._waiting.append(((token, chosen), answer))
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        return await answer

    async def found(self, asked: Sequence[Asker]) -> list[Acting | str]:
        """The same of several, in one statement and in their order."""
        if len(asked) == 1:
            rows = await self._reader.rows(_ONE, asked[0])
        else:
            rows = await self._reader.rows(MANY, [list(one) for one in zip(*asked, strict=True)])
        return [_standing(row) for row in rows]

    async def _look(self) -> None:
        try:
            while self._waiting:
                some, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
                await self._answer(some)
        finally:
            self._looking = None

    async def _answer(self, some: Sequence[tuple[Asker, asyncio.Future[Acting | str]]]) -> None:
        try:
            found = await self.found([asker for asker, _ in some])
        except Exception as trouble:  # noqa: BLE001 - whatever it was, it is what each of them asked for
            for _, answer in some:
                if not answer.done():
                    answer.set_exception(trouble)
            return
        for (_, answer), standing in zip(some, found, strict=True):
            if not answer.done():  # whoever went away meanwhile is not waiting
                answer.set_result(standing)


def _standing(row: Any) -> Acting | str:
    """Who a row of the viewer's stands for, or why for nobody."""
    state = row["state"].decode()
    if state != "ok":
        return str(state)
    texts = {name: _text(row[name]) for name in ("capacity_kind", "scopes")}
    return Acting.of({**row, **texts})


def _text(value: Any) -> Any:
    if isinstance(value, list):
        return [_text(one) for one in value]
    return value.decode() if isinstance(value, bytes) else value
