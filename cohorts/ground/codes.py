"""One-time codes: six digits derived from their challenge, ten minutes, five tries, newest only.

No code is stored and nobody can read one: the worker derives it while it writes the mail. A wrong
try is an outcome, not a refusal, so that the unit commits the try.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from cohorts.ground.base import Base, Id, new_id

LIFETIME = dt.timedelta(minutes=10)
TRIES = 5

Outcome = Literal["good", "wrong", "locked", "expired", "used", "replaced", "other_text"]


class Challenge(Base):
    """``bound`` is the SHA-256 of what the code authorises; it authorises nothing else."""

    __tablename__ = "challenge"
    __table_args__ = (
        sa.Index(None, "purpose", "subject_id"),
        sa.CheckConstraint(f"tries BETWEEN 0 AND {TRIES}", name="tries_bounded"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    purpose: Mapped[str] = mapped_column(sa.String(30))
    subject_id: Mapped[str] = mapped_column(sa.String(40))
    bound: Mapped[str] = mapped_column(sa.String(64))
    contact_point_id: Mapped[str | None] = mapped_column(Id)
    issued_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[dt.datetime | None]
    replaced_at: Mapped[dt.datetime | None]


@dataclass(frozen=True)
class Codes:
    """Derives and checks codes with one key (at least 32 bytes)."""

    key: bytes

    def code(self, challenge_id: str) -> str:
        """The six digits that belong to a challenge."""
        digest = hmac.new(self.key, f"code\x00{challenge_id}".encode(), hashlib.sha256).digest()
        return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"


def issue(
    session: Session,
    *,
    purpose: str,
    subject_id: str,
    bound: str,
    contact_point_id: str | None,
    now: dt.datetime,
) -> Challenge:
    """A new challenge; earlier ones for the same purpose and subject stop working."""
    session.execute(
        sa.update(Challenge)
        .where(
            Challenge.purpose == purpose,
            Challenge.subject_id == subject_id,
            Challenge.replaced_at.is_(None),
            Challenge.used_at.is_(None),
        )
        .values(replaced_at=now)
    )
    challenge = Challenge(
        id=new_id(),
        purpose=purpose,
        subject_id=subject_id,
        bound=bound,
        contact_point_id=contact_point_id,
        issued_at=now,
        expires_at=now + LIFETIME,
        tries=0,
    )
    session.add(challenge)
    session.flush()
    return challenge


def answer(
    session: Session, codes: Codes, challenge: Challenge, given: str, bound: str, now: dt.datetime
) -> Outcome:
    """Try a code. Only ``good`` uses the challenge up; the caller commits in every case."""
    if challenge.used_at is not None:
        return "used"
    if challenge.replaced_at is not None:
        return "replaced"
    if challenge.tries >= TRIES:
        return "locked"
    if now >= challenge.expires_at:
        return "expired"
    if not hmac.compare_digest(challenge.bound, bound):
        return "other_text"
    digits = "".join(ch for ch in given if ch.isascii() and ch.isdigit())
    if not hmac.compare_digest(codes.code(challenge.id), digits):
        challenge.tries += 1
        session.flush()
        return "locked" if challenge.tries >= TRIES else "wrong"
    challenge.used_at = now
    session.flush()
    return "good"
