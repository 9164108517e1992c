"""Servers to attack: `home` and `shared_home` with the limits that the tests choose, or nobody would meet."""

from tests.living import home, shared_home, street

__all__ = ("home", "shared_home", "street")
