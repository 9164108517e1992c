"""Column types that SQLModel would otherwise guess otherwise: words, lists of words, instants."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ARRAY, DateTime, Dialect, Text, TypeDecorator

#: An aware instant; the database keeps it in UTC.
Instant = DateTime(timezone=True)
#: A time as it stands on the wall somewhere; meaningless without its zone beside it.
WallTime = DateTime(timezone=False)


class Word(TypeDecorator[StrEnum]):
    """A ``StrEnum`` kept as text, so that a new word needs no migration of a database type."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The word as the database keeps it."""
        return None if value is None else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002 - as above
        """The word as Python knows it."""
        return None if value is None else self.words(value)


class Words(TypeDecorator[list[StrEnum]]):
    """A list of ``StrEnum`` kept as ``text[]``."""

    impl = ARRAY(Text)
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: Any, dialect: Dialect) -> list[str] | None:  # noqa: ARG002 - as above
        """The word as the database keeps it."""
        return None if value is None else [str(word) for word in value]

    def process_result_value(self, value: Any, dialect: Dialect) -> list[StrEnum] | None:  # noqa: ARG002 - as above
        """The word as Python knows it."""
        return None if value is None else [self.words(word) for word in value]
