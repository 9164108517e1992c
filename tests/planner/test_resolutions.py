"""Resolutions and calls for them, asked of both executors by everybody."""

import pytest

from tests.planner.stage import VIEWERS, Stage

CALLS = """{ resolutionCalls(first: 5) { totalCount edges { cursor node { id name dueAt dueAtLocal timeZone open canMove
    sponsorsNeeded resolutions(first: 20) { totalCount pageInfo { hasNextPage endCursor } nodes { id number title } }
    gathering: resolutions(status: [GATHERING]) { totalCount } } } } }"""
LISTS = """query ($after: String) { resolutions(first: 4, after: $after) { totalCount
    pageInfo { endCursor hasPreviousPage } edges { cursor node { ...All } } }
  mine: resolutions(mine: true) { totalCount nodes { id } }
  others: resolutions(mine: false, status: [DRAFT, WITHDRAWN]) { totalCount nodes { id status } } }
fragment All on Resolution { id number title status version revision sponsorCount missing draftedAt openedAt submittedAt
  withdrawnAt withdrawnBecause canEdit canGather canSponsor canWithdrawSponsorship canSubmit canWithdraw
  call { name } sponsor { name city { slug } } clauses { id kind text } versions { version title at clauses { text } }
  mySponsorship { current version lead }
  sponsors(first: 3) { totalCount edges { cursor node { mayor { name } lead at version current withdrawnAt } } }
  stale: sponsors(current: false) { totalCount } }"""
NAMED = """query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Resolution { title clauses { text } }
  ... on ResolutionCall { name } } }"""
SEARCH = """{ search(text: "ferry or shade or docks", first: 20) { totalCount edges { excerpt
  node { __typename id ... on Resolution { title status } } } } }"""
TOLD = """{ changes(first: 100) { totalCount nodes { __typename at ... on ResolutionNotice { textVersion
    resolution { id title } } ... on SponsorNotice { sponsorCount sponsor { name } }
  ... on ResolutionEdited { wasVersion }
  ... on DeadlineMoved { reason was { dueAt dueAtLocal timeZone } now { dueAt } call { name } } } }
  audit(last: 10) { nodes { act subjectId resolution { title } call { name } actor { id } principal { name } } } }"""


@pytest.mark.parametrize("viewer", VIEWERS)
async def test_resolutions_and_all_that_hangs_on_them(stage: Stage, viewer: str) -> None:
    everything = [stage.filled(f"@{prefix}{n}@") for prefix in ("res", "cal") for n in range(12)]

    await stage.agree(CALLS, {}, viewer)
    first = (await stage.agree(LISTS, {}, viewer))["data"]["resolutions"]
    await stage.agree(LISTS, {"after": first["pageInfo"]["endCursor"]}, viewer)
    await stage.agree(NAMED, {"ids": everything}, viewer)
    await stage.agree(SEARCH, {}, viewer)
    await stage.agree(TOLD, {}, viewer)

    # The scheduler was offered a grant, and has none yet.
    among = viewer in {"mayor", "delegate of two, for one", "chief of staff", "secretariat"}
    assert bool(first["totalCount"]) is among
