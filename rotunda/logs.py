"""The log: one line each on standard error, and no secret in any of them, however it came there."""

import logging
import re

_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"
#: Tokens, sessions and mailed links begin alike; a header or a cookie may carry somebody else's kind.
_SECRET = re.compile(
    r"\brot_[\w-]{16,}|(?i:\b(?:bearer|basic)\s+)[\w.~+/=-]+|(?<=rotunda_session=)[^\s;\"']+"
)


class Discreet(logging.Formatter):
    """Writes a record, its traceback too, with every secret left out."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, or lines."""
        return _SECRET.sub("(secret)", super().format(record))


def begin() -> None:
    """Write warnings and worse, for the whole process."""
    handler = logging.StreamHandler()
    handler.setFormatter(Discreet(_FORM))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
