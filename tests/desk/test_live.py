"""The desk's streams: for whom the desk is open, and for everybody else nothing comes over them."""

import asyncio

import httpx
import pytest

from tests.acts.making import Cast
from tests.desk.conftest import browser_of
from tests.living import Caller

ROOMS = ("/desk", "/desk/events", "/desk/cities", "/desk/terms", "/desk/accounts", "/desk/audit")


@pytest.mark.parametrize("room", ROOMS)
async def test_a_mayor_who_writes_a_stream_s_address_by_hand_is_shown_nothing(cast: Cast, room: str) -> None:
    first = await _first(cast, cast.mayor, room)

    assert "can no longer be shown to you" in first
    assert "ledger" not in first


@pytest.mark.parametrize("room", ROOMS)
async def test_the_secretariat_is_shown_the_room_anew(cast: Cast, room: str) -> None:
    first = await _first(cast, cast.secretariat, room)

    assert 'hx-target="#live-block"' in first
    assert "<html" not in first
    assert '<form class="desk-filters' not in first  # what narrows the list is left as it is being typed


async def _first(cast: Cast, caller: Caller, room: str) -> str:
    """What comes over a room's stream when an event was moved and a profile kept."""
    after = await caller.head()
    event = await cast.event("SCHEDULED")
    await cast.secretariat.done("postponeEvent", eventId=event)
    await cast.mayor.done("updateProfile", biography=f"Reads {event}.")
    async with (
        browser_of(caller) as browser,
        asyncio.timeout(20),
        browser.stream("GET", f"/live{room}", params={"after": after}) as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        return await _said(answer)


async def _said(answer: httpx.Response) -> str:
    said = ""
    async for text in answer.aiter_text():
        said += text
        if "hx-partial" in said and said.endswith("\n\n"):
            return said
    return said
