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
    if isinstance(trouble, asyncpg.QueryCanceledError):
        return refused([BadRequest("This took too long; ask for less at once.", "TOO_SLOW")])
    if isinstance(trouble, _UNAVAILABLE):
        _log.warning("a request met no database: %r", trouble)
        error = {"message": "Rotunda is busy; try again in a moment.", "extensions": {"code": "UNAVAILABLE"}}
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
    if isinstance(original, _UNAVAILABLE):
        formatted = GraphQLError(
            "Rotunda is busy; try again in a moment.", nodes=error.nodes, path=error.path
        )
        return _coded(formatted, "UNAVAILABLE")
    formatted = GraphQLError("", nodes=error.nodes, path=error.path)
    return {**_coded(formatted, "INTERNAL"), **masked(original)}


def masked(trouble: BaseException) -> dict[str, Any]:
    """A bug: its story goes into the log under an id, the id to the client."""
    number = secrets.token_hex(6)
    told = trouble.orig if isinstance(trouble, DBAPIError) else trouble
    _log.error("error %s", number, exc_info=told)
    message = f"Something went wrong on our side. If it happens again, tell us its number: {number}."
    return {"message": message, "extensions": {"code": "INTERNAL", "id": number}}


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
