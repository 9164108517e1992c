"""To what and for whom something was done, as the desk says it."""

from collections.abc import Mapping
from typing import Any

from portal import dates, deeds
from portal.deeds import Thing, mayor
from portal.pages.events.telling import Move, step_between

Node = Mapping[str, Any]


def principal(node: Node) -> str:
    """For whom an act was done or a capacity stands; empty for oneself."""
    return mayor(node.get("principal"))


def clock_of(viewer: Node) -> str:
    """The one clock that a list of deeds is told on: that of the city the viewer acts for, else UTC."""
    principal = (viewer["capacity"] or {}).get("principal") or {}
    return str((principal.get("city") or {}).get("timeZone") or "UTC")


def when(node: Node, zone: str) -> str:
    """When an act was done, on the clock that is named above the list."""
    return dates.said_at(node["at"], zone)


def step(node: Node) -> Move | None:
    """What an act changed of its event: how that stood before, how after, and why; None where it moved none."""
    left = node["move"]
    return step_between(left, left["next"] or node["event"]) if left and node["event"] else None


def subject(node: Node) -> Thing:
    """What an act was done to; nameless where it is nothing that has a name, or nothing that is still there."""
    if event := node["event"]:
        return Thing(event["title"], f"/events/{event['id']}")
    if node["grant"]:
        return _grant(node["grant"])
    if node["mayor"]:
        return Thing(mayor(node["mayor"]), f"/desk/terms?city={node['mayor']['city']['id']}")
    if account := node["account"]:
        return Thing(account["name"], f"/desk/accounts/{account['id']}")
    return deeds.of_resolutions(node) or Thing("")


def _grant(node: Node) -> Thing:
    """At the desk grants of every mayor lie side by side, so each says whose it is."""
    told = deeds.grant(node)
    giver = f" (from {mayor(node['principal'])})" if node["principal"] else ""
    return Thing(told.name + giver, told.place)
