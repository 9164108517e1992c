"""Hot plans: what everybody asks reaches its rows by index and reads few, in a conference some years old.

The plans are the generic ones that the house runs, as PostgreSQL makes them under the house's own settings. The seeds
alone would not do: a table of a page or two is rightly read through, whatever indexes it has.
"""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest

import schema
from planner.documents import Documents
from planner.prepared import Prepared
from planner.read import SETTINGS
from portal import documents as pages
from tests.planner.stage import SIGNING

_PROMISES = (Path(__file__).parents[1] / "schema" / "promised.graphql").read_text(encoding="utf-8")
BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
PROMISED = dict(re.findall(r"^## (\w+)\n(.*?)\n$", _PROMISES, re.MULTILINE | re.DOTALL))

#: What grows with the years, and must never be read through.
LARGE = {
    "accounts",
    "audit",
    "cities",
    "clauses",
    "delegations",
    "event_moves",
    "events",
    "findings",
    "notices",
    "people",
    "posts",
    "reactions",
    "readings",
    "resolution_versions",
    "sponsorships",
    "terms",
    "threads",
    "tokens",
}

#: Rows that a page may touch, those a filter throws away included. The directory's map alone may show a thousand.
MOST_ROWS = 4_000
#: Home asks all of five hundred groups what is unread in them; search asks the newest two thousand posts which way to
#: go, and then goes it. Neither grows with the posts. Resolutions are counted, four times on their page: a hundred more
#: a year. (So their table is not among the large ones; what reads a page of them is held to its index below.)
MORE_ROWS = {"home/home": 6_000, "search": 5_000, "search/search": 5_000, "resolutions/resolutions": 20_000}

#: What programs ask, with variables.
ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "Cities": (PROMISED["Cities"], {}),
    "Event": (PROMISED["Event"], {"id": "{event}"}),
    "viewer": (PROMISED["viewer"], {}),
    "a city by its slug": (
        "query ($slug: String) { city(slug: $slug) { name mayor { name } } }",
        {"slug": "alexandria-va"},
    ),
    "a page of events": (
        "query ($a: String) { events(first: 20, after: $a) { edges { cursor node { id title host { name } } } } }",
        {},
    ),
    "how much has changed": ("{ changes(unseen: true) { totalCount } }", {}),
    "a page of a group": ((BENCHMARKS / "group.graphql").read_text(), {"id": "{group}"}),
    "a page of a thread": ((BENCHMARKS / "thread.graphql").read_text(), {"id": "{thread}"}),
    "a page of resolutions": (
        "query ($a: String) { resolutions(first: 20, after: $a) { edges { cursor node { id title call { name } } } } }",
        {},
    ),
    "a page of a call": (
        "query ($id: ID!) { resolutionCall(id: $id) { resolutions { totalCount nodes { id number title } } } }",
        {"id": "{call}"},
    ),
    "unread in all": ("{ viewer { unreadCount } }", {}),
    "search": (
        "query ($text: String!) { search(text: $text) { totalCount edges { excerpt node { id } } } }",
        {"text": "budget"},
    ),
}

#: Every page that a member sees, with variables.
SEEN: dict[str, dict[str, Any]] = {
    "account/account": {},
    "api/explorer": {},
    "cities/cities": {},
    "cities/city": {"slug": "alexandria-va"},
    "cities/profile": {"slug": "alexandria-va"},
    "delegations/accept": {"code": "quiet-river-seven"},
    "delegations/delegation": {"id": "{grant}"},
    "delegations/delegations": {},
    "delegations/end": {"id": "{grant}"},
    "delegations/invite": {"from": "2026-01-01T00:00:00Z"},
    "delegations/leave": {"id": "{grant}"},
    "delegations/narrow": {"id": "{grant}"},
    "errors/error": {},
    "events/calendar": {"from": "2026-01-01T00:00:00Z"},
    "events/edit": {"id": "{event}"},
    "events/event": {"id": "{event}"},
    "events/moving": {"id": "{event}", "counting": True},
    "events/new": {},
    "front/front": {"from": "2026-01-01T00:00:00Z"},
    "groups/deed": {},
    "groups/edit": {"id": "{group}"},
    "groups/group": {"id": "{group}"},
    "groups/groups": {},
    "groups/invite": {"id": "{group}", "named": "mad"},
    "groups/new": {},
    "groups/post": {"id": "{post}"},
    "groups/start": {"id": "{group}"},
    "groups/thread": {"id": "{thread}", "last": 50},
    "home/home": {"from": "2026-01-01T00:00:00Z"},
    "resolutions/call": {},
    "resolutions/deadline": {"id": "{call}"},
    "resolutions/edit": {"id": "{resolution}"},
    "resolutions/new": {},
    "resolutions/resolution": {"id": "{resolution}"},
    "resolutions/resolutions": {},
    "resolutions/versions": {"id": "{resolution}"},
    "resolutions/withdraw": {"id": "{resolution}"},
    "search/search": {"text": "budget"},
    "why/why": {},
}
ASKED |= {name: (pages.document(name), variables) for name, variables in SEEN.items()}

