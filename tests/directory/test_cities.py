"""Cities through the API: found without case and accents, by size, by likeness; contact data for members alone."""

from datetime import date
from itertools import pairwise
from typing import Any

import asyncpg
import pytest

from tests.living import Caller, Home

MAYOR, STAFF, SECRETARIAT = (
    "mayor@norfolk-va.example",
    "staff@norfolk-va.example",
    "secretariat@rotunda.example",
)

CONTACT = "officeEmail officePhone"
#: Every way that leads to Richmond; each must show its contact data to the same people.
PATHS = {
    "by its slug": f'{{ x: city(slug: "richmond-va") {{ {CONTACT} }} }}',
    "in the list": f'{{ x: cities(named: "richmond va") {{ nodes {{ {CONTACT} }} }} }}',
    "on its edge": f'{{ x: cities(named: "richmond va") {{ edges {{ node {{ {CONTACT} }} }} }} }}',
    "on the map": f'{{ x: mappedCities(named: "richmond va") {{ {CONTACT} }} }}',
    "among those like it": f'{{ x: city(slug: "norfolk-va") {{ like {{ {CONTACT} }} }} }}',
    "through its mayor": f'{{ x: city(slug: "richmond-va") {{ mayor {{ city {{ {CONTACT} }} }} }} }}',
    "through its terms": f'{{ x: city(slug: "richmond-va") {{ mayors {{ city {{ {CONTACT} }} }} }} }}',
    "as a node": f"query ($id: ID!) {{ x: node(id: $id) {{ ... on City {{ {CONTACT} }} }} }}",
    "among nodes": f"query ($id: ID!) {{ x: nodes(ids: [$id]) {{ ... on City {{ {CONTACT} }} }} }}",
}


@pytest.mark.parametrize("path", PATHS)
async def test_contact_data_is_for_members_on_every_path(shared_home: Home, path: str) -> None:
    document = PATHS[path]
    richmond = await shared_home.value("SELECT id FROM cities WHERE slug = 'richmond-va'")
    await shared_home.rows("UPDATE seats SET office_phone = '+1 804 555 0100' WHERE city_id = $1", richmond)
    variables = {"id": f"cit_{richmond.hex}"} if "$id" in document else {}

    for email in (MAYOR, STAFF, SECRETARIAT):
        shown = str(await (await shared_home.caller(email)).ask(document, **variables))
        assert "office@richmond-va.example" in shown, email
        assert "+1 804 555 0100" in shown, email
    for other in (None, "host@water.example"):
        shown = str(await (await shared_home.caller(other)).ask(document, **variables))
        assert "@" not in shown, other
        assert "555" not in shown, other


async def test_a_delegate_who_acts_for_nobody_sees_no_contact_data(home: Home) -> None:
    mayor, staff = await home.caller(MAYOR), await home.caller(STAFF)
    grants = (await mayor.ask("{ delegations(first: 100) { nodes { id status delegate { email } } } }"))[
        "delegations"
    ]
    (grant,) = [
        g["id"] for g in grants["nodes"] if g["status"] == "ACTIVE" and g["delegate"]["email"] == STAFF
    ]
    assert "office@" in str(await staff.ask(PATHS["by its slug"]))

    await mayor.done("revokeDelegation", delegationId=grant)

    assert "office@" not in str(await staff.ask(PATHS["by its slug"]))


async def test_an_office_sees_its_own_contact_data_though_its_city_has_left(home: Home) -> None:
    await home.rows("UPDATE cities SET joined_on = NULL WHERE slug = 'norfolk-va'")
    mayor = await home.caller(MAYOR)

    own = await mayor.ask('{ city(slug: "norfolk-va") { officeEmail } }')
    others = await mayor.ask(PATHS["by its slug"])

    assert own["city"]["officeEmail"] == "office@norfolk-va.example"
    assert others["x"]["officeEmail"] is None


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("MAYAGUEZ", "mayaguez-pr"),
        ("mayagüez", "mayaguez-pr"),
        ("maya", "mayaguez-pr"),
        ("são paulo", "sao-paulo-br"),
        ("sao pau", "sao-paulo-br"),
        ("  winston   salem ", "winston-salem-nc"),
        ("salem nc", "winston-salem-nc"),
        ("o'fallon mo", "ofallon-mo"),
        ("ofallon mo", "ofallon-mo"),
        ("portland me", "portland-me"),
    ],
)
async def test_a_city_is_found_by_the_beginnings_of_its_words(
    shared_home: Home, typed: str, found: str
) -> None:
    assert found in await _named(await shared_home.caller(), typed)


