"""The page that everybody asks for first is planned before anybody does."""

import asyncio

import uvicorn
from starlette.applications import Starlette

from portal.documents import document
from rotunda.serve import Doorway
from tests.living import PATIENCE, Home


async def test_homes_statement_is_made_before_anybody_asks_for_it(home: Home) -> None:
    wanted = (document("home/home"), None)
    assert home.house.documents.shelf.get(wanted) is None

    await home.app.state.foresee()

    assert home.house.documents.shelf.get(wanted) is not None


async def test_a_server_sees_to_that_as_soon_as_it_listens() -> None:
    app, foreseen = Starlette(), asyncio.Event()

    async def foresee() -> None:
        foreseen.set()

    app.state.foresee = foresee
    config = uvicorn.Config(app, port=0, lifespan="off", log_level="error", timeout_graceful_shutdown=1)
    server = Doorway(config, opened=lambda: None, app=app)
    running = asyncio.ensure_future(server._serve())  # noqa: SLF001 - without signal handlers of its own
    try:
        async with asyncio.timeout(PATIENCE):
            await foreseen.wait()
    finally:
        server.should_exit = True
        await running
