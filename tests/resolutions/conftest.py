"""The people around a resolution, in a planted house: who leads, who sponsors, their staff, the secretariat."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.living import Caller, Home, Row, shared_home, street

__all__ = ["shared_home", "street"]

TEXT = [
    {"kind": "WHEREAS", "text": "buses are late in every one of our cities; and"},
    {"kind": "WHEREAS", "text": "a quarter of an hour is long in the rain"},
    {"kind": "RESOLVED", "text": "that shelters be built before signs are"},
]
RESOLUTION = """query ($id: ID!) { resolution(id: $id) { id number title status version revision sponsorCount missing
  clauses { id kind text } sponsor { city { slug } } call { name open } openedAt submittedAt withdrawnBecause
  mySponsorship { current withdrawnAt lead version }
  canEdit canGather canSponsor canWithdrawSponsorship canSubmit canWithdraw
  sponsors(first: 50) { totalCount nodes { mayor { city { slug } } lead version current withdrawnAt } }
  versions { version title clauses { id text } } } }"""
LIST = """query ($call: ID, $status: [ResolutionStatus!], $mine: Boolean) {
  resolutions(first: 100, callId: $call, status: $status, mine: $mine) { totalCount nodes { id title } } }"""
STAFF = "drafter@resolutions.example"
BARE = "chief@resolutions.example"
ALL_BUT_DRAFTING = [
    "PROFILE", "RSVP", "REGISTER", "SPONSOR", "SIGN_LETTER", "POST_AS_OFFICE", "READ_GROUP",
    "COMMITTEE_PREFERENCES", "HOST_SESSIONS",
]  # fmt: skip


def in_days(days: float) -> str:
    """A wall time in UTC, some days from now."""
    return f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%dT%H:%M}"


@dataclass
class Floor:
    """A call, a resolution in it, and everybody around it. ``ada`` leads; the others may sponsor."""

    home: Home
    ada: Caller
    ben: Caller
    cal: Caller
    drafter: Caller
    chief: Caller
    bens_staff: Caller
    secretariat: Caller
    visitor: Caller
    call: Row = field(default_factory=dict)
    resolution: Row = field(default_factory=dict)

    async def called(self, needed: int = 2, days: float = 30) -> "Floor":
        self.call = await self.secretariat.done(
            "callForResolutions",
            name="94th Annual Meeting",
            dueAt=in_days(days),
            timeZone="UTC",
            sponsorsNeeded=needed,
        )
        return self

    async def drafted(self, by: Caller | None = None, text: Sequence[Row] = TEXT, **given: Any) -> "Floor":
        given = {"callId": self.call["id"], "title": "Shelters first", "clauses": list(text), **given}
        self.resolution = await (by or self.ada).done("draftResolution", **given)
        return self

    async def opened(self) -> "Floor":
        self.resolution = await self.ada.done("gatherSponsors", resolutionId=self.id)
        return self

    async def submitted(self, *sponsors: Caller) -> "Floor":
        for one in sponsors or (self.ben,):
            await self.sponsor(one)
        self.resolution = await self.ada.done("submitResolution", resolutionId=self.id)
        return self

    @property
    def id(self) -> str:
        return str(self.resolution["id"])

    async def sponsor(self, by: Caller, version: int | None = None) -> Row:
        stands = version or self.resolution["version"]
        return await by.act("sponsorResolution", resolutionId=self.id, version=stands)

    async def read(self, by: Caller) -> Any:
        return (await by.ask(RESOLUTION, id=self.id))["resolution"]

    async def edited(self, by: Caller | None = None, title: str = "Shelters, then signs") -> Row:
        read = (await self.read(self.ada))["clauses"]
        self.resolution = await (by or self.ada).act(
            "editResolution", resolutionId=self.id, title=title, clauses=read
        )
        return self.resolution

    async def pass_the_deadline(self, days: float = 1) -> None:
        """The deadline passes, as it does: without anybody's act."""
        past = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=days)
        await self.home.rows(
            "UPDATE resolution_calls SET due_wall = $1 WHERE replace(id::text, '-', '') = $2",
            past,
            self.call["id"].removeprefix("cal_"),
        )


async def grant(home: Home, mayor: Caller, slug: str, email: str, scopes: list[str]) -> Caller:
    """Somebody who acts for a mayor under these scopes."""
    await mayor.done("inviteDelegate", email=email, scopes=scopes)
    code = await home.mailed_code(to=email)
    staff = await home.caller(email)
    await staff.done("acceptDelegation", code=code)
    return staff.acting_for(await staff.capacity_for(slug))


@pytest.fixture(scope="module")
async def people(shared_home: Home) -> Floor:
    home = shared_home
    ada, ben, cal = [
        await home.caller(f"mayor@{slug}.example") for slug in ("alexandria-va", "norfolk-va", "madison-wi")
    ]
    drafter = await grant(home, ada, "alexandria-va", STAFF, ["DRAFT_RESOLUTION"])
    chief = await grant(home, ada, "alexandria-va", BARE, ALL_BUT_DRAFTING)
    bens = await home.caller("staff@norfolk-va.example")
    bens = bens.acting_for(await bens.capacity_for("norfolk-va"))
    secretariat = await home.caller("secretariat@rotunda.example")
    return Floor(home, ada, ben, cal, drafter, chief, bens, secretariat, await home.caller())


@pytest.fixture
async def floor(people: Floor) -> Floor:
    return await replace(people).called()
