"""Problems as clients meet them: one type for each class in ``models.problems``."""

from typing import Any

import strawberry

from models import problems


@strawberry.interface(description="Why an act did not happen, in words fit for the member.")
class Problem:
    """What every problem says."""

    message: str = strawberry.field(description="What is missing, and what would mend it.")


@strawberry.type(description="The viewer does not hold the mandate this act requires.")
class Refused(Problem):
    """Who may not."""


@strawberry.type(description="No such thing, or nothing this viewer may know about.")
class Missing(Problem):
    """What is not there."""


@strawberry.type(description="The act exists, but not while things stand as they do.")
class WrongMoment(Problem):
    """When not."""


@strawberry.type(description="The idempotency key was used before, for something else.")
class KeyReused(Problem):
    """Which key not."""


@strawberry.type(description="Somebody else changed the thing since it was last read.")
class Conflict(Problem):
    """What came between."""

    version: int = strawberry.field(description="The version as it is now; read it and decide anew.")


@strawberry.type(description="One input field that cannot be taken.")
class InvalidField:
    """Which field, and why."""

    name: str = strawberry.field(description="The input field.")
    message: str = strawberry.field(description="What is wrong with it.")
    suggestion: str | None = strawberry.field(description="A value that could be given instead.")


@strawberry.type(description="The input cannot be taken as it is.")
class Invalid(Problem):
    """Which input not."""

    fields: list[InvalidField] = strawberry.field(description="Each field that cannot be taken.")


def shown(problem: problems.Problem) -> Any:
    """The client's form of a problem."""
    match problem:
        case problems.Invalid():
            fields = [
                InvalidField(name=f.name, message=f.message, suggestion=f.suggestion) for f in problem.fields
            ]
            return Invalid(message=problem.message, fields=fields)
        case problems.Conflict():
            return Conflict(message=problem.message, version=problem.version)
        case problems.Refused():
            return Refused(message=problem.message)
        case problems.Missing():
            return Missing(message=problem.message)
        case problems.KeyReused():
            return KeyReused(message=problem.message)
        case _:
            return WrongMoment(message=problem.message)
