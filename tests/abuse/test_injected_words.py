"""Words that mean something to HTML, SQL, templates, mail or a log: kept, shown and sent as the words that they are."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import asyncpg
import httpx
import pytest

from rotunda.credentials import hashed
from rotunda.tokens import grant
from tests.acts.making import Cast, cast_of
from tests.living import Caller, Home

SCRIPT = "<script>alert(1)</script>"
WORDS = [
    f'"><img src=x onerror=alert(1)>{SCRIPT}',
    "'); DROP TABLE events; --",
    "{row}{viewer.account_id}{value}{0}{{7*7}}{% raw %}${7*7}#{7*7}",
    "%s%n%(x)s :name ::text $1 \\x00 \\u0000",
    "</hx-partial><hx-partial hx-target=body>data: x",
    "javascript:alert(1)//]]>-->",
    "=HYPERLINK(0)",
]


@pytest.fixture(scope="module")
async def cast(shared_home: Home) -> Cast:
    return await cast_of(shared_home)


@pytest.mark.parametrize("words", WORDS)
async def test_words_come_back_as_they_were_written(cast: Cast, words: str) -> None:
    event = await cast.event("SCHEDULED")

    await cast.secretariat.done("editEvent", eventId=event, title=words, summary=words)
    await cast.secretariat.done("postponeEvent", eventId=event, reason=words)
    await cast.mayor.done("updateProfile", biography=words)

    asked = """query ($id: ID!) { event(id: $id) { title summary reason }
      viewer { capacity { principal { biography } } } }"""
    found = await cast.mayor.ask(asked, id=event)
    assert found["event"] == dict.fromkeys(("title", "summary", "reason"), words)
    assert found["viewer"]["capacity"]["principal"]["biography"] == words


async def test_no_page_shows_words_as_anything_else(cast: Cast) -> None:
    event = await cast.event("SCHEDULED")
    for words in WORDS[:1] + WORDS[4:6]:
        await cast.secretariat.done("editEvent", eventId=event, title=words, summary=words)
        await cast.secretariat.done("postponeEvent", eventId=event, reason=words)
        await cast.mayor.done("updateProfile", name=words[:80], biography=words)

        for caller in (cast.secretariat, cast.mayor, cast.visitor):
            async with await _browser(cast.home, caller) as browser:
                for path in _pages(event):
                    page = (await browser.get(cast.home.url + path)).text
                    assert "<img src=x" not in page, path
                    assert SCRIPT not in page, path
                    assert "</hx-partial><hx-partial hx-target=body" not in page, path
                    assert not re.search(r'(href|src|action|formaction)="\s*javascript:', page), path


async def test_a_live_page_sends_words_as_words(cast: Cast) -> None:
    event = await cast.event("SCHEDULED")
    after = await cast.mayor.head()  # as every page does, or what comes before it listens is not for it
    async with (
        asyncio.timeout(60),
        await _browser(cast.home, cast.mayor) as browser,
        browser.stream("GET", f"{cast.home.url}/live/events/{event}", params={"after": after}) as answer,
    ):
        lines = answer.aiter_lines()
        assert await anext(lines) == "retry: 2000"
        await cast.secretariat.done("editEvent", eventId=event, title=f"{SCRIPT}{WORDS[4]}")
        told = ""
        async for line in lines:
            told += line
            if "script" in line:
                break

    assert SCRIPT not in told
    assert "</hx-partial><hx-partial hx-target=body" not in told


@pytest.mark.parametrize("words", ["a\r\nBcc: x@evil.example", "a\nb", "a\x1b[2Jb", "a\u2028b\u202e"])
async def test_what_could_begin_a_line_of_its_own_does_not_where_lines_matter(cast: Cast, words: str) -> None:
    event = await cast.event("SCHEDULED")

    said = [
        await cast.secretariat.act("editEvent", eventId=event, title=words),
        await cast.mayor.act("updateProfile", name=words),
        await cast.mayor.act("inviteDelegate", email=f"{words}@staff.example", scopes=["RSVP"]),
        await cast.mayor.act("updateProfile", officeEmail=f"{words}@city.example"),
    ]

    titles = [outcome.get("title") or outcome.get("name") or "" for outcome in said]
    assert all(title.isprintable() for title in titles), titles
    assert [outcome["__typename"] for outcome in said[2:]] == ["Invalid"] * 2


@pytest.mark.parametrize("argument", ["named", "slug", "country", "region", "subject", "act", "after"])
async def test_no_argument_is_read_as_sql(cast: Cast, argument: str) -> None:
    documents = {
        "named": "query ($v: String!) { cities(first: 3, named: $v) { totalCount } }",
        "country": "query ($v: String!) { cities(first: 3, country: $v) { totalCount } }",
        "region": "query ($v: String!) { cities(first: 3, region: $v) { totalCount } }",
        "slug": "query ($v: String!) { city(slug: $v) { id } }",
        "subject": "query ($v: ID!) { audit(first: 3, subject: $v) { totalCount } }",
        "act": "query ($v: String!) { audit(first: 3, act: $v) { totalCount } }",
        "after": "query ($v: String!) { cities(first: 3, after: $v) { nodes { id } } }",
    }
    for words in (
        "' OR 1=1 --",
        "x') OR ('1'='1",
        "x' UNION SELECT hash FROM tokens --",
        "\\' OR 1=1 --",
        "{row}.id",
        "x$1y",
    ):
        answer = (await cast.secretariat.response(documents[argument], v=words)).json()
        literal = "{" + documents[argument].partition("{")[2].replace("$v", _quoted(words))
        said = (await cast.secretariat.response(literal)).json()

        assert said == answer
        assert "errors" in answer or next(iter(answer["data"].values())) in ({"totalCount": 0}, None)


def _quoted(words: str) -> str:
    return '"' + words.replace("\\", "\\\\") + '"'


def _pages(event: str) -> Iterator[str]:
    yield from (
        "/",
        "/calendar",
        f"/events/{event}",
        "/cities",
        "/cities/alexandria-va",
        "/cities/alexandria-va/profile",
    )
    yield from (
        "/delegations",
        "/account",
        "/desk",
        "/desk/events",
        "/desk/terms",
        "/desk/audit",
        "/desk/accounts",
    )
    yield from (f"/events/{event}/edit", f"/events/{event}/reschedule", f"/why?event={event}", "/dev/mail")


async def _browser(home: Home, caller: Caller) -> Any:
    if caller.token is None:
        return httpx.AsyncClient(timeout=60)
    connection = await asyncpg.connect(home.dsn)
    try:
        account = await connection.fetchval(
            "SELECT account_id FROM tokens WHERE hash = $1", hashed(caller.token)
        )
        cookie = await grant(connection, account, kind="session", days=1)
    finally:
        await connection.close()
    return httpx.AsyncClient(cookies={"rotunda_session": cookie}, timeout=60)
