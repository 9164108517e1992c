"""Fixtures of the faults."""

from tests.living import home, street

__all__ = ["home", "street"]
