"""What every answer says to browsers, whoever asks for whatever; and that no answer believes what it was called."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from starlette.routing import BaseRoute, Mount, Route
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from portal.guard import Shield, _here
from rotunda.postgres import Cluster
from tests.living import Home, Street, planted, until

PUBLIC = "https://members.example"
SESSION = "__Host-rotunda_session"
EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
    "strict-transport-security": "max-age=31536000",
}
EVIL = {"host": "evil.example", "x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}


@pytest.fixture(scope="module")
async def secure(
    street: Street, cluster: Cluster, planted_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Home]:
    """A house that people reach over https."""
    public: dict[str, Any] = {"chosen_public_url": PUBLIC}
    async with (
        planted(cluster, planted_template) as dsn,
        street.home(dsn, tmp_path_factory.mktemp("var"), **public) as home,
    ):
        yield home


@pytest.fixture(scope="module")
async def session(secure: Home) -> dict[str, str]:
    token = (await secure.caller("secretariat@rotunda.example")).token
    return {"cookie": f"{SESSION}={token}"}


def addresses(home: Home) -> list[str]:
    """Every address there is, with something in place of its parameters, and some that there are not."""
    found = {re.sub(r"\{[^}]*\}", "odd", path) for path in _paths(home.app.routes)}
    return [
        *sorted(found),
        "/nowhere",
        "/graphql?query={head}",
        "/graphql?query=mutation",
        "/calendar/",
        "/%00",
        "//x",
    ]


def _paths(routes: list[BaseRoute]) -> Iterator[str]:
    for route in routes:
        if isinstance(route, Mount):
            yield from _paths(list(route.routes))
        elif isinstance(route, Route):
            yield route.path


async def head_of(home: Home, method: str, path: str, **given: Any) -> httpx.Response:
    """An answer's head; what streams is left at once."""
    async with home.http.stream(method, f"{home.url}{path}", timeout=60, **given) as answer:
        return answer


async def test_every_answer_of_every_address_carries_the_guards(
    secure: Home, session: dict[str, str]
) -> None:
    paths = addresses(secure)
    assert len(paths) > 45

    for path in paths:
        kinds = (
            ("text/html", "application/json", "text/event-stream") if "graphql" in path else ("text/html",)
        )
        for accept in kinds:
            for method in ("GET", "POST", "HEAD", "PUT", "OPTIONS"):
                for who in ({}, session) if method in {"GET", "POST"} else ({},):
                    answer = await head_of(secure, method, path, headers={"accept": accept, **who})

                    _check(answer, f"{method} {path} {accept} {answer.status_code}")
        foreign = await head_of(secure, "POST", path, headers={"origin": "https://evil.example", **session})
        assert foreign.status_code in {403, 405, 404, 415}, path
        _check(foreign, f"foreign {path}")


def _check(answer: httpx.Response, what: str) -> None:
    said = answer.headers
    for name, value in EVERYWHERE.items():
        assert said.get(name) == value, (what, name)
    assert "default-src 'none'" in said["content-security-policy"], what
    assert "frame-ancestors 'none'" in said["content-security-policy"], what
    scripts = re.search(r"script-src ([^;]*)", said["content-security-policy"])
    assert scripts is None or scripts[1] == "'self'", what
    assert said["referrer-policy"] in {"same-origin", "no-referrer", "strict-origin"}, what
    assert said["cache-control"], what
    assert "server" not in said or said["server"] == "uvicorn", what  # `serve` leaves that out too
    assert answer.status_code < 500 or answer.status_code == 503, what
    location = said.get("location", "/")
    assert location.startswith("/"), what
    assert not location.startswith(("//", "/\\")), what


async def test_answers_to_programs_are_not_stored_and_not_guessed_at(secure: Home) -> None:
    answer = await (await secure.caller()).response("{ head }")

    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_streams_carry_the_guards_too(secure: Home, session: dict[str, str]) -> None:
    body = {"query": "subscription { notices { __typename } }"}
    headers = {"accept": "text/event-stream", "origin": PUBLIC, **session}

    api = await head_of(secure, "POST", "/graphql", json=body, headers=headers)
    page = await head_of(secure, "GET", "/live/calendar", headers=session)

    for answer in (api, page):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        _check(answer, "stream")


async def test_what_is_somebodys_own_is_not_kept_by_the_browser(
    secure: Home, session: dict[str, str]
) -> None:
    for path in ("/", "/calendar", "/account", "/desk", "/delegations", "/nowhere"):
        own = await head_of(secure, "GET", path, headers=session)

        assert own.headers["cache-control"] == "no-store", path
    stranger = await head_of(secure, "GET", "/calendar")
    assert stranger.headers["cache-control"] == "private, no-cache"


async def test_every_cookie_is_bound_to_the_host(secure: Home) -> None:
    answers = [
        await secure.http.get(f"{secure.url}/sign-in?next=/calendar"),
        await secure.http.post(f"{secure.url}/sign-in", data={"email": "mayor@richmond-va.example"}),
        await secure.http.post(f"{secure.url}/sign-out"),
        await secure.http.post(f"{secure.url}/sign-in/passkey/options"),
    ]
    cookies = [cookie for answer in answers for cookie in answer.headers.get_list("set-cookie")]

    assert len(cookies) >= 4
    for cookie in cookies:
        assert cookie.startswith("__Host-rotunda_"), cookie
        for flag in ("HttpOnly", "Path=/", "SameSite=lax", "Secure"):
            assert flag in cookie, cookie
        assert "Domain" not in cookie, cookie


