"""Ids of what is not one's own, put everywhere an id goes: it is as if there were no such thing, and nothing happens.

The acts are read from the contract, the pages from the house's own routes, so that those of tomorrow are tried too.
"""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from graphql import GraphQLInputObjectType, GraphQLNonNull, get_named_type
from starlette.routing import Mount, Route

from rotunda.credentials import hashed
from rotunda.tokens import grant
from tests.abuse.contract import contract
from tests.acts.making import Cast, cast_of
from tests.living import Caller, Home

ROLES = ("visitor", "mayor of another city", "account of no office", "former delegate", "delegate")
#: What an act's other fields are given, where they must be.
PLAUSIBLE: dict[str, Any] = {
    "startsAt": "2031-03-16T09:00",
    "startsOn": "2031-03-16",
    "on": "2031-03-16",
    "email": "somebody@nowhere.example",
    "scopes": ["RSVP"],
    "reason": "Words",
    "body": "Words",
    "mark": "AGREE",
    "locked": True,
    "pinned": True,
    "resolved": True,
    "mayorId": f"may_{UUID(int=0).hex}",
    "mayorIds": [f"may_{UUID(int=0).hex}"],
    "clauses": [{"kind": "RESOLVED", "text": "Words"}],
    "dueAt": "2090-03-16T09:00",
    "version": 1,
}
#: Everybody may know which cities there are, and who their mayors are; every member, what resolutions are called for.
PUBLIC = {"cityId", "mayorId", "mayorIds", "callId"}
NOTHING = UUID(int=0).hex
QUESTIONS = {
    "node": "query ($id: ID!) { node(id: $id) { id } nodes(ids: [$id, $id]) { id __typename } }",
    "event": "query ($id: ID!) { event(id: $id) { id title } }",
    "audit": "query ($id: ID!) { audit(first: 5, subject: $id) { totalCount nodes { act at } } }",
    "resolution": "query ($id: ID!) { resolution(id: $id) { id title version } }",
    "account": "query ($id: ID!) { account(id: $id) { id name email } }",
}


@dataclass
class Scene:
    """Who tries, and what each must not know of, by the name of the field that would take its id."""

    cast: Cast
    roles: dict[str, Caller]
    hidden: dict[str, str]


@pytest.fixture(scope="module")
async def scene(shared_home: Home) -> Scene:
    cast = await cast_of(shared_home)
    nobody, _, _ = await cast.invitation()
    former, left = await cast.grant("RSVP", "PROFILE")
    await former.done("leaveDelegation", delegationId=left)
    roles = [cast.visitor, cast.outsider, nobody, former, cast.scopeless]
    _, granted, _ = await cast.invitation()
    hidden = {
        "eventId": await cast.event("DRAFT"),
        "delegationId": granted,
        "tokenId": await _token(shared_home, cast.mayor),
        "sessionId": await _session(shared_home, "mayor@alexandria-va.example"),
        "passkeyId": await _passkey(shared_home, "mayor@alexandria-va.example"),
        "accountId": await _account(shared_home, "secretariat@rotunda.example"),
    }
    hidden |= await _talk(cast.mayor, shared_home)
    hidden["objectId"] = hidden["eventId"]
    hidden["resolutionId"] = await _draft(cast)
    return Scene(cast, dict(zip(ROLES, roles, strict=True)), hidden)


async def _talk(mayor: Caller, home: Home) -> dict[str, str]:
    """A hidden group of the mayor's own, with a thread, a post and a report upon it."""
    group = await mayor.done("createGroup", name="Few", audience="HIDDEN", confidentiality="MAYORS_ONLY")
    third = await home.caller("mayor@portsmouth-va.example")
    seat = await third.ask("{ viewer { capacity { principal { id } } } }")
    await mayor.done(
        "inviteToGroup", groupId=group["id"], mayorIds=[seat["viewer"]["capacity"]["principal"]["id"]]
    )
    await third.done("joinGroup", groupId=group["id"], acceptsRule=True)
    thread = await mayor.done("startThread", groupId=group["id"], title="Few", body="Are we all here?")
    asked = """query ($id: ID!) { thread(id: $id) { opening { id } group { reports { nodes { id } } } } }"""
    post = (await mayor.ask(asked, id=thread["id"]))["thread"]["opening"]["id"]
    await third.done("reportPost", postId=post, reason="Loud.")
    (report,) = (await mayor.ask(asked, id=thread["id"]))["thread"]["group"]["reports"]["nodes"]
    return {"groupId": group["id"], "threadId": thread["id"], "postId": post, "reportId": report["id"]}


