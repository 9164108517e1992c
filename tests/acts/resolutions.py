"""The ladder's rungs for resolutions: the mayor of Alexandria leads, another mayor sponsors, the secretariat calls."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.acts.making import Cast
from tests.acts.rung import Given, Rung
from tests.living import Caller

Making = Callable[[Cast], Awaitable[Given]]
_R, _M = "Refused", "Missing"
_TEXT = [{"kind": "RESOLVED", "text": "that ladders be counted"}]


def _due(days: int) -> dict[str, str]:
    return {"dueAt": f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%dT%H:%M}"}


async def _new_call(_cast: Cast) -> Given:
    return {"name": "Ladders", "timeZone": "UTC", "sponsorsNeeded": 2, **_due(9)}


async def _call(cast: Cast) -> str:
    return str((await cast.secretariat.done("callForResolutions", **await _new_call(cast)))["id"])


async def _to_move(cast: Cast) -> Given:
    return {"callId": await _call(cast), "reason": "Snow", **_due(10)}


async def _moved_meanwhile(cast: Cast) -> Given:
    given = await _to_move(cast)
    await cast.secretariat.done("moveDeadline", **given)
    return given | _due(11) | {"expectedRevision": 1}


async def _to_draft(cast: Cast) -> Given:
    return {"callId": await _call(cast), "title": "Ladders", "clauses": _TEXT}


async def _to_draft_too_late(cast: Cast) -> Given:
    given = await _to_draft(cast)
    past = "UPDATE resolution_calls SET due_wall = due_wall - interval '10 days' WHERE id = $1"
    await cast.home.rows(past, UUID(given["callId"][4:]))
    return given


async def _draft(cast: Cast) -> Given:
    drafted = await cast.mayor.done("draftResolution", **await _to_draft(cast))
    return {"resolutionId": drafted["id"]}


async def _to_edit(cast: Cast) -> Given:
    return {**await _draft(cast), "title": "Rungs", "clauses": _TEXT}


async def _open(cast: Cast) -> Given:
    given = await _draft(cast)
    await cast.mayor.done("gatherSponsors", **given)
    return {**given, "_third": await cast.home.caller("mayor@portsmouth-va.example")}


def _only(given: Given) -> Given:
    return {"resolutionId": given["resolutionId"]}


async def _to_sponsor(cast: Cast) -> Given:
    return {**await _open(cast), "version": 1}


async def _sponsored(cast: Cast) -> Given:
    given = await _to_sponsor(cast)
    await given["_third"].done("sponsorResolution", **_only(given), version=1)
    return given


async def _to_leave(cast: Cast) -> Given:
    given = await _sponsored(cast)
    return {**_only(given), "_third": given["_third"]}


async def _left(cast: Cast) -> Given:
    given = await _to_leave(cast)
    await given["_third"].done("withdrawSponsorship", **_only(given))
    return given


async def _to_submit(cast: Cast) -> Given:
    return _only(await _sponsored(cast))


async def _submitted(cast: Cast) -> Given:
    given = await _to_submit(cast)
    await cast.mayor.done("submitResolution", **given)
    return given


async def _to_edit_submitted(cast: Cast) -> Given:
    return {**await _submitted(cast), "title": "Rungs", "clauses": _TEXT}


async def _to_withdraw(cast: Cast) -> Given:
    return {**_only(await _open(cast)), "reason": "Overtaken."}


async def _withdrawn(cast: Cast) -> Given:
    given = await _to_withdraw(cast)
    await cast.mayor.done("withdrawResolution", **given)
    return given


async def _mayor(cast: Cast, _given: Given) -> Caller:
    return cast.mayor


async def _third(_cast: Cast, given: Given) -> Caller:
    third: Caller = given["_third"]
    return third


def _rung(act: str, given: Making, outsider: str, scopeless: str, needs: str, **more: Any) -> Rung:
    return Rung(act, given, outsider, scopeless, "Resolution", needs, **more)


_IN_PERSON = "cannot be delegated"
RESOLUTIONS = [
    Rung("callForResolutions", _new_call, _R, _R, "ResolutionCall"),
    Rung("moveDeadline", _to_move, _R, _R, "ResolutionCall", too_late=_moved_meanwhile),
    _rung(
        "draftResolution",
        _to_draft,
        "Resolution",
        _R,
        "draft_resolution",
        right=_mayor,
        too_late=_to_draft_too_late,
    ),
    _rung("editResolution", _to_edit, _M, _M, "", right=_mayor, too_late=_to_edit_submitted),
    _rung("gatherSponsors", _draft, _M, _M, "", right=_mayor, too_late=_submitted),
    _rung(
        "sponsorResolution",
        _to_sponsor,
        "Resolution",
        _R,
        _IN_PERSON,
        right=_third,
        too_late=_sponsored,
    ),
    _rung(
        "withdrawSponsorship",
        _to_leave,
        "WrongMoment",
        _R,
        _IN_PERSON,
        right=_third,
        too_late=_left,
    ),
    _rung("submitResolution", _to_submit, _R, _R, _IN_PERSON, right=_mayor, too_late=_submitted),
    _rung("withdrawResolution", _to_withdraw, _R, _R, _IN_PERSON, right=_mayor, too_late=_withdrawn),
]
