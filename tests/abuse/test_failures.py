"""When something breaks, a number is told and a story is logged under it; neither holds what is nobody's business."""

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

import asyncpg
import httpx
import orjson
import pytest
from sqlalchemy.exc import DBAPIError

from notifications.mail import NotSent
from rotunda.logs import Discreet
from tests.living import Home, until

SECRETARIAT, MAYOR = "secretariat@rotunda.example", "mayor@richmond-va.example"
#: Nothing of this may be in any answer.
INSIDE = re.compile(
    r"SELECT|INSERT|UPDATE |Traceback|File \"|asyncpg|sqlalchemy|constraint|_check|_key\b"
    r"|\bevents_|line \d+|hunter2|\$\d"
)
NEW = {"title": "A meeting", "kind": "WEBINAR", "timeZone": "America/Chicago"}
CREATE = """mutation ($input: CreateEventInput!) {
    outcome: createEvent(input: $input) { __typename ... on Problem { message } } }"""


class Log:
    """Everything that was written, as `serve` writes it, at every level; the test's own clients left out."""

    def __init__(self, *, discreet: bool) -> None:
        self.stream = io.StringIO()
        self.handler = logging.StreamHandler(self.stream)
        form = "%(levelname)s %(name)s: %(message)s"
        self.handler.setFormatter(Discreet(form) if discreet else logging.Formatter(form))
        clients = ("httpx", "httpcore", "websockets", "asyncio")
        self.handler.addFilter(lambda record: not record.name.startswith(clients))

    def text(self) -> str:
        return self.stream.getvalue()


@pytest.fixture
def log() -> Iterator[Log]:
    """The log as it would be without the formatter that leaves secrets out: nothing may rely on that alone."""
    log = Log(discreet=False)
    root = logging.getLogger()
    level = root.level
    root.addHandler(log.handler)
    root.setLevel(logging.DEBUG)
    yield log
    root.removeHandler(log.handler)
    root.setLevel(level)


def wrong(sqlstate: str) -> DBAPIError:
    """What SQLAlchemy makes of the database's refusal: it holds the statement and its values."""

    class Said(Exception):
        pass

    said = Said('could not extend file "base/5/events_pkey": hunter2')
    said.sqlstate = sqlstate  # type: ignore[attr-defined]  # as asyncpg's
    return DBAPIError("INSERT INTO events (title) VALUES ($1)", {"title": "hunter2"}, said)