#: Years of history: former terms and their grants, sign-ins, events with their moves, acts, and a log of 100,000.
_YEARS = """
    INSERT INTO tokens (hash, account_id, kind, expires_at)
        SELECT sha256((a.id::text || n)::bytea), a.id, 'session', now() FROM accounts a, generate_series(1, 10) n;
    CREATE TEMP TABLE former AS SELECT c.id AS city_id, uuidv7() AS person_id, daterange(
            make_date(1900 + 4 * n, 1, 1), make_date(1904 + 4 * n, 1, 1)) AS during
        FROM cities c, generate_series(0, 9) n WHERE c.joined_on IS NOT NULL;
    INSERT INTO people (id, name) SELECT person_id, 'Somebody' FROM former;
    INSERT INTO terms (city_id, person_id, during) SELECT city_id, person_id, during FROM former;
    INSERT INTO delegations (term_id, city_id, person_id, account_id, scopes, during, status)
        SELECT t.id, t.city_id, t.person_id, (SELECT id FROM accounts LIMIT 1 OFFSET abs(hashtext(t.id::text)) % 800),
            '{rsvp}', t.during, 'term_ended' FROM terms t WHERE upper(t.during) < '1950-01-01';
    INSERT INTO events (title, kind, audience, status, time_zone, starts_wall)
        SELECT 'A meeting', 'meeting', 'members', 'held', 'UTC', timestamp '1990-01-01' + n * interval '1 day'
        FROM generate_series(1, 10000) n;
    INSERT INTO event_moves (event_id, revision, verb, status, time_zone)
        SELECT id, 1000, 'hold', 'scheduled', 'UTC' FROM events;
    INSERT INTO audit (act, actor_id, term_id)
        SELECT 'editEvent', a.id, t.id FROM accounts a JOIN terms t USING (person_id), generate_series(1, 30);
    ALTER TABLE notices DISABLE TRIGGER seal;
    INSERT INTO notices (pos, kind, subject, revision, topics, payload)
        SELECT nextval('notice_positions'), 'EventEdited', e.id, 1000 + n, '{members}', '{"version": 1}'
        FROM events e, generate_series(1, 10) n WHERE e.title = 'A meeting';
    ALTER TABLE notices ENABLE TRIGGER seal;
"""
#: Years of talk, written past the triggers that count: in five hundred groups, read by every fifth mayor.
_TALK = """
    ALTER TABLE groups DISABLE TRIGGER ALL; ALTER TABLE threads DISABLE TRIGGER ALL;
    ALTER TABLE posts DISABLE TRIGGER ALL; ALTER TABLE readings DISABLE TRIGGER ALL;
    ALTER TABLE reactions DISABLE TRIGGER ALL;
    CREATE TEMP TABLE one AS
        SELECT a.id, t.id AS term_id, t.person_id FROM accounts a JOIN terms t USING (person_id) LIMIT 1;
    INSERT INTO groups (name, audience, confidentiality, founder_id)
        SELECT 'Years of talk ' || n, 'members', 'ordinary', one.id FROM one, generate_series(1, 500) n;
    INSERT INTO memberships (group_id, person_id, term_id, status, joined_at)
        SELECT g.id, t.person_id, t.id, 'joined', now() FROM groups g, terms t
        WHERE g.name LIKE 'Years%' AND t.during @> current_date AND hashtext(g.id::text || t.id) % 20 = 0;
    INSERT INTO threads (group_id, audience, mayors_only, chatham_house, title, author_id, term_id, post_count,
                         last_number, bump)
        SELECT g.id, 'members', false, false, 'A thread', one.id, one.term_id, 10, 10, 10 * n
        FROM groups g, one, generate_series(1, 8) n WHERE g.name LIKE 'Years%';
    INSERT INTO posts (thread_id, group_id, audience, mayors_only, chatham_house, number, place, body, body_html, words,
                       author_id, term_id)
        SELECT t.id, t.group_id, 'members', false, false, n, 1000 + t.bump + n, said, said, said, one.id, one.term_id
        FROM threads t, one, generate_series(1, 10) n, LATERAL (SELECT repeat('what we said ', 20) || t.id AS said) x
        WHERE t.title = 'A thread';
    UPDATE threads t SET last_post_id = p.id FROM posts p
        WHERE p.thread_id = t.id AND p.number = 10 AND title = 'A thread';
    INSERT INTO reactions (post_id, person_id, mark) SELECT p.id, one.person_id, 'agree' FROM posts p, one
        WHERE p.number < 5 AND p.words LIKE 'what we said%';
    INSERT INTO readings (account_id, capacity_id, thread_id, group_id, read, read_count)
        SELECT a.id, m.term_id, t.id, t.group_id, '{[1,11)}', 10 FROM threads t JOIN memberships m USING (group_id)
        JOIN accounts a USING (person_id) WHERE t.title = 'A thread' AND hashtext(m.id::text) % 2 = 0;
    INSERT INTO group_readings (account_id, capacity_id, group_id, read_count)
        SELECT account_id, capacity_id, group_id, sum(read_count) FROM readings GROUP BY 1, 2, 3 ON CONFLICT DO NOTHING;
    INSERT INTO findings (subject, kind, words, thread_id, group_id, audience, recency)
        SELECT id, 'Post', words, thread_id, group_id, audience, place FROM posts ON CONFLICT DO NOTHING;
"""
#: Thirty years of resolutions: a hundred for each call, of ten clauses, under three names.
_RESOLVED = """
    INSERT INTO resolution_calls (name, time_zone, due_wall, sponsors_needed)
        SELECT 'Meeting ' || n, 'UTC', timestamp '1990-01-01' + n * interval '1 year', 3 FROM generate_series(1, 30) n;
    CREATE TEMP TABLE leads AS SELECT t.id AS term_id, a.id AS account_id, row_number() OVER (ORDER BY t.id) AS n
        FROM terms t JOIN accounts a USING (person_id) WHERE t.during @> current_date;
    INSERT INTO resolutions (call_id, term_id, author_id, number, title, words, status, drafted_at, opened_at,
                             opened_version, submitted_at, withdrawn_at, sponsor_count)
        SELECT c.id, l.term_id, l.account_id, k, 'On streets ' || k, 'be it so', CASE WHEN k <= 95 THEN 'submitted'
                ELSE 'withdrawn' END, c.due_at - interval '9 days', c.due_at - k * interval '1 hour', 1,
            c.due_at - interval '1 hour', CASE WHEN k > 95 THEN c.due_at END, 3
        FROM resolution_calls c, generate_series(1, 100) k JOIN leads l ON l.n = k % 390 + 1 WHERE c.name ~ '^Meeting';
    INSERT INTO resolution_versions (resolution_id, version, title)
        SELECT id, 1, title FROM resolutions WHERE words = 'be it so';
    INSERT INTO clauses (resolution_id, version, position, kind, text)
        SELECT id, 1, n, CASE WHEN n < 8 THEN 'whereas' ELSE 'resolved' END, repeat('streets are long ', 20)
        FROM resolutions, generate_series(1, 10) n WHERE words = 'be it so';
    INSERT INTO sponsorships (resolution_id, term_id, lead, version)
        SELECT r.id, l.term_id, l.term_id = r.term_id, 1 FROM resolutions r, leads l
        WHERE words = 'be it so' AND (l.n <= 3 OR l.term_id = r.term_id);
"""
_GRANT = """SELECT d.id FROM delegations d JOIN terms t ON t.id = d.term_id JOIN accounts a ON a.person_id = t.person_id
    WHERE a.email = 'mayor@alexandria-va.example' AND d.status = 'active'"""