@pytest.mark.parametrize("typed", ["ichmond", "%", "_", "richmond%va", "\\", "nobody is called so"])
async def test_what_begins_no_word_finds_nothing_special(shared_home: Home, typed: str) -> None:
    visitor = await shared_home.caller()

    found = await _named(visitor, typed)

    # Signs alone are no words: they narrow nothing, as an empty box narrows nothing.
    signs = not any(letter.isalnum() for letter in typed)
    assert found == (
        await _named(visitor, "") if signs else ["richmond-va"] if "richmond" in typed[:8] else []
    )


async def test_a_city_is_found_by_its_mayors_name_while_in_office(home: Home) -> None:
    visitor, secretariat = await home.caller(), await home.caller(SECRETARIAT)
    name = (await visitor.ask('{ city(slug: "norfolk-va") { mayor { id name } } }'))["city"]["mayor"]
    family = name["name"].split()[-1]
    assert "norfolk-va" in await _named(visitor, name["name"].upper())
    assert "norfolk-va" in await _named(visitor, family)

    await secretariat.done("endTerm", mayorId=name["id"], on=str(date.today()))  # noqa: DTZ011 - the seeds' own day

    assert "norfolk-va" not in await _named(visitor, name["name"])


async def test_cities_come_by_name_whatever_its_accents_and_the_pages_join(shared_home: Home) -> None:
    visitor = await shared_home.caller()
    page_info = "pageInfo { endCursor hasNextPage }"
    asked = f"query ($a: String) {{ cities(first: 100, after: $a) {{ nodes {{ slug name }} {page_info} }} }}"
    seen: list[dict[str, Any]] = []
    after = None
    while True:
        page = (await visitor.ask(asked, a=after))["cities"]
        seen += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]

    told = await shared_home.rows(
        "SELECT slug, plain_name(name) AS plain FROM cities ORDER BY plain_name(name), id"
    )
    assert [city["slug"] for city in seen] == [row["slug"] for row in told]
    assert any(not city["name"].isascii() for city in seen)
    names = [city["name"] for city in seen]
    assert names.index("Ōita") < names.index("Oslo") < names.index("Zürich")


async def test_cities_of_one_size_are_those_of_one_band(shared_home: Home) -> None:
    visitor = await shared_home.caller()
    wanted = "{ nodes { population band { atLeast below } } }"
    asked = f'{{ cities(first: 100, sizedLike: 84000, country: "US", member: true) {wanted} }}'

    found = (await visitor.ask(asked))["cities"]["nodes"]

    assert found
    assert {(city["band"]["atLeast"], city["band"]["below"]) for city in found} == {(50_000, 100_000)}
    assert all(50_000 <= city["population"] < 100_000 for city in found)


async def test_the_bands_are_those_of_the_dues_table(shared_home: Home) -> None:
    bands = (await (await shared_home.caller()).ask("{ bands { atLeast below } }"))["bands"]

    lines = [
        0,
        30_000,
        50_000,
        100_000,
        150_000,
        300_000,
        500_000,
        1_000_000,
        1_500_000,
        3_000_000,
        4_000_000,
        None,
    ]
    assert [(band["atLeast"], band["below"]) for band in bands] == list(pairwise(lines))


async def test_cities_like_mine_are_of_my_size_and_the_nearest_come_first(shared_home: Home) -> None:
    visitor = await shared_home.caller()
    asked = "query ($slug: String!) { city(slug: $slug) { like { slug memberSince band { atLeast } } } }"

    richmond = (await visitor.ask(asked, slug="richmond-va"))["city"]["like"]
    largest = (await visitor.ask(asked, slug="los-angeles-ca"))["city"]["like"]

    assert [city["slug"] for city in richmond[:3]] == ["norfolk-va", "alexandria-va", "cary-nc"]
    assert {city["band"]["atLeast"] for city in richmond} == {150_000}
    assert len(largest) == 8, "a city without many of its size is not left alone"
    assert all(city["memberSince"] for city in richmond + largest)
    assert "los-angeles-ca" not in [city["slug"] for city in largest]


