"""Making what acts are done upon: an event in any state, a grant, a term of office; and the roles that try."""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from tests.living import Caller, Home

_numbers = itertools.count(1)

#: The acts that bring a new draft to a state.
PATHS: dict[str, tuple[str, ...]] = {
    "DRAFT": (),
    "SAVE_THE_DATE": ("saveTheDate",),
    "SCHEDULED": ("scheduleEvent",),
    "MOVED_ONLINE": ("scheduleEvent", "moveEventOnline"),
    "POSTPONED": ("scheduleEvent", "postponeEvent"),
    "CANCELLED": ("scheduleEvent", "cancelEvent"),
    "HELD": ("scheduleEvent", "holdEvent"),
}


@dataclass
class Cast:
    """Who tries an act: each role signed in, and the ways to make what is acted upon."""

    home: Home
    visitor: Caller
    outsider: Caller
    mayor: Caller
    scopeless: Caller
    secretariat: Caller

    async def event(self, status: str = "SCHEDULED", *, starts: str = "2031-03-16T09:00") -> str:
        """An event of the secretariat's in a state; one that is to be held began long ago."""
        first = "2021-03-16T09:00" if status == "HELD" else starts
        created = await self.secretariat.done(
            "createEvent",
            title="A meeting",
            kind="MEETING",
            timeZone="America/Chicago",
            startsAt=first,
            endsAt=first.replace("T09", "T17"),
        )
        for act in PATHS[status]:
            await self.secretariat.done(act, eventId=created["id"])
        return str(created["id"])

    async def invitation(self, *scopes: str) -> tuple[Caller, str, str]:
        """Somebody new with an invitation from the mayor of Alexandria, its id and its code."""
        email = f"new-{next(_numbers)}@staff.example"
        invited = await self.mayor.done("inviteDelegate", email=email, scopes=list(scopes or ("RSVP",)))
        return await self.home.caller(email), invited["id"], await self.home.mailed_code(to=email)

    async def grant(self, *scopes: str) -> tuple[Caller, str]:
        """Somebody new with a grant in force, and its id."""
        holder, grant, code = await self.invitation(*scopes)
        await holder.done("acceptDelegation", code=code)
        return holder, grant

    async def hosts(self, event: str) -> None:
        """Let the mayor of Alexandria be the host of an event."""
        host = "UPDATE events SET host_id = (SELECT id FROM accounts WHERE email = $1) WHERE id = $2"
        await self.home.rows(host, "mayor@alexandria-va.example", UUID(event[4:]))

    async def vacant_city(self) -> str:
        """A city without a mayor, another each time."""
        offset = next(_numbers)
        none = "SELECT id FROM cities WHERE joined_on IS NULL ORDER BY geonames_id OFFSET $1 LIMIT 1"
        return f"cit_{(await self.home.value(none, offset)).hex}"

    async def term(self) -> tuple[str, str]:
        """A term that began a year ago, and its city."""
        city, since = await self.vacant_city(), datetime.now(UTC).date() - timedelta(days=365)
        email = f"mayor-{next(_numbers)}@city.example"
        opened = await self.secretariat.done(
            "openTerm", cityId=city, name="Ada Newcomer", email=email, startsOn=str(since)
        )
        return str(opened["id"]), city


async def cast_of(home: Home) -> Cast:
    """The roles, at a home."""
    visitor = await home.caller()
    cast = Cast(
        home,
        visitor=visitor,
        outsider=await home.caller("mayor@norfolk-va.example"),
        mayor=await home.caller("mayor@alexandria-va.example"),
        scopeless=visitor,
        secretariat=await home.caller("secretariat@rotunda.example"),
    )
    cast.scopeless, _ = await cast.grant()
    return cast
