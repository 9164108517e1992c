"""The door under attack: reused links, guessed codes, other people's codes, knocking without end, fixation."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

import rotunda.door
from notifications.mail import Post
from portal.api import TooManyTries, Visitor
from rotunda import knocks
from rotunda.credentials import hashed
from rotunda.door import MailedDoor
from rotunda.knocks import Knocks
from tests.living import Home

MAYOR, OTHER, NOBODY = "mayor@richmond-va.example", "mayor@norfolk-va.example", "nobody@nowhere.example"
HERE = Visitor("203.0.113.9", "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0")
THERE = Visitor("198.51.100.7", "curl/8.5.0")


class Entrance:
    """A door over a planted database, its mailbox, and every statement that it ran."""

    def __init__(self, door: MailedDoor, pool: Any, mailbox: Path, said: list[str]) -> None:
        self.door, self.pool, self.mailbox, self.said = door, pool, mailbox, said

    async def letter(self, email: str) -> tuple[str, str]:
        """Ask, and read the newest letter: the link's secret and the code."""
        before = set(self.mailbox.glob("[!.]*.eml"))
        await self.door.ask(email, HERE)
        while not (new := set(self.mailbox.glob("[!.]*.eml")) - before):  # noqa: ASYNC110 - mail has no event
            await asyncio.sleep(0.01)
        text = new.pop().read_text()
        link, code = (
            re.search(r"/sign-in/(rot_[\w-]+)", text),
            re.search(r"^\s*(\d{6})\s*$", text, re.MULTILINE),
        )
        assert link
        assert code, text
        return link[1], code[1]

    async def account_of(self, token: str | None) -> str | None:
        found = "SELECT a.email FROM tokens t JOIN accounts a ON a.id = t.account_id WHERE t.hash = $1"
        return None if token is None else await self.pool.fetchval(found, hashed(token))


@pytest.fixture
async def entrance(
    planted_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Entrance]:
    monkeypatch.setattr(rotunda.door, "_SECONDS", 0.0)
    said: list[str] = []

    async def listened(connection: Any) -> None:
        connection.add_query_logger(lambda record: said.append(" ".join(record.query.split())))

    async with asyncpg.create_pool(planted_database, min_size=1, max_size=4, init=listened) as pool:
        post = Post(public_url="http://127.0.0.1:8000", mailbox=tmp_path)
        door = MailedDoor(post, "http://127.0.0.1:8000", Knocks(b"k" * 32))
        door.open(pool)
        yield Entrance(door, pool, tmp_path, said)


async def test_a_link_signs_in_once_and_says_device_and_place(entrance: Entrance) -> None:
    link, _ = await entrance.letter(MAYOR)

    first, second = await entrance.door.redeem_link(link, HERE), await entrance.door.redeem_link(link, HERE)

    assert await entrance.account_of(first) == MAYOR
    assert second is None
    row = await entrance.pool.fetchrow("SELECT * FROM tokens WHERE hash = $1", hashed(first))
    assert (row["device"], row["place"]) == ("Firefox on Windows", "203.0.113.x")


async def test_coming_and_going_are_told_to_the_account_alone(entrance: Entrance) -> None:
    link, _ = await entrance.letter(MAYOR)

    token = await entrance.door.redeem_link(link, HERE)
    for _ in range(2):
        await entrance.door.leave(token or "")

    told = await entrance.pool.fetch(
        "SELECT n.kind, n.topics, a.id FROM notices n JOIN accounts a ON a.id = n.actor_id "
        "WHERE a.email = $1 AND n.kind LIKE 'Session%' ORDER BY n.pos",
        MAYOR,
    )
    assert [row["kind"] for row in told] == ["SessionBegun", "SessionEnded"]
    assert {tuple(row["topics"]) for row in told} == {(f"account:{told[0]['id'].hex}",)}


async def test_two_who_redeem_one_link_at_once_make_one_session(entrance: Entrance) -> None:
    link, _ = await entrance.letter(MAYOR)

    sessions = await asyncio.gather(*(entrance.door.redeem_link(link, HERE) for _ in range(4)))

    assert len([session for session in sessions if session]) == 1