_NEWEST = "SELECT id FROM {table} ORDER BY id DESC LIMIT 1"
_LATEST = (
    ("group", "grp", "groups"),
    ("thread", "thr", "threads"),
    ("post", "pst", "posts"),
    ("call", "cal", "resolution_calls"),
    ("resolution", "res", "resolutions"),
)
_TOKEN = b"\1" * 32


@pytest.fixture(scope="module")
async def grown(cluster: Any, planted_template: str) -> AsyncIterator[Any]:
    """The planted database some years on, analysed, with a token for a mayor, as the house reads it."""
    operator = await asyncpg.connect(cluster.address("postgres"))
    await operator.execute("DROP DATABASE IF EXISTS grown WITH (FORCE)")
    await operator.execute(f"CREATE DATABASE grown TEMPLATE {planted_template} STRATEGY FILE_COPY")
    connection = await asyncpg.connect(
        cluster.address("grown"), server_settings=SETTINGS | {"statement_timeout": "0"}
    )
    await connection.execute(_YEARS)
    await connection.execute(_TALK)
    await connection.execute(_RESOLVED)
    await connection.execute(
        "INSERT INTO tokens (hash, account_id, kind, expires_at) SELECT $1, id, 'api', now() + interval '1 day' "
        "FROM accounts WHERE email = 'mayor@alexandria-va.example'",
        _TOKEN,
    )
    await connection.execute("VACUUM ANALYZE")
    yield connection
    await connection.close()
    await operator.execute("DROP DATABASE grown WITH (FORCE)")
    await operator.close()


