"""Serving: from an empty folder to an open door, and one sentence where that cannot be."""

import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from rotunda import postgres
from rotunda.serve import SIGN_IN_AS
from tests.served import COMMAND, ROOT, Served, environment, used_var, var

__all__ = ["used_var", "var"]


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def refusal_of(*arguments: str, var: Path, **settings: str) -> str:
    """What the command says on standard error as it refuses; it must be one line."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=ROOT,
        env=environment(var, **settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_an_empty_folder_becomes_an_open_door_and_says_whom_to_sign_in_as(var: Path) -> None:
    server = Served(var)

    assert server.status("/ready") == 200
    assert all(email in server.said for email in SIGN_IN_AS)
    assert f"{server.address}/dev/mail" in server.said
    assert server.end(signal.SIGTERM) == 0
    assert "Traceback" not in server.said


def test_a_second_start_finds_everything_in_place_and_ctrl_c_leaves_in_order(used_var: Path) -> None:
    server = Served(used_var)
    ready = server.status("/ready")
    code = server.end(signal.SIGINT)

    assert ready == 200
    assert code == 0
    assert "Planting" not in server.said


def test_two_servers_share_a_folder_and_the_database_outlives_the_first(used_var: Path) -> None:
    first, second = Served(used_var), Served(used_var)

    first.end(signal.SIGTERM)

    assert second.status("/ready") == 200
    second.end(signal.SIGTERM)
    assert not (used_var / "postgres" / "postmaster.pid").exists()


def test_a_killed_server_can_be_started_again(used_var: Path) -> None:
    Served(used_var).end(signal.SIGKILL)

    server = Served(used_var)

    assert server.status("/ready") == 200
    assert server.end(signal.SIGTERM) == 0


def test_a_taken_port_is_told(var: Path, taken: int) -> None:
    assert f"ROTUNDA_PORT {taken} is taken on 127.0.0.1" in refusal_of("serve", "--port", str(taken), var=var)
    assert not (var / "postgres").exists()


def test_an_address_elsewhere_is_told(var: Path) -> None:
    assert "ROTUNDA_HOST 192.0.2.1 is not an address of this machine" in refusal_of(
        "serve", "--host", "192.0.2.1", var=var
    )


def test_a_wrong_setting_is_told(var: Path) -> None:
    assert "ROTUNDA_SETTLING_SECONDS is not right" in refusal_of(
        "serve", var=var, ROTUNDA_SETTLING_SECONDS="soon"
    )


def test_a_folder_that_cannot_be_is_told(var: Path) -> None:
    (var / "file").touch()

    assert "ROTUNDA_VAR names" in refusal_of("serve", var=var / "file" / "var")


@pytest.mark.parametrize("command", ["serve", "work", "migrate", "seed"])
def test_an_unreachable_database_is_told(command: str, var: Path) -> None:
    free = {"ROTUNDA_PORT": "0", "DATABASE_URL": "postgresql://nobody:hunter2@127.0.0.1:1/rotunda"}

    said = refusal_of(command, var=var, **free)

    assert "cannot be reached; check DATABASE_URL" in said
    assert "hunter2" not in said


def test_a_database_newer_than_the_code_is_told(used_var: Path) -> None:
    postgres.start(used_var)
    psql = [
        str(postgres.installed() / "bin" / "psql"),
        "-h",
        str(used_var / "postgres"),
        "-U",
        "postgres",
        "rotunda",
    ]
    subprocess.run(
        [*psql, "-c", "UPDATE alembic_version SET version_num = '9999'"], check=True, capture_output=True
    )

    said = refusal_of("serve", "--port", "0", var=used_var)

    assert "newer than this code: it is at revision 9999" in said


def test_the_doctor_finds_a_misspelled_setting(var: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "doctor"],
        cwd=ROOT,
        env=environment(var, ROTUNDA_PROT="8080", ROTUNDA_PORT="0"),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 1
    assert "ROTUNDA_PROT is no setting; is ROTUNDA_PORT meant?" in done.stdout
