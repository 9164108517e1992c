"""Tokens made and ended, sessions ended, passkeys removed: the ladder of each, over the API."""

import secrets

import pytest

from rotunda.credentials import hashed
from tests.living import Caller, Home, Row, until

MAYOR, OTHER = "mayor@richmond-va.example", "mayor@norfolk-va.example"
MINE = """{ viewer {
    sessions { id device place current } tokens { id name scopes current secret } passkeys { id name } } }"""


async def signed_in(home: Home, email: str, device: str = "Firefox on Windows") -> Caller:
    """Somebody with a session, as the door gives it."""
    token = f"rot_{secrets.token_urlsafe(32)}"
    await home.rows(
        "INSERT INTO tokens (hash, account_id, kind, device, place, expires_at) SELECT $1, id, 'session', $3, "
        "'203.0.113.x', now() + interval '1 day' FROM accounts WHERE email = $2",
        hashed(token),
        email,
        device,
    )
    return Caller(home, token)


async def with_passkey(home: Home, email: str) -> str:
    """The id of a passkey of somebody's."""
    found = await home.value(
        "INSERT INTO passkeys (account_id, credential_id, public_key, sign_count, name) "
        "SELECT id, $2, 'key', 0, 'Phone' FROM accounts WHERE email = $1 RETURNING id",
        email,
        secrets.token_bytes(16),
    )
    return f"key_{found.hex}"


async def mine(caller: Caller) -> Row:
    found: Row = (await caller.ask(MINE))["viewer"]
    return found


async def a_token(caller: Caller, **given: object) -> Row:
    return await caller.done(
        "createToken", **{"name": "Our calendar", "scopes": ["READ"], "days": 30, **given}
    )


async def test_a_token_is_said_once_and_works(shared_home: Home) -> None:
    caller = await signed_in(shared_home, MAYOR)
    key = secrets.token_hex(8)

    made = await a_token(caller, idempotencyKey=key)
    again = await a_token(caller, idempotencyKey=key)

    assert made["secret"].startswith("rot_")
    assert again == made | {"secret": None}
    seen = await mine(Caller(shared_home, made["secret"]))
    assert {
        "id": made["id"],
        "name": "Our calendar",
        "scopes": ["READ"],
        "current": True,
        "secret": None,
    } in seen["tokens"]
    assert not await shared_home.rows("SELECT FROM tokens WHERE hash = $1", made["secret"].encode())


async def test_the_audit_knows_the_token_and_not_its_secret(shared_home: Home) -> None:
    caller = await signed_in(shared_home, MAYOR)

    made = await a_token(caller)

    row = (await shared_home.rows("SELECT * FROM audit WHERE act = 'createToken' ORDER BY at DESC LIMIT 1"))[
        0
    ]
    assert row["subject"].hex == made["id"][4:]
    assert row["term_id"] is None
    assert made["secret"] not in row["detail"]


async def test_a_token_that_reads_only_is_refused_every_act(shared_home: Home) -> None:
    reader = Caller(shared_home, (await a_token(await signed_in(shared_home, MAYOR)))["secret"])

    profile = await reader.act("updateProfile", biography="Stolen.")
    token = await reader.act("createToken", name="More", scopes=["ACT"], days=30)

    for refused in (profile, token):
        assert refused["__typename"] == "Refused"
        assert "account page" in refused["message"]


async def test_a_token_that_may_act_acts_but_makes_no_tokens(shared_home: Home) -> None:
    actor = Caller(
        shared_home, (await a_token(await signed_in(shared_home, OTHER), scopes=["ACT"]))["secret"]
    )

    await actor.done("updateProfile", biography="Of the harbor.")
    refused = await actor.act("createToken", name="More", scopes=["READ"], days=30)

    assert refused["__typename"] == "Refused"
    assert "Sign in with a browser" in refused["message"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"days": 31}, "days"),
        ({"scopes": []}, "scopes"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 81}, "name"),
    ],
)
async def test_what_cannot_be_a_token_is_said_at_its_field(shared_home: Home, wrong: Row, field: str) -> None:
    caller = await signed_in(shared_home, MAYOR)

    refused = await caller.act("createToken", **{"name": "A", "scopes": ["READ"], "days": 90, **wrong})

    assert refused["__typename"] == "Invalid"
    assert [f["name"] for f in refused["fields"]] == [field]


async def test_a_visitor_has_no_keys_and_makes_none(shared_home: Home) -> None:
    visitor = await shared_home.caller()

    outcome = await visitor.act("createToken", name="A", scopes=["READ"], days=30)

    assert outcome["__typename"] == "Refused"
    assert (await visitor.ask(MINE))["viewer"] is None


