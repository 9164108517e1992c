"""Enums of the models, described for clients; shown in upper case."""

from enum import StrEnum

import strawberry

from models.delegations import Scope

__all__ = ["Scope", "described"]


def described(words: type[StrEnum], description: str, **values: str) -> None:
    """Make ``words`` a GraphQL enum. Every value must be described, or the schema refuses to build."""
    odd = {word.name for word in words} ^ set(values)
    if odd:
        raise TypeError(f"{words.__name__}: {', '.join(sorted(odd))} undescribed or unknown")
    strawberry.enum(words, description=description)
    definition = words.__strawberry_definition__  # type: ignore[attr-defined]  # set by the line above
    for value in definition.values:
        value.description = values[value.name]


# Of several nouns, and so described here: whichever of them is read first must find it so.
described(
    Scope,
    "One thing a delegation allows.",
    PROFILE="Keep the mayor's profile and the office's contact data.",
    RSVP="Answer invitations.",
    REGISTER="Register the mayor and the party for meetings.",
    DRAFT_RESOLUTION="Draft resolutions.",
    SPONSOR="Prepare sponsorship of resolutions; counts once the mayor releases it.",
    SIGN_LETTER="Prepare signatures of letters; counts once the mayor releases it.",
    POST_AS_OFFICE="Post in discussions as the mayor's office.",
    READ_GROUP="Read the groups the mayor may read, mayors-only groups excepted.",
    COMMITTEE_PREFERENCES="State committee preferences.",
    HOST_SESSIONS="Schedule and move the sessions the mayor hosts.",
)
