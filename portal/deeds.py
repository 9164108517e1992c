"""What was done, in words: an act in the past tense around the thing it was done to. Every history speaks in these."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Node = Mapping[str, Any]

# By the act's name in the contract; `{}` is where the thing stands, if it has a name worth saying. An act that is new
# to this table shows under its own name.
DEEDS = {
    "createEvent": "drafted {}",
    "editEvent": "changed the words of {}",
    "saveTheDate": "announced the date of {}",
    "scheduleEvent": "put {} on the calendar",
    "postponeEvent": "postponed {}",
    "rescheduleEvent": "set the new date of {}",
    "moveEventOnline": "moved {} online",
    "cancelEvent": "cancelled {}",
    "holdEvent": "noted that {} took place",
    "inviteDelegate": "offered {}",
    "acceptDelegation": "accepted {}",
    "narrowDelegation": "narrowed {}",
    "revokeDelegation": "withdrew {}",
    "leaveDelegation": "gave back {}",
    "openTerm": "opened the term of {}",
    "endTerm": "ended the term of {}",
    "updateProfile": "changed the profile of {}",
    "appointSecretariat": "let {} into the secretariat",
    "dismissSecretariat": "took {} out of the secretariat",
    "createGroup": "founded a group",
    "editGroup": "changed the words of a group",
    "joinGroup": "joined a group",
    "leaveGroup": "left a group",
    "inviteToGroup": "invited mayors into a group",
    "removeFromGroup": "took somebody out of a group",
    "startThread": "started a thread",
    "reply": "posted in a thread",
    "editPost": "edited a post",
    "deletePost": "took a post back",
    "react": "put a mark upon a post",
    "unreact": "took a mark off a post",
    "pinThread": "pinned a thread, or unpinned it",
    "lockThread": "locked a thread, or opened it again",
    "resolveThread": "noted whether a thread is resolved",
    "reportPost": "reported a post",
    "hidePost": "hid a post",
    "showPost": "let a hidden post stand again",
    "dismissReport": "let a reported post stand",
    "markRead": "read a thread",
    "markGroupRead": "read a group",
    "keepUnread": "kept a post unread",
    "heedThread": "followed or muted a thread",
    "heedGroup": "followed or muted a group",
    "callForResolutions": "called for resolutions: {}",
    "moveDeadline": "moved the deadline of {}",
    "draftResolution": "drafted {}",
    "editResolution": "changed the text of {}",
    "gatherSponsors": "opened {} for sponsors",
    "sponsorResolution": "sponsored {}",
    "withdrawSponsorship": "withdrew a name from {}",
    "submitResolution": "submitted {}",
    "withdrawResolution": "withdrew {}",
    "createToken": "made an API token",
    "revokeToken": "ended an API token",
    "revokeSession": "signed a device out",
    "signOutEverywhere": "signed out everywhere",
    "addPasskey": "added a passkey",
    "removePasskey": "removed a passkey",
    "markSeen": "marked what changed as seen",
}


@dataclass(frozen=True, slots=True)
class Thing:
    """What something was done to: its name, and where it is, if it can be shown now."""

    name: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """An act in words, before and after its thing; `names` is whether a thing stands between them."""

    before: str
    after: str
    names: bool


def phrase(act: str) -> Phrase:
    """`scheduleEvent` is "put", the event, "on the calendar"."""
    before, thing, after = (DEEDS.get(act) or _by_its_name(act)).partition("{}")
    return Phrase(before, after, bool(thing))


def told(entry: Node) -> Phrase:
    """What an entry of the audit says was done: what was laid down before it was accepted was declined."""
    grant = entry.get("grant") or {"acceptedAt": True}
    declined = entry["act"] == "leaveDelegation" and not grant["acceptedAt"]
    return Phrase("declined ", "", names=True) if declined else phrase(entry["act"])


def label(act: str) -> str:
    """An act by itself, for a list to choose from or a column of a spreadsheet: "put … on the calendar"."""
    return (DEEDS.get(act) or _by_its_name(act)).replace("{}", "…").removesuffix(" …")


def mayor(node: Node | None) -> str:
    """A mayor with the city; empty where there is none."""
    if not node:
        return ""
    return f"{node['name']}, Mayor of {node['city']['name']}" if node.get("city") else str(node["name"])


def grant(node: Node) -> Thing:
    """A delegation by its holder, and its page."""
    holder = node["delegate"]
    return Thing(
        f"the delegation to {holder['name']}" if holder else "a delegation", f"/delegations/{node['id']}"
    )


def of_resolutions(entry: Node) -> Thing | None:
    """The resolution, or the call for them, that an entry of the audit or a notice is about."""
    if resolution := entry.get("resolution"):
        return Thing(resolution["title"], f"/resolutions/{resolution['id']}")
    if call := entry.get("call"):
        return Thing(call["name"], f"/resolutions?call={call['id']}")
    return None


def _by_its_name(act: str) -> str:
    spaced = re.sub(r"(?<!^)(?=[A-Z])", " ", act).lower()
    return f"did “{spaced}” upon {{}}"