@pytest.mark.parametrize("act", ["revokeToken", "revokeSession", "removePasskey"])
async def test_anothers_key_is_missing_and_stays_good(shared_home: Home, act: str) -> None:
    owner, stranger = await signed_in(shared_home, MAYOR), await signed_in(shared_home, OTHER)
    secretariat = await signed_in(shared_home, "secretariat@rotunda.example")
    given = await _subject(shared_home, owner, act)

    for outsider in (stranger, secretariat):
        assert (await outsider.act(act, **given))["__typename"] == "Missing"
        assert (
            await outsider.ask("query($id: ID!) { node(id: $id) { id } }", id=next(iter(given.values())))
        )["node"] is None
    await owner.done(act, **given)


@pytest.mark.parametrize("act", ["revokeToken", "revokeSession", "removePasskey"])
async def test_what_has_ended_cannot_end_again(shared_home: Home, act: str) -> None:
    owner = await signed_in(shared_home, MAYOR)
    given = await _subject(shared_home, owner, act)
    await owner.done(act, **given)

    assert (await owner.act(act, **given))["__typename"] == "WrongMoment"


async def test_a_session_is_no_token_and_a_token_no_session(shared_home: Home) -> None:
    owner = await signed_in(shared_home, MAYOR)
    session = (await _subject(shared_home, owner, "revokeSession"))["sessionId"]

    outcome = await owner.act("revokeToken", tokenId=f"tok_{session[4:]}")

    assert outcome["__typename"] == "Missing"


async def test_the_session_in_use_is_marked_and_ended_by_signing_out(shared_home: Home) -> None:
    owner = await signed_in(shared_home, MAYOR, "Safari on iPhone")
    this = next(session for session in (await mine(owner))["sessions"] if session["current"])

    outcome = await owner.act("revokeSession", sessionId=this["id"])

    assert this["device"] == "Safari on iPhone"
    assert outcome["__typename"] == "Refused"
    assert "Sign out" in outcome["message"]


async def test_signing_out_everywhere_leaves_only_the_one_that_asks(home: Home) -> None:
    owner, elsewhere = await signed_in(home, MAYOR), await signed_in(home, MAYOR)
    program = Caller(home, (await a_token(owner))["secret"])
    stranger = await signed_in(home, OTHER)

    await owner.done("signOutEverywhere")

    assert await elsewhere.code(MINE) == "UNAUTHENTICATED"
    assert [session["current"] for session in (await mine(owner))["sessions"]] == [True]
    assert len((await mine(stranger))["sessions"]) == 1
    assert (await mine(program))["tokens"]

    await owner.done("signOutEverywhere", andTokens=True)
    assert await program.code(MINE) == "UNAUTHENTICATED"


@pytest.mark.parametrize("over", ["ws", "sse"])
async def test_a_revoked_session_is_over_at_once_in_requests_and_open_streams(home: Home, over: str) -> None:
    owner, thief = await signed_in(home, MAYOR), await signed_in(home, MAYOR, "Chrome on Linux")
    stolen = next(s["id"] for s in (await mine(owner))["sessions"] if s["device"] == "Chrome on Linux")
    stream = "subscription { notices { __typename ... on StreamEnded { reason } } }"

    async with thief.listening(stream, over=over) as heard:
        await until(lambda: home.hub.subscribers)
        await owner.done("revokeSession", sessionId=stolen)
        ended = await heard.notice()

    assert ended == {"__typename": "StreamEnded", "reason": "SIGNED_OUT"}
    assert await thief.code("{ viewer { member } }") == "UNAUTHENTICATED"
    assert await thief.code(
        'mutation { signOutEverywhere(input: {idempotencyKey: "k"}) { __typename } }'
    ) == ("UNAUTHENTICATED")


async def test_keys_are_ones_own_while_acting_for_another(shared_home: Home) -> None:
    staff = await signed_in(shared_home, "staff@richmond-va.example", "Edge on Windows")
    capacity = await staff.capacity_for("richmond-va")

    seen = await mine(staff.acting_for(capacity))

    assert {session["device"] for session in seen["sessions"]} == {"Edge on Windows"}


async def _subject(home: Home, owner: Caller, act: str) -> Row:
    match act:
        case "revokeToken":
            return {"tokenId": (await a_token(owner))["id"]}
        case "removePasskey":
            return {"passkeyId": await with_passkey(home, MAYOR)}
    device = f"Firefox on {secrets.token_hex(3)}"
    await signed_in(home, MAYOR, device)
    return {"sessionId": next(s["id"] for s in (await mine(owner))["sessions"] if s["device"] == device)}