async def _draft(cast: Cast) -> str:
    """A draft of the mayor's own office."""
    given = {"name": "Few", "dueAt": "2090-03-16T09:00", "timeZone": "UTC"}
    call = (await cast.secretariat.done("callForResolutions", **given))["id"]
    text = PLAUSIBLE["clauses"]
    return str((await cast.mayor.done("draftResolution", callId=call, title="Few", clauses=text))["id"])


def _fields() -> Iterator[tuple[str, str]]:
    root = contract().mutation_type
    assert root
    for act, made in root.fields.items():
        asked = get_named_type(made.args["input"].type)
        assert isinstance(asked, GraphQLInputObjectType)
        yield from (
            (act, name) for name, kind in asked.fields.items() if get_named_type(kind.type).name == "ID"
        )


FIELDS = sorted(set(_fields()))


@pytest.mark.parametrize(("act", "name"), [field for field in FIELDS if field[1] not in PUBLIC])
async def test_an_act_upon_what_is_not_ones_own_is_one_upon_nothing(
    scene: Scene, act: str, name: str
) -> None:
    shown = scene.hidden[name]
    nothing = f"{shown[:3]}_{NOTHING}"
    before = await _written(scene.cast.home)

    for role, caller in scene.roles.items():
        given = _given(act)
        there = await caller.act(act, **given, **{name: shown})
        not_there = await caller.act(act, **given, **{name: nothing})

        assert _bare(there) == _bare(not_there), role
        assert "message" in there or name == "objectId", role
    assert name == "objectId" or await _written(scene.cast.home) == before


@pytest.mark.parametrize("question", QUESTIONS)
async def test_a_question_about_what_is_not_ones_own_is_one_about_nothing(
    scene: Scene, question: str
) -> None:
    for name, shown in scene.hidden.items():
        for role, caller in scene.roles.items():
            if (role, name) == ("delegate", "accountId"):
                continue
            there = await caller.response(QUESTIONS[question], id=shown)
            not_there = await caller.response(QUESTIONS[question], id=f"{shown[:3]}_{NOTHING}")

            assert there.content == not_there.content, (role, name)


async def test_a_page_about_what_is_not_ones_own_is_one_about_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = sorted(set(_paths(scene.cast.home.app.routes)))
    assert {"/events/{id}", "/live/events/{id}", "/delegations/{id}", "/desk/accounts/{id}"} <= set(paths)
    assert {"/resolutions/{id}", "/live/resolutions/{id}"} <= set(paths)
    monkeypatch.setattr(scene.cast.home.hub, "_heartbeat_seconds", 0.05)  # what listens says so at once

    for role, caller in scene.roles.items():
        cookie = await _as_browser(scene.cast.home, caller)
        for path in paths:
            told = {"event": "eventId", "account": "accountId", "resolution": "resolutionId"}
            name = next((field for word, field in told.items() if word in path), "delegationId")
            shown = scene.hidden[name]
            there = await _seen(scene.cast.home, path.replace("{id}", shown), cookie)
            not_there = await _seen(scene.cast.home, path.replace("{id}", f"{shown[:3]}_{NOTHING}"), cookie)

            assert there == not_there, (role, path)


async def test_nobody_acts_in_a_capacity_that_is_not_theirs(scene: Scene) -> None:
    """Another's term, another's grant, an account, an id that is none: all alike, by request and by socket."""
    foreign = [capacity["id"] for capacity in await scene.cast.mayor.capacities()]
    foreign += [scene.hidden["delegationId"].replace("del_", "cap_"), f"cap_{NOTHING}", "cap_", "evt_1"]

    for role in ROLES[1:]:
        for capacity in foreign:
            impostor = scene.roles[role].acting_for(capacity)
            answer = await impostor.response("{ viewer { account { id } } }")

            assert answer.status_code == 401, (role, capacity)
            assert answer.json()["errors"][0]["extensions"]["code"] == "CAPACITY_NOT_HELD"
            assert (await impostor.refused_socket())[0] == 4403


