"""Fixtures of the discussions' tests."""

from tests.living import shared_home, street

__all__ = ["shared_home", "street"]
