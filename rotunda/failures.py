"""Failures as clients see them: every error has a code, and a bug shows an id that is in the log and nothing else."""

import logging
import secrets
from collections.abc import Sequence
from typing import Any

import asyncpg
import orjson
from graphql import GraphQLError, GraphQLSyntaxError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from models.problems import Problem
from planner.read import Overloaded
from planner.refusals import BadRequest
from resolvers.act import NotAdmitted
from rotunda.graphql.service import Answer
from rotunda.graphql.traffic import TooOften

_log = logging.getLogger(__name__)

STATES = {
    "UNAUTHENTICATED": "The token is not good, or no longer. Sign in again.",
    "CAPACITY_NOT_HELD": "You do not hold the capacity in `Rotunda-Acting-For`, or no longer; "
    "`viewer { capacities { id } }` lists those you hold.",
}
_UNAVAILABLE = (
    OSError,
    TimeoutError,
    PoolTimeout,
    Overloaded,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
)
_CANCELED = "57014"  # by statement_timeout
#: Connections, resources (a full disk too), a server going down or coming up, and locks that four tries did not get.
_BUSY_STATES = ("08", "53", "57P", "58", "25006", "40001", "40P01", "55P03")
_PASSING = {
    "TOO_SLOW": "This took too long; ask for less at once.",
    "UNAVAILABLE": "Rotunda is busy; try again in a moment.",
}
_BAD_REQUEST, _UNAUTHENTICATED, _BUSY = 400, 401, 503


def refused(errors: Sequence[GraphQLError]) -> Answer:
    """A request error: nothing was executed, so there is no ``data``."""
    shown = [_coded(error, _code_of(error)) for error in errors]
    return Answer(orjson.dumps({"errors": shown}), executed=False, status=_BAD_REQUEST)


def not_admitted(state: str) -> Answer:
    """The token is not good, or the capacity is not held."""
    error = {"message": STATES[state], "extensions": {"code": state}}
    return Answer(orjson.dumps({"errors": [error]}), executed=False, status=_UNAUTHENTICATED)


def failed(trouble: BaseException) -> Answer:  # noqa: PLR0911 - there are that many ways to fail
    """What went wrong before anything was answered."""
    if isinstance(trouble, GraphQLError):
        return refused([trouble])
    if isinstance(trouble, TooOften):
        return Answer(trouble.body, executed=False, status=trouble.status, retry_after=trouble.seconds)
    if isinstance(trouble, NotAdmitted):
        return not_admitted(trouble.code)
    if isinstance(trouble, asyncpg.DataError):
        return refused([BadRequest("A value in this request is out of range for what it is compared with.")])
    code = _passing(trouble)
    if code == "TOO_SLOW":
        return refused([BadRequest(_PASSING[code], code)])
    if code:
        _log.warning("a request met no database: %r", trouble)
        error = {"message": _PASSING[code], "extensions": {"code": code}}
        return Answer(orjson.dumps({"errors": [error]}), executed=False, status=_BUSY)
    return Answer(orjson.dumps({"errors": [masked(trouble)]}), executed=False, status=500)


def shown(error: GraphQLError) -> dict[str, Any]:
    """An execution error: a refusal in its own words, anything unexpected masked."""
    original = error.original_error
    if original is None or isinstance(original, GraphQLError):
        return _coded(error, _code_of(error))
    if isinstance(original, Problem):
        formatted = GraphQLError(original.message, nodes=error.nodes, path=error.path)
        return _coded(formatted, "BAD_USER_INPUT")
    if isinstance(original, NotAdmitted):
        formatted = GraphQLError(STATES[original.code], nodes=error.nodes, path=error.path)
        return _coded(formatted, original.code)
    if code := _passing(original):
        _log.warning("an act met no database: %r", _told(original))
        formatted = GraphQLError(_PASSING[code], nodes=error.nodes, path=error.path)
        return _coded(formatted, code)
    formatted = GraphQLError("", nodes=error.nodes, path=error.path)
    return {**_coded(formatted, "INTERNAL"), **masked(original)}


def masked(trouble: BaseException) -> dict[str, Any]:
    """A bug: its story goes into the log under an id, the id to the client."""
    number = secrets.token_hex(6)
    _log.error("error %s", number, exc_info=_told(trouble))
    message = f"Something went wrong on our side. If it happens again, tell us its number: {number}."
    return {"message": message, "extensions": {"code": "INTERNAL", "id": number}}


def _told(trouble: BaseException) -> BaseException:
    """Without the statement and its values, which SQLAlchemy puts into its words."""
    return trouble.orig or trouble if isinstance(trouble, DBAPIError) else trouble


def _passing(trouble: BaseException) -> str:
    """The code of what is nobody's mistake and will pass; empty for a bug."""
    state = getattr(_told(trouble), "sqlstate", None) or ""
    if state == _CANCELED:
        return "TOO_SLOW"
    return "UNAVAILABLE" if isinstance(trouble, _UNAVAILABLE) or state.startswith(_BUSY_STATES) else ""


def _coded(error: GraphQLError, code: str) -> dict[str, Any]:
    formatted: dict[str, Any] = {**error.formatted}
    formatted["extensions"] = {"code": code, **(error.extensions or {})}
    return formatted


def _code_of(error: GraphQLError) -> str:
    if error.extensions and "code" in error.extensions:
        return str(error.extensions["code"])
    if isinstance(error, GraphQLSyntaxError):
        return "GRAPHQL_PARSE_FAILED"
    return "BAD_USER_INPUT" if "Variable" in error.message else "GRAPHQL_VALIDATION_FAILED"
