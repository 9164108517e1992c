"""How what changed is told: everything about one thing together, as it was at the last look and as it is now."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal import dates
from portal.deeds import of_resolutions
from portal.pages.events.telling import Occasion

Node = Mapping[str, Any]

# What happened, in the words of a page, and how loudly it is said.
WORDS = {
    "EventAnnounced": ("Save the date", "quiet"),
    "EventScheduled": ("On the calendar", "done"),
    "EventPostponed": ("Postponed", "notice"),
    "EventRescheduled": ("Re-scheduled", "notice"),
    "EventMovedOnline": ("Moved online", "notice"),
    "EventCancelled": ("Cancelled", "alarm"),
    "EventHeld": ("Took place", "done"),
    "EventEdited": ("Reads differently now", "quiet"),
    "DelegationInvited": ("Offered", "notice"),
    "DelegationAccepted": ("Accepted", "done"),
    "DelegationNarrowed": ("Allows less now", "notice"),
    "DelegationRevoked": ("Withdrawn", "alarm"),
    "DelegationLeft": ("Given back", "alarm"),
    "DelegationExpired": ("Run out", "notice"),
    "DelegationTermEnded": ("Ended with the term", "notice"),
    "TermOpened": ("Took office", "done"),
    "TermEnded": ("Left office", "notice"),
    "GroupFounded": ("New group", "done"),
    "GroupEdited": ("Reads differently now", "quiet"),
    "GroupInvitation": ("You are invited", "notice"),
    "GroupJoined": ("Joined", "done"),
    "GroupLeft": ("No longer in it", "quiet"),
    "PostReported": ("A post was reported", "alarm"),
    "ReportSettled": ("A report is settled", "done"),
    "CallOpened": ("Resolutions are called for", "done"),
    "DeadlineMoved": ("Deadline moved", "notice"),
    "ResolutionDrafted": ("Draft begun", "quiet"),
    "ResolutionEdited": ("Reads differently now", "quiet"),
    "ResolutionOpened": ("Open for sponsors", "done"),
    "SponsorJoined": ("Sponsored", "done"),
    "SponsorWithdrew": ("A sponsor withdrew", "notice"),
    "ResolutionSubmitted": ("Submitted", "done"),
    "ResolutionReturned": ("Gathering sponsors again", "alarm"),
    "ResolutionWithdrawn": ("Withdrawn", "alarm"),
    "ProfileUpdated": ("Profile changed", "quiet"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing with everything that happened to it since the last look; `steps` are the earlier ones, in words."""

    id: str
    title: str
    href: str
    word: str
    tone: str
    steps: Sequence[str]
    was: Occasion | None
    now: Occasion | None
    unsure: bool
    off: bool
    reason: str
    who: str
    at: str


def changes(notices: Iterable[Node], reader: str = "") -> list[Change]:
    """One change for each thing, the one that changed last first; `notices` come in the log's order.

    What the reader has done is no news to the reader.
    """
    by_thing: dict[str, list[Node]] = {}
    for notice in notices:
        if reader and (notice.get("actor") or {}).get("id") == reader:
            continue
        thing = _thing(notice)
        by_thing[thing] = [*by_thing.pop(thing, []), notice]
    return [_change(thing, told) for thing, told in reversed(by_thing.items())]


def _change(thing: str, told: list[Node]) -> Change:
    last = told[-1]
    word, tone = _word(last)
    event = last.get("event")
    title, href = _named(last)
    was, now = (_was(event, told), Occasion.of(event)) if event else _deadline(told)
    return Change(
        id=thing,
        title=title,
        href=href,
        word=word,
        tone=tone,
        steps=[step for step in dict.fromkeys(_word(notice)[0] for notice in told[:-1]) if step != word],
        was=was,
        now=now,
        unsure=bool(event and event["status"] == "POSTPONED" and event["startsAtLocal"]),
        off=bool(event and event["status"] == "CANCELLED"),
        reason=str(last.get("reason") or ""),
        who=_who(last),
        at=dates.told_on(last["at"], event["timeZone"]) if event else dates.told_on(last["at"], "UTC"),
    )


def _thing(notice: Node) -> str:
    kinds = (notice.get(kind) for kind in ("event", "delegation", "mayor", "resolution", "call"))
    about = next(filter(None, kinds), None) or _group(notice)
    return str(about["id"] if about else notice["cursor"])


def _word(notice: Node) -> tuple[str, str]:
    kind = str(notice["__typename"])
    if kind == "DelegationLeft" and not (notice.get("delegation") or {"acceptedAt": True})["acceptedAt"]:
        return "Declined", "alarm"
    return WORDS.get(kind) or (re.sub(r"(?<!^)(?=[A-Z])", " ", kind).capitalize(), "quiet")


def _named(notice: Node) -> tuple[str, str]:
    if event := notice.get("event"):
        return str(event["title"]), f"/events/{event['id']}"
    if grant := notice.get("delegation"):
        holder = (grant["delegate"] or {}).get("name", "Somebody")
        return f"{holder} for {_mayor(grant['principal'])}", f"/delegations/{grant['id']}"
    if group := _group(notice):
        return str(group["name"]), f"/groups/{group['id']}"
    if mayor := notice.get("mayor"):
        city = mayor["city"]
        return _mayor(mayor), f"/cities/{city['slug']}" if city else ""
    resolved = of_resolutions(notice)
    return (resolved.name, resolved.place) if resolved else ("The conference", "")


def _group(notice: Node) -> Node | None:
    """The group that a notice is about: founded or edited, joined or left, or one with a report."""
    thread = ((notice.get("report") or {}).get("post") or {}).get("thread") or {}
    found: Node | None = notice.get("group") or (notice.get("membership") or thread).get("group")
    return found


def _mayor(mayor: Node | None) -> str:
    if mayor is None:
        return "a mayor"
    return f"{mayor['name']}, Mayor of {mayor['city']['name']}" if mayor["city"] else str(mayor["name"])


def _was(event: Node, told: list[Node]) -> Occasion | None:
    """The date it had at the last look, where another stands now. That it was once a draft is nobody's memory."""
    now = Occasion.of(event)
    for notice in told:
        before = notice.get("was")
        if before and before["status"] != "DRAFT" and before["startsAtLocal"]:
            was = Occasion.of(before)
            return None if was == now else was
    return None


def _deadline(told: list[Node]) -> tuple[Occasion | None, Occasion | None]:
    """The deadline that a call had at the last look, where another stands now, and the one that stands."""
    moves = [notice for notice in told if notice.get("dueNow")]
    if not moves:
        return None, None
    was, now = _due(moves[0]["dueWas"]), _due(moves[-1]["dueNow"])
    return None if was == now else was, now


def _due(deadline: Node) -> Occasion:
    return Occasion(dates.wall(deadline["dueAtLocal"]), None, deadline["timeZone"])


def _who(notice: Node) -> str:
    actor, principal = notice.get("actor"), notice.get("principal")
    done_for = principal and not (actor and actor["name"] == principal["name"])
    words = [f"by {actor['name']}"] if actor else []
    if principal and done_for:
        words.append(f"for {_mayor(principal)}")
    return ", ".join(words)
