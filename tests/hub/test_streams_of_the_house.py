"""Streams through the API: what ends them, what does not, and that a notice is executed once for all who are alike."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from notifications.streams import Stream
from policy.viewer import Acting
from rotunda.admission import Admission
from rotunda.credentials import hashed
from rotunda.feeds import PlannedFeed
from rotunda.graphql.service import Answer, Operation
from rotunda.graphql.service import Caller as Asking
from tests.living import Caller, Home, until
from tests.scenarios.documents import NOTICES, POSTPONED

MAYOR = "mayor@alexandria-va.example"


@pytest.fixture
async def secretariat(home: Home) -> Caller:
    return await home.caller("secretariat@rotunda.example")


@pytest.mark.parametrize("over", ["ws", "sse"])
async def test_a_token_that_expires_ends_its_streams(home: Home, secretariat: Caller, over: str) -> None:
    mayor = await home.caller(MAYOR)
    await home.rows(
        "UPDATE tokens SET expires_at = now() + interval '4 s' WHERE hash = $1", hashed(mayor.token)
    )

    async with mayor.listening(NOTICES, over=over) as heard:
        frames = await heard.rest()
    async with secretariat.listening(NOTICES, over=over, after=await secretariat.head()) as other:
        await secretariat.done("postponeEvent", eventId=await _an_event(secretariat))
        going_on = await other.notice()

    assert [frame.kind for frame in frames] == ["next", "complete", "closed"]
    assert frames[0].payload["data"]["notices"]["reason"] == "EXPIRED"
    assert over == "sse" or frames[-1].payload[0] == 4403
    assert await mayor.code("{ head }") == "UNAUTHENTICATED"
    assert going_on["__typename"] == "EventScheduled"


async def test_what_is_committed_after_a_token_expired_is_not_handed_to_its_slow_reader(
    home: Home, secretariat: Caller
) -> None:
    mayor = await home.caller(MAYOR)
    event = await _an_event(secretariat)
    acting = await home.house.acting(hashed(mayor.token), None)
    assert acting
    stream = await home.hub.subscribe(_Anything(), acting, hashed(mayor.token), None)
    await home.rows(
        "UPDATE tokens SET expires_at = now() + interval '0.2 s' WHERE hash = $1", hashed(mayor.token)
    )
    await home.hub.look_again(stream, "RIGHTS_CHANGED")
    await asyncio.sleep(0.3)

    await secretariat.done("postponeEvent", eventId=event)
    await until(lambda: home.hub.settled == home.hub.head)
    heard = [item async for item in stream.items()]

    assert heard == [b"ended EXPIRED"]


async def test_signing_out_ends_the_streams_of_that_session_and_of_no_other(
    home: Home, secretariat: Caller
) -> None:
    leaving, staying = await home.caller(MAYOR), await home.caller(MAYOR)
    start = await leaving.head()

    async with (
        leaving.listening(NOTICES, after=start) as ends,
        staying.listening(NOTICES, after=start) as goes_on,
    ):
        await _sign_out(home, leaving)
        frames = await ends.rest()
        await secretariat.done("postponeEvent", eventId=await _an_event(secretariat))
        told = await goes_on.notices(3)

    assert frames[0].payload["data"]["notices"]["reason"] == "SIGNED_OUT"
    assert frames[-1].payload[0] == 4403
    assert [notice["__typename"] for notice in told] == ["SessionEnded", "EventScheduled", "EventPostponed"]


async def test_a_heartbeat_comes_through_the_api_with_a_cursor_to_resume_from(
    home: Home, secretariat: Caller
) -> None:
    home.hub._heartbeat_seconds = 0.05  # noqa: SLF001 - a minute is too long for a test

    async with secretariat.listening(NOTICES) as heard:
        beat = await heard.item()
    assert beat["__typename"] == "Heartbeat"
    await secretariat.done("postponeEvent", eventId=await _an_event(secretariat))
    async with secretariat.listening(NOTICES, after=beat["cursor"]) as resumed:
        told = await resumed.notices(2)

    assert [notice["__typename"] for notice in told] == ["EventScheduled", "EventPostponed"]


@pytest.mark.parametrize("cursor", ["", "garbage", "MTphYmM6LTE6MDAwMDAw", "☂", "A" * 9_999])
async def test_garbage_for_a_cursor_is_refused_by_its_code(home: Home, cursor: str) -> None:
    visitor = await home.caller()

    async with visitor.listening(POSTPONED, after=cursor) as heard:
        frame = await heard.frame()

    assert frame.kind == "error"
    assert frame.payload[0]["extensions"]["code"] == "BAD_CURSOR"


async def test_one_notice_is_one_statement_for_all_who_listen_with_a_viewer_for_each_class(
    home: Home, secretariat: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = await _an_event(secretariat, audience="PUBLIC")
    mayors = [
        await home.caller(f"mayor@{slug}.example") for slug in ("alexandria-va", "norfolk-va", "richmond-va")
    ]
    listeners = [*mayors, await home.caller("staff@alexandria-va.example"), *[await home.caller()] * 4]
    asked: list[tuple[Sequence[int], Sequence[Acting]]] = []
    payloads = PlannedFeed.payloads

    async def counted(
        self: PlannedFeed, kind: str, positions: Sequence[int], viewers: Sequence[Acting]
    ) -> Any:
        asked.append((positions, viewers))
        return await payloads(self, kind, positions, viewers)

    monkeypatch.setattr(PlannedFeed, "payloads", counted)
    start = home.hub.subscribers
    tasks = [asyncio.create_task(_first_of(listener)) for listener in listeners]
    await until(lambda: home.hub.subscribers == start + len(listeners))
    await secretariat.done("postponeEvent", eventId=event)
    heard = await asyncio.gather(*tasks)

    assert len({str(item) for item in heard}) == 1
    ((positions, viewers),) = asked
    assert len(positions) == 1
    assert sorted(viewer.member for viewer in viewers) == [False, True]


async def _first_of(listener: Caller) -> dict[str, Any]:
    async with listener.listening(POSTPONED) as heard:
        return await heard.notice()


async def _sign_out(home: Home, caller: Caller) -> None:
    await home.rows("UPDATE tokens SET kind = 'session' WHERE hash = $1", hashed(caller.token))
    headers = {"Cookie": f"rotunda_session={caller.token}", "Sec-Fetch-Site": "same-origin"}
    done = await home.http.post(f"{home.url}/sign-out", headers=headers)
    assert done.status_code < 400


async def _an_event(secretariat: Caller, **given: str) -> str:
    created = await secretariat.done(
        "createEvent",
        title="A session",
        kind="WEBINAR",
        timeZone="America/Chicago",
        startsAt="2031-03-16T09:00",
        **given,
    )
    await secretariat.done("scheduleEvent", eventId=created["id"])
    return str(created["id"])


class _Anything:
    """A feed that says only how it ended."""

    kinds = frozenset({"EventPostponed"})

    def mentions(self, _kind: str) -> frozenset[str]:
        return frozenset()

    async def payloads(
        self, _kind: str, positions: Sequence[int], viewers: Sequence[Acting]
    ) -> list[tuple[int, int, bytes]]:
        return [(position, no, b"told") for position in positions for no in range(len(viewers))]

    def heartbeat(self, _cursor: str) -> bytes:
        return b"beat"

    def expired(self, _head: str) -> bytes:
        return b"expired"

    def ended(self, reason: str, _cursor: str) -> bytes:
        return f"ended {reason}".encode()


async def test_who_was_let_in_a_moment_ago_is_asked_again_only_once_somebodys_rights_have_changed(
    home: Home, secretariat: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes | None] = []
    who = Admission.who

    async def noted(self: Admission, token: bytes | None, chosen: UUID | None) -> Any:
        asked.append(token)
        return await who(self, token, chosen)

    monkeypatch.setattr(Admission, "who", noted)
    let_in = await home.house.admit(Asking(secretariat.token))
    assert let_in

    stream = await home.house.subscribe(Operation(NOTICES), let_in)

    assert isinstance(stream, Stream)
    assert len(asked) == 1
    await stream.aclose()
    changes = home.hub.changes
    await _sign_out(home, secretariat)
    await until(lambda: home.hub.changes > changes)

    refused = await home.house.subscribe(Operation(NOTICES), let_in)

    assert isinstance(refused, Answer)
    assert refused.status == 401
    assert len(asked) > 1