async def test_a_bug_in_reading_is_a_number_that_is_in_the_log(
    shared_home: Home, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    async def broken(*_: Any) -> bytes:
        raise RuntimeError("SELECT hunter2 FROM tokens_key")

    visitor = await shared_home.caller()
    monkeypatch.setattr(shared_home.house.reader, "value", broken)

    answer = await visitor.response("{ head }")
    page = await shared_home.http.get(f"{shared_home.url}/calendar")

    assert answer.status_code == 500
    assert not INSIDE.search(answer.text)
    extensions = answer.json()["errors"][0]["extensions"]
    assert extensions["code"] == "INTERNAL"
    assert f"error {extensions['id']}" in log.text()
    assert "RuntimeError: SELECT hunter2" in log.text()
    assert page.status_code == 500
    assert "hunter2" not in page.text
    assert "Traceback" not in page.text


async def test_a_bug_in_an_act_undoes_it_and_is_a_number_in_the_log(
    shared_home: Home, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    """The database's own word for it, a broken CHECK, names table, constraint and values."""
    secretariat = await shared_home.caller(SECRETARIAT)
    monkeypatch.setattr("resolvers.events._worded", lambda *_, **__: "")

    answer = await secretariat.response(CREATE, input={**NEW, "idempotencyKey": "broken"})

    said = answer.json()
    assert not INSIDE.search(answer.text.replace("createEvent", ""))
    (error,) = said["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert f"error {error['extensions']['id']}" in log.text()
    assert "events_title_check" in log.text()
    assert "INSERT INTO events" not in log.text(), "neither the statement nor its values"
    assert await shared_home.value("SELECT count(*) FROM used_keys WHERE key = 'broken'") == 0


@pytest.mark.parametrize(
    ("trouble", "status", "code"),
    [
        (
            asyncpg.QueryCanceledError("canceling statement due to statement timeout: SELECT hunter2"),
            400,
            "TOO_SLOW",
        ),
        (asyncpg.ConnectionDoesNotExistError("connection was closed: hunter2"), 503, "UNAVAILABLE"),
        (asyncpg.DiskFullError("could not extend file base/5/events_pkey: hunter2"), 503, "UNAVAILABLE"),
        (asyncpg.OutOfMemoryError("hunter2"), 503, "UNAVAILABLE"),
        (asyncpg.TooManyConnectionsError("hunter2"), 503, "UNAVAILABLE"),
        (asyncpg.CannotConnectNowError("hunter2"), 503, "UNAVAILABLE"),
        (asyncpg.ReadOnlySQLTransactionError("hunter2"), 503, "UNAVAILABLE"),
        (ConnectionRefusedError("hunter2"), 503, "UNAVAILABLE"),
        (asyncpg.NumericValueOutOfRangeError("hunter2"), 400, "BAD_USER_INPUT"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
async def test_a_database_in_trouble_is_a_pause_and_not_a_story(
    shared_home: Home, monkeypatch: pytest.MonkeyPatch, trouble: Exception, status: int, code: str
) -> None:
    async def troubled(*_: Any) -> bytes:
        raise trouble

    visitor = await shared_home.caller()
    monkeypatch.setattr(shared_home.house.reader, "value", troubled)
    accept = {"accept": "application/graphql-response+json"}

    answer = await visitor.place.http.post(
        f"{shared_home.url}/graphql", json={"query": "{ head }"}, headers=accept
    )
    page = await shared_home.http.get(f"{shared_home.url}/calendar")

    assert answer.status_code == status
    assert answer.json()["errors"][0]["extensions"]["code"] == code
    assert "hunter2" not in answer.text
    assert ("retry-after" in answer.headers) == (status == 503)
    assert page.status_code in {500, 503}
    assert "hunter2" not in page.text


STATES = {
    "57014": "TOO_SLOW",
    "53100": "UNAVAILABLE",
    "57P01": "UNAVAILABLE",
    "08006": "UNAVAILABLE",
    "55P03": "UNAVAILABLE",
    "23505": "INTERNAL",
    "42P01": "INTERNAL",
    "XX000": "INTERNAL",
}


@pytest.mark.parametrize(("sqlstate", "code"), STATES.items())
async def test_an_act_that_the_database_cannot_do_now_says_so_and_nothing_of_it(
    shared_home: Home, monkeypatch: pytest.MonkeyPatch, log: Log, sqlstate: str, code: str
) -> None:
    async def refused(*_: Any) -> None:
        raise wrong(sqlstate)

    secretariat = await shared_home.caller(SECRETARIAT)
    monkeypatch.setattr("rotunda.service.perform", refused)

    answer = await secretariat.response(CREATE, input={**NEW, "idempotencyKey": "x"})

    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == code
    assert not INSIDE.search(answer.text.replace("createEvent", ""))
    assert "VALUES" not in log.text()
    if code == "INTERNAL":
        assert f"error {error['extensions']['id']}" in log.text()


async def test_a_bug_on_a_socket_is_a_number_too_and_the_socket_lives(
    shared_home: Home, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("SELECT hunter2")

    visitor = await shared_home.caller()
    async with visitor.socket() as socket:
        monkeypatch.setattr(shared_home.house, "kind", broken)
        await socket.send('{"id":"1","type":"subscribe","payload":{"query":"{ head }"}}')
        said = orjson.loads(await socket.recv())

        assert said["type"] == "error"
        extensions = said["payload"][0]["extensions"]
        assert extensions["code"] == "INTERNAL"
        assert f"error {extensions['id']}" in log.text()
        assert "hunter2" not in str(said)
        await socket.send('{"type":"ping"}')
        assert orjson.loads(await socket.recv()) == {"type": "pong"}


async def test_no_secret_is_ever_written_down(home: Home, monkeypatch: pytest.MonkeyPatch, log: Log) -> None:
    """A morning at the door with everything failing that can: link, code, session, token, invitation, letters."""
    secrets: set[str] = set()
    async with httpx.AsyncClient() as browser:
        await browser.post(f"{home.url}/sign-in", data={"email": MAYOR})
        await until(lambda: home.letters(to=MAYOR))
        letter = home.letters(to=MAYOR)[0].get_body(("plain",))
        assert letter
        words = letter.get_content()
        link = re.search(r"rot_[\w-]+", words)
        code = re.search(r"^\s*(\d{6})\s*$", words, re.MULTILINE)
        assert link
        assert code
        secrets |= {link[0], code[1], words.strip()[:60]}

        with monkeypatch.context() as breaking:
            breaking.setattr("rotunda.door.begin", _breaking)
            assert (await browser.post(f"{home.url}/sign-in/{link[0]}")).status_code == 500
            assert (await browser.post(f"{home.url}/sign-in/code", data={"code": code[1]})).status_code == 500
        await browser.get(f"{home.url}/sign-in/{link[0]}/nowhere?code={code[1]}")
        assert (await browser.post(f"{home.url}/sign-in/{link[0]}")).status_code == 303
        secrets.add(browser.cookies["rotunda_session"])

        with monkeypatch.context() as breaking:
            breaking.setattr(home.house.reader, "value", _breaking)
            for path in ("/calendar", "/account", "/delegations"):
                assert (await browser.get(f"{home.url}{path}")).status_code == 500
    with monkeypatch.context() as breaking:
        breaking.setattr("notifications.mail.Post.send", _unsent)
        session = {"authorization": f"Bearer {browser.cookies['rotunda_session']}"}
        invite = """mutation { inviteDelegate(input: { email: "somebody@nowhere.example", scopes: [PROFILE],
            idempotencyKey: "i" }) { __typename } }"""
        await home.http.post(f"{home.url}/graphql", json={"query": invite}, headers=session)
    make = """mutation { createToken(input: { name: "Bot", scopes: [READ], days: 30, idempotencyKey: "t" }) {
        ... on ApiToken { secret } } }"""
    made = await home.http.post(f"{home.url}/graphql", json={"query": make}, headers=session)
    secrets.add(made.json()["data"]["createToken"]["secret"])
    odd = {"authorization": f"Bearer {secrets & {link[0]}}", "cookie": "rotunda_session=zzz"}
    await home.http.post(f"{home.url}/graphql", content=b"{", headers=odd)

    written = log.text()

    assert "error" in written.lower(), "something did fail"
    for secret in secrets:
        assert secret not in written


async def _breaking(*_: Any, **__: Any) -> Any:
    raise RuntimeError("it broke")


async def _unsent(*_: Any) -> None:
    raise NotSent("the relay said 451")


def test_even_a_careless_line_is_written_without_its_secret() -> None:
    log = Log(discreet=True)
    careless = logging.getLogger("careless")
    careless.addHandler(log.handler)
    careless.propagate = False
    token = "rot_" + "aB3-_" * 8

    careless.error("somebody sent %s", token)
    careless.error("Authorization: Bearer abc.def-ghi")
    careless.error("Cookie: theme=dark; __Host-rotunda_session=zzz; x=y")
    careless.error("broke", exc_info=RuntimeError(f"GET /sign-in/{token}"))
    careless.error("robot_arm rot_13 stays")

    written = log.text()
    assert token not in written
    assert "abc.def" not in written
    assert "zzz" not in written
    assert written.count("(secret)") == 4
    assert "rot_13 stays" in written


async def test_an_answer_of_ours_holds_no_story_even_when_refusing(shared_home: Home) -> None:
    """A refusal that quotes: what came in may come back, what lies behind may not."""
    visitor = await shared_home.caller()

    odd = ("{ nope }", "{ events(first: 99999999999) { nodes { id } } }", "{", "query ($x: Nope) { head }")
    for document in odd:
        answer = await visitor.response(document)

        assert not re.search(r"Traceback|File \"|asyncpg|SELECT ", answer.text), answer.text
