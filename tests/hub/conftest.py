"""Fixtures of the hub's tests."""

from tests.living import home, street

__all__ = ["home", "street"]
