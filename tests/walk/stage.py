"""A conference as the walk finds it: the seeds, a few acts of today, and everybody signed in."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import uvicorn
from playwright.async_api import Browser, BrowserContext, Page

from rotunda import postgres
from rotunda.app import build_app
from rotunda.credentials import hashed
from rotunda.settings import load
from tests.living import Caller, Place, a_free_port, planted
from tests.walk.rooms import HOST, INVITED, MAYOR, NEIGHBOR, NEWCOMER, SECRETARIAT, STAFF

PEOPLE = (SECRETARIAT, MAYOR, NEIGHBOR, STAFF, HOST, INVITED, NEWCOMER)
#: Whatever one might try in a post: it must stand there as harmless words.
TRICKS = """<script>alert(1)</script><img src=x onerror=alert(1)> <style>body{display:none}</style>

[a link](javascript:alert(1)) ![a picture](https://example.org/x.png) <b onclick=alert(1)>bold</b>

| a | table |
|---|-------|
| <svg/onload=alert(1)> | 1 |

> # A heading in a quotation

```
<hx-partial hx-target="#live-said">code, and a very long line of it that must not push the page wider</hx-partial>
```
"""
PLOWS = [
    {"kind": "WHEREAS", "text": "<b>snow</b> falls on one city while another is dry"},
    {"kind": "RESOLVED", "text": "plows be lent " + "and lent again " * 12},
]
STRUCK = "The hotel's staff is on strike, and we do not cross a picket line."
BACK = "The hotel and its people have come to terms."

_SIGNED_IN = """
    INSERT INTO tokens (hash, account_id, kind, device, place, expires_at)
    SELECT $1, id, 'session', 'Firefox on Android', '198.51.100.x', now() + interval '1 day'
    FROM accounts WHERE email = $2
"""
_PASSKEY = """
    INSERT INTO passkeys (account_id, credential_id, public_key, sign_count, name)
    SELECT id, '\\x01', '\\x02', 0, 'The phone in my pocket' FROM accounts WHERE email = $1
"""
_EVENTS = """{
    draft: events(first: 1, status: [DRAFT]) { nodes { id } }
    undated: events(last: 1, status: [POSTPONED]) { nodes { id } }
    cancelled: events(first: 1, status: [CANCELLED]) { nodes { id } }
    held: events(first: 1, status: [HELD]) { nodes { id } }
    golden: events(first: 1, containing: "Winter 2022 Meeting") { nodes { id } }
    scheduled: events(first: 1, containing: "Winter Meeting") { nodes { id } }
    moved: events(first: 1, containing: "Play Ball") { nodes { id } }
    hosted: events(first: 1, status: [SCHEDULED], containing: "Water Affordability") { nodes { id } }
}"""
_GROUPS = """{ groups(first: 40) { nodes { id name
    threads(first: 20) { nodes { id postCount posts(first: 20) { nodes { id canEdit deleted } } } } } } }"""
_GRANTS = "{ delegations(first: 30) { nodes { id status delegate { email } } } viewer { account { id } } }"
_RESOLUTIONS = """{
    calls: resolutionCalls(first: 2) { nodes { id open } }
    resolutions(first: 40) { nodes { id title } }
}"""
_SEATS = '{ vacant: city(slug: "dublin-ca") { id } held: city(slug: "alexandria-va") { mayor { id } } }'


@dataclass
class Stage:
    """A conference that is up, the words of its paths, and a browser to look at it with."""

    url: str
    words: dict[str, str]
    browser: Browser
    _contexts: dict[tuple[Any, ...], BrowserContext] = field(default_factory=dict)
    _pages: dict[tuple[Any, ...], Page] = field(default_factory=dict)

    @asynccontextmanager
    async def visit(self, who: str | None, **looks: Any) -> AsyncIterator[Page]:
        """Somebody's page; those who look alike look after each other, for a new tab takes as long as a walk."""
        alike = (who, *(f"{name}={look}" for name, look in looks.items()))
        if alike not in self._contexts:
            self._contexts[alike] = await self.browser.new_context(base_url=self.url, **looks)
        context = self._contexts[alike]
        await context.clear_cookies()
        if who:
            cookie = {"name": "rotunda_session", "value": session_of(who), "url": self.url}
            await context.add_cookies([cookie])  # type: ignore[list-item]  # playwright's own typed dict
        page = self._pages.pop(alike, None) or await context.new_page()
        yield page
        await page.goto("about:blank")  # nothing of this visit is heard by the next one
        await page.emulate_media(color_scheme="null")
        if "viewport" in looks:
            await page.set_viewport_size(looks["viewport"])
        self._pages[alike] = page

    async def leave(self) -> None:
        for context in self._contexts.values():
            await context.close()


@pytest.fixture(scope="module")
async def stage(
    browser: Browser,
    cluster: postgres.Cluster,
    planted_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Stage]:
    """A conference for a whole module, whose tests only look."""
    socket = a_free_port()
    port, var = socket.getsockname()[1], tmp_path_factory.mktemp("stage")
    async with planted(cluster, planted_template) as dsn, httpx.AsyncClient() as http:
        app = build_app(load(database_url=dsn, var=var, port=port))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        running = asyncio.ensure_future(server._serve([socket]))  # noqa: SLF001  # without signal handlers of its own
        while not server.started:  # noqa: ASYNC110  # uvicorn has no event for it
            await asyncio.sleep(0.01)
        url = f"http://127.0.0.1:{port}"
        stage = Stage(url, await set_the_stage(Place(url, dsn, http)), browser)
        yield stage
        await stage.leave()
        await app.state.drain()
        server.should_exit = True
        await running


async def set_the_stage(place: Place) -> dict[str, str]:
    """Do what the walk needs to have been done, and say the words that stand in its paths."""
    secretariat, mayor = await place.caller(SECRETARIAT), await place.caller(MAYOR)
    words = {name: found["nodes"][0]["id"] for name, found in (await secretariat.ask(_EVENTS)).items()}
    seats = await secretariat.ask(_SEATS)
    words |= {"vacant": seats["vacant"]["id"], "term": seats["held"]["mayor"]["id"]}
    words |= await _grants(mayor, await place.caller(STAFF))
    words |= await _talk(mayor)
    words |= await _resolutions(mayor)
    await _move(secretariat, words["moved"])
    await mayor.done("inviteDelegate", email=INVITED, scopes=["RSVP", "REGISTER"])
    await _sign_in(place)
    words["soon"] = str(datetime.now(UTC).date() + timedelta(days=9))
    return words | await _mail(place)


def session_of(email: str) -> str:
    """The cookie of somebody on the stage."""
    return f"rot_stage-{email}"


async def _grants(mayor: Caller, staff: Caller) -> dict[str, str]:
    given, held = await mayor.ask(_GRANTS), await staff.ask(_GRANTS)
    ids = {grant["status"]: grant["id"] for grant in reversed(given["delegations"]["nodes"])}
    return {
        "grant": ids["ACTIVE"],
        "over": ids["REVOKED"],
        "held_grant": held["delegations"]["nodes"][0]["id"],
        "account": held["viewer"]["account"]["id"],
    }


async def _talk(mayor: Caller) -> dict[str, str]:
    """Rooms of every sort, as the mayor of Alexandria finds them; and a post of the mayor's own, edited."""
    found = {group["name"]: group for group in (await mayor.ask(_GROUPS))["groups"]["nodes"]}
    kept = found["Water Affordability"]
    longest = max(kept["threads"]["nodes"], key=lambda thread: thread["postCount"])
    own = await mayor.done("startThread", groupId=kept["id"], title="Who pays for leaks?", body=TRICKS)
    post = await mayor.done("reply", threadId=own["id"], body="We forgive one leak a year.")
    await mayor.done("editPost", postId=post["id"], body="We forgive **two** leaks a year.")
    empty = await mayor.done(
        "createGroup", name="Nothing said yet", audience="HIDDEN", confidentiality="MAYORS_ONLY_CHATHAM_HOUSE"
    )
    words = {
        "kept": kept["id"],
        "thread": longest["id"],
        "own_thread": own["id"],
        "own_post": post["id"],
        "post": next(
            post["id"] for post in longest["posts"]["nodes"] if not post["canEdit"] and not post["deleted"]
        ),
        "empty": empty["id"],
    }
    names = {"invited": "Steering Committee", "reported": "The Front Porch", "chatham": "Safety and Trust"}
    return words | {word: found[name]["id"] for word, name in names.items()}


async def _resolutions(mayor: Caller) -> dict[str, str]:
    """One of every state, and one that the mayor of Alexandria leads and has opened for sponsors."""
    found = await mayor.ask(_RESOLUTIONS)
    calls = {call["open"]: call["id"] for call in found["calls"]["nodes"]}
    titles = {each["title"]: each["id"] for each in found["resolutions"]["nodes"]}
    own = await mayor.done("draftResolution", callId=calls[True], title="Snow plows, lent", clauses=PLOWS)
    await mayor.done("gatherSponsors", resolutionId=own["id"])
    words = {
        "gathering": "Homes above the shops",
        "sponsored": "Shade first",
        "submitted": "Bills that a household can pay",
        "res_draft": "A ferry counts as a street",
        "res_withdrawn": "Counting trees as we count pipes",
    }
    ids = {word: titles[title] for word, title in words.items()}
    return ids | {"call": calls[True], "past_call": calls[False], "own_resolution": own["id"]}


async def _move(secretariat: Caller, event: str) -> None:
    """One meeting loses its date and finds another, so that homes and trails have something to tell."""
    at = await secretariat.ask("query ($id: ID!) { event(id: $id) { startsAtLocal } }", id=event)
    later = datetime.fromisoformat(at["event"]["startsAtLocal"]) + timedelta(days=28)
    await secretariat.done("postponeEvent", eventId=event, reason=STRUCK)
    await secretariat.done(
        "rescheduleEvent", eventId=event, startsAt=later.isoformat(timespec="minutes"), reason=BACK
    )


async def _sign_in(place: Place) -> None:
    for email in PEOPLE:
        await place.rows(_SIGNED_IN, hashed(session_of(email)), email)
    await place.rows(_PASSKEY, MAYOR)
    mayor = Caller(place, session_of(MAYOR))
    await mayor.done("createToken", name="Wall calendar in the lobby", scopes=["READ"], days=365)
    staff = await place.caller(STAFF)
    chosen = {"capacity": await staff.capacity_for("norfolk-va"), "back": "/"}
    cookies = {"rotunda_session": session_of(STAFF)}
    async with httpx.AsyncClient(base_url=place.url, cookies=cookies) as browser:
        await browser.post("/act-for", data=chosen)


async def _mail(place: Place) -> dict[str, str]:
    """The invitation as it lies in the mail of this installation."""
    async with httpx.AsyncClient(base_url=place.url) as browser, asyncio.timeout(60):
        while True:
            for letter in re.findall(r'href="(/dev/mail/[^"]+)"', (await browser.get("/dev/mail")).text):
                code = re.search(r"/delegations/accept\?code=([\w-]+)", (await browser.get(letter)).text)
                if code:
                    return {"letter": letter, "code": code[1]}
            await asyncio.sleep(0.05)
