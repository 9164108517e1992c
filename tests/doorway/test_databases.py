"""Databases: what the embedded PostgreSQL promises, and how migrations take turns."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from rotunda import database as database_module
from rotunda import migrate, postgres
from rotunda.refusals import StartRefused
from rotunda.settings import Settings

ROOT = Path(__file__).parents[2]
# A process of its own that starts the cluster, says so, and waits to be ended.
USER = """
import pathlib, sys, time
from rotunda import postgres
print(postgres.start(pathlib.Path(sys.argv[1])), flush=True)
"""
MIGRATION = """
from rotunda.migrate import script
revision = {revision!r}
down_revision = {before!r}
def upgrade():
    script({sql!r})
"""


@pytest.fixture
def var() -> Iterator[Path]:
    """A folder as `var/`, closed to others as a home is."""
    home = Path(tempfile.mkdtemp(prefix="rotunda-var-"))
    yield home / "var"
    postgres.stop(home / "var")
    shutil.rmtree(home)


@pytest.fixture
def one_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of migrations with one in it, in the place of ours."""
    versions = tmp_path / "versions"
    versions.mkdir()
    shutil.copy(migrate.FOLDER / "env.py", tmp_path)
    (versions / "0001_one.py").write_text(
        a_migration("0001", None, "CREATE TABLE one (said text DEFAULT ':x %'); SELECT 1;")
    )
    monkeypatch.setattr(migrate, "FOLDER", tmp_path)
    return versions


@pytest.fixture
async def empty(cluster: postgres.Cluster) -> str:
    """The address of an empty database."""
    connection = await asyncpg.connect(cluster.address("postgres"))
    await connection.execute("DROP DATABASE IF EXISTS empty WITH (FORCE)")
    await connection.execute("CREATE DATABASE empty")
    await connection.close()
    return cluster.address("empty")


def a_migration(revision: str, before: str | None, sql: str) -> str:
    return MIGRATION.format(revision=revision, before=before, sql=sql)


async def value(dsn: str, query: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def process(var: Path, then: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", USER + then, str(var)]
    started = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert started.stdout is not None
    assert started.stdout.readline().startswith("postgresql://")
    return started


def is_up(var: Path) -> bool:
    return (var / "postgres" / "postmaster.pid").exists()


async def test_databases_sort_by_the_builtin_locale_and_reckon_in_utc(database: str) -> None:
    locale = await value(
        database,
        "SELECT concat_ws(' ', datlocprovider, datlocale, current_setting('timezone')) "
        "FROM pg_database WHERE datname = current_database()",
    )

    assert locale == "b C.UTF-8 UTC"


async def test_a_start_in_a_closed_home_opens_it_to_nobody_else(var: Path) -> None:
    dsn = await asyncio.to_thread(postgres.start, var)

    assert await value(dsn, "SELECT current_database()") == "rotunda"
    assert var.parent.stat().st_mode & 0o007 == 0
    assert (var / "postgres").stat().st_mode & 0o077 == 0


async def test_the_last_to_leave_stops_the_server(var: Path) -> None:
    other = process(var, "time.sleep(60)")
    await asyncio.to_thread(postgres.start, var)
    await asyncio.to_thread(postgres.leave, var)
    assert is_up(var)

    other.kill()
    other.communicate()
    await asyncio.to_thread(postgres.start, var)
    await asyncio.to_thread(postgres.leave, var)

    assert not is_up(var)


async def test_a_killed_process_leaves_a_server_that_the_next_start_attaches_to(var: Path) -> None:
    killed = process(var, "time.sleep(60)")
    before = (var / "postgres" / "postmaster.pid").read_text()
    killed.send_signal(signal.SIGKILL)
    killed.communicate()

    dsn = await asyncio.to_thread(postgres.start, var)

    assert await value(dsn, "SELECT 1") == 1
    assert (var / "postgres" / "postmaster.pid").read_text() == before


async def test_a_deleted_folder_is_made_anew_under_a_server_still_running(var: Path) -> None:
    process(var, "").communicate()
    old = int((var / "postgres" / "postmaster.pid").read_text().split()[0])
    shutil.rmtree(var)

    dsn = await asyncio.to_thread(postgres.start, var)

    assert await value(dsn, "SELECT 1") == 1
    with contextlib.suppress(psutil.NoSuchProcess):
        assert psutil.Process(old).status() == psutil.STATUS_ZOMBIE


async def test_a_crash_of_the_server_is_recovered_from(var: Path) -> None:
    dsn = await asyncio.to_thread(postgres.start, var)
    await value(dsn, "CREATE TABLE kept AS SELECT 7 AS seven")
    pid_file = var / "postgres" / "postmaster.pid"
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)
    # Worse: the machine restarted, and the process id is somebody else's now.
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))

    dsn = await asyncio.to_thread(postgres.start, var)

    assert await value(dsn, "SELECT seven FROM kept") == 7