async def test_the_database_measures_great_circles(shared_home: Home) -> None:
    across = await shared_home.value("SELECT kilometres(40.7128, -74.006, 34.0522, -118.2437)")
    home = await shared_home.value("SELECT kilometres(12.5, 8, 12.5, 8)")
    around = await shared_home.value("SELECT kilometres(0, 0, 0, 180)")

    assert across == pytest.approx(3936, abs=1)
    assert home == 0
    assert around == pytest.approx(20015, abs=1)


async def test_who_kept_a_profile_is_told_to_its_office_and_to_the_secretariat_alone(home: Home) -> None:
    staff, asked = (
        await home.caller(STAFF),
        '{ city(slug: "norfolk-va") { mayor { lastKept { by principal { name } } } } }',
    )
    await staff.done("updateProfile", biography="Walks to work.")
    mayor = await home.caller(MAYOR)

    told = (await mayor.ask(asked))["city"]["mayor"]["lastKept"]

    me = (await mayor.ask("{ viewer { account { name } } }"))["viewer"]["account"]["name"]
    them = (await staff.ask("{ viewer { account { name } } }"))["viewer"]["account"]["name"]
    assert told == {"by": them, "principal": {"name": me}}
    for who in (STAFF, SECRETARIAT):
        assert (await (await home.caller(who)).ask(asked))["city"]["mayor"]["lastKept"] == told, who
    for other in (None, "mayor@richmond-va.example", "staff@richmond-va.example"):
        assert (await (await home.caller(other)).ask(asked))["city"]["mayor"]["lastKept"] is None, other


async def test_whether_one_may_keep_a_profile_is_what_the_act_will_say(shared_home: Home) -> None:
    asked = '{ city(slug: "norfolk-va") { mayor { id canKeep } } }'
    expected = {None: False, MAYOR: True, STAFF: True, SECRETARIAT: True, "mayor@richmond-va.example": False}

    for email, may in expected.items():
        caller = await shared_home.caller(email)
        mayor = (await caller.ask(asked))["city"]["mayor"]
        outcome = await caller.act("updateProfile", mayorId=mayor["id"], biography="As it was.")
        assert mayor["canKeep"] is may, email
        assert (outcome["__typename"] == "Mayor") is may, email


IN_ORDER = "ORDER BY c.sort_name, c.id LIMIT 51"
PLANS = {
    "cities_by_sort_name": f"SELECT * FROM cities c {IN_ORDER}",
    "cities_by_place": f"SELECT * FROM cities c WHERE c.country = 'US' AND c.region = 'VA' {IN_ORDER}",
    "cities_by_words": (
        "SELECT id FROM cities c WHERE (' ' || c.sort_name || ' ' || lower(c.region)) "
        "LIKE '% ' || plain_name('Richm') || '%'"
    ),
    "people_by_words": (
        "SELECT id FROM people p WHERE (' ' || plain_name(p.name)) LIKE '% ' || plain_name('Thack') || '%'"
    ),
}


@pytest.mark.parametrize("index", PLANS)
async def test_an_index_can_serve_the_directory(shared_home: Home, index: str) -> None:
    connection = await asyncpg.connect(shared_home.dsn)
    # Three thousand cities are read as fast whole; what is asked here is whether thirty times as many would be found.
    await connection.execute("SET enable_seqscan = off")

    plan = "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {PLANS[index]}"))

    await connection.close()
    assert index in plan, plan


async def test_the_next_page_begins_where_the_last_one_ended_in_the_index(shared_home: Home) -> None:
    after = "(c.sort_name, c.id) > ('m', '00000000-0000-0000-0000-000000000000')"

    plan = "\n".join(
        row[0] for row in await shared_home.rows(f"EXPLAIN SELECT * FROM cities c WHERE {after} {IN_ORDER}")
    )

    assert "cities_by_sort_name" in plan
    assert "Index Cond: (ROW(sort_name, id) >" in plan


async def _named(caller: Caller, typed: str) -> list[str]:
    asked = "query ($n: String) { cities(first: 100, named: $n) { nodes { slug } } }"
    return [city["slug"] for city in (await caller.ask(asked, n=typed))["cities"]["nodes"]]
