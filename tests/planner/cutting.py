"""Pages of the reference executor: the whole list is read, and the page cut from it in Python."""

import base64
import binascii
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from tests.planner.reading import Row, Unanswerable

_MAC_BYTES = 8


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page cut in Python from the whole list."""

    signing: bytes
    label: str
    kinds: tuple[str, ...]
    everything: list[tuple[Row, str]]
    size: int
    backward: bool
    after: str | None
    before: str | None
    most_counted: int | None = None
    #: Where the rows are edges themselves: the arguments they were found by.
    given: Mapping[str, tuple[Any, str]] | None = None

    def total_count(self) -> int:
        return min(len(self.everything), self.most_counted or len(self.everything))

    def edges(self) -> list[Any]:
        shown = [(row, self._cursor(keys)) for row, keys in self._cut()[0]]
        if self.given is None:
            return [SimpleNamespace(node=row, cursor=cursor) for row, cursor in shown]
        return [replace(row, cursor=cursor, given=self.given) for row, cursor in shown]

    def nodes(self) -> list[Row]:
        return [row for row, _ in self._cut()[0]]

    def page_info(self) -> Any:
        kept, more = self._cut()
        return SimpleNamespace(
            has_next_page=self.before is not None if self.backward else more,
            has_previous_page=more if self.backward else self.after is not None,
            start_cursor=self._cursor(kept[0][1]) if kept else None,
            end_cursor=self._cursor(kept[-1][1]) if kept else None,
        )

    def _cut(self) -> tuple[list[tuple[Row, str]], bool]:
        found = self.everything
        if self.after is not None:
            after = self._opened(self.after)
            found = [(row, keys) for row, keys in found if self._read(keys) > after]
        if self.before is not None:
            before = self._opened(self.before)
            found = [(row, keys) for row, keys in found if self._read(keys) < before]
        kept = found[max(len(found) - self.size, 0) :] if self.backward else found[: self.size]
        return kept, len(found) > self.size

    def _cursor(self, shown: str) -> str:
        keys = shown.encode()
        return base64.urlsafe_b64encode(keys + self._mac(keys)).decode().rstrip("=")

    def _opened(self, cursor: str) -> tuple[Any, ...]:
        try:
            raw = base64.b64decode(cursor.encode() + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            keys, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
            if mac != self._mac(keys):
                raise Unanswerable("BAD_CURSOR")
            return self._read(keys)
        except (ValueError, binascii.Error):
            raise Unanswerable("BAD_CURSOR") from None

    def _mac(self, keys: bytes) -> bytes:
        said = self.label.encode() + b"\x1f" + keys
        return hmac.new(self.signing, said, "sha256").digest()[:_MAC_BYTES]

    def _read(self, keys: str | bytes) -> tuple[Any, ...]:
        return tuple(_KEYS[kind](key) for key, kind in zip(json.loads(keys), self.kinds, strict=True))


def _moment(text: str) -> datetime:
    return datetime.max.replace(tzinfo=UTC) if text == "infinity" else datetime.fromisoformat(text)


def _day(text: str) -> date:
    return date.max if text == "infinity" else date.fromisoformat(text)


_KEYS: dict[str, Callable[[Any], Any]] = {
    "text": str,
    "uuid": UUID,
    "timestamptz": _moment,
    "date": _day,
    "int": int,
    "smallint": int,
    "bigint": int,
    "float8": float,
}
