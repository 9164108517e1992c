"""What else matters: many kinds of viewers, everybody coming back at once, and those who never read."""

import asyncio
from statistics import median

import orjson

from benchmarks.fanout.sides import House, Side
from benchmarks.fanout.telling import SUBSCRIBED, Crowd, greetings

_SOCKETS = 1_000
_CLASSES = (1, 10, 50, 100)
_MISSED = 10
_DEAF = 100
_TIMES_LARGER = 30
_LARGE_TELLINGS = 40
_QUIET = 0.3


async def classes(house: House, rounds: int) -> str:
    """Tell a thousand sockets of one class, of ten, of a hundred."""
    rows = ["| visibility classes among 1,000 sockets | last hears, ms | server CPU, ms |", "|--:|--:|--:|"]
    async with house.side(ROTUNDA_STREAMS_PER_ACCOUNT="1000") as side:  # ten hosts hold a hundred each
        for count in _CLASSES:
            side.tokens = house.conference.hosts[:count] if count > 1 else house.conference.members
            await side.grow(_SOCKETS)
            told = [(await side.told())[0] for _ in range(rounds + 1)][1:]
            last, cpu = (median(getattr(one, name) for one in told) for name in ("last", "cpu"))
            rows.append(f"| {count} | {last:.1f} | {cpu:.1f} |")
            await side.dismiss()
    return "\n".join(rows)


async def reconnects(house: House, rounds: int) -> str:
    """Have a thousand sockets come, leave, and come back to what they missed."""
    rows = ["| 1,000 sockets come, all at once | server CPU a socket, ms |", "|---|--:|"]
    async with house.side() as side:
        fresh = [await _came(side, None, 0) for _ in range(rounds)]
        resumed = [await _came(side, await _head(side), _MISSED) for _ in range(rounds)]
    rows.append(f"| for the first time, with a token | {median(fresh):.2f} |")
    rows.append(f"| back, with a cursor {_MISSED} notices behind | {median(resumed):.2f} |")
    return "\n".join(rows)


async def deaf(house: House, rounds: int) -> str:
    """Let a hundred sockets never read, while the others are told of large things."""
    query = SUBSCRIBED.replace("title", "title " + " ".join(f"s{n}: summary" for n in range(_TIMES_LARGER)))
    rows = ["|  | last of 900 hears, ms | memory, MB | grown by |", "|---|--:|--:|--:|"]
    async with house.side() as side:
        await side.crowd.ask(
            "open",
            port=side.served.port,
            greetings=greetings(side.served, side.tokens, _SOCKETS - _DEAF, query=query),
        )
        for about, count in (("all read", 0), (f"{_DEAF} more never read", _DEAF)):
            silent = await Crowd.gather()
            asked = greetings(side.served, side.tokens, count, query=query)
            await silent.ask("open", port=side.served.port, greetings=asked, deaf=True)
            await asyncio.sleep(1)
            told = [(await side.told())[0] for _ in range(rounds)]
            before = side.served.memory()
            told += [(await side.told())[0] for _ in range(_LARGE_TELLINGS)]
            after = side.served.memory()
            last = median(one.last for one in told)
            rows.append(f"| {about} | {last:.1f} | {after / 1e6:.0f} | {(after - before) / 1e6:.1f} |")
            await silent.leave()
    return "\n".join(rows)


async def _came(side: Side, after: str | None, behind: int) -> float:
    """Milliseconds of CPU that each of the crowd costs as it comes and catches up."""
    for _ in range(behind):
        await side.publisher.publish()
        await side.publisher.answered()
    await asyncio.sleep(_QUIET)
    spent = side.served.cpu()
    asked = greetings(side.served, side.tokens, _SOCKETS, after=after)
    await side.crowd.ask("open", port=side.served.port, greetings=asked)
    await side.crowd.ask("caught_up", heard=behind)
    spent = side.served.cpu() - spent
    await side.dismiss()
    return spent * 1e3 / _SOCKETS


async def _head(side: Side) -> str:
    """The cursor of a postponement that a socket has just heard of."""
    asked = greetings(side.served, side.tokens, 1)
    await side.crowd.ask("open", port=side.served.port, greetings=asked)
    _, said = await side.told()
    await side.dismiss()
    return str(orjson.loads(said)["payload"]["data"]["eventPostponed"]["cursor"])