async def test_over_https_a_session_that_a_neighbour_could_have_set_is_nobodys(secure: Home) -> None:
    token = (await secure.caller("secretariat@rotunda.example")).token
    asked = {"query": "{ viewer { account { id } } }"}

    planted_by_a_neighbour = await secure.http.post(
        f"{secure.url}/graphql", json=asked, headers={"cookie": f"rotunda_session={token}", "origin": PUBLIC}
    )
    own = await secure.http.post(
        f"{secure.url}/graphql", json=asked, headers={"cookie": f"{SESSION}={token}", "origin": PUBLIC}
    )

    assert planted_by_a_neighbour.json()["data"]["viewer"] is None
    assert own.json()["data"]["viewer"] is not None


async def test_a_mailed_link_leads_here_whatever_the_request_called_its_host(secure: Home) -> None:
    to = "mayor@norfolk-va.example"

    await secure.http.post(f"{secure.url}/sign-in", data={"email": to}, headers=EVIL)

    await until(lambda: secure.letters(to=to))
    letter = secure.letters(to=to)[-1].as_string()
    assert f"{PUBLIC}/sign-in/rot_" in letter
    assert "evil" not in letter


@pytest.mark.parametrize(
    "path",
    ["/calendar/", "/cities/", "/sign-in/", "/account", "/desk", "/%2f%2fevil.example/", "//evil.example/"],
)
async def test_no_redirect_believes_the_host_header(secure: Home, path: str) -> None:
    answer = await head_of(secure, "GET", path, headers=EVIL)

    assert (
        "evil.example"
        not in answer.headers.get("location", "").partition("?")[0].partition("/evil.example")[0]
    )
    assert answer.headers.get("location", "/")[:2] not in {"//", "/\\"}
    assert "://" not in answer.headers.get("location", "").partition("?")[0]


ELSEWHERE = [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/%0d%0aset-cookie:x=y",
    "//evil.example%2f..",
    "/../\\evil.example",
    "https://members.example@evil.example",
]


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
async def test_signing_in_leads_on_within_the_house_only(secure: Home, elsewhere: str) -> None:
    shown = await secure.http.get(f"{secure.url}/sign-in?next={quote(elsewhere)}")
    kept = dict(part.split(";")[0].split("=", 1) for part in shown.headers.get_list("set-cookie"))
    back = await secure.http.post(
        f"{secure.url}/act-for",
        data={"capacity": "", "back": elsewhere},
        headers={"cookie": f"{SESSION}={(await secure.caller('mayor@norfolk-va.example')).token}"},
    )

    assert not any("evil" in value and "%2F%2F" in value for value in kept.values())
    assert back.status_code == 303
    location = back.headers["location"]
    assert re.match(r"/(?![/\\])", location), location


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("https://evil.example/calendar/", "/calendar/"),
        ("//evil.example", "/"),
        ("https://x//evil.example", "/evil.example"),
        ("/\\evil.example", "/evil.example"),
        ("javascript:alert(1)", "/alert(1)"),
        ("/calendar?year=2031#today", "/calendar?year=2031#today"),
        ("?page=2", "?page=2"),
    ],
)
def test_a_location_is_always_one_of_ours(given: str, shown: str) -> None:
    assert _here(given) == shown


ACT = "mutation { signOutEverywhere(input: { idempotencyKey: 1 }) { __typename } }"
PART = 'content-disposition: form-data; name="operations"'
FORMS = [
    ("application/x-www-form-urlencoded", f"query={ACT}"),
    ("multipart/form-data; boundary=x", f'--x\r\n{PART}\r\n\r\n{{"query":"{ACT}"}}\r\n--x--'),
    ("text/plain", f'{{"query":"{ACT}"}}'),
    ("text/plain; application/json", '{"query":"{ head }"}'),
    ("", '{"query":"{ head }"}'),
]


@pytest.mark.parametrize(("kind", "content"), FORMS)
async def test_no_form_of_another_site_reaches_the_api(
    secure: Home, session: dict[str, str], kind: str, content: str
) -> None:
    headers = {"content-type": kind, "origin": PUBLIC, **session}

    answer = await secure.http.post(f"{secure.url}/graphql", content=content.encode(), headers=headers)

    assert answer.status_code == 415
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_JSON"


async def test_no_act_is_done_by_get(secure: Home, session: dict[str, str]) -> None:
    before = await secure.value("SELECT count(*) FROM used_keys")
    act = 'mutation { signOutEverywhere(input: { idempotencyKey: "k" }) { __typename } }'

    answer = await secure.http.get(f"{secure.url}/graphql", params={"query": act}, headers=session)

    assert answer.status_code == 405
    assert await secure.value("SELECT count(*) FROM used_keys") == before


FOREIGN = [
    None,
    "null",
    "https://evil.example",
    "http://members.example",
    "https://members.example.evil.example",
    "https://members.example, https://evil.example",
    "https://members.example:8443",
]


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_session_acts_only_for_pages_of_ours(
    secure: Home, session: dict[str, str], origin: str | None
) -> None:
    headers = {**session, **({"origin": origin} if origin else {})}

    answer = await secure.http.post(f"{secure.url}/graphql", json={"query": "{ head }"}, headers=headers)

    assert answer.status_code == 403
    assert answer.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN_ORIGIN"


async def test_a_page_of_another_site_opens_no_socket_with_a_session(
    secure: Home, session: dict[str, str]
) -> None:
    address = f"{secure.url.replace('http', 'ws', 1)}/graphql"
    for origin in ("https://evil.example", "null"):
        with pytest.raises(InvalidStatus) as refused:
            await asyncio.wait_for(
                connect(address, additional_headers=session, origin=origin, proxy=None),  # type: ignore[arg-type]  # a text
                20,
            )
        assert refused.value.response.status_code == 403


def test_without_https_nobody_is_told_to_insist_on_it() -> None:
    assert "strict-transport-security" not in Shield("http://127.0.0.1:8000")._headers  # noqa: SLF001 - what it puts on
