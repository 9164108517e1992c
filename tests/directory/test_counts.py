"""What the directory shows without counting or measuring: it is what counting and measuring would find."""

from typing import Any

import asyncpg

_KEPT = "SELECT place, cities, members FROM cities_by_region WHERE cities > 0 ORDER BY place"
_COUNTED = """SELECT country || ' ' || region AS place, count(*)::int AS cities, count(joined_on)::int AS members
    FROM cities GROUP BY place ORDER BY place"""

_ALIKE = """SELECT c.slug FROM cities c, cities own
    WHERE own.slug = $1 AND c.id <> own.id AND c.joined_on <= current_date
    ORDER BY abs((SELECT b.number FROM bands b WHERE b.people @> c.population)
                 - (SELECT b.number FROM bands b WHERE b.people @> own.population)),
             kilometres(own.latitude, own.longitude, c.latitude, c.longitude), c.id
    LIMIT 8"""


async def test_the_kept_counts_follow_every_change(planted_database: str) -> None:
    db = await asyncpg.connect(planted_database)

    await db.execute("UPDATE cities SET joined_on = current_date WHERE country = 'DE'")
    await db.execute("UPDATE cities SET region = 'XX', joined_on = NULL WHERE slug = 'richmond-va'")
    await db.execute("UPDATE cities SET population = population + 1")
    await db.execute(
        "INSERT INTO cities (slug, name, country, population, time_zone, latitude, longitude, geonames_id) "
        "VALUES ('new', 'New', 'ZZ', 1, 'UTC', 0, 0, -1), ('newer', 'Newer', 'ZZ', 1, 'UTC', 0, 0, -2)"
    )
    await db.execute("DELETE FROM cities WHERE slug = 'newer'")

    kept, counted = await db.fetch(_KEPT), await db.fetch(_COUNTED)
    await db.close()
    assert [tuple(row) for row in kept] == [tuple(row) for row in counted]
    assert ("ZZ ", 1, 0) in [tuple(row) for row in kept]


async def test_those_alike_are_those_that_measuring_all_would_find(shared_home: Any) -> None:
    for slug in ("alexandria-va", "new-york-city-ny", "mount-vernon-ny", "honolulu-hi"):
        found = await shared_home.rows(_ALIKE, slug)

        shown = (
            await (await shared_home.caller(None)).ask(f'{{ city(slug: "{slug}") {{ like {{ slug }} }} }}')
        )["city"]

        assert [one["slug"] for one in shown["like"]] == [row["slug"] for row in found], slug
