"""S4: a revocation takes effect at its commit: streams end, nothing later arrives, the own account lives on."""

import asyncio

import pytest

from tests.living import Caller, Frame, Home
from tests.scenarios.documents import NOTICES, VIEWER

STAFF = "staff@alexandria-va.example"


@pytest.fixture
async def secretariat(home: Home) -> Caller:
    return await home.caller("secretariat@rotunda.example")


@pytest.fixture
async def staff(home: Home) -> Caller:
    """The mayor's staff, acting for the mayor by default."""
    return await home.caller(STAFF)


@pytest.mark.parametrize("over", ["ws", "sse"])
async def test_the_stream_says_why_completes_and_carries_nothing_committed_later(
    home: Home, secretariat: Caller, staff: Caller, over: str
) -> None:
    event = await _an_event(secretariat)

    async with staff.listening(NOTICES, over=over, after=await staff.head()) as heard:
        await secretariat.done("postponeEvent", eventId=event)
        before = await heard.notice()
        await _revoke(home)
        await secretariat.done("postponeEvent", eventId=event)
        frames = await heard.rest()

    assert before["__typename"] == "EventPostponed"
    ended, complete, closed = frames
    assert (ended.kind, _said(ended)["__typename"]) == ("next", "StreamEnded")
    assert _said(ended)["reason"] == "DELEGATION_REVOKED"
    assert _said(ended)["cursor"] == before["cursor"]
    assert complete.kind == "complete"
    assert over == "sse" or closed.payload[0] == 4403


async def test_the_mayors_own_stream_goes_on_and_tells_of_the_revocation(home: Home) -> None:
    mayor = await home.caller("mayor@alexandria-va.example")

    async with mayor.listening(NOTICES, after=await mayor.head()) as heard:
        await _revoke(home)
        revoked = await heard.notice()

    assert revoked["__typename"] == "DelegationRevoked"


async def test_of_many_notices_committed_around_the_revocation_none_behind_it_arrives(
    home: Home, secretariat: Caller, staff: Caller
) -> None:
    events = [await _an_event(secretariat) for _ in range(4)]
    start = await staff.head()

    async def keep_postponing(event: str) -> None:
        for _ in range(25):
            await secretariat.done("postponeEvent", eventId=event)

    async with (
        staff.listening(NOTICES, after=start) as live,
        staff.listening(NOTICES, over="sse", after=start) as sse,
    ):
        burst = [asyncio.create_task(keep_postponing(event)) for event in events]
        await live.notices(20)
        revoked_at = await _revoke(home)
        await asyncio.gather(*burst)
        late = await asyncio.gather(live.rest(), sse.rest())

    for frames in late:
        assert [f.kind for f in frames[-2:]] == ["complete", "closed"]
        assert _said(frames[-3])["reason"] == "DELEGATION_REVOKED"
        heard = [_said(frame) for frame in frames[:-3]]
        assert await _positions_behind(home, heard, revoked_at) == []


async def test_a_revocation_in_the_midst_of_catching_up_ends_the_catching_up(
    home: Home, secretariat: Caller, staff: Caller
) -> None:
    start = await staff.head()
    await _many_notices(home, await _an_event(secretariat), 3_000)

    async with staff.listening(NOTICES, after=start) as heard:
        await heard.notices(10)
        revoked_at = await _revoke(home)
        await secretariat.done("postponeEvent", eventId=await _an_event(secretariat))
        frames = await heard.rest()

    assert _said(frames[-3])["reason"] == "DELEGATION_REVOKED"
    assert await _positions_behind(home, [_said(frame) for frame in frames[:-3]], revoked_at) == []


async def test_the_old_cursor_brings_nothing_back_under_the_lost_capacity(
    home: Home, secretariat: Caller, staff: Caller
) -> None:
    held = staff.acting_for(await staff.capacity_for("alexandria-va"))
    start = await staff.head()
    await _revoke(home)
    await secretariat.done("postponeEvent", eventId=await _an_event(secretariat))

    assert await held.refused_socket() == (4403, "Forbidden")
    assert await held.code("{ head }") == "CAPACITY_NOT_HELD"
    async with staff.listening(NOTICES, over="sse", after=start) as own:
        told = await own.notice()
    assert told["__typename"] == "DelegationRevoked"


