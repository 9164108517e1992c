"""Fixtures of the scenarios."""

from tests.living import home, street

__all__ = ["home", "street"]
