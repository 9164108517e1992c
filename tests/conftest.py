"""What every test may ask for: a real PostgreSQL, a fresh database in it, and a mail server to send to.

One cluster serves the whole run, xdist's workers included. It is made on first use in a short-named temporary
folder, because a socket's path is limited and root's home is closed to PostgreSQL's own user.
"""

import asyncio
import contextlib
import fcntl
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache, partial
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest
from aiosmtpd.smtp import SMTP
from httpx import create_ssl_context
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from portal.assets import Assets
from rotunda import postgres
from rotunda.migrate import migrate

FOLDER_VARIABLE = "ROTUNDA_TEST_CLUSTER"
PREFIX = "rotunda-tests-"

# Nobody needs a test's rows after a power cut; everything else is as in production.
QUICK = {**postgres.TUNING, "fsync": "off", "full_page_writes": "off", "max_wal_size": "4GB"}


def pytest_configure(config: pytest.Config) -> None:
    """Name the run's folder before workers are started; they inherit the variable."""
    if not hasattr(config, "workerinput"):
        _remove_what_killed_runs_left()
        os.environ[FOLDER_VARIABLE] = tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the cluster when the run is over; what bears its name goes with it."""
    if not hasattr(config, "workerinput") and (folder := os.environ.pop(FOLDER_VARIABLE, None)):
        for own in Path(folder).parent.glob(f"{Path(folder).name}*"):
            _remove(own)


@pytest.fixture(scope="session", autouse=True)
def made_once() -> Iterator[None]:
    """What every house and every client makes anew and always alike is made once a run: a start takes half as long.

    Nothing here speaks TLS, and to read the world's certificates takes each client 20 ms.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("httpx._transports.default.create_ssl_context", cache(create_ssl_context))
        patch.setattr("portal.app.Assets", cache(Assets))
        patch.setattr("portal.rooms.Environment", partial(Environment, bytecode_cache=Compiled()))
        yield


class Compiled(BytecodeCache):
    """Templates that were compiled in this process, by their name and text."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session")
def cluster() -> postgres.Cluster:
    """The run's PostgreSQL, running."""
    folder = Path(os.environ[FOLDER_VARIABLE])
    postgres.start(folder, tuning=QUICK)
    return postgres.Cluster(folder)


@pytest.fixture(scope="session")
async def template(cluster: postgres.Cluster) -> str:
    """The name of a migrated, empty database to copy."""
    return await _built_once(cluster, "migrated", migrate)


@pytest.fixture(scope="session")
async def planted_template(cluster: postgres.Cluster) -> str:
    """The name of a migrated database with the seeds planted, to copy."""
    from seeds.plant import plant  # noqa: PLC0415  # most tests need no seeds

    async def build(dsn: str) -> None:
        await migrate(dsn)
        await plant(dsn, lambda _: None)

    return await _built_once(cluster, "planted", build)


@pytest.fixture
async def database(cluster: postgres.Cluster, template: str) -> AsyncIterator[str]:
    """The address of a fresh database, migrated and empty, gone afterwards."""
    async with _copy(cluster, template) as dsn:
        yield dsn


@pytest.fixture
async def planted_database(cluster: postgres.Cluster, planted_template: str) -> AsyncIterator[str]:
    """The address of a fresh database with the seeds, gone afterwards."""
    async with _copy(cluster, planted_template) as dsn:
        yield dsn


@dataclass
class SmtpPeer:
    """A mail server that keeps what it is given, and refuses what it is told to."""

    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    refusal: str | None = None

    @property
    def url(self) -> str:
        """For `SMTP_URL`."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's
        """Keep the message, or answer with the refusal."""
        if self.refusal:
            return self.refusal
        parsed = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        self.messages.append(parsed)
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 kept"


@pytest.fixture
async def smtp_peer() -> AsyncIterator[SmtpPeer]:
    """A mail server on a real socket."""
    peer = SmtpPeer()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(peer, loop=loop), "127.0.0.1", 0)
    peer.port = server.sockets[0].getsockname()[1]
    yield peer
    server.close()


async def _built_once(cluster: postgres.Cluster, name: str, build: Callable[[str], Awaitable[None]]) -> str:
    """Build database `name` in whichever worker comes first; the others wait and find it."""
    with (cluster.var / f".{name}").open("a+") as mark:
        await asyncio.to_thread(fcntl.flock, mark, fcntl.LOCK_EX)
        mark.seek(0)
        if not mark.read():
            await _run(cluster, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            await _run(cluster, f"CREATE DATABASE {name} TEMPLATE {postgres.DATABASE}")
            await build(cluster.address(name))
            mark.write("built")
    return name


@contextlib.asynccontextmanager
async def _copy(cluster: postgres.Cluster, template: str) -> AsyncIterator[str]:
    name = f"test_{os.getpid()}_{next(_numbers)}"
    # Without fsync a copy of the files takes 20 ms; going through the log takes 70.
    await _run(cluster, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    try:
        yield cluster.address(name)
    finally:
        await _run(cluster, f"DROP DATABASE {name} WITH (FORCE)")


_numbers = itertools.count(1)


async def _run(cluster: postgres.Cluster, statement: str) -> None:
    connection = await asyncpg.connect(cluster.address("postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _remove_what_killed_runs_left() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdecimal() and not psutil.pid_exists(int(owner)):
            _remove(folder)


def _remove(folder: Path) -> None:
    postgres.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)
