"""What opens doors: kept as hashes only, passed on nowhere, good for one thing, and gone at once when it ends."""

import re
from dataclasses import dataclass

import httpx
import pytest

from tests.living import Caller, Home, until

MAYOR = "mayor@richmond-va.example"
WHO = "{ viewer { account { email } } }"


@dataclass
class Morning:
    """What came of a morning and is secret: the mailed link and code, a session, a token, an invitation's code."""

    link: str
    code: str
    session: str
    token: str
    invitation: str

    def all(self) -> list[str]:
        return [self.link, self.code, self.session, self.token, self.invitation]


@pytest.fixture
async def morning(home: Home) -> Morning:
    async with httpx.AsyncClient() as browser:
        await browser.post(f"{home.url}/sign-in", data={"email": MAYOR})
        await until(lambda: home.letters(to=MAYOR))
        words = home.letters(to=MAYOR)[0].as_string()
        link, code = re.search(r"rot_[\w-]+", words), re.search(r"^\s*(\d{6})\s*$", words, re.MULTILINE)
        assert link
        assert code
        await browser.post(f"{home.url}/sign-in/{link[0]}")
        session = browser.cookies["rotunda_session"]
    mayor = Caller(home, session)
    made = await mayor.done("createToken", name="Bot", scopes=["READ"], days=30)
    await mayor.done("inviteDelegate", email="somebody@nowhere.example", scopes=["PROFILE"])
    invitation = await home.mailed_code(to="somebody@nowhere.example")
    return Morning(link[0], code[1], session, made["secret"], invitation)


async def test_the_database_holds_nothing_that_opens_a_door(home: Home, morning: Morning) -> None:
    tables = await home.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    rows = [
        str(row[0])
        for (table,) in tables
        for row in await home.rows(f'SELECT t::text FROM public."{table}" t')
    ]

    assert len(tables) > 15
    secrets = [secret for secret in morning.all() if secret != morning.code]
    kept = [secret for secret in secrets for row in rows if secret in row or secret.encode().hex() in row]
    assert kept == []
    sign_ins = await home.rows("SELECT s::text FROM sign_ins s")
    assert not any(
        morning.code in re.sub(r"\\x[0-9a-f]+|[0-9a-f-]{36}|\d{4}-\S+ \S+", "", row[0]) for row in sign_ins
    )


async def test_a_secret_opens_only_its_own_door(home: Home, morning: Morning) -> None:
    for secret in (morning.link, morning.code, morning.invitation):
        assert (await Caller(home, secret).response(WHO)).status_code == 401
    async with httpx.AsyncClient() as browser:
        for secret in (morning.session, morning.token, morning.invitation):
            answer = await browser.post(f"{home.url}/sign-in/{secret}")
            assert answer.status_code == 410
            assert "rotunda_session" not in browser.cookies


async def test_what_is_nearly_a_token_is_none(home: Home) -> None:
    token = (await home.caller(MAYOR)).token or ""

    for nearly in (token[:-1], f"{token}A", token.upper(), token[:-1] + ("A" if token[-1] != "A" else "B")):
        assert (await Caller(home, nearly).response(WHO)).status_code == 401


async def test_no_token_is_taken_from_an_address(home: Home) -> None:
    token = (await home.caller(MAYOR)).token

    for name in ("access_token", "token", "authorization", "rotunda_session"):
        given = {"query": WHO, name: token or ""}
        answer = await home.http.get(
            f"{home.url}/graphql", params=given, headers={"accept": "application/json"}
        )

        assert answer.json() == {"data": {"viewer": None}}


async def test_the_page_of_a_mailed_link_passes_its_address_on_to_nobody(
    home: Home, morning: Morning
) -> None:
    page = await home.http.get(f"{home.url}/sign-in/{morning.link}")

    assert page.headers["referrer-policy"] == "strict-origin"
    assert page.headers["cache-control"] in {"no-store", "private, no-cache"}
    assert morning.link not in re.sub(r'action="[^"]*"', "", page.text), (
        "it is nowhere but where the form goes"
    )
    assert not re.search(r'(src|href)="(https?:)?//', page.text)


async def test_what_has_ended_is_over_at_once_everywhere(home: Home, morning: Morning) -> None:
    session, bot = Caller(home, morning.session), Caller(home, morning.token)
    assert (await session.ask(WHO))["viewer"]["account"]["email"] == MAYOR
    assert (await bot.ask(WHO))["viewer"]["account"]["email"] == MAYOR

    await session.done("signOutEverywhere", andTokens=True)
    await home.http.post(f"{home.url}/sign-out", headers={"cookie": f"rotunda_session={morning.session}"})

    for caller in (session, bot):
        assert (await caller.response(WHO)).status_code == 401
        assert (await caller.refused_socket())[0] == 4403
