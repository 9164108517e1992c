"""Fixtures of the acts' tests."""

from tests.living import home, shared_home, street

__all__ = ["home", "shared_home", "street"]