async def test_a_server_killed_under_a_running_rotunda_comes_back(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "LOOK_SECONDS", 0.05)
    settings = Settings(var=var)
    pid_file = var / "postgres" / "postmaster.pid"
    async with database_module.running(settings) as dsn:
        before = pid_file.read_text()
        os.kill(int(before.split()[0]), signal.SIGKILL)
        async with asyncio.timeout(60):
            while not (_is_another(pid_file, before) and await _answers(dsn)):  # noqa: ASYNC110 - it has no event
                await asyncio.sleep(0.02)


def _is_another(pid_file: Path, before: str) -> bool:
    return pid_file.exists() and pid_file.read_text() != before


async def _answers(dsn: str) -> bool:
    try:
        return bool(await value(dsn, "SELECT 1") == 1)
    except (OSError, asyncpg.PostgresError):
        return False  # it is away, or coming up


async def test_a_long_path_has_its_socket_elsewhere(var: Path) -> None:
    deep = var / ("a-rather-long-name-for-a-folder/" * 4)

    dsn = await asyncio.to_thread(postgres.start, deep)

    assert await value(dsn, "SELECT 1") == 1
    assert postgres.stop(deep)


@pytest.mark.usefixtures("one_migration")
async def test_many_who_migrate_at_once_take_turns(empty: str) -> None:
    said: list[str] = []

    await asyncio.gather(*(migrate.migrate(empty, said.append) for _ in range(5)))

    assert said == ["Migrating: 0001_one"]
    assert await value(empty, "INSERT INTO one DEFAULT VALUES RETURNING said") == ":x %"


async def test_a_migration_behind_a_long_reader_keeps_no_writer_waiting(
    one_migration: Path, empty: str
) -> None:
    await migrate.migrate(empty)
    (one_migration / "0002_two.py").write_text(
        a_migration("0002", "0001", "ALTER TABLE one ADD COLUMN two int")
    )
    reader, writer = [await asyncpg.connect(empty) for _ in range(2)]
    reading = reader.transaction()
    await reading.start()
    await reader.execute("SELECT FROM one")

    migrating = asyncio.create_task(migrate.migrate(empty))
    async with asyncio.timeout(
        60
    ):  # behind a migration that waits without giving way, a writer waits for the reader
        for _ in range(3):
            await _is_waited_for(writer)
            await writer.execute("INSERT INTO one DEFAULT VALUES")
    assert not migrating.done()
    await reading.rollback()
    await migrating
    await reader.close()
    await writer.close()

    assert await value(empty, "SELECT count(two) FROM one") == 0


async def _is_waited_for(looking: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Until somebody waits for a lock that the long reader keeps from them."""
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation IS NOT NULL"
    while not await looking.fetchval(waiting):  # noqa: ASYNC110 -- PostgreSQL tells nobody
        await asyncio.sleep(0.005)


@pytest.mark.usefixtures("one_migration")
async def test_a_database_newer_than_the_code_is_refused(empty: str) -> None:
    await migrate.migrate(empty)
    await value(empty, "UPDATE alembic_version SET version_num = '0099'")

    with pytest.raises(StartRefused, match="newer than this code: it is at revision 0099"):
        await migrate.migrate(empty)


@pytest.mark.parametrize(
    ("dsn", "said"),
    [
        ("postgresql://nobody@127.0.0.1:1/rotunda", "cannot be reached; check DATABASE_URL"),
        ("postgresql://nobody@no-such-host.invalid/rotunda", "cannot be reached; check DATABASE_URL"),
    ],
)
async def test_a_database_that_is_away_is_told_in_one_sentence(dsn: str, said: str) -> None:
    with pytest.raises(StartRefused, match=said) as refusal:
        await migrate.migrate(dsn)

    assert "\n" not in str(refusal.value)


async def test_a_database_that_does_not_exist_is_told(cluster: postgres.Cluster) -> None:
    with pytest.raises(StartRefused, match="names a database that does not exist"):
        await migrate.migrate(cluster.address("no_such"))
