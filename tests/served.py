"""Servers as their operators start them: processes of their own, each over a `var/` with a PostgreSQL of its own."""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from rotunda import postgres
from tests.conftest import FOLDER_VARIABLE

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-m", "rotunda"]


def environment(var: Path, **settings: str) -> dict[str, str]:
    inherited = {
        k: v for k, v in os.environ.items() if not k.startswith("ROTUNDA_") and not k.endswith("_URL")
    }
    return {**inherited, "ROTUNDA_VAR": str(var), **settings}


class Served:
    """A server in a process of its own, open when this exists."""

    def __init__(self, var: Path) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0"],
            cwd=ROOT,
            env=environment(var),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""
        assert self.process.stdout is not None
        guard = threading.Timer(60, self.process.kill)
        guard.start()
        for line in self.process.stdout:
            self.said += line
            if "Ctrl-C closes" in line:
                break
        guard.cancel()
        address = re.search(r"open at (http://localhost:\d+)", self.said)
        assert address, self.said
        self.address = address[1]

    def status(self, path: str) -> int:
        with urllib.request.urlopen(self.address + path, timeout=10) as answer:  # noqa: S310  # our own address
            return int(answer.status)

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        rest, _ = self.process.communicate(timeout=30)
        self.said += rest
        return self.process.returncode


@pytest.fixture
def var() -> Iterator[Path]:
    """An empty folder as `var/`; its name is short, for the socket's path."""
    folder = Path(tempfile.mkdtemp(prefix="rotunda-var-"))
    yield folder
    postgres.stop(folder)
    shutil.rmtree(folder)


@pytest.fixture
def used_var(var: Path) -> Path:
    """A `var/` over which a server was served and ended: a first start is made once a run, and copied."""
    run = Path(os.environ[FOLDER_VARIABLE])
    first = run.with_name(f"{run.name}-var")  # goes with the run's own folder
    with (run / ".served").open("a") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        if not first.exists():
            begun = run.with_name(f"{run.name}-begun")
            begun.mkdir()
            assert Served(begun).end(signal.SIGTERM) == 0
            begun.rename(first)
    shutil.rmtree(var)
    subprocess.run(["cp", "-a", first, var], check=True)  # noqa: S607  # as whom each file belongs, too
    return var
