"""Other sites are kept out."""

from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from portal.app import build_portal
from portal.sessions import own_path
from tests.portal.fake_house import FakeApi, FakeDoor


async def test_a_form_from_another_site_does_nothing(visitor: httpx.AsyncClient, door: FakeDoor) -> None:
    answer = await visitor.post(
        "/sign-in",
        data={"email": "mayor@richmond-va.example"},
        headers={"origin": "http://elsewhere.example"},
    )

    assert answer.status_code == 403
    assert door.asked == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_a_browser_that_says_where_it_comes_from_is_believed(
    visitor: httpx.AsyncClient, site: str
) -> None:
    answer = await visitor.post("/sign-out", headers={"sec-fetch-site": site})

    assert answer.status_code == 403


async def test_a_null_origin_is_another_site(visitor: httpx.AsyncClient) -> None:
    assert (await visitor.post("/sign-out", headers={"origin": "null"})).status_code == 403


async def test_every_page_forbids_frames_and_foreign_sources(visitor: httpx.AsyncClient) -> None:
    for path in ("/", "/calendar", "/nowhere", "/sign-in"):
        headers = (await visitor.get(path)).headers
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["cache-control"] == "private, no-cache"


async def test_no_page_carries_inline_styles_or_scripts(visitor: httpx.AsyncClient) -> None:
    for path in ("/", "/calendar", "/events/evt_annual", "/sign-in"):
        page = (await visitor.get(path)).text
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick=" not in page
        assert page.count("<script") == page.count("<script src=")


async def test_over_https_the_session_is_bound_to_the_host(tmp_path: Path) -> None:
    api = FakeApi()
    home = "https://rotunda.example"
    routes = build_portal(api=api, door=FakeDoor(api), public_url=home, mailbox=tmp_path)
    transport = httpx.ASGITransport(app=Starlette(routes=routes))
    async with httpx.AsyncClient(transport=transport, base_url=home) as browser:
        answer = await browser.post("/sign-in/good")

    cookie = next(c for c in answer.headers.get_list("set-cookie") if "session" in c)
    assert cookie.startswith("__Host-rotunda_session=")
    for flag in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert flag in cookie


@pytest.mark.parametrize(
    "path", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "", "/a\nb"]
)
def test_going_on_never_leaves_the_house(path: str) -> None:
    assert own_path(path, "/") == "/"


async def test_what_cannot_be_seen_does_not_get_in(visitor: httpx.AsyncClient, door: FakeDoor) -> None:
    await visitor.post("/sign-in", data={"email": " mayor\x00@richmond-va.example\x1b "})

    assert door.asked == ["mayor@richmond-va.example"]
