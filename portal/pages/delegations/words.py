"""Delegations in words: what a scope allows, how a grant stands, what was done under it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal import dates, deeds
from portal.deeds import Thing

# Scopes as a mayor would say them, and what each reaches. One that is new to this table shows under its own name.
SCOPES = {
    "PROFILE": ("keep the office's profile", "The page of the mayor and the office's contact data."),
    "RSVP": ("answer invitations", "Yes, no or perhaps, for the mayor."),
    "REGISTER": ("register for events", "The mayor, and the city's party."),
    "DRAFT_RESOLUTION": ("draft resolutions", "Write and change drafts; submitting is another thing."),
    "SPONSOR": (
        "sponsor resolutions (released by the mayor)",
        "Prepared by staff; counts once the mayor releases it.",
    ),
    "SIGN_LETTER": (
        "sign letters (released by the mayor)",
        "Prepared by staff; counts once the mayor releases it.",
    ),
    "POST_AS_OFFICE": ("post for the office", "In discussions, under the office's name and their own."),
    "READ_GROUP": ("read the groups", "What the mayor may read, groups for mayors alone excepted."),
    "COMMITTEE_PREFERENCES": (
        "state committee preferences",
        "On which committees the mayor would like to sit.",
    ),
    "HOST_SESSIONS": ("host sessions", "Schedule and move the sessions the mayor hosts."),
}
STATES = {
    "INVITED": "Invited, not yet accepted",
    "ACTIVE": "Active",
    "EXPIRED": "Run out",
    "REVOKED": "Withdrawn",
    "TERM_ENDED": "Ended with the term of office",
    "LEFT": "Given back",
}
# What an act may change, as a history names it.
CHANGEABLE = {
    "name": "name",
    "officeEmail": "e-mail",
    "officePhone": "telephone",
    "scopes": "may",
    "endsOn": "last day",
}
DECLINED = "Declined"
LIVE = ("ACTIVE", "INVITED")


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of a history: when, by whom, under whose grant, and what before and after the thing's name."""

    on: str
    at: str
    who: str
    before: str
    thing: Thing
    after: str
    under: Thing | None
    changed: list[tuple[str, str, str]]


def scope_words(scope: str) -> str:
    """`RSVP` is "answer invitations"."""
    return SCOPES.get(scope, (scope.replace("_", " ").lower(), ""))[0]


def idle(rights: Iterable[Mapping[str, Any]]) -> set[str]:
    """The scopes that no act asks for yet: they can be granted, and reach nothing so far."""
    return SCOPES.keys() - {right["scope"] for right in rights}


def standing(grant: Mapping[str, Any]) -> str:
    """How a grant stands: one that was laid down before it was accepted was declined."""
    if grant["status"] == "LEFT" and not grant["acceptedAt"]:
        return DECLINED
    return STATES.get(grant["status"], str(grant["status"]))


def in_words(day: str) -> str:
    """A day as it was typed, in words if it is one."""
    try:
        return dates.day_words(day)
    except ValueError:
        return day


def deed(
    entry: Mapping[str, Any], viewer: Mapping[str, Any], *, page: Mapping[str, Any] | None = None
) -> Deed:
    """A line of history as this viewer reads it; `page` is the grant on whose page it stands."""
    here = page["id"] if page else ""
    said, grant = deeds.told(entry), entry["delegation"]
    under = deeds.grant(grant) if grant and grant["id"] != here else None
    on, at = dates.told_at(entry["at"], _zone(entry, page, viewer))
    thing = _thing(entry, here) if said.names else Thing("")
    return Deed(on, at, _who(entry, viewer), said.before, thing, said.after, under, _changed(entry))


def _changed(entry: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What reads differently since: the name of it, how it read and how it reads."""
    was, now = entry.get("was") or {}, entry.get("now") or {}
    return [
        (name, _read(key, was.get(key)), _read(key, now.get(key)))
        for key, name in CHANGEABLE.items()
        if was.get(key) != now.get(key)
    ]


def _read(key: str, value: Any) -> str:
    if key == "scopes":
        return ", ".join(map(scope_words, value or ())) or "nothing"
    return (in_words(value) if key == "endsOn" else str(value)) if value else "none"


def _who(entry: Mapping[str, Any], viewer: Mapping[str, Any]) -> str:
    actor, principal = entry["actor"], entry["principal"]
    if actor and actor["id"] == viewer["account"]["id"]:
        return "You"
    if actor and actor["name"]:
        return str(actor["name"])
    return f"Mayor {principal['name']}" if principal else "The secretariat"


def _thing(entry: Mapping[str, Any], here: str) -> Thing:
    event, grant, mayor = entry["event"], entry["grant"], entry["mayor"]
    if event:
        return Thing(event["title"], f"/events/{event['id']}")
    if grant:
        if grant["id"] == here:
            return Thing("this delegation")
        return deeds.grant(grant)
    if mayor and mayor["city"]:
        return Thing(deeds.mayor(mayor), f"/cities/{mayor['city']['slug']}")
    return deeds.of_resolutions(entry) or Thing("something that is no longer shown to you")


def _zone(entry: Mapping[str, Any], page: Mapping[str, Any] | None, viewer: Mapping[str, Any]) -> str:
    """The clock of the city it was done for; else of the city the viewer acts for."""
    mayor = entry["principal"] or (page or viewer["capacity"] or {}).get("principal")
    return str(mayor["city"]["timeZone"]) if mayor and mayor["city"] else "UTC"
