"""What was done, to what and for whom, in words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Node = Mapping[str, Any]

DEEDS = {
    "createEvent": "drafted",
    "editEvent": "edited the words of",
    "saveTheDate": "announced the date of",
    "scheduleEvent": "put on the calendar",
    "postponeEvent": "postponed",
    "rescheduleEvent": "set the new date of",
    "moveEventOnline": "moved online",
    "cancelEvent": "cancelled",
    "holdEvent": "noted as held",
    "inviteDelegate": "offered a delegation to",
    "acceptDelegation": "accepted a delegation, as",
    "revokeDelegation": "took the delegation back from",
    "leaveDelegation": "laid down a delegation, as",
    "narrowDelegation": "narrowed the delegation of",
    "createToken": "made a token",
    "revokeToken": "ended a token",
    "revokeSession": "signed a device out",
    "signOutEverywhere": "signed out everywhere",
    "removePasskey": "removed a passkey",
    "openTerm": "opened the term of",
    "endTerm": "ended the term of",
    "updateProfile": "changed the profile of",
    "appointSecretariat": "let into the secretariat",
    "dismissSecretariat": "took out of the secretariat",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What an act was done to: how it is called, and where its page is, if it has one."""

    text: str
    address: str = ""


def deed(node: Node) -> str:
    """What was done; an act without words of its own goes by its name, taken apart."""
    return DEEDS.get(node["act"]) or re.sub(r"(?<!^)(?=[A-Z])", " ", node["act"]).lower()


def mayor(node: Node | None) -> str:
    """A mayor with the city."""
    if not node:
        return ""
    return f"{node['name']}, Mayor of {node['city']['name']}" if node.get("city") else str(node["name"])


def principal(node: Node) -> str:
    """For whom an act was done or a capacity stands; empty for oneself."""
    return mayor(node.get("principal"))


def subject(node: Node) -> Subject:
    """What an act was done to."""
    if event := node["event"]:
        return Subject(event["title"], f"/events/{event['id']}")
    if grant := node["grant"]:
        holder = grant["delegate"]["name"] if grant["delegate"] else "somebody"
        giver = f" (from {mayor(grant['principal'])})" if grant["principal"] else ""
        return Subject(holder + giver)
    if node["mayor"]:
        return Subject(mayor(node["mayor"]), f"/desk/terms?city={node['mayor']['city']['id']}")
    if account := node["account"]:
        return Subject(account["name"], f"/desk/accounts/{account['id']}")
    return Subject("")
