"""Whatever is typed into an address or sent as a form: a page that says so, never one that says we broke."""

import logging
import re
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from starlette.routing import BaseRoute, Mount, Route

from tests.living import Home

IN_PATHS = (
    *("odd", "%00", "%ED%A0%80", f"evt_{'0' * 32}", "..%2F..%2Fetc%2Fpasswd", "x" * 3_000),
    *("%F0%9F%98%80", "%0d%0aX:y"),
)
IN_QUERIES = (
    *("", "\0", "\ud800", "x" * 500, "-1", "9" * 20, "2031-02-30", "NaN", "'\"<script>", "\u202e", "[]"),
)
ASKED = re.findall(
    r"\w+",
    "after before year status kind q named size band country region next id page example act from until actor about"
    " containing city in_force member chosen capacity first last call was read",
)
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
PART = b'--x\r\ncontent-disposition: form-data; name="%s"\r\n\r\n%s\r\n'
WRITTEN = re.findall(
    r"\w+",
    "email code title starts ends reason zone kind scopes event events version revision key capacity back credential"
    " name days city on until through id do acting title due_date due_time time_zone sponsors callId",
)
UNSEEN = quote("\u202e😀\0é")
BODIES: list[tuple[str, bytes]] = [
    (FORM, b""),
    (FORM, b"=&&=&%00=%00&%"),
    (FORM, "&".join(f"{name}={quote(chr(0) + 'x')}" for name in WRITTEN).encode()),
    (FORM, b"&".join(name.encode() + b"=%ED%A0%80%FF" for name in WRITTEN)),
    (FORM, "&".join(f"{name}={'9' * 400}" for name in WRITTEN).encode()),
    (FORM, "&".join(f"{name}={quote('2031-02-30T25:61')}" for name in WRITTEN).encode()),
    (FORM, b"&".join(name.encode() + b"=" + b"x" * 12_000 for name in WRITTEN)),
    (FORM, "&".join(f"{name}=a&{name}=b" for name in WRITTEN).encode()),
    (FORM, "&".join(f"{name}={UNSEEN}" for name in WRITTEN).encode()),
    (FORM, b"a=b&" * 2_000),
    (f"{FORM}; charset=utf-16", "email=é".encode("utf-16")),
    (PARTS, b"--x\r\n"),
    (PARTS, b"".join(PART % (name.encode(), b"\xff\x00") for name in WRITTEN) + b"--x--"),
    (PARTS, b'--x\r\ncontent-disposition: form-data; name="email"; filename="a.exe"\r\n\r\nMZ\r\n--x--'),
    ("multipart/form-data", b"no boundary"),
    ("application/json", b'{"email": 1}'),
    ("text/plain", b"email=a"),
]


def routes(home: Home) -> list[Route]:
    return list(_all(home.app.routes))


def _all(found: list[BaseRoute]) -> Iterator[Route]:
    for route in found:
        if isinstance(route, Mount):
            yield from _all(list(route.routes))
        elif isinstance(route, Route) and not route.path.startswith("/live/"):
            yield route


@pytest.fixture(scope="module")
async def sessions(shared_home: Home) -> list[dict[str, str]]:
    emails = ("secretariat@rotunda.example", "mayor@richmond-va.example")
    tokens = [(await shared_home.caller(email)).token for email in emails]
    return [{}, *({"cookie": f"rotunda_session={token}"} for token in tokens)]


async def test_no_address_breaks_a_page(
    shared_home: Home, sessions: list[dict[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    for route in routes(shared_home):
        for odd in IN_PATHS:
            path = re.sub(r"\{[^}]*\}", odd, route.path)
            answer = await shared_home.http.get(f"{shared_home.url}{path}", headers=sessions[1])
            assert answer.status_code < 500, path
            if path == route.path:
                break

    assert _broken(caplog) == []


async def test_no_question_in_an_address_breaks_a_page(
    shared_home: Home, sessions: list[dict[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    for route in routes(shared_home):
        if "{" in route.path or "GET" not in (route.methods or ()):
            continue
        for n, odd in enumerate(IN_QUERIES):
            said = quote(odd, errors="surrogatepass")
            query = "&".join(f"{name}={said}" for name in ASKED)
            headers = {**sessions[1 + n % 2], "accept": "text/html"}
            answer = await shared_home.http.get(f"{shared_home.url}{route.path}?{query}", headers=headers)
            assert answer.status_code < 500, (route.path, odd)

    assert _broken(caplog) == []


async def test_no_form_breaks_a_page(
    shared_home: Home, sessions: list[dict[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    event = await shared_home.value("SELECT 'evt_' || replace(id::text, '-', '') FROM events LIMIT 1")
    async with httpx.AsyncClient() as browser:
        for route in routes(shared_home):
            if "POST" not in (route.methods or ()):
                continue
            path = re.sub(r"\{[^}]*\}", event, route.path)
            for kind, body in BODIES:
                for session in sessions:
                    headers = {"content-type": kind, **session}
                    answer = await browser.post(f"{shared_home.url}{path}", content=body, headers=headers)
                    assert answer.status_code < 500, (path, kind, body[:80], bool(session))
                    await shared_home.rows("DELETE FROM knocks") if answer.status_code == 429 else None

    assert _broken(caplog) == []


def _broken(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
