"""Fixtures of the tests of keys: a server, people at it, and a browser."""

from tests.living import home, shared_home, street
from tests.portal.conftest import browser_type_launch_args

__all__ = ["browser_type_launch_args", "home", "shared_home", "street"]
