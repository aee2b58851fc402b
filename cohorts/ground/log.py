"""The signed log: rules append leaves, the worker alone numbers them and signs checkpoints.

A leaf holds hashes and strings that may stay for ever. Its place in the tree is a row of its own,
so that both tables are append-only.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from cohorts.ground import merkle
from cohorts.ground.base import APPEND_ONLY, Base, BigId, Id, new_id
from cohorts.ground.canonical import canonical

ORIGIN = "living-lab"


class LogLeaf(Base):
    """``data`` is the canonical event; ``leaf_hash`` its hash in the tree (hex)."""

    __tablename__ = "log_leaf"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(sa.String(30))
    data: Mapped[bytes]
    leaf_hash: Mapped[str] = mapped_column(sa.String(64))
    added_at: Mapped[dt.datetime]


class LogPlace(Base):
    __tablename__ = "log_place"
    __table_args__ = (APPEND_ONLY,)

    number: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    leaf_id: Mapped[str] = mapped_column(Id, sa.ForeignKey(LogLeaf.id), unique=True)


class Checkpoint(Base):
    """A signed note over the tree of the first ``size`` leaves."""

    __tablename__ = "checkpoint"
    __table_args__ = (APPEND_ONLY,)

    size: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    root: Mapped[str] = mapped_column(sa.String(64))
    note: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[dt.datetime]


@dataclass(frozen=True)
class LogKey:
    """The Ed25519 key of the log. Only the worker holds one."""

    private: Ed25519PrivateKey

    def sign(self, text: str) -> str:
        """Base64 of the signature over the UTF-8 text."""
        return base64.b64encode(self.private.sign(text.encode())).decode()

    @property
    def name(self) -> str:
        """First eight hex digits of the public key's hash, to tell keys apart in notes."""
        raw = self.private.public_key().public_bytes_raw()
        return hashlib.sha256(raw).hexdigest()[:8]


def append(session: Session, kind: str, event: dict[str, Any], now: dt.datetime) -> LogLeaf:
    """Add an unnumbered leaf in the transaction of the fact it stands for."""
    data = canonical({"kind": kind, "event": event})
    leaf = LogLeaf(
        id=new_id(), kind=kind, data=data, leaf_hash=merkle.leaf_hash(data).hex(), added_at=now
    )
    session.add(leaf)
    session.flush()
    return leaf


def number(session: Session) -> int:
    """Give places to the leaves that have none, oldest first; returns how many. Worker only."""
    size = session.scalar(sa.select(sa.func.count()).select_from(LogPlace)) or 0
    waiting = session.scalars(
        sa.select(LogLeaf.id)
        .outerjoin(LogPlace, LogPlace.leaf_id == LogLeaf.id)
        .where(LogPlace.leaf_id.is_(None))
        .order_by(LogLeaf.added_at, LogLeaf.id)
    ).all()
    for offset, leaf_id in enumerate(waiting):
        session.add(LogPlace(number=size + offset, leaf_id=leaf_id))
    session.flush()
    return len(waiting)


def leaves(session: Session) -> list[bytes]:
    """Leaf hashes in the order of the tree."""
    rows = session.scalars(
        sa.select(LogLeaf.leaf_hash)
        .join(LogPlace, LogPlace.leaf_id == LogLeaf.id)
        .order_by(LogPlace.number)
    )
    return [bytes.fromhex(value) for value in rows]


def checkpoint(session: Session, key: LogKey, now: dt.datetime) -> Checkpoint | None:
    """Sign the present tree; None when the newest checkpoint already covers it. Worker only."""
    hashes = leaves(session)
    if not hashes or session.get(Checkpoint, len(hashes)) is not None:
        return None
    head = merkle.root(hashes)
    body = f"{ORIGIN}\n{len(hashes)}\n{base64.b64encode(head).decode()}\n"
    note = f"{body}\n— {ORIGIN}+{key.name} {key.sign(body)}\n"
    row = Checkpoint(size=len(hashes), root=head.hex(), note=note, at=now)
    session.add(row)
    session.flush()
    return row


def note_holds(note: str, public: Ed25519PublicKey) -> bool:
    """Whether a checkpoint's signature is good."""
    body, _, signature = note.partition("\n\n— ")
    try:
        public.verify(base64.b64decode(signature.split()[-1]), (body + "\n").encode())
    except (InvalidSignature, ValueError, IndexError):
        return False
    return True
