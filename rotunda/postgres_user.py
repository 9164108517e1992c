"""The system user that PostgreSQL runs as when root starts Rotunda: PostgreSQL refuses to be root."""

import os
import pwd
import shutil
import stat
import struct
import subprocess
from pathlib import Path

from rotunda.refusals import StartRefused

NAME = "rotunda-postgres"

# POSIX access lists as Linux keeps them: a version, then (tag, permissions, id) each.
_ACL = "system.posix_acl_access"
_OWNER, _USER, _GROUP, _MASK, _OTHERS = 0x01, 0x02, 0x04, 0x10, 0x20
_NOBODY = 0xFFFFFFFF
_Entry = tuple[int, int, int]


def needed() -> bool:
    """Whether this process is root."""
    return os.geteuid() == 0


def ensure() -> pwd.struct_passwd:
    """The user, made where it is missing.

    Raises:
        StartRefused: there is none and none can be made.
    """
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        _make()
        return pwd.getpwnam(NAME)


def let_pass(path: Path, user: pwd.struct_passwd) -> None:
    """Let `user` reach `path` through folders closed to it, such as root's home.

    Only passing is granted, and where the file system keeps access lists only to this one user: the
    wheel's own helper opens every folder on the way to everybody, which a home should not suffer.
    """
    for folder in reversed(path.resolve().parents):
        seen = folder.stat()
        if seen.st_mode & stat.S_IXOTH or seen.st_uid == user.pw_uid:
            continue
        try:
            _grant_passing(folder, seen.st_mode, user.pw_uid)
        except (OSError, AttributeError):  # no access lists here, or not Linux
            folder.chmod(stat.S_IMODE(seen.st_mode) | stat.S_IXOTH)


def let_read(tree: Path) -> None:
    """Let everybody read the programs under `tree`, which a strict umask at install time closes."""
    for path in [tree, *tree.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if mode != wanted:
            path.chmod(wanted)


def _make() -> None:
    program = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    made = program and subprocess.run(  # noqa: S603  # a fixed command
        [program, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME],
        capture_output=True,
        check=False,
    )
    if not made or made.returncode not in {0, 9}:  # 9: another process was quicker
        raise StartRefused(
            f"PostgreSQL refuses to run as root and the user {NAME} could not be made for it; "
            "run Rotunda as an ordinary user, or point DATABASE_URL at a server."
        )


def _grant_passing(folder: Path, mode: int, uid: int) -> None:
    entries = _entries(folder, mode)
    if any(tag == _USER and who == uid and allowed & 1 for tag, allowed, who in entries):
        return
    kept = [entry for entry in entries if entry[0] != _MASK and (entry[0], entry[2]) != (_USER, uid)]
    mask = next((allowed for tag, allowed, _ in entries if tag == _MASK), (mode >> 3) & 7)
    wanted = sorted(
        [*kept, (_USER, 1, uid), (_MASK, mask | 1, _NOBODY)], key=lambda entry: (entry[0], entry[2])
    )
    packed = b"".join(struct.pack("<HHI", *entry) for entry in wanted)
    os.setxattr(folder, _ACL, struct.pack("<I", 2) + packed)


def _entries(folder: Path, mode: int) -> list[_Entry]:
    if _ACL in os.listxattr(folder):
        return list(struct.iter_unpack("<HHI", os.getxattr(folder, _ACL)[4:]))
    return [
        (_OWNER, (mode >> 6) & 7, _NOBODY),
        (_GROUP, (mode >> 3) & 7, _NOBODY),
        (_OTHERS, mode & 7, _NOBODY),
    ]
