"""Enums of the models, described for clients; shown in upper case."""

from enum import StrEnum

import strawberry


def described(words: type[StrEnum], description: str, **values: str) -> None:
    """Make ``words`` a GraphQL enum. Every value must be described, or the schema refuses to build."""
    odd = {word.name for word in words} ^ set(values)
    if odd:
        raise TypeError(f"{words.__name__}: {', '.join(sorted(odd))} undescribed or unknown")
    strawberry.enum(words, description=description)
    definition = words.__strawberry_definition__  # type: ignore[attr-defined]  # set by the line above
    for value in definition.values:
        value.description = values[value.name]
