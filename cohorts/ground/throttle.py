"""Counting attempts in fixed windows: by link, person, station, then globally.

``hit`` must be committed even when it refuses, so it is called in a unit of its own, before the
unit of the rule. It returns instead of raising for the same reason.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from cohorts.ground.base import Base


class Attempt(Base):
    __tablename__ = "attempt"

    key: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    window: Mapped[dt.datetime] = mapped_column(primary_key=True)
    hits: Mapped[int]


def hit(
    session: Session, key: str, *, limit: int, every: dt.timedelta, now: dt.datetime
) -> int | None:
    """Count one attempt. None while at most ``limit`` fall into the window of length ``every``;
    otherwise the seconds until the next window begins."""
    length = int(every.total_seconds())
    start = int(now.timestamp()) // length * length
    window = dt.datetime.fromtimestamp(start, dt.UTC)
    updated = session.execute(
        sa.update(Attempt)
        .where(Attempt.key == key, Attempt.window == window)
        .values(hits=Attempt.hits + 1)
        .returning(Attempt.hits)
    ).scalar_one_or_none()
    if updated is None:
        try:
            with session.begin_nested():
                session.execute(sa.insert(Attempt).values(key=key, window=window, hits=1))
            updated = 1
        except sa.exc.IntegrityError:  # another process opened the window between the statements
            updated = session.execute(
                sa.update(Attempt)
                .where(Attempt.key == key, Attempt.window == window)
                .values(hits=Attempt.hits + 1)
                .returning(Attempt.hits)
            ).scalar_one()
    return None if updated <= limit else start + length - int(now.timestamp())


def forget(session: Session, *, before: dt.datetime) -> int:
    """Remove windows that began before the instant; returns how many rows went."""
    result = session.execute(sa.delete(Attempt).where(Attempt.window < before))
    return int(getattr(result, "rowcount", 0))