async def test_ones_own_account_keeps_working_with_the_same_token(home: Home, staff: Caller) -> None:
    acting = (await staff.ask(VIEWER))["viewer"]
    await _revoke(home)

    own = (await staff.ask(VIEWER))["viewer"]
    members_only = await staff.act("updateProfile", biography="Still here?")

    assert acting["capacity"]["principal"]["city"]["slug"] == "alexandria-va"
    assert own["account"] == {"email": STAFF}
    assert own["capacity"]["principal"] is None
    assert [one["principal"] for one in own["capacities"]] == [None]
    assert members_only["__typename"] in {"Refused", "Missing"}


async def test_a_token_bound_to_the_lost_capacity_is_told_so(home: Home) -> None:
    bound = await home.caller(STAFF, bound_to="alexandria-va")
    assert (await bound.ask(VIEWER))["viewer"]["capacity"]["principal"]

    await _revoke(home)

    assert await bound.code(VIEWER) == "CAPACITY_NOT_HELD"
    assert (await bound.response(VIEWER)).status_code == 401
    assert await bound.code("mutation ($i: HoldEventInput!) { holdEvent(input: $i) { __typename } }",
                            i={"eventId": "evt_" + "0" * 32, "idempotencyKey": "k"}) == "CAPACITY_NOT_HELD"  # fmt: skip
    assert (await bound.refused_socket())[0] == 4403


async def test_an_act_under_way_when_the_grant_is_revoked_is_either_before_it_or_not_at_all(
    home: Home, staff: Caller
) -> None:
    acts = [
        asyncio.create_task(staff.response(_PROFILE, input={"biography": f"{n}", "idempotencyKey": f"{n}"}))
        for n in range(12)
    ]
    revoked_at = await _revoke(home)
    await asyncio.gather(*acts)

    later = "SELECT count(*) FROM notices WHERE kind = 'ProfileUpdated' AND pos > $1"
    assert await home.value(later, revoked_at) == 0


_PROFILE = "mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { __typename } }"


async def _revoke(home: Home) -> int:
    """Revoke the staff's grant; the revocation's position."""
    mayor = await home.caller("mayor@alexandria-va.example")
    asked = "{ delegations(first: 50) { edges { node { id status delegate { email } } } } }"
    grants = [edge["node"] for edge in (await mayor.ask(asked))["delegations"]["edges"]]
    (held,) = [g for g in grants if g["delegate"]["email"] == STAFF and g["status"] == "ACTIVE"]
    revoked = await mayor.done("revokeDelegation", delegationId=held["id"])
    assert revoked["status"] == "REVOKED"
    return int(await home.value("SELECT pos FROM notices WHERE kind = 'DelegationRevoked'"))


async def _an_event(secretariat: Caller) -> str:
    created = await secretariat.done(
        "createEvent",
        title="A session",
        kind="WEBINAR",
        timeZone="America/Chicago",
        startsAt="2031-03-16T09:00",
    )
    await secretariat.done("scheduleEvent", eventId=created["id"])
    return str(created["id"])


async def _many_notices(home: Home, event: str, count: int) -> None:
    """A long log, without the acts."""
    await home.rows(
        "INSERT INTO notices (kind, subject, revision, topics, payload) "
        "SELECT 'EventPostponed', $1, 1000 + n, '{members,secretariat}', "
        """'{"version": 1, "reason": null, "was": null, "now": null}' FROM generate_series(1, $2) n""",
        event[4:],
        count,
    )


async def _positions_behind(home: Home, heard: list[dict[str, str]], position: int) -> list[str]:
    epoch = await home.value("SELECT log_epoch()")
    beyond = await home.rows("SELECT log_cursor(pos, $1) FROM notices WHERE pos > $2", epoch, position)
    late = {row[0] for row in beyond}
    return [item["cursor"] for item in heard if item["cursor"] in late]


def _said(frame: Frame) -> dict[str, str]:
    assert frame.kind == "next", frame
    item: dict[str, str] = frame.payload["data"]["notices"]
    return item
