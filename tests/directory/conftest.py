"""Fixtures of the directory's tests: a server over the seeds, and people at it."""

from tests.living import home, shared_home, street

__all__ = ["home", "shared_home", "street"]