def _given(act: str) -> dict[str, Any]:
    root = contract().mutation_type
    assert root
    asked: Any = get_named_type(root.fields[act].args["input"].type)
    needed = (name for name, kind in asked.fields.items() if isinstance(kind.type, GraphQLNonNull))
    return {
        name: PLAUSIBLE.get(name, "Words")
        for name in needed
        if name in PLAUSIBLE or name in {"name", "title"}
    }


def _bare(outcome: dict[str, Any]) -> dict[str, Any]:
    return {name: outcome.get(name) for name in ("__typename", "message", "fields", "status", "scopes")}


def _paths(routes: Any) -> Iterator[str]:
    for route in routes:
        if isinstance(route, Mount):
            yield from _paths(route.routes)
        elif isinstance(route, Route) and "{id}" in route.path and "GET" in (route.methods or ()):
            yield route.path


async def _seen(home: Home, path: str, cookie: dict[str, str]) -> tuple[int, str]:
    """Status and words; of a stream, what it says before it is silent. No answer's cookies reach the next."""
    home.http.cookies.clear()
    async with (
        asyncio.timeout(60),
        home.http.stream("GET", home.url + path, headers=cookie) as answer,
    ):
        listens = path.startswith("/live/") and answer.status_code == 200
        text = await _until_it_listens(answer) if listens else (await answer.aread()).decode()
        text += answer.headers.get("location", "")
    text = re.sub(r"[a-z]{3}_[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f-]{27}", "(id)", text)
    return answer.status_code, re.sub(r"(?:\b(after|data-cursor)=[\"']?|\bid: )[\w%-]+", "(cursor)", text)


async def _until_it_listens(answer: httpx.Response) -> str:
    """All that a stream says until it ends, or is silent."""
    text = ""
    async for line in answer.aiter_lines():
        text += f"{line}\n"
        if line == ": beat":
            break
    return text


async def _written(home: Home) -> list[Any]:
    return await home.rows(
        "SELECT (SELECT count(*) FROM audit), (SELECT count(*) FROM notices), (SELECT count(*) FROM used_keys),"
        " (SELECT count(*) FROM tokens WHERE revoked_at IS NOT NULL), (SELECT count(*) FROM event_moves)"
    )


async def _as_browser(home: Home, caller: Caller) -> dict[str, str]:
    """A session of a caller's own, as signing in would have made it."""
    if caller.token is None:
        return {}
    connection = await asyncpg.connect(home.dsn)
    try:
        account = await connection.fetchval(
            "SELECT account_id FROM tokens WHERE hash = $1", hashed(caller.token)
        )
        return {"Cookie": "rotunda_session=" + await grant(connection, account, kind="session", days=1)}
    finally:
        await connection.close()


async def _token(home: Home, caller: Caller) -> str:
    return f"tok_{(await home.value('SELECT id FROM tokens WHERE hash = $1', hashed(caller.token))).hex}"


async def _session(home: Home, email: str) -> str:
    made = (
        "INSERT INTO tokens (hash, account_id, kind, expires_at) "
        "SELECT $1, id, 'session', now() + interval '1 day' FROM accounts WHERE email = $2 RETURNING id"
    )
    return f"ses_{(await home.value(made, uuid4().bytes, email)).hex}"


async def _passkey(home: Home, email: str) -> str:
    made = (
        "INSERT INTO passkeys (account_id, credential_id, public_key, sign_count, name) "
        "SELECT id, $1, '\\x00', 0, 'Theirs' FROM accounts WHERE email = $2 RETURNING id"
    )
    return f"key_{(await home.value(made, uuid4().bytes, email)).hex}"


async def _account(home: Home, email: str) -> str:
    return f"acc_{(await home.value('SELECT id FROM accounts WHERE email = $1', email)).hex}"
