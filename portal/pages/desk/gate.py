"""Whom the desk is open to: the secretariat; its list of events also to hosts. For everybody else it is not there."""

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from portal.rooms import House, MissingThing, TurnedAway


async def at_desk(
    house: House, request: Request, document: str, variables: Mapping[str, Any], *, hosts_too: bool = False
) -> dict[str, Any]:
    """The data of a desk's document, for whom the desk is open to; ``MissingThing`` for everybody else.

    Whoever belongs to the secretariat and acts for a mayor just now is told so: that much they know.
    """
    data = await house.read(document, variables, house.cookies.token(request))
    if data["viewer"] is None:
        raise TurnedAway(document)
    opened(data, hosts_too=hosts_too)
    return data


def opened(data: Mapping[str, Any], *, hosts_too: bool = False) -> None:
    """Pass whom the desk is open to; a page that was open already may find that it no longer is."""
    viewer = data["viewer"] or {"secretariat": False, "hosts": False, "account": {"secretariat": False}}
    if viewer["secretariat"] or (hosts_too and viewer["hosts"]):
        return
    if viewer["account"]["secretariat"]:
        raise HTTPException(
            403,
            "The desk is open while you act as the secretariat. Change for whom you act, above, and come back.",
        )
    raise MissingThing("There is no such page, or it is not yours to open.")
