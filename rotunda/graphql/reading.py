"""From bytes to an `Operation`: strict about form, silent about GraphQL."""

import re
from typing import Any

import orjson

from rotunda.graphql.refusal import Malformed, Refused
from rotunda.graphql.service import Operation

# The executor walks variables recursively: 64 levels is far more than any input type of ours has, and far
# less than Python's recursion limit. Only bodies with that many brackets pay for the walk.
DEEPEST = 64
#: Persisted documents, appendix A of GraphQL over HTTP: prefixed with a colon, or a name of unreserved characters.
_ID = re.compile(r"(sha256:[0-9a-f]{64})|((x-[\w.~-]{1,64}:)?[\w.~-]{1,200})", re.ASCII)


def parse(text: bytes | str) -> Any:
    """Read JSON; `Malformed` for anything RFC 8259 or UTF-8 forbids, or a number beyond a double."""
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, RecursionError) as mistake:
        raise Malformed(f"This is not JSON in UTF-8: {_first_sentence(mistake)}", code="BAD_JSON") from None


def parse_operation(text: bytes) -> Operation:
    """Read the body of a POST."""
    parameters = parse(text)
    if isinstance(parameters, list):
        raise Malformed("Send one operation per request: batches are not taken.", code="BATCHING_REFUSED")
    operation = to_operation(parameters)
    inspect(operation, text)
    return operation


def to_operation(parameters: Any) -> Operation:
    """Check the parameters of a request, or of a `subscribe` message's payload; `Malformed` if wrong."""
    if not isinstance(parameters, dict):
        raise Malformed("A GraphQL request is a JSON object with a `query`.")
    if not isinstance(extensions := parameters.get("extensions"), dict | None):
        raise Malformed("`extensions` must be an object, or null.")
    document_id = _document_id(parameters, extensions or {})
    query = parameters.get("query") if document_id is None else parameters.get("query") or ""
    if not isinstance(query, str):
        raise Malformed("`query` must be a string that holds a GraphQL document.")
    if not isinstance(name := parameters.get("operationName"), str | None):
        raise Malformed("`operationName` must be a string, or null.")
    if not isinstance(variables := parameters.get("variables"), dict | None):
        raise Malformed("`variables` must be an object, or null.")
    tell_cost = extensions is not None and extensions.get("cost") is True
    return Operation(query, variables, name, document_id, tell_cost)


def _document_id(parameters: dict[str, Any], extensions: dict[str, Any]) -> str | None:
    """The id of a registered document: `documentId` as the draft has it, or the hash where Apollo's clients put it."""
    found = parameters.get("documentId")
    if found is None and (persisted := extensions.get("persistedQuery")) is not None:
        found = persisted.get("sha256Hash") if isinstance(persisted, dict) else persisted
        found = f"sha256:{found}" if isinstance(found, str) else found or 0
    if not isinstance(found, str | None) or (found is not None and not _ID.fullmatch(found)):
        raise Malformed(
            "The id of a document is `sha256:` with 64 hexadecimal digits, or its registered name."
        )
    return found


def inspect(operation: Operation, source: bytes | str) -> None:
    """Refuse what no string of ours may hold (NUL) and variables nested too deep for the executor.

    `source` is the JSON the operation was read from; counting in it is what keeps the ordinary case cheap.
    """
    nul, brackets = ("\\u0000", "{[") if isinstance(source, str) else (b"\\u0000", (b"{", b"["))
    if "\0" in operation.query or "\0" in (operation.operation_name or ""):
        raise Refused(400, "The character NUL cannot be part of a document.", code="BAD_CHARACTER")
    if nul in source or sum(map(source.count, brackets)) > DEEPEST:  # type: ignore[arg-type,operator]
        _walk(operation.variables)


def _walk(variables: object) -> None:
    level: list[Any] = [variables]
    for _ in range(DEEPEST):
        if any(isinstance(value, str) and "\0" in value for value in level):
            raise Refused(400, "The character NUL cannot be part of a variable.", code="BAD_CHARACTER")
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return
    raise Refused(400, f"Variables may be nested {DEEPEST} levels deep, not more.", code="TOO_DEEP")


def _inside(value: object) -> list[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else []


def _first_sentence(mistake: Exception) -> str:
    return str(mistake).partition(": line")[0] + "."
