"""Rule 5 in discussions: whoever is taken out, or whose grant ends, hears nothing committed later, on any transport."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.living import Caller, Home, until

NOTICES = """subscription { notices { __typename ... on Notice { cursor } ... on StreamEnded { reason }
  ... on PostAdded { post { bodyHtml author { name } } } ... on ProfileUpdated { mayor { id } } } }"""
POSTED = """subscription ($thread: ID!) { postAdded(threadId: $thread) { __typename
  ... on PostAdded { post { bodyHtml author { name } } } ... on StreamEnded { reason } } }"""
STAFF = "reader@rooms.example"


@dataclass
class Closed:
    """An invite-only group with Ada, who keeps it, Ben in it, and Ben's staff who read."""

    home: Home
    ada: Caller
    ben: Caller
    office: Caller
    group: str
    thread: str
    ben_id: str

    async def say(self, text: str) -> None:
        await self.ada.done("reply", threadId=self.thread, body=text)

    async def end(self) -> None:
        """Something everybody hears of: whatever came before it would have come before it."""
        await self.ada.done("updateProfile", biography="The end.")


@pytest.fixture(params=["ORDINARY", "CHATHAM_HOUSE"])
async def closed(home: Home, request: pytest.FixtureRequest) -> Closed:
    ada, ben = [await home.caller(f"mayor@{slug}.example") for slug in ("alexandria-va", "norfolk-va")]
    await ben.done("inviteDelegate", email=STAFF, scopes=["READ_GROUP", "RSVP"])
    code = await home.mailed_code(to=STAFF)
    staff = await home.caller(STAFF)
    await staff.done("acceptDelegation", code=code)
    office = staff.acting_for(await staff.capacity_for("norfolk-va"))
    asked = "{ viewer { capacity { principal { id } } } }"
    ben_id = (await ben.ask(asked))["viewer"]["capacity"]["principal"]["id"]
    group = await ada.done("createGroup", name="Few", audience="INVITED", confidentiality=request.param)
    await ada.done("inviteToGroup", groupId=group["id"], mayorIds=[ben_id])
    await ben.done("joinGroup", groupId=group["id"], acceptsRule=True)
    thread = await ada.done("startThread", groupId=group["id"], title="Few", body="Are we all here?")
    return Closed(home, ada, ben, office, group["id"], thread["id"], ben_id)


@pytest.mark.parametrize("over", ["ws", "sse"])
async def test_taken_out_one_hears_no_more_and_neither_do_ones_staff(closed: Closed, over: str) -> None:
    async with (
        closed.ben.listening(NOTICES, over=over) as mayor,
        closed.office.listening(NOTICES, over=over) as office,
    ):
        await _listened(closed.home, 2)
        await closed.say("Before.")
        before = [await mayor.notice(), await office.notice()]
        await closed.ada.done("removeFromGroup", groupId=closed.group, mayorId=closed.ben_id)
        await closed.say("After.")
        await closed.end()
        heard = [await _until_the_end(ear) for ear in (mayor, office)]

    assert ["Before." in str(one) for one in before] == [True, True]
    assert "After." not in str(heard)
    assert (await closed.ben.ask("query ($id: ID!) { thread(id: $id) { id } }", id=closed.thread)) == {
        "thread": None
    }


@pytest.mark.parametrize("over", ["ws", "sse"])
async def test_staff_whose_grant_no_longer_reads_hear_no_more_and_listen_on(
    closed: Closed, over: str
) -> None:
    grants = (await closed.ben.ask("{ delegations { nodes { id delegate { email } } } }"))["delegations"][
        "nodes"
    ]
    (grant,) = [one["id"] for one in grants if one["delegate"]["email"] == STAFF]

    async with closed.office.listening(NOTICES, over=over) as office:
        await _listened(closed.home, 1)
        await closed.say("Before.")
        before = await office.notice()
        await closed.ben.done("narrowDelegation", delegationId=grant, scopes=["RSVP"])
        await closed.say("After.")
        await closed.end()
        heard = await _until_the_end(office)

    assert "Before." in str(before)
    assert "After." not in str(heard)
    assert heard[0]["__typename"] == "DelegationNarrowed"


@pytest.mark.parametrize("over", ["ws", "sse"])
async def test_staff_whose_grant_is_revoked_are_told_so_and_nothing_later(closed: Closed, over: str) -> None:
    grants = (await closed.ben.ask("{ delegations { nodes { id delegate { email } } } }"))["delegations"][
        "nodes"
    ]
    (grant,) = [one["id"] for one in grants if one["delegate"]["email"] == STAFF]

    async with closed.office.listening(POSTED, over=over, thread=closed.thread) as office:
        await _listened(closed.home, 1)
        await closed.ben.done("revokeDelegation", delegationId=grant)
        await closed.say("After.")
        frames = await office.rest()

    assert "After." not in str(frames)
    assert frames[0].payload["data"]["postAdded"]["reason"] == "DELEGATION_REVOKED"


async def test_joining_anew_brings_back_what_comes_later_on_the_very_same_stream(closed: Closed) -> None:
    async with closed.ben.listening(POSTED, thread=closed.thread) as heard:
        await _listened(closed.home, 1)
        await closed.ben.done("leaveGroup", groupId=closed.group)
        await closed.say("Between.")
        await closed.ada.done("inviteToGroup", groupId=closed.group, mayorIds=[closed.ben_id])
        await closed.ben.done("joinGroup", groupId=closed.group, acceptsRule=True)
        await closed.say("Again.")
        told = await heard.notice()

    assert "Again." in told["post"]["bodyHtml"]
    assert told["post"]["author"]["name"]


async def _until_the_end(ear: Any) -> list[dict[str, Any]]:
    heard = [await ear.notice()]
    while heard[-1]["__typename"] != "ProfileUpdated":
        heard.append(await ear.notice())
    return heard


async def _listened(home: Home, count: int) -> None:
    await until(lambda: home.hub.subscribers == count)