async def test_whoever_is_in_leaves_no_other_letter_that_is_still_good(entrance: Entrance) -> None:
    older, _ = await entrance.letter(MAYOR)
    newer, code = await entrance.letter(MAYOR)

    assert await entrance.door.redeem_code(MAYOR, code, THERE)
    assert await entrance.door.redeem_link(older, HERE) is None
    assert await entrance.door.redeem_link(newer, HERE) is None


async def test_a_link_and_a_code_are_over_after_fifteen_minutes(entrance: Entrance) -> None:
    link, code = await entrance.letter(MAYOR)
    left = await entrance.pool.fetchval("SELECT expires_at - created_at FROM sign_ins")
    await entrance.pool.execute("UPDATE sign_ins SET expires_at = now()")

    assert left.total_seconds() == 15 * 60
    assert await entrance.door.redeem_link(link, HERE) is None
    assert await entrance.door.redeem_code(MAYOR, code, HERE) is None


async def test_after_five_wrong_codes_the_right_one_is_of_no_use(entrance: Entrance) -> None:
    _, code = await entrance.letter(MAYOR)
    wrong = f"{(int(code) + 1) % 10**6:06}"

    for _ in range(5):
        assert await entrance.door.redeem_code(MAYOR, wrong, HERE) is None

    assert await entrance.door.redeem_code(MAYOR, code, HERE) is None


async def test_asking_again_buys_few_further_guesses(entrance: Entrance) -> None:
    tries = 0

    async def guess() -> None:
        nonlocal tries
        for tries in range(1, 100):
            if tries % 4 == 1:
                await entrance.letter(MAYOR)
            await entrance.door.redeem_code(MAYOR, "12", Visitor(f"203.0.113.{tries}"))

    with pytest.raises(TooManyTries):
        await guess()
    assert tries == knocks.FOR_ONE_ADDRESS + 1


