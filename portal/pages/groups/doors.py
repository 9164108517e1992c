"""What keeps somebody from joining or speaking: the API's own sentence, asked for before anything is offered."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from portal.pages.groups.words import in_person
from portal.rooms import House

#: What is said to find out whether one may speak; it is judged, and never kept.
_A_WORD = {"title": "A word", "body": "A word."}


async def closed(
    house: House, data: Mapping[str, Any], group: Mapping[str, Any], token: str
) -> dict[str, Any]:
    """Why the viewer may not join a group, and why not speak in it; null where they may, or where it is past."""
    here, status = in_person(data["zone"]), _status(group)
    joins = speaks = None
    if status != "JOINED" and not (here and _is_open_to(data, group, status)):
        joins = await _refusal(house, "joinGroup", {"groupId": group["id"], "acceptsRule": True}, token)
    if group["entered"] and not (here and (status == "JOINED" or not group["rule"])):
        speaks = await _refusal(house, "startThread", {"groupId": group["id"], **_A_WORD}, token)
    return {"joins": joins, "speaks": speaks}


async def silenced(
    house: House, data: Mapping[str, Any], thread: Mapping[str, Any], token: str
) -> Mapping[str, Any] | None:
    """Why the viewer may not post in a thread that is open; null where they may."""
    group = thread["group"]
    if thread["locked"] or (in_person(data["zone"]) and (_status(group) == "JOINED" or not group["rule"])):
        return None
    wanted = {"threadId": thread["id"], "body": _A_WORD["body"]}
    return await _refusal(house, "reply", wanted, token)


def is_told_names(data: Mapping[str, Any], group: Mapping[str, Any]) -> bool:
    """Whether the viewer learns who speaks: always, but under the Chatham House Rule."""
    if "CHATHAM_HOUSE" not in group["confidentiality"]:
        return True
    return in_person(data["zone"]) and _status(group) == "JOINED"


def _is_open_to(data: Mapping[str, Any], group: Mapping[str, Any], status: str) -> bool:
    """Mayors in office pass an open door, and whoever was invited passes any; there is nothing to ask."""
    mayor = bool((data["viewer"]["capacity"] or {}).get("principal"))
    return status == "INVITED" or (mayor and status == "" and group["audience"] in {"OPEN", "MEMBERS"})


def _status(group: Mapping[str, Any]) -> str:
    return str((group["membership"] or {}).get("status") or "")


async def _refusal(house: House, act: str, given: Mapping[str, Any], token: str) -> Mapping[str, Any] | None:
    problem = await house.rehearse(act, {**given, "idempotencyKey": str(uuid4())}, token)
    return problem and {"act": act, **problem}
