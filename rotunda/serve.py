"""Serving: one process that listens, says where, and leaves without keeping anybody waiting."""

import asyncio
import errno
import gc
import resource
import signal
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import uvicorn
import uvloop

from rotunda import database, logs
from rotunda.migrate import migrate
from rotunda.refusals import StartRefused
from rotunda.settings import Settings
from rotunda.wire import Wire, wire

if TYPE_CHECKING:
    from starlette.applications import Starlette

Say = Callable[[str], None]

SIGN_IN_AS = (
    "secretariat@rotunda.example",
    "mayor@alexandria-va.example",
    "staff@alexandria-va.example",
    "host@water.example",
)
SPARE_CONNECTIONS = 1000  # beside the streams; one more is answered 503
SPARE_FILES = 200  # for the database, the log and ourselves
PING_SECONDS = 20  # a client that has gone silently is noticed within two of these
PATIENCE = 5  # seconds that answers under way are given at the end; a second Ctrl-C gives them none


def serve(settings: Settings, say: Say) -> None:
    """Serve until SIGINT or SIGTERM.

    Raises:
        StartRefused: the port is taken, or the database is not to be had.
    """
    _allow_files(settings.streams + SPARE_CONNECTIONS + SPARE_FILES)
    logs.begin()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings, say))


async def prepare(dsn: str, say: Say) -> None:
    """Bring an address to a database that can be served: migrated, and with the seeds if it is new.

    Raises:
        StartRefused: as `migrate` does.
    """
    await migrate(dsn, say)
    connection = await database.connect(dsn)
    try:
        planted = await connection.fetchval("SELECT EXISTS (SELECT FROM cities)")
    finally:
        await connection.close()
    if not planted:
        from seeds.plant import plant

        say("Planting the seeds …")
        await plant(dsn, say)


def bind(host: str, port: int) -> socket.socket:
    """A socket that is ours before anything slow begins, so that a taken port is told at once.

    Raises:
        StartRefused: the port is taken, or the address is not this machine's.
    """
    try:
        kind, _, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        # By its protocol's name: a loop in Python spares only such a socket Nagle's algorithm, and its 40 ms.
        listener = socket.socket(kind, socket.SOCK_STREAM, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as problem:
        raise StartRefused(_why_not(problem, host, port)) from None
    return listener


#: Objects that may have come, beyond those that went, before garbage is looked for. Python's own 700 are two listeners:
#: of a thousand that come back at once, a sixth of the work was looking for garbage where there is none.
_NEW_OBJECTS = 20_000


class Doorway(uvicorn.Server):
    """Uvicorn's server, which tells when it listens and lets the application make ready, and close its streams."""

    def __init__(self, config: uvicorn.Config, *, opened: Callable[[], None], app: "Starlette") -> None:
        super().__init__(config)
        self._opened = opened
        self._app = app
        self._foreseeing: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then tell. What the house is built of is never garbage; looking through it costs 80 ms each time."""
        gc.collect()
        gc.freeze()
        gc.set_threshold(_NEW_OBJECTS)
        await super().startup(sockets)
        if self.started:
            self._opened()
            foresee = getattr(self._app.state, "foresee", None)
            if foresee is not None:
                self._foreseeing = asyncio.create_task(foresee())

    async def on_tick(self, counter: int) -> bool:
        """Each second, hang up on those whose requests have been beginning for too long."""
        if counter % 10 == 0:
            now = asyncio.get_running_loop().time()
            for connection in list(self.server_state.connections):
                if isinstance(connection, Wire):
                    connection.hurry(now)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the application end what would never end by itself (`app.state.drain`), then close."""
        drain = getattr(self._app.state, "drain", None)
        if drain is not None:
            await drain()
        await super().shutdown(sockets)


async def _serve(settings: Settings, say: Say) -> None:
    with bind(settings.host, settings.port) as listener:
        settings = settings.model_copy(update={"port": listener.getsockname()[1]})
        if not settings.database_url:
            say("Starting PostgreSQL …")
        async with database.running(settings) as dsn:
            await prepare(dsn, say)
            await _listen(settings, listener, say)
        say("Rotunda is closed.")


async def _listen(settings: Settings, listener: socket.socket, say: Say) -> None:
    from rotunda.app import build_app

    app = build_app(settings)
    doorway = Doorway(_configuration(settings, app), opened=lambda: _welcome(settings, say), app=app)
    # Uvicorn raises the signal again when it has closed; by then all that is left is to leave in order.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: None)
    try:
        await doorway.serve(sockets=[listener])
    except OSError as problem:
        if problem.errno != errno.EADDRINUSE:
            raise
        raise StartRefused(_why_not(problem, settings.host, settings.port)) from None


def _configuration(settings: Settings, app: "Starlette") -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="none",  # the runner has chosen uvloop already
        http=wire(
            head_bytes=settings.head_bytes,
            head_seconds=settings.head_seconds,
            most=settings.streams + SPARE_CONNECTIONS,
        ),
        ws="websockets-sansio",  # its send() waits for the socket: back-pressure reaches the streams
        ws_max_size=settings.message_bytes,
        ws_per_message_deflate=False,  # costs more memory a socket than everything else together
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=PATIENCE,
        server_header=False,
        access_log=False,
        log_config=None,
    )


def _allow_files(wanted: int) -> None:
    """Raise the limit of open files, which is 1,024 in many places, as far as we may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


def _welcome(settings: Settings, say: Say) -> None:
    say(f"Rotunda is open at {settings.public_url}")
    say(f"Sign in as {', '.join(SIGN_IN_AS[:-1])} or {SIGN_IN_AS[-1]}")
    if settings.mailbox:
        say(f"Their mail arrives at {settings.public_url}/dev/mail")
    say(f"GraphQL is at {settings.public_url}/graphql; Ctrl-C closes Rotunda")


def _why_not(problem: OSError, host: str, port: int) -> str:
    if problem.errno == errno.EADDRINUSE:
        return (
            f"ROTUNDA_PORT {port} is taken on {host}; stop what listens there, or choose another with --port."
        )
    if problem.errno == errno.EACCES:
        return f"ROTUNDA_PORT {port} is reserved for the administrator; choose one from 1024 up."
    return f"ROTUNDA_HOST {host} is not an address of this machine ({problem.strerror})."
