"""How groups are spoken of on pages."""

from collections.abc import Mapping
from typing import Any

AUDIENCES = {
    "OPEN": ("Open", "Everybody with an account here may read it and take part."),
    "MEMBERS": ("Members", "Member mayors and those who act for them read it without joining."),
    "INVITED": ("By invitation", "Members know that it exists; only those whom a keeper invites read it."),
    "HIDDEN": ("Hidden", "Nobody knows that it exists but those whom a keeper invites."),
}
CONFIDENCES = {
    "ORDINARY": ("Ordinary", "Nothing beyond the audience. Mayors' offices may post, if you let them."),
    "MAYORS_ONLY": (
        "Mayors only",
        "Mayors in person. No staff learn that it exists, whatever they were granted.",
    ),
    "CHATHAM_HOUSE": ("Chatham House Rule", "What is said may be used; who said it may not be revealed."),
    "MAYORS_ONLY_CHATHAM_HOUSE": ("Mayors only, Chatham House Rule", "Both of these."),
}
#: The rule in a line, where one speaks or reads under it.
REMINDERS = {
    "MAYORS_ONLY": "Mayors in person; no staff read here.",
    "CHATHAM_HOUSE": "Use what is said here; never reveal who said it.",
    "MAYORS_ONLY_CHATHAM_HOUSE": "No staff read here. Use what is said; never reveal who said it.",
}
MARKS = {
    "AGREE": "I agree",
    "THANKS": "Thank you",
    "INSIGHT": "I had not thought of that",
    "QUESTION": "I have a question",
    "CELEBRATE": "Well done",
}
BECAUSE = {
    "THREAD_MUTED": "You muted this thread: it is not brought to you, and not counted.",
    "THREAD_FOLLOWED": "You follow this thread.",
    "GROUP_MUTED": "You muted its group: nothing in it is brought to you, but for threads you follow.",
    "GROUP_FOLLOWED": "You follow its group.",
    "NAMED": "A post in it names you.",
    "TAKES_PART": "You posted in it.",
    "NOTHING": "You neither follow nor mute it: it counts as unread, and is not brought to you.",
}


def group_words(group: Mapping[str, Any]) -> str:
    """Whom a group is for, in a sentence; of mayors' own groups without the staff who would else be named."""
    alone = "MAYORS_ONLY" in group["confidentiality"]
    readers = {
        "OPEN": "Mayors in office read it" if alone else "Everybody with an account reads it",
        "MEMBERS": "Member mayors read it" if alone else "Member mayors and those who act for them read it",
    }
    joins = (
        " without joining." if group["audience"] in readers else "Only those whom a keeper invites read it."
    )
    offices = " Offices may post in it." if group["officesPost"] else ""
    return readers.get(group["audience"], "") + joins + offices


def in_person(viewer: Mapping[str, Any]) -> bool:
    """Whether whoever looks acts for themselves, and under nobody's grant."""
    return bool((viewer["capacity"] or {}).get("scopes") is None)


def because_not(rights: list[dict[str, Any]], act: str) -> str | None:
    """The sentence that would refuse an act; None where it can be done."""
    return next((right["because"] for right in rights if right["act"] == act), None)


WORDS: dict[str, Any] = {
    "audiences": AUDIENCES,
    "confidences": CONFIDENCES,
    "marks": MARKS,
    "because_words": BECAUSE,
    "reminders": REMINDERS,
    "in_person": in_person,
    "because_not": because_not,
    "group_words": group_words,
}
