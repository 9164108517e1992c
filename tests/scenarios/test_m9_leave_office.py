"""M9, delegations and streams: when a mayor leaves office, every grant ends, and every stream under it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.living import Caller, Home
from tests.scenarios.documents import NOTICES, VIEWER

GRANTS = "{ delegations(first: 50) { edges { node { id status endsOn delegate { email } } } } }"


@pytest.fixture
async def secretariat(home: Home) -> Caller:
    return await home.caller("secretariat@rotunda.example")


@pytest.mark.parametrize("over", ["ws", "sse"])
async def test_the_mayors_and_the_staffs_streams_end_with_the_term(
    home: Home, secretariat: Caller, over: str
) -> None:
    mayor = await home.caller("mayor@alexandria-va.example")
    staff = await home.caller("staff@alexandria-va.example")
    start = await mayor.head()

    async with (
        mayor.listening(NOTICES, over=over, after=start) as hers,
        staff.listening(NOTICES, over=over, after=start) as theirs,
    ):
        await secretariat.done("endTerm", mayorId=await _term_of(mayor), on=str(_yesterday()))
        ended = [await hers.rest(), await theirs.rest()]

    for frames in ended:
        last = frames[-3].payload["data"]["notices"]
        assert (last["__typename"], last["reason"]) == ("StreamEnded", "TERM_ENDED")
        assert frames[-2].kind == "complete"
        assert over == "sse" or frames[-1].payload[0] == 4403


async def test_every_grant_that_lived_has_ended_and_nobody_acts_for_the_office_any_more(
    home: Home, secretariat: Caller
) -> None:
    mayor = await home.caller("mayor@alexandria-va.example")
    staff = await home.caller("staff@alexandria-va.example")
    term = await _term_of(mayor)
    standing = "SELECT id, status FROM delegations WHERE term_id = $1"
    before = {row["id"]: row["status"] for row in await home.rows(standing, term[4:])}

    ended = await secretariat.done("endTerm", mayorId=term, on=str(_yesterday()))

    after = {row["id"]: row["status"] for row in await home.rows(standing, term[4:])}
    assert ended["until"] == str(_yesterday())
    assert {"active", "invited", "revoked"} <= set(before.values())
    for grant, status in after.items():
        assert status == ("term_ended" if before[grant] in {"active", "invited"} else before[grant])
    assert (await staff.ask(VIEWER))["viewer"]["capacity"]["principal"] is None
    assert (await mayor.ask(VIEWER))["viewer"]["capacity"]["principal"] is None
    vacant = await mayor.ask('{ city(slug: "alexandria-va") { mayor { name } } }')
    assert vacant["city"]["mayor"] is None


async def test_a_successor_can_be_sworn_in_the_day_the_seat_falls_vacant(
    home: Home, secretariat: Caller
) -> None:
    mayor = await home.caller("mayor@alexandria-va.example")
    await secretariat.done("endTerm", mayorId=await _term_of(mayor), on=str(_yesterday()))
    city = (await mayor.ask('{ city(slug: "alexandria-va") { id } }'))["city"]["id"]

    successor = await secretariat.done(
        "openTerm",
        cityId=city,
        name="Ada Newcomer",
        email="ada@alexandria.example",
        startsOn=str(_yesterday()),
    )

    ada = await home.caller("ada@alexandria.example")
    acting = (await ada.ask(VIEWER))["viewer"]["capacity"]
    assert acting["principal"]["name"] == successor["name"] == "Ada Newcomer"
    assert acting["principal"]["city"]["slug"] == "alexandria-va"


async def test_a_term_that_will_end_cuts_its_grants_to_that_day_and_ends_nothing_yet(
    home: Home, secretariat: Caller
) -> None:
    mayor = await home.caller("mayor@alexandria-va.example")
    staff = await home.caller("staff@alexandria-va.example")
    last = datetime.now(UTC).date() + timedelta(days=40)

    async with staff.listening(NOTICES, after=await staff.head()) as heard:
        await secretariat.done("endTerm", mayorId=await _term_of(mayor), on=str(last))
        told = await heard.notice()

    assert told["__typename"] == "TermEnded"
    living = [grant for grant in await _grants(mayor) if grant["status"] == "ACTIVE"]
    assert living
    assert all(grant["endsOn"] <= str(last - timedelta(days=1)) for grant in living)
    assert (await staff.ask(VIEWER))["viewer"]["capacity"]["scopes"]


def _yesterday() -> date:
    # Two days back, so that it is past in every zone.
    return datetime.now(UTC).date() - timedelta(days=2)


async def _term_of(mayor: Caller) -> str:
    asked = "{ viewer { capacity { principal { id } } } }"
    return str((await mayor.ask(asked))["viewer"]["capacity"]["principal"]["id"])


async def _grants(caller: Caller) -> list[dict[str, str]]:
    edges = (await caller.ask(GRANTS))["delegations"]["edges"]
    return [edge["node"] for edge in edges]
