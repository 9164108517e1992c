"""A lifecycle: which move leads from which states to which. Pure; no clock, no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from models.problems import WrongMoment

State = TypeVar("State", bound=StrEnum)


@dataclass(frozen=True)
class Lifecycle(Generic[State]):
    """``moves`` maps a verb to the states it may leave and the state it reaches."""

    noun: str
    moves: Mapping[str, tuple[frozenset[State], State]]

    def after(self, verb: str, state: State) -> State:
        """The state ``verb`` leads to from ``state``; ``WrongMoment`` when it leads nowhere."""
        leaves, reaches = self.moves[verb]
        if state not in leaves:
            allowed = " or ".join(sorted(in_words(left) for left in leaves))
            raise WrongMoment(
                f"This {self.noun} is {in_words(state)}; only one that is {allowed} can be {in_words(reaches)}."
            )
        return reaches

    def allows(self, verb: str, state: State) -> bool:
        """Whether ``verb`` leads anywhere from ``state``."""
        return state in self.moves[verb][0]

    def transitions(self) -> frozenset[tuple[State, State]]:
        """Every (from, to) pair some verb allows, as the database's own guard lists them."""
        return frozenset((left, reaches) for leaves, reaches in self.moves.values() for left in leaves)


def in_words(state: StrEnum) -> str:
    """A state as it stands in a sentence: ``save_the_date`` reads "save the date"."""
    return state.value.replace("_", " ")
