"""Fixtures of the faults."""

from tests.living import home, street
from tests.served import used_var, var

__all__ = ["home", "street", "used_var", "var"]
