"""The outbox: what has to be sent or done after a transaction, posted within it.

A row holds ids and frozen facts, never a link or a code: the worker renders them. Messages of one
``thread`` (a guest and a convening) leave strictly in order. The worker claims one, commits, does
it, and finishes it under a fence, so that a killed worker loses nothing and doubles at most one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from cohorts.ground.base import Base, BigId, Id, one_of

STATES = ("ready", "taken", "sent", "failed", "superseded")
LEASE = dt.timedelta(minutes=2)
PAUSES = (1, 5, 15, 60)
"""Minutes before each further try; hourly after that, until GIVE_UP."""
GIVE_UP = dt.timedelta(hours=24)


class Message(Base):
    """``address`` is empty for a job of the worker (``kind`` begins with ``job.``)."""

    __tablename__ = "message"
    __table_args__ = (
        one_of("state", STATES),
        sa.Index(None, "state", "due_at"),
        sa.Index(None, "thread", "id"),
        sa.Index(None, "subject_kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(sa.String(160), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    address: Mapped[str] = mapped_column(sa.String(254), default="")
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    lang: Mapped[str] = mapped_column(sa.String(2), default="id")
    subject_kind: Mapped[str] = mapped_column(sa.String(30))
    subject_id: Mapped[str] = mapped_column(sa.String(40))
    cohort_id: Mapped[str | None] = mapped_column(Id)
    thread: Mapped[str] = mapped_column(sa.String(80))
    facts: Mapped[dict[str, Any]]
    posted_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]
    state: Mapped[str] = mapped_column(sa.String(12), default="ready")
    tries: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(sa.String(40))
    lease_until: Mapped[dt.datetime | None]
    first_tried_at: Mapped[dt.datetime | None]
    sent_at: Mapped[dt.datetime | None]
    receipt: Mapped[str | None] = mapped_column(sa.String(200))
    error: Mapped[str | None] = mapped_column(sa.String(300))


class Periodic(Base):
    """A job that comes round: whoever moves ``next_at`` forward runs it."""

    __tablename__ = "periodic"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    next_at: Mapped[dt.datetime]


def post(
    session: Session,
    *,
    key: str,
    kind: str,
    subject: tuple[str, str],
    now: dt.datetime,
    address: str = "",
    name: str = "",
    lang: str = "id",
    cohort_id: str | None = None,
    thread: str | None = None,
    facts: dict[str, Any] | None = None,
    due_at: dt.datetime | None = None,
) -> bool:
    """Post a message once per ``key``; False when that key has been posted before."""
    known = session.scalar(sa.select(Message.id).where(Message.key == key))
    if known is not None:
        return False
    session.add(
        Message(
            key=key,
            kind=kind,
            address=address,
            name=name,
            lang=lang,
            subject_kind=subject[0],
            subject_id=subject[1],
            cohort_id=cohort_id,
            thread=thread or key,
            facts=facts or {},
            posted_at=now,
            due_at=due_at or now,
            state="ready",
            tries=0,
        )
    )
    session.flush()
    return True


def reference(message: Message) -> str:
    """The name by which a message is known outside: the same for every sending of its row."""
    return f"m{message.id}-{hashlib.sha256(message.key.encode()).hexdigest()[:12]}"


def supersede(session: Session, *, thread: str, kinds: tuple[str, ...]) -> int:
    """Withdraw what has not left yet; returns how many. What a worker holds is left alone."""
    result = session.execute(
        sa.update(Message)
        .where(Message.thread == thread, Message.kind.in_(kinds), Message.state == "ready")
        .values(state="superseded")
    )
    return int(getattr(result, "rowcount", 0))


def claim(
    session: Session, *, owner: str, now: dt.datetime, only_jobs: bool = False
) -> Message | None:
    """Take the next due message, or one whose lease has run out; commit before doing it.
    ``only_jobs`` leaves what goes to people: the post office is away."""
    earlier = aliased(Message)
    waits = (
        sa.select(earlier.id)
        .where(
            earlier.thread == Message.thread,
            earlier.id < Message.id,
            earlier.state.in_(("ready", "taken")),
        )
        .exists()
    )
    query = (
        sa.select(Message)
        .where(
            sa.or_(
                sa.and_(Message.state == "ready", Message.due_at <= now),
                sa.and_(Message.state == "taken", Message.lease_until < now),
            ),
            ~waits,
            Message.kind.startswith("job.") if only_jobs else sa.true(),
        )
        .order_by(Message.due_at, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    message = session.scalars(query).first()
    if message is None:
        return None
    message.state = "taken"
    message.owner = owner
    message.lease_until = now + LEASE
    message.tries += 1
    message.first_tried_at = message.first_tried_at or now
    session.flush()
    return message


def finish(
    session: Session, *, message_id: int, owner: str, now: dt.datetime, receipt: str = ""
) -> bool:
    """Note that it is done. False when the lease was lost to another worker meanwhile."""
    result = session.execute(
        sa.update(Message)
        .where(Message.id == message_id, Message.owner == owner, Message.state == "taken")
        .values(state="sent", sent_at=now, receipt=receipt[:200], lease_until=None, error=None)
    )
    return bool(getattr(result, "rowcount", 0))


def give_back(
    session: Session, *, message_id: int, owner: str, now: dt.datetime, error: str
) -> None:
    """Note a failure: try again after a growing pause, or fail in plain sight after a day."""
    message = session.get(Message, message_id, populate_existing=True)
    if message is None or message.owner != owner or message.state != "taken":
        return
    pause = PAUSES[min(message.tries, len(PAUSES)) - 1]
    exhausted = message.first_tried_at is not None and now - message.first_tried_at >= GIVE_UP
    message.state = "failed" if exhausted else "ready"
    message.due_at = now + dt.timedelta(minutes=pause)
    message.lease_until = None
    message.error = error[:300]
    session.flush()


def put_back(
    session: Session,
    *,
    message_id: int,
    owner: str,
    now: dt.datetime,
    pause: dt.timedelta,
    error: str,
) -> None:
    """Note that nothing could leave, through no fault of this message: no try is counted and its
    pauses do not grow. After a day it fails in plain sight all the same."""
    message = session.get(Message, message_id, populate_existing=True)
    if message is None or message.owner != owner or message.state != "taken":
        return
    began = message.first_tried_at
    message.state = "failed" if began is not None and now - began >= GIVE_UP else "ready"
    message.tries = max(0, message.tries - 1)
    message.due_at = now + pause
    message.lease_until = None
    message.error = error[:300]
    session.flush()


def send_again(session: Session, message: Message, now: dt.datetime) -> None:
    """Make a failed or sent message leave once more."""
    message.state = "ready"
    message.due_at = now
    message.tries = 0
    message.first_tried_at = None
    message.error = None
    session.flush()


def take_slot(session: Session, name: str, every: dt.timedelta, now: dt.datetime) -> bool:
    """Whether this caller runs the periodic job now (compare and set; the first call runs)."""
    due = session.scalar(sa.select(Periodic.next_at).where(Periodic.name == name))
    if due is None:
        try:
            with session.begin_nested():
                session.add(Periodic(name=name, next_at=now + every))
                session.flush()
        except sa.exc.IntegrityError:
            return False
        return True
    if due > now:
        return False
    result = session.execute(
        sa.update(Periodic)
        .where(Periodic.name == name, Periodic.next_at == due)
        .values(next_at=now + every)
    )
    return bool(getattr(result, "rowcount", 0))


def overtake(session: Session, *, message_id: int, owner: str) -> bool:
    """Note that a claimed message no longer holds. False when the lease was lost."""
    result = session.execute(
        sa.update(Message)
        .where(Message.id == message_id, Message.owner == owner, Message.state == "taken")
        .values(state="superseded", lease_until=None)
    )
    return bool(getattr(result, "rowcount", 0))


def fail(session: Session, *, message_id: int, owner: str, error: str) -> bool:
    """Note that a claimed message can never leave as it is. False when the lease was lost."""
    result = session.execute(
        sa.update(Message)
        .where(Message.id == message_id, Message.owner == owner, Message.state == "taken")
        .values(state="failed", lease_until=None, error=error[:300])
    )
    return bool(getattr(result, "rowcount", 0))


def settle(session: Session, *, now: dt.datetime, receipt: str) -> int:
    """Note all due messages as sent when they were due although none left: a sample story's past,
    told at once. Jobs of the worker stay due. Returns how many."""
    result = session.execute(
        sa.update(Message)
        .where(
            Message.state == "ready", Message.due_at <= now, ~Message.kind.startswith("job.")
        )
        .values(
            state="sent",
            sent_at=Message.due_at,
            tries=1,
            first_tried_at=Message.due_at,
            receipt=receipt,
        )
    )
    return int(getattr(result, "rowcount", 0))
