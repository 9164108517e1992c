"""What the walk needs: a browser, a conference to look at, and one in memory."""

from tests.portal.conftest import address, api, browser_type_launch_args, door
from tests.walk.stage import stage

__all__ = ["address", "api", "browser_type_launch_args", "door", "stage"]
