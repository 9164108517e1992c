"""Visitors in words: which device somebody came with, and from where, as they would recognise it themselves."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_UNKNOWN = "A program"
_PROGRAM = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,30}")
#: The first that is found in the User-Agent; each browser also names those it descends from, so order matters.
_BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}
#: A household or an office holds a whole network of this size; so do limits and words.
_V6_NETWORK = 64
_V6_SHOWN = 48
_PRIVATE = [
    ip_network(own)
    for own in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10")
]


def device_of(user_agent: str) -> str:
    """`Firefox on Windows`; a program goes by its own first word."""
    browser = next((name for sign, name in _BROWSERS.items() if sign in user_agent), None)
    system = next((name for sign, name in _SYSTEMS.items() if sign in user_agent), None)
    if browser is None:
        own = user_agent.partition("/")[0]
        return own if _PROGRAM.fullmatch(own) else _UNKNOWN
    return f"{browser} on {system}" if system else browser


def place_of(address: str) -> str:
    """The network in words, without the part that names one machine: `203.0.113.x`; empty when it is unknown."""
    found = _read(address)
    if found is None:
        return ""
    if found.is_loopback:
        return "this machine"
    words = _words(found)
    return (
        f"a private network, {words}"
        if any(found in own for own in _PRIVATE if own.version == found.version)
        else words
    )


def network_of(address: str) -> str:
    """What tries are counted by: one IPv4 address, or one IPv6 network of 64 bits."""
    found = _read(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, _V6_NETWORK), strict=False))
    return str(found or "")


def _read(address: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _words(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        return f"{str(address).rpartition('.')[0]}.x"
    shown = ip_network((address, _V6_SHOWN), strict=False).network_address
    return f"{shown.compressed.removesuffix('::')}:x"