def test_every_page_of_a_member_is_looked_at() -> None:
    documents = {name for name in pages.names() if not name.endswith((".act", ".live"))}

    # The desk is the secretariat's; nobody is a member yet at the door; the API's book asks about the schema.
    elsewhere = ("desk/", "sign_in/", "dev_mail/", "api/docs")
    assert {name for name in documents if not name.startswith(elsewhere)} == SEEN.keys()


@pytest.mark.parametrize("name", ASKED)
async def test_a_hot_document_reads_few_rows_and_those_by_index(grown: Any, name: str) -> None:
    query, variables = ASKED[name]
    known = {
        "{event}": f"evt_{(await grown.fetchval('SELECT event_id FROM event_moves LIMIT 1')).hex}",
        "{grant}": f"del_{(await grown.fetchval(_GRANT)).hex}",
        **{
            f"{{{kind}}}": f"{prefix}_{(await grown.fetchval(_NEWEST.format(table=table))).hex}"
            for kind, prefix, table in _LATEST
        },
    }

    plan = await _executed(grown, query, {key: known.get(value, value) for key, value in variables.items()})

    scans = [scan for scan in _scans(plan) if scan["Actual Loops"]]
    assert {scan["Relation Name"] for scan in scans if scan["Node Type"] == "Seq Scan"} & LARGE == set()
    most = MORE_ROWS.get(name, MOST_ROWS)
    assert sum(map(_rows, scans)) <= most, {scan.get("Index Name"): _rows(scan) for scan in scans}


@pytest.mark.parametrize(
    "narrowed",
    [
        "",
        ", status: [GATHERING]",
        ", status: [SUBMITTED], mine: false",
        ", callId: $call",
        ", mine: false, callId: $call",
    ],
)
async def test_a_page_of_resolutions_is_read_by_index(grown: Any, narrowed: str) -> None:
    call = f"cal_{(await grown.fetchval(_NEWEST.format(table='resolution_calls'))).hex}"
    given = "($call: ID)" if "$call" in narrowed else ""

    plan = await _executed(
        grown, f"query {given} {{ resolutions(first: 20{narrowed}) {{ nodes {{ title }} }} }}", {"call": call}
    )

    scans = [scan for scan in _scans(plan) if scan["Relation Name"] == "resolutions" and scan["Actual Loops"]]
    assert "Seq Scan" not in {scan["Node Type"] for scan in scans}
    assert sum(map(_rows, scans)) < 200, {scan.get("Index Name"): _rows(scan) for scan in scans}
    assert await grown.fetchval("SELECT count(*) FROM resolutions") > 3_000


async def test_what_a_visitor_may_not_find_is_never_looked_through(grown: Any) -> None:
    query, _ = ASKED["search"]

    plan = await _executed(grown, query, {"text": "said"}, token=None)

    touched = {scan.get("Index Name"): _rows(scan) for scan in _scans(plan) if scan["Actual Loops"]}
    assert await grown.fetchval("SELECT count(*) FROM findings WHERE words LIKE '%said%'") > 30_000
    assert sum(touched.values()) <= MORE_ROWS["search"], touched


async def _executed(db: Any, query: str, variables: dict[str, Any], token: bytes | None = _TOKEN) -> Any:
    """The generic plan, as it ran for these variables."""
    documents = Documents(schema.world(SIGNING))
    prepared = documents.prepare(query)
    assert isinstance(prepared, Prepared), prepared
    values = prepared.values(variables)
    plan = documents.plan(prepared, values)
    given = ", ".join(map(_literal, [token, None, *plan.bind(values)]))
    await db.execute(f"PREPARE hot AS {plan.sql}")
    shown = await db.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE hot ({given})")
    await db.execute("DEALLOCATE hot")
    return orjson.loads(shown)


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, list):
        return f"ARRAY[{', '.join(map(_literal, value))}]"
    return f"'\\x{value.hex()}'" if isinstance(value, bytes) else f"'{value}'"


def _rows(scan: dict[str, Any]) -> float:
    """The rows a scan touched, over all its loops; those of a bitmap are counted where the table is visited."""
    thrown_away = scan.get("Rows Removed by Filter", 0) + scan.get("Rows Removed by Index Recheck", 0)
    return float((scan["Actual Rows"] + thrown_away) * scan["Actual Loops"])


def _scans(node: Any) -> Iterator[dict[str, Any]]:
    """Every scan of a table."""
    match node:
        case list():
            for inner in node:
                yield from _scans(inner)
        case dict():
            if "Relation Name" in node:
                yield node
            for inner in node.values():
                yield from _scans(inner)
