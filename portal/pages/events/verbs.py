"""The ways to move an event, in words: what the button says, what the form asks for, what it says when done."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Verb:
    """One move. `name` is the API's word for it, `path` its address under the event, `reaches` the state it ends in."""

    name: str
    path: str
    reaches: str
    heading: str
    button: str
    act_word: str
    deed: str
    flash: str
    dates: Literal["no", "may", "must"] = "no"
    reasoned: bool = True
    dates_word: str = ""
    dates_hint: str = ""
    lead: str = ""

    @property
    def mutation(self) -> str:
        """The act's name in the contract."""
        odd = {"SAVE_THE_DATE": "saveTheDate", "MOVE_ONLINE": "moveEventOnline"}
        return odd.get(self.name, f"{self.name.lower()}Event")

    @property
    def act(self) -> str:
        """The document that carries it out."""
        return f"events/{self.path.replace('-', '_')}.act"


VERBS = {
    verb.name: verb
    for verb in (
        Verb(
            "SCHEDULE",
            "schedule",
            "SCHEDULED",
            heading="Put it on the calendar",
            button="Put it on the calendar",
            act_word="Put it on the calendar and tell everyone",
            deed="put this event on the calendar",
            flash="scheduled",
            dates="must",
            reasoned=False,
            dates_word="The date",
            dates_hint="Leave the last day empty if it is over the same day.",
        ),
        Verb(
            "SAVE_THE_DATE",
            "save-the-date",
            "SAVE_THE_DATE",
            heading="Save the date",
            button="Announce the date only",
            act_word="Announce the date and tell everyone",
            deed="announce this event's date",
            flash="announced",
            dates="must",
            reasoned=False,
            dates_word="The date",
            dates_hint="Details can follow. Leave the last day empty if it is over the same day.",
        ),
        Verb(
            "RESCHEDULE",
            "reschedule",
            "SCHEDULED",
            heading="Set the new date",
            button="Set the new date",
            act_word="Set the date and tell everyone",
            deed="set this event's date",
            flash="rescheduled",
            dates="must",
            dates_word="The new date",
            dates_hint="Leave the last day empty if it is over the same day.",
        ),
        Verb(
            "POSTPONE",
            "postpone",
            "POSTPONED",
            heading="Postpone",
            button="Postpone",
            act_word="Postpone and tell everyone",
            deed="postpone this event",
            flash="postponed",
            dates="may",
            dates_word="A new date, if you have one",
            dates_hint="Leave the days empty if the new date is still open. You can set it later.",
        ),
        Verb(
            "MOVE_ONLINE",
            "move-online",
            "MOVED_ONLINE",
            heading="Move online",
            button="Move online",
            act_word="Move online and tell everyone",
            deed="move this event online",
            flash="moved-online",
            lead="It keeps its time and leaves its place.",
        ),
        Verb(
            "CANCEL",
            "cancel",
            "CANCELLED",
            heading="Cancel",
            button="Cancel",
            act_word="Cancel and tell everyone",
            deed="cancel this event",
            flash="cancelled",
            lead="There is no way back from here. If it might still take place, postpone it instead.",
        ),
        Verb(
            "HOLD",
            "hold",
            "HELD",
            heading="Note as held",
            button="Note as held",
            act_word="Note that it took place",
            deed="note this event as held",
            flash="held",
            reasoned=False,
            lead="For the record: it took place as it stands on the calendar.",
        ),
    )
}


def offered(names: list[str]) -> list[Verb]:
    """The moves that are possible, the likeliest first."""
    return [verb for name, verb in VERBS.items() if name in names]
