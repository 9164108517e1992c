"""Planting: an empty database becomes a conference of real cities, once."""

from collections.abc import Callable
from random import Random

import asyncpg

from seeds.discussions import let_them_talk, speakers_of
from seeds.members import people_the_house
from seeds.occasions import fill_the_calendar
from seeds.resolutions import call_for_resolutions
from seeds.rows import House, copy

# Names and memberships come out the same everywhere; ids and dates do not.
_DICE = 1932
_ENOUGH_IDS = 20_000


async def plant(dsn: str, say: Callable[[str], None]) -> None:
    """Plant the seeds into the migrated database at ``dsn``, unless there are cities already.

    All of it is one transaction: killed half-way, nothing is there. ``say`` hears the progress by lines.
    """
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            planted = await _plant(connection, say)
        if planted:
            await connection.execute("ANALYZE")
    finally:
        await connection.close()


async def _plant(connection: asyncpg.Connection, say: Callable[[str], None]) -> bool:
    # Two starting at once take turns here; the second finds the cities of the first.
    await connection.execute("LOCK TABLE cities IN SHARE ROW EXCLUSIVE MODE")
    if await connection.fetchval("SELECT EXISTS (SELECT FROM cities)"):
        return False
    house = await _house(connection)
    for rows in house.tables():
        await copy(connection, rows)
    await connection.execute("SELECT setval('post_places', max(place)) FROM posts")
    members = sum(city.joined_on is not None for city in house.cities)
    say(f"planted {len(house.cities):,} cities, {members} of them members")
    say(f"planted {len(house.terms)} terms, {len(house.delegations)} delegations, {len(house.events)} events")
    say(f"planted {len(house.groups)} groups, {len(house.threads)} threads, {len(house.posts)} posts")
    say(f"planted {len(house.calls)} calls for resolutions, {len(house.resolutions)} resolutions")
    return True


async def _house(connection: asyncpg.Connection) -> House:
    now = await connection.fetchval("SELECT now()")
    ids = iter(
        [row[0] for row in await connection.fetch("SELECT uuidv7() FROM generate_series(1, $1)", _ENOUGH_IDS)]
    )
    house = House()
    cast = people_the_house(house, ids=ids, today=now.date(), dice=Random(_DICE))
    fill_the_calendar(house, ids=ids, now=now, secretariat=cast.secretariat, host=cast.host)
    let_them_talk(house, ids=ids, now=now, dice=Random(_DICE))
    call_for_resolutions(house, speakers_of(house), ids=ids, now=now)
    return house
