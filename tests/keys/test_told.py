"""What is told of keys: to their owner alone, on streams and by letter, and never as news of the conference."""

import secrets
from email.message import EmailMessage

from rotunda.credentials import hashed
from tests.keys.test_acts import a_token, signed_in, with_passkey
from tests.living import Caller, Home, until

MAYOR, OTHER = "mayor@alexandria-va.example", "mayor@norfolk-va.example"
LISTEN = """subscription ($after: Cursor) { keysChanged(after: $after) { __typename
  ... on SessionEnded { session { id device } } ... on TokenMade { token { id name secret } }
  ... on TokenEnded { token { id endedAt } } ... on PasskeyRemoved { passkey { id name } } } }"""


async def test_every_fact_about_a_key_is_told_to_its_owner_and_to_nobody_else(shared_home: Home) -> None:
    owner, other = await signed_in(shared_home, MAYOR), await signed_in(shared_home, OTHER)
    elsewhere = await signed_in(shared_home, MAYOR, device="Safari on iPhone")
    passkey = await with_passkey(shared_home, MAYOR)
    after = await owner.head()

    async with (
        owner.listening(LISTEN, after=after) as heard,
        other.listening(LISTEN, after=after) as not_heard,
    ):
        made = await a_token(owner, name="Wall calendar")
        await owner.done("revokeToken", tokenId=made["id"])
        await owner.done("removePasskey", passkeyId=passkey)
        await owner.done("revokeSession", sessionId=await _session(elsewhere))
        own = await a_token(other, name="Mine")
        told, theirs = await heard.notices(4), await not_heard.notice()

    assert [item["__typename"] for item in told] == [
        "TokenMade",
        "TokenEnded",
        "PasskeyRemoved",
        "SessionEnded",
    ]
    assert told[0]["token"] == {"id": made["id"], "name": "Wall calendar", "secret": None}
    assert told[1]["token"]["endedAt"]
    assert told[2]["passkey"]["name"] == "Phone"
    assert told[3]["session"]["device"] == "Safari on iPhone"
    assert theirs["token"]["id"] == own["id"]


async def test_signing_out_everywhere_tells_of_each_key_it_ended(shared_home: Home) -> None:
    owner = await signed_in(shared_home, MAYOR)
    await signed_in(shared_home, MAYOR)
    await a_token(owner)
    after = await owner.head()

    await owner.done("signOutEverywhere", andTokens=True)

    ended = await shared_home.value(
        "SELECT (detail->>'ended')::int FROM audit WHERE act = 'signOutEverywhere' ORDER BY at DESC LIMIT 1"
    )
    async with owner.listening(LISTEN, after=after) as heard:
        kinds = {item["__typename"] for item in await heard.notices(ended)}
    assert kinds == {"SessionEnded", "TokenEnded"}


async def test_keys_are_no_news_of_the_conference(shared_home: Home) -> None:
    owner = await signed_in(shared_home, MAYOR)
    asked = "{ changes(last: 100) { nodes { __typename } } }"

    await a_token(owner)

    kinds = {node["__typename"] for node in (await owner.ask(asked))["changes"]["nodes"]}
    assert not {kind for kind in kinds if kind.startswith(("Token", "Session", "Passkey"))}


async def test_the_owner_of_a_new_token_gets_one_letter_and_not_its_secret(home: Home) -> None:
    owner, key = await signed_in(home, MAYOR), secrets.token_hex(8)

    made = await a_token(owner, name="<Wall> calendar", idempotencyKey=key)
    await a_token(owner, name="<Wall> calendar", idempotencyKey=key)
    await owner.act("createToken", name="", scopes=["READ"], days=30)

    await until(lambda: home.letters(to=MAYOR))
    [letter] = home.letters(to=MAYOR)
    text, page = _part(letter, "plain"), _part(letter, "html")
    assert letter["Subject"] == "A new API token opens your account at Rotunda"
    assert "“<Wall> calendar”" in text
    assert "It was done with Firefox on Windows, from 203.0.113.x." in text
    assert "end the token, and sign out everywhere" in text
    assert "&lt;Wall&gt; calendar" in page
    assert made["secret"] not in text + page


async def _session(caller: Caller) -> str:
    found = await caller.place.value("SELECT id FROM tokens WHERE hash = $1", hashed(caller.token or ""))
    return f"ses_{found.hex}"


def _part(letter: EmailMessage, kind: str) -> str:
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content())
