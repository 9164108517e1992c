"""A post reaches a thousand open pages of its thread: put upon each as the notice tells it, or each read again."""

import secrets
from statistics import median
from typing import Any

import httpx
import psutil

from benchmarks.fanout.sides import House, Side, subscribed
from benchmarks.fanout.telling import Told
from benchmarks.running import cpu
from rotunda.postgres import Cluster

_READERS = "benchmarks.fanout.readers"
_OPEN, _AT_ONCE = 1_000, 250
_MOST_ROUNDS = 5  # a thousand pages read again take their seconds
_POSTS = 50  # a full page
_BODY = "We pay for the pumps by a fee on paved ground: **4 cents** a square foot. " * 4
_ACT = """mutation ($input: {kind}Input!) {{ done: {act}(input: $input) {{
  ... on {of} {{ id }} ... on Problem {{ message }} }} }}"""
_REPLY = _ACT.format(kind="Reply", act="reply", of="Post")
_FOUND = (
    _ACT.format(kind="CreateGroup", act="createGroup", of="Group"),
    _ACT.format(kind="StartThread", act="startThread", of="Thread"),
)


async def told(house: House, rounds: int) -> str:
    """Have a mayor answer in a thread before a thousand who have it open, some of whom have lost their streams."""
    speaker, *readers = house.conference.mayors
    async with house.side(crowd_of=_READERS, ROTUNDA_STREAMS_PER_ACCOUNT="1000") as side:
        side.tokens, side.publisher.token, side.publisher.act = readers, speaker, _REPLY
        talk = await _talk(side, speaker)
        side.publisher.given = {"threadId": talk, "body": _BODY}
        found: dict[bool, list[tuple[Told, float]]] = {False: [], True: []}
        for _ in range(min(rounds, _MOST_ROUNDS) + 1):
            for lost, heard in found.items():
                await _opened(side, talk, lost=lost)
                heard.append(await _told(house, side))
                await side.dismiss()
    return _table([one[1:] for one in found.values()])  # the first round warms up


async def _told(house: House, side: Side) -> tuple[Told, float]:
    """One telling, and the milliseconds of CPU that PostgreSQL had for it."""
    before = _database(house)
    heard, _ = await side.told()
    after = _database(house)
    return heard, sum(spent - before.get(pid, 0.0) for pid, spent in after.items()) * 1e3


async def _talk(side: Side, token: str) -> str:
    """A thread with as many posts as a page has."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{side.served.port}") as client:
        client.headers["authorization"] = f"Bearer {token}"
        group = await _done(
            client, _FOUND[0], name="Stormwater", audience="MEMBERS", confidentiality="ORDINARY"
        )
        thread = await _done(client, _FOUND[1], groupId=group, title="Who pays?", body=_BODY)
        for _ in range(_POSTS - 1):
            await _done(client, _REPLY, threadId=thread, body=_BODY)
    return thread


async def _done(client: httpx.AsyncClient, act: str, **given: str) -> str:
    answer = await _asked(client, act, input={**given, "idempotencyKey": secrets.token_hex(8)})
    return str(answer["done"]["id"])


async def _asked(client: httpx.AsyncClient, query: str, **variables: Any) -> Any:
    answer = await client.post("/graphql", json={"query": query, "variables": variables})
    return answer.json()["data"]


async def _opened(side: Side, thread: str, *, lost: bool) -> None:
    """Open the pages. One that lost its stream says how far it had got, and is read again at the next news."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{side.served.port}") as client:
        client.headers["authorization"] = f"Bearer {side.tokens[0]}"
        now = await _asked(client, "query ($id: ID!) { head thread(id: $id) { lastNumber } }", id=thread)
    head, last = now["head"], now["thread"]["lastNumber"]
    place = f"/live/threads/{thread}?after={head}&from=1&shown={last}&zone=UTC"
    more = f"Last-Event-ID: {head}\r\n" if lost else ""
    for opened in range(0, _OPEN, _AT_ONCE):
        numbers = range(opened, opened + _AT_ONCE)
        tokens = (side.tokens[number % len(side.tokens)] for number in numbers)
        asked = [
            f"GET {place} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: rotunda_session={token}\r\n{more}\r\n"
            for token in tokens
        ]
        await side.crowd.ask("open", port=side.served.port, greetings=asked)
        await subscribed(side.served, opened + _AT_ONCE)


def _database(house: House) -> dict[int, float]:
    """Seconds of CPU that PostgreSQL's processes have spent so far."""
    postmaster = (Cluster(house.settings.folder).data / "postmaster.pid").read_text().split()[0]
    return {child.pid: cpu(child.pid) for child in psutil.Process(int(postmaster)).children()}


def _table(found: list[list[tuple[Told, float]]]) -> str:
    rows = [
        "| a post before 1,000 open pages | first shows it, ms | middle | last | server CPU, ms | database CPU, ms |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    ways = ("put upon each, as the notice tells it", "each read again")
    rows += [f"| {way} | {_medians(some)} |" for way, some in zip(ways, found, strict=True)]
    ratios = [again[0].last / grown[0].last for grown, again in zip(*found, strict=True)]
    spent = [
        (again[0].cpu + again[1]) / (grown[0].cpu + grown[1]) for grown, again in zip(*found, strict=True)
    ]
    rows.append(
        f"\nRead again, the last shows it {median(ratios):.1f} times as late ({min(ratios):.1f} to {max(ratios):.1f}), "
        f"for {median(spent):.1f} times the CPU."
    )
    return "\n".join(rows)


def _medians(some: list[tuple[Told, float]]) -> str:
    names = ("first", "middle", "last", "cpu")
    figures = [median(getattr(one, name) for one, _ in some) for name in names]
    return " | ".join(f"{figure:.0f}" for figure in [*figures, median(database for _, database in some)])
