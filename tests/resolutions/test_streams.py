"""Drafts pushed as they are opened, and what becomes of them: over real sockets, resumable, by right alone."""

from dataclasses import replace

import pytest

from tests.living import Heard, Row
from tests.resolutions.conftest import Floor, grant, in_days

DRAFTS = """subscription ($after: Cursor) { resolutionDrafts(after: $after) { __typename
  ... on Notice { cursor actor { id } principal { city { slug } } }
  ... on ResolutionNotice { textVersion resolution { id title status sponsorCount missing } }
  ... on SponsorNotice { sponsorCount sponsor { city { slug } } }
  ... on ResolutionEdited { wasVersion } ... on ResolutionSubmitted { number } ... on ResolutionReturned { missing }
  ... on ResolutionWithdrawn { reason }
  ... on CallNotice { call { name } } ... on DeadlineMoved { reason was { dueAtLocal timeZone } now { dueAtLocal } }
  ... on Heartbeat { cursor } } }"""
ONE = """subscription ($id: ID, $after: Cursor) { resolution(id: $id, after: $after) { __typename
  ... on ResolutionNotice { cursor resolution { id } } ... on Heartbeat { cursor } } }"""


def kinds(heard: list[Row]) -> list[str]:
    return [str(one["__typename"]) for one in heard]


@pytest.mark.parametrize("over", ["ws", "sse"])
async def test_a_member_hears_of_a_draft_when_it_is_opened_and_all_that_becomes_of_it(
    floor: Floor, over: str
) -> None:
    async with floor.ben.listening(DRAFTS, over=over, after=await floor.ben.head()) as stream:
        await floor.drafted()
        await floor.edited(title="Unheard of")
        await floor.opened()
        await floor.sponsor(floor.cal)
        await floor.edited(title="In other words")
        await floor.sponsor(floor.cal)
        await floor.ada.done("submitResolution", resolutionId=floor.id)
        await floor.cal.done("withdrawSponsorship", resolutionId=floor.id)
        await floor.ada.done("withdrawResolution", resolutionId=floor.id, reason="Enough.")
        heard = await stream.notices(8)

    assert kinds(heard) == [
        "ResolutionOpened",
        "SponsorJoined",
        "ResolutionEdited",
        "SponsorJoined",
        "ResolutionSubmitted",
        "SponsorWithdrew",
        "ResolutionReturned",
        "ResolutionWithdrawn",
    ]
    assert [one["textVersion"] for one in heard[:3]] == [2, 2, 3]
    assert heard[2]["wasVersion"] == 2
    assert (heard[4]["number"], heard[6]["missing"], heard[7]["reason"]) == (1, 1, "Enough.")
    assert {one["sponsor"]["city"]["slug"] for one in heard if "sponsor" in one} == {"madison-wi"}


async def test_the_lead_is_told_at_once_that_a_sponsor_withdrew_and_the_text_came_back(floor: Floor) -> None:
    await (await (await floor.drafted()).opened()).submitted()

    async with floor.ada.listening(DRAFTS, after=await floor.ada.head()) as stream:
        await floor.ben.done("withdrawSponsorship", resolutionId=floor.id)
        heard = await stream.notices(2)

    assert kinds(heard) == ["SponsorWithdrew", "ResolutionReturned"]
    assert (heard[0]["sponsor"]["city"]["slug"], heard[0]["sponsorCount"]) == ("norfolk-va", 1)
    assert (heard[1]["resolution"]["status"], heard[1]["missing"]) == ("GATHERING", 1)


@pytest.mark.parametrize("over", ["ws", "sse"])
async def test_whoever_resumes_hears_everything_once_and_in_order(floor: Floor, over: str) -> None:
    begun = await floor.ben.head()
    await (await floor.drafted()).opened()
    await floor.sponsor(floor.cal)
    await floor.ada.done("submitResolution", resolutionId=floor.id)

    async with floor.ben.listening(ONE, over=over, id=floor.id, after=begun) as stream:
        first = await stream.notices(2)
    await floor.cal.done("withdrawSponsorship", resolutionId=floor.id)
    async with floor.ben.listening(ONE, over=over, id=floor.id, after=first[-1]["cursor"]) as stream:
        rest = await stream.notices(3)

    assert kinds(first) == ["ResolutionOpened", "SponsorJoined"]
    assert kinds(rest) == ["ResolutionSubmitted", "SponsorWithdrew", "ResolutionReturned"]


async def test_one_resolutions_stream_says_nothing_of_another(floor: Floor) -> None:
    await (await floor.drafted()).opened()
    other = replace(floor)
    await (await other.drafted()).opened()

    async with floor.ben.listening(ONE, id=floor.id, after=await floor.ben.head()) as stream:
        await other.sponsor(floor.cal)
        await floor.sponsor(floor.cal)
        heard = await stream.notice()

    assert heard["resolution"]["id"] == floor.id


async def test_the_office_hears_of_its_draft_and_the_secretariat_does_not(floor: Floor) -> None:
    heads = await floor.ada.head()
    await floor.drafted(by=floor.drafter)
    await floor.edited()
    await floor.secretariat.done(
        "moveDeadline", callId=floor.call["id"], dueAt=in_days(40), timeZone="UTC", reason="Elections"
    )

    told = {}
    people = {"lead": floor.ada, "drafter": floor.drafter, "chief": floor.chief, "ben": floor.ben}
    for name, who in {**people, "secretariat": floor.secretariat}.items():
        async with who.listening(DRAFTS, after=heads) as stream:
            told[name] = await until_the_deadline_moved(stream)

    assert kinds(told["lead"]) == kinds(told["drafter"]) == ["ResolutionDrafted", "ResolutionEdited"]
    assert told["chief"] == told["ben"] == told["secretariat"] == []


async def test_a_moved_deadline_is_told_as_it_was_and_as_it_is(floor: Floor) -> None:
    was = floor.call["dueAtLocal"]

    async with floor.bens_staff.listening(DRAFTS, after=await floor.ben.head()) as stream:
        moved = await floor.secretariat.done(
            "moveDeadline", callId=floor.call["id"], dueAt=in_days(40), reason="Elections in May."
        )
        heard = await stream.notice()

    assert heard["reason"] == "Elections in May."
    assert (heard["was"]["dueAtLocal"], heard["was"]["timeZone"]) == (was, "UTC")
    assert heard["now"]["dueAtLocal"] == moved["dueAtLocal"]


async def test_from_the_moment_a_scope_is_gone_nothing_more_is_heard_of_drafts(floor: Floor) -> None:
    given = ["DRAFT_RESOLUTION", "RSVP"]
    staff = await grant(floor.home, floor.ada, "alexandria-va", "brief@resolutions.example", given)
    held = "{ viewer { capacity { id } } delegations { nodes { id status } } }"
    await floor.drafted()

    async with staff.listening(DRAFTS, after=await floor.ada.head()) as stream:
        await floor.edited(title="Heard")
        first = await stream.notice()
        (own,) = [one for one in (await staff.ask(held))["delegations"]["nodes"] if one["status"] == "ACTIVE"]
        await floor.ada.done("narrowDelegation", delegationId=own["id"], scopes=["RSVP"])
        await floor.edited(title="Unheard")
        await floor.opened()
        after = await stream.notice()

    assert (first["__typename"], after["__typename"]) == ("ResolutionEdited", "ResolutionOpened")


async def until_the_deadline_moved(stream: Heard) -> list[Row]:
    heard = []
    while (one := await stream.notice())["__typename"] != "DeadlineMoved":
        heard.append(one)
    return heard
