"""Files by their content: written before the commit, registered in it, orphans swept later."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from cohorts.ground.base import Base
from cohorts.ground.refusal import Refusal

ORPHAN_AGE = dt.timedelta(days=1)

KINDS: dict[bytes, str] = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}


class StoredFile(Base):
    __tablename__ = "stored_file"

    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(sa.String(80))
    stored_at: Mapped[dt.datetime]


@dataclass(frozen=True)
class Kept:
    """A file that lies on disk and is not yet known to the database."""

    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True)
class FileStore:
    """Bytes below one directory, named by their hash."""

    root: Path

    def path(self, sha256: str) -> Path:
        return self.root / sha256[:2] / sha256

    def put(self, data: bytes, media_type: str) -> Kept:
        """Write the bytes durably (a no-op when they are there). Call it outside a unit."""
        digest = hashlib.sha256(data).hexdigest()
        path = self.path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            os.replace(name, path)
        else:
            os.utime(path)  # a file about to be registered again is young for the sweep
        return Kept(digest, len(data), media_type)

    def get(self, sha256: str) -> bytes:
        """The bytes; FileNotFoundError when they are not there."""
        return self.path(sha256).read_bytes()

    def orphans(self, session: Session, now: dt.datetime) -> Iterator[Path]:
        """Files older than a day that no row knows."""
        known = set(session.scalars(sa.select(StoredFile.sha256)))
        for path in self.root.glob("??/*"):
            age = now.timestamp() - path.stat().st_mtime
            if path.name not in known and age > ORPHAN_AGE.total_seconds():
                yield path


def accept(data: bytes, *, limit: int) -> str:
    """The media type of an upload, judged by its first bytes: PDF, PNG or JPEG.

    Raises Refusal ground.file_size (facts: limit, bytes) or ground.file_type.
    """
    if len(data) > limit:
        raise Refusal("ground.file_size", limit=limit)
    for magic, media_type in KINDS.items():
        if data.startswith(magic):
            return media_type
    raise Refusal("ground.file_type")


def register(session: Session, kept: Kept, now: dt.datetime) -> str:
    """Make a written file known; returns its hash. The same file twice is one row."""
    if session.get(StoredFile, kept.sha256) is None:
        session.add(
            StoredFile(
                sha256=kept.sha256, size=kept.size, media_type=kept.media_type, stored_at=now
            )
        )
        session.flush()
    return kept.sha256
