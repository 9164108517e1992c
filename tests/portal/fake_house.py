"""A small conference in memory: the answers the API gives, without a database."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

from graphql import build_schema, introspection_from_schema

from portal.api import TooManyTries, Visitor
from portal.pages.api.room import CONTRACT

MAYOR = {
    "id": "cap_mayor",
    "principal": {
        "id": "may_ada",
        "name": "Ada Whitfield",
        "city": {"name": "Richmond", "slug": "richmond-va", "timeZone": "America/New_York"},
    },
    "scopes": [],
}
SECOND = {
    "id": "cap_second",
    "principal": {
        "id": "may_tomas",
        "name": "Tomás Okonjo",
        "city": {"name": "Alexandria", "slug": "alexandria-va", "timeZone": "America/New_York"},
    },
    "scopes": ["RSVP", "REGISTER"],
}
SELF = {"id": "cap_self", "principal": None, "scopes": None}

SECRETARIAT, STAFF, PLAIN = "token-secretariat", "token-staff", "token-plain"


def event(ident: str, title: str, start: str | None, end: str | None, **more: Any) -> dict[str, Any]:
    """An event as the API shows it."""
    node = {
        "__typename": "Event",
        "id": f"evt_{ident}",
        "title": title,
        "summary": "",
        "kind": "MEETING",
        "status": "SCHEDULED",
        "audience": "MEMBERS",
        "version": 1,
        "startsAtLocal": start,
        "endsAtLocal": end,
        "startsAt": f"{start}:00.000Z" if start else None,
        "endsAt": f"{end}:00.000Z" if end else None,
        "timeZone": "America/New_York",
        "location": "Washington, DC",
        "reason": None,
        "host": None,
        "canMove": False,
        "canBe": [],
        "revision": 3,
        "hearers": None,
        "previously": [],
    }
    return node | more


def was(
    start: str | None, end: str | None, status: str, at: str, reason: str, *, location: str = "Washington, DC"
) -> dict[str, Any]:
    """One entry of `previously`."""
    return {
        "startsAtLocal": start,
        "endsAtLocal": end,
        "timeZone": "America/New_York",
        "location": location,
        "status": status,
        "reason": reason,
        "at": at,
        "by": {"name": "The Secretariat"},
    }


OMICRON = "Case numbers in the city are too high to bring people together in good conscience."
HOTEL = "The hotel can host us on these days, and case numbers have fallen."


def programme() -> list[dict[str, Any]]:
    """Events in every state."""
    return [
        event(
            "winter",
            "Winter Meeting",
            "2022-03-16T09:00",
            "2022-03-17T17:00",
            reason=HOTEL,
            version=3,
            previously=[
                was(None, None, "POSTPONED", "2022-01-20T15:00:00.000Z", HOTEL),
                was(
                    "2022-01-21T09:00",
                    "2022-01-22T17:00",
                    "SAVE_THE_DATE",
                    "2022-01-04T15:00:00.000Z",
                    OMICRON,
                ),
            ],
        ),
        event(
            "water",
            "Lead Service Lines: What the First Hundred Cities Learned",
            "2031-01-14T12:00",
            "2031-01-14T13:00",
            kind="COMMUNITY_SESSION",
            timeZone="America/Chicago",
            location="Online",
        ),
        event(
            "standing",
            "Standing Committee on Transport",
            "2031-01-28T10:00",
            "2031-01-28T11:30",
            location="Alexandria, Virginia",
        ),
        event(
            "annual",
            "Ninety-Ninth Annual Meeting",
            "2031-03-16T09:00",
            "2031-03-19T13:00",
            kind="ANNUAL_MEETING",
            version=2,
            summary="Four days of committees, the plenary and the resolutions. Committees meet first; the "
            "full vote is on the last day. Hotel blocks and the draft programme follow in the new year.",
            reason="The convention center's hall was flooded, and will be dry again by March.",
            host={"name": "The Secretariat"},
            previously=[
                was(
                    None,
                    None,
                    "POSTPONED",
                    "2030-11-20T15:00:00.000Z",
                    "The convention center's hall was flooded, and will be dry again by March.",
                ),
                was(
                    "2031-01-21T09:00",
                    "2031-01-24T13:00",
                    "SCHEDULED",
                    "2030-11-04T15:00:00.000Z",
                    "The convention center's hall was flooded.",
                ),
            ],
        ),
        event(
            "trade",
            "Trade Mission to Lisbon and Porto",
            "2031-03-30T09:00",
            "2031-04-04T18:00",
            kind="TRADE_MISSION",
            status="SAVE_THE_DATE",
            timeZone="Europe/Lisbon",
            location="Lisbon, Portugal",
        ),
        event(
            "heat",
            "Urban Heat Exchange",
            None,
            None,
            status="POSTPONED",
            version=2,
            location="Phoenix, Arizona",
            timeZone="America/Phoenix",
            reason="Our host city is fighting the Salt River fire.",
            previously=[
                was(
                    "2031-02-11T09:00",
                    "2031-02-12T16:00",
                    "SCHEDULED",
                    "2030-11-12T15:00:00.000Z",
                    "Our host city is fighting the Salt River fire.",
                )
            ],
        ),
        event(
            "budget",
            "Municipal Finance Course",
            "2031-04-22T14:00",
            "2031-04-22T16:00",
            kind="COURSE",
            status="MOVED_ONLINE",
            location="Online",
        ),
        event(
            "gala",
            "Business Council Dinner",
            "2031-05-09T19:00",
            "2031-05-09T22:00",
            status="CANCELLED",
            reason="The sponsor has withdrawn.",
            location="Łódź, Poland",
            timeZone="Europe/Warsaw",
        ),
    ]


#: What may be done with an event in some states, as the API would say.
POSSIBLE = {
    "SAVE_THE_DATE": ["SCHEDULE", "POSTPONE", "CANCEL"],
    "SCHEDULED": ["POSTPONE", "MOVE_ONLINE", "CANCEL"],
    "MOVED_ONLINE": ["POSTPONE", "CANCEL"],
    "POSTPONED": ["POSTPONE", "RESCHEDULE", "CANCEL"],
}


@cache
def introspected() -> dict[str, Any]:
    """The contract as `__schema` tells it."""
    found = introspection_from_schema(build_schema(CONTRACT.read_text()))
    return dict(found["__schema"])


class FakeApi:
    """Answers the portal's documents by their operation's name; writes what it was asked into `asked`."""

    def __init__(self) -> None:
        self.events = {node["id"]: node for node in programme()}
        self.acting: dict[str, dict[str, Any]] = {SECRETARIAT: SELF, STAFF: MAYOR, PLAIN: SELF}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.outcome: dict[str, Any] | None = None  # of every act, if it is not to succeed
        self.foreseen: dict[str, Any] | None = None  # what a rehearsal of any act meets
        self.rehearsed: list[tuple[str, dict[str, Any]]] = []
        self.broken = False  # acts come back with nothing at all
        self.listeners: list[asyncio.Queue[dict[str, Any] | None]] = []
        self.gone: set[str] = set()  # sessions that are over
        self.lost: set[str] = set()  # sessions that act under a grant that is over
        self.heard = asyncio.Event()  # somebody listens

    async def run(
        self, document: str, variables: Mapping[str, Any], caller_token: str | None
    ) -> dict[str, Any]:
        """Answer a query or a mutation."""
        found = re.match(r"\s*(?:#.*\n)*\s*(query|mutation) (\w+)", document)
        assert found, document
        name = found[2]
        self.asked.append((name, dict(variables)))
        if caller_token in self.gone:
            return {"errors": [{"message": "signed out", "extensions": {"code": "UNAUTHENTICATED"}}]}
        if caller_token in self.lost:
            return {"errors": [{"message": "not held", "extensions": {"code": "CAPACITY_NOT_HELD"}}]}
        data: dict[str, Any] = {"viewer": self._viewer(caller_token), "head": "cursor-1"}
        if name == "Broken":
            return {"errors": [{"message": "no"}]}
        if "variables" in name or found[1] == "mutation":
            return {"data": {"outcome": await self._act(name, variables)}}
        if variables.get("contract"):
            data["__schema"] = introspected()
        if name == "Home":
            data |= self._home(caller_token)
        if "$id" in document:
            node = self.events.get(variables["id"])
            data["event"] = node and self._as_seen(node, caller_token)
        data |= self._granted(name, document, variables)
        if "events(first" in document:
            nodes = sorted(self.events.values(), key=lambda node: node["startsAtLocal"] or "9999")
            nodes = [node for node in nodes if self._within(node, variables)]
            data["events"] = {
                "edges": [{"node": deepcopy(node)} for node in nodes],
                "pageInfo": {"hasNextPage": False, "endCursor": None},
            }
            data["earliest"] = {"edges": [{"node": {"startsAtLocal": "2022-03-16T09:00"}}]}
        if "delegations(last" in document:
            page = {"hasPreviousPage": False, "startCursor": None}
            nodes = [{"node": node} for node in self._grants()]
            data["delegations"] = {"edges": nodes, "pageInfo": page}
        return {"data": data}

    async def rehearse(self, act: str, given: Mapping[str, Any], caller_token: str | None) -> dict[str, Any]:
        """Foresee what an act would meet."""
        self.rehearsed.append((act, dict(given)))
        assert caller_token not in self.gone | self.lost
        return {"data": {"outcome": self.foreseen}}

    async def stream(
        self, document: str, variables: Mapping[str, Any], caller_token: str | None
    ) -> AsyncIterator[dict[str, Any]]:
        """Hand on what `tell` says."""
        assert document.lstrip().startswith("subscription"), caller_token
        self.asked.append(("subscription", dict(variables)))
        queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self.listeners.append(queue)
        self.heard.set()
        try:
            while (notice := await queue.get()) is not None:
                yield {"data": {"notice": notice}}
        finally:
            self.listeners.remove(queue)

    def tell(self, kind: str, ident: str = "", **more: Any) -> None:
        """Send a notice to every listener."""
        node = self.events.get(f"evt_{ident}")
        about = {"event": {"id": node["id"], "title": node["title"]}} if node else {}
        for queue in self.listeners:
            queue.put_nowait({"__typename": kind, "cursor": f"cursor-{kind}", **about, **more})

    async def _act(self, name: str, variables: Mapping[str, Any]) -> dict[str, Any] | None:
        if self.outcome is not None or self.broken:
            return self.outcome
        wanted = variables["input"]
        if name == "MarkSeen":
            return {"__typename": "Look"}
        if name == "AcceptDelegation":
            return {"__typename": "Delegation", "id": "del_1", "principal": MAYOR["principal"]}
        node = self.events[wanted["eventId"]]
        earlier = {key: node[key] for key in ("startsAtLocal", "endsAtLocal", "timeZone", "status")}
        node["previously"].insert(
            0, {**earlier, "reason": wanted["reason"], "at": "2030-12-01T15:00:00.000Z"}
        )
        node["status"] = "POSTPONED" if name == "Postpone" else "SCHEDULED"
        node["startsAtLocal"] = wanted.get("newStartsAt") or wanted.get("startsAt")
        node["endsAtLocal"] = wanted.get("newEndsAt") or wanted.get("endsAt")
        node["reason"], node["version"] = wanted["reason"], node["version"] + 1
        self.tell("EventPostponed" if name == "Postpone" else "EventRescheduled", node["id"][4:])
        return {"__typename": "Event", "id": node["id"]}

    def _viewer(self, token: str | None) -> dict[str, Any] | None:
        if token not in self.acting:
            return None
        email = {SECRETARIAT: "secretariat@rotunda.example", STAFF: "staff@richmond-va.example"}
        capacities = [SELF, MAYOR, SECOND] if token == STAFF else [SELF]
        return {
            "account": {
                "id": "acc_june",
                "name": "June Park",
                "email": email.get(token, "june@rotunda.example"),
                "secretariat": token == SECRETARIAT,
            },
            "secretariat": token == SECRETARIAT,
            "hosts": False,
            "rights": [],
            "capacity": self.acting[token],
            "capacities": capacities,
        }

    def _as_seen(self, node: dict[str, Any], token: str | None) -> dict[str, Any]:
        if token != SECRETARIAT:
            return deepcopy(node)
        told = {"mayors": 400, "staff": 437, "secretariat": 1}
        return deepcopy(node) | {"canMove": True, "canBe": POSSIBLE.get(node["status"], []), "hearers": told}

    def _within(self, node: dict[str, Any], variables: Mapping[str, Any]) -> bool:
        start = node["startsAtLocal"]
        if start is None:
            return not variables.get("until")
        return bool((variables.get("from") or "") <= start <= (variables.get("until") or "9999"))

    def _home(self, token: str | None) -> dict[str, Any]:
        """Two moves of one event, a grant accepted, and one thing of each sort that may wait."""
        annual = self.events["evt_annual"]
        stood = {
            "status": "SCHEDULED",
            "startsAtLocal": "2031-01-21T09:00",
            "endsAtLocal": "2031-01-24T13:00",
        }
        nowhere: dict[str, Any] = {
            "status": "POSTPONED",
            "startsAtLocal": None,
            "endsAtLocal": None,
            "timeZone": "America/New_York",
        }
        told: dict[str, Any] = {
            "at": "2030-11-20T15:00:00.000Z",
            "actor": {"name": "The Secretariat"},
            "principal": None,
        }
        grant = self._grants()[0]
        moves = [
            told
            | {
                "__typename": kind,
                "cursor": f"cursor-{kind}",
                "reason": "The hall was flooded.",
                "was": was_,
                "now": nowhere,
                "event": deepcopy(annual),
            }
            for kind, was_ in (
                ("EventPostponed", stood | {"timeZone": "America/New_York"}),
                ("EventRescheduled", nowhere),
            )
        ]
        accepted = told | {"__typename": "DelegationAccepted", "cursor": "cursor-d", "delegation": grant}
        nothing: dict[str, Any] = {"totalCount": 0, "nodes": []}
        parts = (
            *("named", "unread", "groupInvitations", "reports", "invitations", "grantsEnding"),
            *("drafts", "undated", "over", "seatsVacant", "termsEnding"),
        )
        waiting = {part: dict(nothing) for part in parts}
        waiting["grantsEnding"] = {"totalCount": 1, "nodes": [grant | {"endsOn": "2031-01-30"}]}
        waiting["undated"] = {"totalCount": 4, "nodes": [{"id": "evt_heat", "title": "Urban Heat Exchange"}]}
        waiting["seatsVacant"] = {
            "totalCount": 1,
            "nodes": [{"slug": "dublin-ca", "name": "Dublin", "region": "CA"}],
        }
        return {
            "seen": {
                "account": {"id": "acc_june"},
                "unreadCount": 0,
                "capacity": {"id": self.acting[token or ""]["id"], "scopes": None, "city": None},
                "lastLook": {"at": "2030-11-18T15:00:00.000Z", "trimmed": False},
            },
            "changes": {"nodes": [*moves, accepted], "pageInfo": {"hasPreviousPage": False}},
            "waiting": waiting,
            "ours": {"nodes": []},
            "sponsored": {"nodes": []},
        }

    def _granted(self, name: str, document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The grant a page is about, by its id or by its letter's code."""
        if name == "AcceptDelegationPage":
            return {"offered": {"nodes": self._grants()[:1] if variables["code"] == "abc" else []}}
        if "TheGrant" not in document and name != "Delegation":
            return {}
        nothing: dict[str, Any] = {"edges": [], "pageInfo": {"hasPreviousPage": False, "startCursor": None}}
        grant = next((grant for grant in self._grants() if grant["id"] == variables["id"]), None)
        return {"node": grant and {**grant, "history": nothing}}

    def _grants(self) -> list[dict[str, Any]]:
        base = {"startsOn": "2030-01-01", "endsOn": None, "objectId": None, "event": None}
        base |= {"acceptedAt": "2030-01-02T15:00:00.000Z", "endedAt": None}
        june = {"id": "acc_june", "name": "June Park", "email": "staff@richmond-va.example"}
        return [
            base
            | {
                "id": "del_1",
                "status": "ACTIVE",
                "scopes": ["PROFILE", "RSVP", "REGISTER", "DRAFT_RESOLUTION"],
                "delegate": june,
                "principal": MAYOR["principal"],
            },
            base
            | {
                "id": "del_2",
                "status": "EXPIRED",
                "scopes": ["RSVP"],
                "delegate": june,
                "principal": SECOND["principal"],
            },
        ]


