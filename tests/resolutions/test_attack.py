"""A chief of staff with every scope but `draft_resolution` wants to learn what the mayor drafts, if anything."""

import base64
from dataclasses import replace
from typing import Any

import pytest
from graphql import get_named_type

import schema
from planner.declare import Here
from planner.world import declaration_of
from tests.contract import fields_of
from tests.living import Caller
from tests.resolutions.conftest import TEXT, Floor

SECRET = "perihelion"
#: Every way to ask, with what is known of the draft: its id at best, guessed words, times and keys.
WAYS = {
    "by id": "query ($id: ID!) { resolution(id: $id) { id } node(id: $id) { id } nodes(ids: [$id]) { id } }",
    "own lists": """{ resolutions(mine: true) { totalCount nodes { title } }
        all: resolutions(last: 100) { nodes { title } } }""",
    "drafts": "{ resolutions(status: [DRAFT]) { totalCount pageInfo { hasNextPage hasPreviousPage endCursor } } }",
    "of the call": """query ($call: ID) { resolutionCall(id: $call) { resolutions { totalCount }
        drafts: resolutions(status: [DRAFT, WITHDRAWN]) { totalCount edges { cursor } } } }""",
    "by words": '{ search(text: "perihelion") { totalCount edges { excerpt node { id } } } }',
    "by a misspelt title": '{ search(text: "perihelio") { totalCount edges { excerpt } } }',
    "by what is not in it": '{ search(text: "-somethingelse") { edges { node { __typename id } } } }',
    "by whose it is": "query ($text: String!) { search(text: $text) { totalCount } }",
    "what was done": "query ($id: ID!) { audit(subject: $id) { totalCount } all: audit { totalCount } }",
    "what was done for the mayor": """{ viewer { capacity { principal { actsInMyName { totalCount
        nodes { act } } } } } audit(act: "draftResolution") { totalCount } }""",
    "what changed": "{ changes(last: 5) { totalCount nodes { __typename ... on ResolutionNotice { textVersion } } } }",
    "what waits": "{ waiting { drafts { totalCount } named { totalCount } } viewer { unreadCount } }",
    "rights": "{ viewer { rights { act allowed because } } }",
}


async def everything(floor: Floor, who: Caller, draft: str) -> dict[str, Any]:
    """All that the curious can read, by every way."""
    known: dict[str, dict[str, Any]] = {
        "by id": {"id": draft},
        "what was done": {"id": draft},
        "of the call": {"call": floor.call["id"]},
        "by whose it is": {"text": "in office of"},
    }
    return {way: await who.ask(query, **known.get(way, {})) for way, query in WAYS.items()}


@pytest.mark.parametrize("done", ["drafted", "edited", "shelved"])
async def test_nothing_that_can_be_read_differs_by_a_draft(people: Floor, done: str) -> None:
    floor = await replace(people).called()
    nothing = "res_" + "0" * 32
    before = await everything(floor, floor.chief, nothing)

    await floor.drafted(title=SECRET, text=[{"kind": "RESOLVED", "text": f"that {SECRET} be kept"}])
    if done == "edited":
        await floor.edited(title=f"{SECRET} again")
    if done == "shelved":
        await floor.ada.done("withdrawResolution", resolutionId=floor.id)
    after = await everything(floor, floor.chief, floor.id)

    assert after == before
    own = await everything(floor, floor.ada, floor.id)
    assert own["by words"]["search"]["totalCount"] > 0, "whose it is finds it by the very same ways"
    assert own["by id"]["node"]


async def test_no_act_tells_a_draft_from_nothing(floor: Floor) -> None:
    await floor.drafted(title=SECRET)
    clause = (await floor.read(floor.ada))["clauses"][0]
    nothing = "res_" + "0" * 32

    acts: dict[str, dict[str, Any]] = {
        "editResolution": {"title": "x", "clauses": [clause], "expectedVersion": 7},
        "submitResolution": {"expectedVersion": 7},
        "sponsorResolution": {"version": 7},
        "withdrawSponsorship": {},
        "withdrawResolution": {"reason": "x"},
        "gatherSponsors": {},
    }

    for by in (floor.chief, floor.bens_staff, floor.secretariat, floor.ben):
        for act, more in acts.items():
            said = [await by.act(act, resolutionId=one, **more) for one in (floor.id, nothing, "cal_1")]
            assert said[0] == said[1] == said[2]


async def test_a_key_used_for_a_draft_is_nobody_elses(floor: Floor) -> None:
    given = {"callId": floor.call["id"], "title": SECRET, "clauses": TEXT, "idempotencyKey": "guessed"}
    drafted = await floor.ada.done("draftResolution", **given)

    by_chief = await floor.chief.act("draftResolution", **given)
    by_ben = await floor.ben.done("draftResolution", **given)

    assert by_chief["__typename"] == "Refused"
    assert by_ben["id"] != drafted["id"]


