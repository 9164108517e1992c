"""The page that everybody asks for first is planned before anybody does."""

from portal.documents import document
from tests.living import Home


async def test_homes_statement_is_made_before_anybody_asks_for_it(home: Home) -> None:
    wanted = (document("home/home"), None)
    assert home.house.documents.shelf.get(wanted) is None

    await home.app.state.foresee()

    assert home.house.documents.shelf.get(wanted) is not None
