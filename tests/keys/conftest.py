"""Fixtures of the tests of keys: a server, and people at it."""

from tests.living import home, shared_home, street

__all__ = ["home", "shared_home", "street"]