async def test_a_borrowed_cursor_opens_nothing(floor: Floor) -> None:
    await floor.drafted(title=SECRET)
    pages = "query ($after: String) { resolutions(first: 1, after: $after) { edges { cursor node { id } } } }"
    (own,) = (await floor.ada.ask(pages))["resolutions"]["edges"]

    behind = (await floor.chief.ask(pages, after=own["cursor"]))["resolutions"]["edges"]

    assert own["node"]["id"] == floor.id
    assert floor.id not in {edge["node"]["id"] for edge in behind}
    forged = base64.urlsafe_b64encode(b'[-9,"00000000-0000-0000-0000-000000000000"]12345678').decode()
    assert await floor.chief.code(pages, after=forged.rstrip("=")) == "BAD_CURSOR"


async def test_numbers_have_no_gaps_to_count_drafts_by(floor: Floor) -> None:
    numbers = []
    for leads in (True, False, True):
        await floor.drafted()
        if leads:
            await floor.opened()
            numbers.append((await floor.submitted()).resolution["number"])

    assert numbers == [1, 2]


async def test_a_scope_taken_away_takes_the_draft_away_with_what_was_known_of_it(floor: Floor) -> None:
    await floor.drafted(by=floor.drafter, title=SECRET)
    held = "{ delegations { nodes { id status } } }"
    grants = (await floor.drafter.ask(held))["delegations"]["nodes"]
    again = {"callId": floor.call["id"], "title": SECRET, "clauses": TEXT, "idempotencyKey": "mine"}
    await floor.drafter.done("draftResolution", **again)
    await floor.ada.done("revokeDelegation", delegationId=grants[-1]["id"])

    refused = await floor.drafter.code("query ($id: ID!) { node(id: $id) { id } }", id=floor.id)
    as_oneself = replace(floor.drafter, capacity=None)

    assert refused == "CAPACITY_NOT_HELD"
    assert (await as_oneself.ask("query ($id: ID!) { node(id: $id) { id } }", id=floor.id))["node"] is None
    repeated = await as_oneself.act("draftResolution", **again)
    assert repeated["__typename"] in {"Refused", "KeyReused"}
    assert "id" not in repeated


async def test_who_drafts_for_two_mayors_knows_of_neithers_draft_while_acting_for_the_other(
    floor: Floor,
) -> None:
    both = await floor.home.caller("regional@tidewater.example")
    norfolk, portsmouth = [
        both.acting_for(await both.capacity_for(slug)) for slug in ("norfolk-va", "portsmouth-va")
    ]
    begun = await both.head()
    await floor.drafted(by=portsmouth, title="Aphelion")
    asked = """query ($id: ID!) { node(id: $id) { id } search(text: "aphelion") { totalCount }
      mine: resolutions(mine: true, status: [DRAFT]) { nodes { id } } audit(subject: $id) { totalCount } }"""
    stream = "subscription ($after: Cursor) { resolutionDrafts(after: $after) { __typename } }"

    own, others = [await one.ask(asked, id=floor.id) for one in (portsmouth, norfolk)]
    async with norfolk.listening(stream, after=begun) as heard:
        await floor.secretariat.done(
            "callForResolutions", name="95th", dueAt="2090-03-16T09:00", timeZone="UTC", sponsorsNeeded=1
        )
        first = await heard.notice()

    assert own["node"]
    assert (own["search"]["totalCount"], own["audit"]["totalCount"]) == (1, 1)
    assert others["node"] is None
    assert floor.id not in {one["id"] for one in others["mine"]["nodes"]}
    assert (others["search"]["totalCount"], others["audit"]["totalCount"]) == (0, 0)
    assert first["__typename"] == "CallOpened"


def test_names_and_clauses_are_reached_through_what_they_stand_under_alone_and_that_is_always_asked() -> None:
    fields = dict(fields_of(schema.world(b"a key of the tests, of thirty-two bytes or more").schema))

    ways = {
        kind: {name for name, made in fields.items() if get_named_type(made.type).name == kind}
        for kind in ("Clause", "Sponsorship", "SponsorshipConnection", "SponsorshipEdge")
    }

    assert ways == {
        "Clause": {"Resolution.clauses", "ResolutionVersion.clauses"},
        "Sponsorship": {"Resolution.mySponsorship", "SponsorshipConnection.nodes", "SponsorshipEdge.node"},
        "SponsorshipConnection": {"Resolution.sponsors"},
        "SponsorshipEdge": {"SponsorshipConnection.edges"},
    }
    holders = [
        made
        for made in fields.values()
        if get_named_type(made.type).name in {"Resolution", "ResolutionVersion"}
    ]
    assert holders
    assert not any(isinstance(declaration_of(made), Here) for made in holders), (
        "what lies here is not asked for"
    )
