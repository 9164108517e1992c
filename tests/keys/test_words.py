"""Devices and places in words, and when a token was last used."""

import pytest

from notifications.mail import Post
from rotunda import passkeys
from rotunda.credentials import hashed
from rotunda.knocks import Knocks
from rotunda.visitors import device_of, network_of, place_of
from tests.living import Home

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0.0.0"


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Windows",
        ),
        (f"Mozilla/5.0 (Windows NT 10.0) {CHROME} Safari/537.36 Edg/144.0", "Edge on Windows"),
        (f"Mozilla/5.0 (X11; Linux x86_64) {CHROME} Safari/537.36", "Chrome on Linux"),
        (f"Mozilla/5.0 (Linux; Android 16) {CHROME} Mobile Safari/537.36", "Chrome on Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) CriOS/144 Safari/604.1", "Chrome on iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/19.0 Safari/605.1.15", "Safari on Mac"),
        ("curl/8.5.0", "curl"),
        ("<script>alert(1)</script>/1", "A program"),
        ("", "A program"),
    ],
)
def test_a_device_goes_by_the_words_its_owner_has_for_it(user_agent: str, device: str) -> None:
    assert device_of(user_agent) == device


@pytest.mark.parametrize(
    ("address", "place", "network"),
    [
        ("203.0.113.9", "203.0.113.x", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.x", "203.0.113.9"),
        ("2001:db8:12:34::5", "2001:db8:12:x", "2001:db8:12:34::/64"),
        ("192.168.1.20", "a private network, 192.168.1.x", "192.168.1.20"),
        ("127.0.0.1", "this machine", "127.0.0.1"),
        ("::1", "this machine", "::/64"),
        ("testclient", "", ""),
    ],
)
def test_a_place_names_a_network_and_no_machine(address: str, place: str, network: str) -> None:
    assert (place_of(address), network_of(address)) == (place, network)


@pytest.mark.parametrize(
    ("public_url", "host", "origin"),
    [
        ("https://Members.example.org", "members.example.org", "https://members.example.org"),
        ("https://members.example.org:443", "members.example.org", "https://members.example.org"),
        ("https://members.example.org:8443", "members.example.org", "https://members.example.org:8443"),
        ("http://127.0.0.1:8000", "localhost", "http://localhost:8000"),
        ("http://[::1]:8000", "localhost", "http://localhost:8000"),
    ],
)
def test_passkeys_belong_to_the_name_people_reach_us_at(public_url: str, host: str, origin: str) -> None:
    found = passkeys.at(public_url, Knocks(b""), Post(public_url=public_url))

    assert found
    assert (found.host, found.origin) == (host, origin)


def test_where_there_is_only_a_number_there_are_no_passkeys() -> None:
    assert passkeys.at("http://192.0.2.1:8000", Knocks(b""), Post(public_url="")) is None


async def test_last_used_is_kept_to_the_hour_and_not_while_anybody_waits(home: Home) -> None:
    caller = await home.caller("mayor@richmond-va.example")
    used = "SELECT last_used_at FROM tokens WHERE hash = $1"
    pool, footprints = home.hub._log._pool, home.house.footprints  # noqa: SLF001 - tests may look behind the door

    await caller.head()
    before = await home.value(used, hashed(caller.token))
    await footprints.write(pool)
    first = await home.value(used, hashed(caller.token))
    footprints.note(hashed(caller.token) or b"")
    await footprints.write(pool)

    assert before is None
    assert first is not None
    assert await home.value(used, hashed(caller.token)) == first