async def test_whoever_guesses_at_everybody_soon_guesses_at_nobody(
    entrance: Entrance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From as many networks as one likes, a few codes for each account: the house itself grows deaf to codes."""
    monkeypatch.setattr(knocks, "WRONG_CODES", 3)
    link, code = await entrance.letter(MAYOR)
    for number in range(3):
        await entrance.door.redeem_code(
            f"staff-{number}@city.example", "123456", Visitor(f"2001:db8:{number}::1")
        )

    with pytest.raises(TooManyTries):
        await entrance.door.redeem_code(MAYOR, code, THERE)

    assert await entrance.account_of(await entrance.door.redeem_link(link, HERE)) == MAYOR
    assert len(code) == rotunda.door.DIGITS == 6


async def test_right_codes_tire_nobody(entrance: Entrance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knocks, "WRONG_CODES", 1)

    for _ in range(3):
        _, code = await entrance.letter(MAYOR)
        assert await entrance.door.redeem_code(MAYOR, code, HERE)


async def test_anothers_code_opens_nothing(entrance: Entrance) -> None:
    _, code = await entrance.letter(MAYOR)
    await entrance.letter(OTHER)

    assert await entrance.door.redeem_code(OTHER, code, HERE) is None
    assert await entrance.account_of(await entrance.door.redeem_code(MAYOR, code, HERE)) == MAYOR


@pytest.mark.parametrize("act", ["ask", "code"])
async def test_known_and_unknown_addresses_cost_the_same_work(entrance: Entrance, act: str) -> None:
    await entrance.letter(MAYOR)
    await entrance.door.redeem_code(OTHER, "no code", HERE)  # a connection asks about types once
    statements: dict[str, list[str]] = {}

    for email in (MAYOR, NOBODY):
        entrance.said.clear()
        if act == "ask":
            await entrance.door.ask(email, HERE)
        else:
            assert await entrance.door.redeem_code(email, "no code", HERE) is None
        statements[email] = list(entrance.said)

    assert statements[MAYOR] == statements[NOBODY]
    assert statements[MAYOR]


@pytest.mark.parametrize("email", [MAYOR, NOBODY])
async def test_known_and_unknown_addresses_meet_the_same_pause(entrance: Entrance, email: str) -> None:
    for _ in range(knocks.FOR_ONE_ADDRESS):
        await entrance.door.ask(email, HERE)

    with pytest.raises(TooManyTries) as pause:
        await entrance.door.ask(email.upper(), THERE)

    assert 1 <= pause.value.minutes <= knocks.MINUTES


async def test_one_network_is_counted_whatever_it_asks_for(
    entrance: Entrance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(knocks, "FROM_ONE_NETWORK", 3)
    for number in range(3):
        await entrance.door.redeem_link("rot_guess", Visitor(f"2001:db8::{number}"))

    with pytest.raises(TooManyTries):
        await entrance.door.redeem_link("rot_guess", Visitor("2001:db8::ffff"))
    assert await entrance.door.redeem_link("rot_guess", THERE) is None


async def test_processes_count_together_and_the_count_names_nobody(entrance: Entrance) -> None:
    other = Knocks(b"k" * 32)
    for _ in range(knocks.FOR_ONE_ADDRESS):
        await other.count(entrance.pool, "ask", network="203.0.113.9", email=MAYOR)

    with pytest.raises(TooManyTries):
        await entrance.door.ask(MAYOR, THERE)
    assert MAYOR.encode() not in b"".join(
        r["who"] for r in await entrance.pool.fetch("SELECT who FROM knocks")
    )


async def test_an_api_token_is_no_browser(entrance: Entrance) -> None:
    made = "INSERT INTO tokens (hash, account_id, kind, expires_at) SELECT $1, id, 'api', 'infinity' FROM accounts"
    await entrance.pool.execute(f"{made} LIMIT 1", hashed("rot_program"))

    await entrance.door.leave("rot_program")

    assert not await entrance.door.act_for("rot_program", "")
    assert (
        await entrance.pool.fetchval("SELECT revoked_at FROM tokens WHERE hash = $1", hashed("rot_program"))
        is None
    )


async def test_signing_in_takes_no_token_from_the_browser(home: Home) -> None:
    """Fixation: whoever planted a session in somebody's browser finds it gone, and never becomes them."""
    async with httpx.AsyncClient() as browser:
        browser.cookies.set("rotunda_session", "rot_planted")
        await browser.post(f"{home.url}/sign-in", data={"email": MAYOR})
        first = await browser.post(await _link(home))
        kept = first.cookies["rotunda_session"]
        await browser.post(f"{home.url}/sign-in", data={"email": MAYOR})
        await home.rows("DELETE FROM knocks")
        second = await browser.post(await _link(home))

    assert kept != "rot_planted"
    assert second.cookies["rotunda_session"] != kept
    ended = "SELECT revoked_at IS NOT NULL FROM tokens WHERE hash = $1"
    assert await home.value(ended, hashed(kept)) is True


@pytest.mark.parametrize(
    "path",
    [
        *("/sign-in", "/sign-in/code", "/sign-in/rot_x", "/sign-in/passkey", "/sign-in/passkey/options"),
        *("/sign-out", "/act-for", "/account/tokens", "/account/sessions/end", "/account/tokens/end"),
        *(
            "/account/passkeys",
            "/account/passkeys/options",
            "/account/passkeys/end",
            "/account/sign-out-everywhere",
        ),
    ],
)
async def test_no_other_site_posts_a_form_here(shared_home: Home, path: str) -> None:
    for foreign in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
    ):
        answer = await shared_home.http.post(f"{shared_home.url}{path}", headers=foreign)

        assert answer.status_code == 403


async def _link(home: Home) -> str:
    for _ in range(500):
        letters = sorted(home.var.glob("mail/[!.]*.eml"), key=lambda path: path.stat().st_mtime_ns)
        if letters:
            found = re.search(r"/sign-in/(rot_[\w-]+)", letters[-1].read_text())
            letters[-1].unlink()
            assert found
            return f"{home.url}/sign-in/{found[1]}"
        await asyncio.sleep(0.01)
    raise AssertionError("no letter came")
