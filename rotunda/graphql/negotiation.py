"""What a client likes to read and says it writes: `Accept`, `Accept-Encoding`, `Content-Type` (RFC 9110)."""

from dataclasses import dataclass
from functools import lru_cache

MODERN = "application/graphql-response+json"
LEGACY = "application/json"
EVENTS = "text/event-stream"
LONGEST = 1_000  # bytes of a header that are read; no client sends more, and what is read is remembered


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a client takes: the JSON media type to answer in (None: neither), event streams, and pages."""

    json: str | None
    events: bool
    html: bool


def accepted(header: bytes) -> Accepted:
    """Read an `Accept` header; an absent one takes anything, and anything means application/json.

    A subscription streams only to who names text/event-stream: `*/*` is what every plain client sends.
    """
    return _accepted(header[:LONGEST])


def takes_gzip(header: bytes) -> bool:
    """Read an `Accept-Encoding` header."""
    return _takes_gzip(header[:LONGEST])


def is_json(header: bytes) -> bool:
    """Tell whether a `Content-Type` is application/json in UTF-8: whole, and whatever its case."""
    return _is_json(header[:LONGEST])


@lru_cache(maxsize=256)
def _accepted(header: bytes) -> Accepted:
    ranges = _ranges(header) if header.strip(b" \t,") else {"*/*": 1.0}
    modern, legacy = _quality(ranges, MODERN), _quality(ranges, LEGACY)
    preferred = MODERN if modern > legacy or (modern == legacy and MODERN in ranges) else LEGACY
    return Accepted(
        json=preferred if max(modern, legacy) > 0 else None,
        events=ranges.get(EVENTS, 0) > 0,
        html=ranges.get("text/html", 0) > 0,
    )


@lru_cache(maxsize=256)
def _takes_gzip(header: bytes) -> bool:
    codings = _ranges(header)
    return codings.get("gzip", codings.get("*", 0)) > 0


@lru_cache(maxsize=256)
def _is_json(header: bytes) -> bool:
    return _ranges(header).keys() == {LEGACY}


def _ranges(header: bytes) -> dict[str, float]:
    """Read a list of media ranges or codings to their quality; those in a charset not UTF-8 are left out."""
    found: dict[str, float] = {}
    for item in header.decode("latin-1").lower().split(","):
        name, *parameters = (part.strip() for part in item.split(";"))
        given = {key.strip(): value.strip(' "') for key, _, value in (p.partition("=") for p in parameters)}
        if name and given.get("charset", "utf-8") in {"utf-8", "utf8"}:
            found[name] = max(found.get(name, 0), _weight(given.get("q", "1")))
    return found


def _weight(text: str) -> float:
    """Read a q; what is no number from 0 to 1 (`nan` too) weighs nothing."""
    try:
        weight = float(text)
    except ValueError:
        return 0
    return weight if 0 <= weight <= 1 else 0


def _quality(ranges: dict[str, float], media: str) -> float:
    """Look up the most specific range that covers a media type."""
    return next((ranges[name] for name in (media, "application/*", "*/*") if name in ranges), 0)