class FakeDoor:
    """Lets in whoever knows the one link or the one code."""

    def __init__(self, api: FakeApi) -> None:
        self.api = api
        self.asked: list[str] = []
        self.left: list[str] = []
        self.pause: int | None = None  # minutes, when somebody knocked too often

    def _knock(self) -> None:
        if self.pause:
            raise TooManyTries(self.pause)

    async def ask(self, email: str, visitor: Visitor) -> None:
        """Remember who asked."""
        assert visitor.address
        self._knock()
        self.asked.append(email)

    async def redeem_link(self, secret: str, _visitor: Visitor) -> str | None:
        """Know two links."""
        self._knock()
        return {"good-staff": STAFF, "good": SECRETARIAT}.get(secret)

    async def redeem_code(self, email: str, code: str, _visitor: Visitor) -> str | None:
        """Know one code."""
        self._knock()
        return SECRETARIAT if email and code == "123456" else None

    async def act_for(self, token: str, capacity_id: str) -> bool:
        """Know three capacities."""
        if not capacity_id:
            self.api.lost.discard(token)
            self.api.acting[token] = SELF
            return True
        found = {c["id"]: c for c in (SELF, MAYOR, SECOND)}.get(capacity_id)
        if found is None:
            return False
        self.api.acting[token] = found
        return True

    async def leave(self, token: str) -> None:
        """Remember who left."""
        self.left.append(token)
        self.api.acting.pop(token, None)
