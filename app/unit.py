"""The unit of work: the only place where a transaction begins and ends."""

from __future__ import annotations

import contextlib
import fcntl
import threading
from collections.abc import Iterator

from sqlalchemy.orm import Session

from app.extensions import db, settings

_thread_lock = threading.Lock()


@contextlib.contextmanager
def unit() -> Iterator[Session]:
    """One changing request, command or message: begins, commits at the end, rolls back on any
    exception (a Refusal included) and lets it through.

    Whatever the request read before is let go first: on SQLite a read transaction that turns into
    a write after somebody else's commit fails at once, and objects read earlier are read again.
    No file, network, PDF or parsing inside.
    """
    session = db.session()
    session.rollback()
    with write_lock():
        try:
            session.connection(execution_options={"write": True})
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


@contextlib.contextmanager
def write_lock() -> Iterator[None]:
    """On SQLite one writer at a time among all threads and processes of this LAB_HOME; waiting
    here is fair, waiting in SQLite's busy handler is not. On PostgreSQL nothing."""
    if db.engine.dialect.name != "sqlite":
        yield
        return
    path = settings().home / "write.lock"
    with _thread_lock, path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
