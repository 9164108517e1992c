"""The doctor: what is wrong with an installation, and what would mend it."""

import os
import re
import shutil
import sys
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import metadata
from pathlib import Path

from rotunda import database, migrate
from rotunda.refusals import StartRefused
from rotunda.settings import Settings, environment_name, load

LOCK = Path(__file__).parent.parent / "requirements.lock"
OLDEST_PYTHON = (3, 11)
LEAST_ROOM = 1024**3  # bytes; PostgreSQL stops even readers when its log finds no room
BESIDES_POOLS = 8  # connections: the log's readers and LISTEN, migrations, and one for whoever looks into it


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what it is, and the sentence that mends it where it is not well."""

    what: str
    mend: str = ""


async def examine(say: Callable[[str], None]) -> bool:
    """Look at everything, telling each finding; whether all is well."""
    well = True
    async for finding in _findings():
        say(f"  wrong   {finding.what}: {finding.mend}" if finding.mend else f"  well    {finding.what}")
        well = well and not finding.mend
    say("All is well." if well else "Something is wrong; see above for what mends it.")
    return well


async def _findings() -> AsyncIterator[Finding]:
    yield python(sys.version_info[:3])
    yield packages(LOCK.read_text())
    yield names(os.environ)
    try:
        settings = load()
    except StartRefused as refusal:
        yield Finding("settings", str(refusal))
        return
    yield Finding("settings")
    yield room(shutil.disk_usage(settings.folder).free, settings.folder)
    yield port(settings)
    async for finding in _of_the_database(settings):
        yield finding
    yield await mail(settings)


def python(version: tuple[int, ...]) -> Finding:
    """Is this Python new enough?"""
    what = "Python " + ".".join(map(str, version))
    mend = "Rotunda needs 3.11 or newer; remove .venv and run 'make serve' with a newer one."
    return Finding(what, "" if version >= OLDEST_PYTHON else mend)


def packages(lock: str) -> Finding:
    """Are the installed packages those of the lock? A package for another platform is no loss."""
    wanted = re.findall(r"^([\w.-]+)==([^\s;\\]+) *(;)?", lock, re.MULTILINE)
    differing = [
        name for name, version, mark in wanted if _installed(name) not in {version, None if mark else version}
    ]
    mend = f"{', '.join(differing)} differ from requirements.lock; remove .venv and run 'make serve'."
    return Finding(f"{len(wanted)} packages", mend if differing else "")


def names(environment: Iterable[str]) -> Finding:
    """Is every ROTUNDA_ variable a setting? A misspelled one is otherwise passed over in silence."""
    known = {environment_name(field) for field in Settings.model_fields}
    for name in sorted(name for name in environment if name.startswith("ROTUNDA_")):
        if name not in known:
            close = get_close_matches(name, known, n=1)
            return Finding(
                "environment", f"{name} is no setting" + (f"; is {close[0]} meant?" if close else ".")
            )
    return Finding("environment")


def room(free: int, folder: Path) -> Finding:
    """Is there room to write?"""
    what = f"{free / 1024**3:.0f} GB of room at {folder}"
    return Finding(
        what, "" if free >= LEAST_ROOM else "PostgreSQL stops when its disk is full; make 1 GB of room."
    )


def port(settings: Settings) -> Finding:
    """Can the port be had, or is it Rotunda that has it?"""
    from rotunda.serve import bind

    what = f"port {settings.port} on {settings.host}"
    try:
        bind(settings.host, settings.port).close()
    except StartRefused as refusal:
        if _rotunda_answers(settings):
            return Finding(f"{what}, where Rotunda answers")
        return Finding(what, str(refusal))
    return Finding(what)


async def mail(settings: Settings) -> Finding:
    """Does the mail server answer?"""
    if not settings.smtp_url:
        return Finding(f"mail, kept in {settings.mailbox}")
    import aiosmtplib

    from notifications.mail import connection

    try:
        async with aiosmtplib.SMTP(timeout=5, **connection(settings.smtp_url.get_secret_value())):
            return Finding("mail server")
    except (aiosmtplib.SMTPException, OSError) as problem:
        return Finding("mail server", f"it cannot be used, check SMTP_URL ({problem}).")


async def _of_the_database(settings: Settings) -> AsyncIterator[Finding]:
    try:
        async with database.running(settings) as dsn:
            connection = await database.connect(dsn)
            yield Finding("PostgreSQL " + await connection.fetchval("SHOW server_version"))
            try:
                yield await _migrations(connection)
                yield await _role(connection)
                yield await _connections(connection, settings)
            finally:
                await connection.close()
    except StartRefused as refusal:
        yield Finding("database", str(refusal))


async def _migrations(connection: database.Connection) -> Finding:
    missing = migrate.missing(await migrate.revision(connection))
    mend = f"{len(missing)} are missing; run 'python -m rotunda migrate'."
    return Finding("migrations", mend if missing else "")


async def _role(connection: database.Connection) -> Finding:
    usable = await connection.fetchval(
        "SELECT coalesce(bool_or(pg_has_role(oid, 'SET')), false) FROM pg_roles WHERE rolname = 'rotunda_app'"
    )
    mend = (
        "this login may not act as it, so the log is not protected from the application; as the database's "
        "administrator: CREATE ROLE rotunda_app NOLOGIN; GRANT rotunda_app TO the login; then migrate anew."
    )
    return Finding("role rotunda_app", "" if usable else mend)


async def _connections(connection: database.Connection, settings: Settings) -> Finding:
    most = int(await connection.fetchval("SHOW max_connections"))
    wanted = settings.readers + settings.writers + BESIDES_POOLS
    mend = f"one process wants {wanted}; lower ROTUNDA_READERS or raise the server's max_connections."
    return Finding(f"{most} connections", "" if wanted <= most else mend)


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _rotunda_answers(settings: Settings) -> bool:
    try:
        with urllib.request.urlopen(f"http://{settings.host}:{settings.port}/live", timeout=2) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004  # HTTP's own number
    except OSError:
        return False
