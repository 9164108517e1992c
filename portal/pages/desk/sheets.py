"""A list as a spreadsheet: RFC 4180 in UTF-8 with a byte order mark, sent page by page as it is read."""

import csv
import io
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.responses import StreamingResponse

Node = Mapping[str, Any]

#: Without it spreadsheets take UTF-8 for something older, and Łódź reads as nonsense.
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
#: What a spreadsheet would calculate instead of show (OWASP, CSV injection).
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and what stands under it for a node."""

    heading: str
    value: Callable[[Node], Any]


def sheet(name: str, columns: Iterable[Column], pages: AsyncIterator[list[Node]]) -> StreamingResponse:
    """The response that sends ``pages`` as rows under ``columns``."""
    columns = tuple(columns)

    async def lines() -> AsyncIterator[str]:
        yield MARK + row(column.heading for column in columns)
        async for nodes in pages:
            yield "".join(row(column.value(node) for column in columns) for node in nodes)

    file = f"{name}-{datetime.now(UTC):%Y-%m-%d}.csv"
    headers = {"content-disposition": f'attachment; filename="{file}"', "cache-control": "no-store"}
    return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=headers)


def row(values: Iterable[Any]) -> str:
    """One line, quoted where it must be; text that would be calculated begins with an apostrophe."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([_plain(value) for value in values])
    return line.getvalue()


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_FORMULAS):
        return f"'{value}"
    return value
