"""The one background process: sends what is due, reminds, prints, numbers the log, forgets.

A message is claimed in one transaction, done outside any, and finished in another,
fenced by its owner: a kill in between repeats at most this one message. Each message is
guarded alone, so that one that fails never blocks the rest.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

import config
from app.adapters.file_mail import FileTransport
from app.adapters.mime import Away, Receipt, Refused, Transport
from app.adapters.print import Printer
from app.adapters.sendgrid_mail import SendGridTransport
from app.adapters.smtp_mail import Server, SmtpTransport
from app.extensions import db, settings
from app.mail.compose import Overtaken, Unsendable, compose
from app.unit import unit
from cohorts.convenings import needs, poll_reminders, reminders
from cohorts.ground import log as signed_log
from cohorts.ground import outbox, throttle
from cohorts.ground.files import FileStore
from cohorts.ground.outbox import Message
from config import Settings

IDLE = 0.5  # seconds between two looks at an empty outbox: a code is awaited on a phone
SWEEP = timedelta(hours=1)
REMIND = timedelta(minutes=5)  # how late after eight o'clock a reminder may be posted
LOOK = timedelta(minutes=1)  # how often this worker asks whether the hourly slot is free
NUMBER = timedelta(seconds=1)
KEEP_ATTEMPTS = timedelta(days=2)
AWAY = timedelta(minutes=1)  # between two knocks at a post office that is away

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates" / "print"
FONTS = ROOT / "app" / "static" / "dist" / "fonts-print"

Clock = Callable[[], datetime]
Job = Callable[["Tools", Message, datetime], str]

logger = structlog.get_logger("worker")


def real_time() -> datetime:
    """The present. Only the outermost caller reads it."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Tools:
    """What the worker holds in its hands; only it has the log's key."""

    transport: Transport
    files: FileStore
    printer: Printer
    log_key: signed_log.LogKey


def reading() -> Session:
    """The session for reading what a message needs; the next unit lets it go."""
    return db.session()


class Worker:
    """Claims and does one thing at a time."""

    def __init__(
        self,
        tools: Tools,
        jobs: Mapping[str, Job],
        clock: Clock = real_time,
        *,
        quiet: bool = False,
    ) -> None:
        self.tools = tools
        self.jobs = jobs
        self.clock = clock
        self._say = logger.debug if quiet else logger.info
        self.owner = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._next_sweep: datetime | None = None
        self._away_until: datetime | None = None

    def step(self) -> bool:
        """Do the next due message; False when none is due."""
        now = self.clock()
        away = self._away_until is not None and now < self._away_until
        if not self._due(now, only_jobs=away):
            self.tools.transport.rest()
            return False
        with unit() as session:
            message = outbox.claim(session, owner=self.owner, now=now, only_jobs=away)
            if message is None:
                return False
            ident, kind = message.id, message.kind
        try:
            receipt = self._do(ident, now)
        except Overtaken:
            with unit() as session:
                outbox.overtake(session, message_id=ident, owner=self.owner)
            self._say("message.overtaken", id=ident, kind=kind)
        except Away as why:
            # Everything else that is due would meet the same: one knock a minute, none lost, and
            # all of it leaves as soon as the post office is back.
            now = self.clock()
            self._away_until = now + AWAY
            with unit() as session:
                outbox.put_back(
                    session,
                    message_id=ident,
                    owner=self.owner,
                    now=now,
                    pause=AWAY,
                    error=str(why),
                )
            logger.warning("transport.away", id=ident, kind=kind, why=str(why))
        except (Unsendable, Refused) as why:
            with unit() as session:
                outbox.fail(session, message_id=ident, owner=self.owner, error=str(why))
            logger.warning("message.failed", id=ident, kind=kind, why=str(why))
        except Exception as why:
            with unit() as session:
                outbox.give_back(
                    session,
                    message_id=ident,
                    owner=self.owner,
                    now=self.clock(),
                    error=f"{type(why).__name__}: {why}",
                )
            logger.exception("message.delayed", id=ident, kind=kind)
        else:
            with unit() as session:
                held = outbox.finish(
                    session,
                    message_id=ident,
                    owner=self.owner,
                    now=self.clock(),
                    receipt=receipt,
                )
            self._say("message.sent" if held else "message.lease_lost", id=ident, kind=kind)
        return True

    def _due(self, now: datetime, *, only_jobs: bool) -> bool:
        """A look without the write lock: an empty outbox disturbs nobody."""
        session = reading()
        found = session.scalar(
            sa.select(Message.id)
            .where(
                sa.or_(
                    sa.and_(Message.state == "ready", Message.due_at <= now),
                    sa.and_(Message.state == "taken", Message.lease_until < now),
                ),
                Message.kind.startswith("job.") if only_jobs else sa.true(),
            )
            .limit(1)
        )
        session.rollback()
        return found is not None

    def _do(self, ident: int, now: datetime) -> str:
        """Send the message or run the job; what comes back is noted as its receipt."""
        session = reading()
        message = session.get_one(Message, ident)
        job = self.jobs.get(message.kind)
        if job is not None:
            return job(self.tools, message, now)
        try:
            mail = compose(session, message, now)
        finally:
            session.rollback()
        sent: Receipt = self.tools.transport.send(mail)
        return f"{sent.transport}:{sent.reference}"

    def tick(self) -> None:
        """What comes round: number the log, remind, sweep. Each slot is taken by one worker."""
        now = self.clock()
        self._number(now)
        if self._next_sweep and now < self._next_sweep:
            return
        self._next_sweep = now + LOOK
        self._remind(now)
        with unit() as session:
            mine = outbox.take_slot(session, "sweep", SWEEP, now)
            if mine:
                throttle.forget(session, before=now - KEEP_ATTEMPTS)
                needs.forget(session, now)
        if mine:
            self.sweep(now)

    def _number(self, now: datetime) -> None:
        session = reading()
        waiting = session.scalar(
            sa.select(signed_log.LogLeaf.id)
            .outerjoin(signed_log.LogPlace, signed_log.LogPlace.leaf_id == signed_log.LogLeaf.id)
            .where(signed_log.LogPlace.leaf_id.is_(None))
            .limit(1)
        )
        session.rollback()
        if waiting is None:
            return
        with unit() as session:
            if outbox.take_slot(session, "log", NUMBER, now):
                count = signed_log.number(session)
                signed_log.checkpoint(session, self.tools.log_key, now)
                logger.info("log.numbered", leaves=count)

    def _remind(self, now: datetime) -> None:
        with unit() as session:
            if not outbox.take_slot(session, "reminders", REMIND, now):
                return
            posted = reminders.post_due(session, now) + poll_reminders.post_due(session, now)
        if posted:
            logger.info("reminders.posted", messages=posted)

    def sweep(self, now: datetime) -> None:
        """Remove files that no transaction ever registered."""
        session = reading()
        orphans: list[Path] = list(self.tools.files.orphans(session, now))
        session.rollback()
        for path in orphans:
            path.unlink(missing_ok=True)
        if orphans:
            logger.info("files.swept", files=len(orphans))

    def drain(self, most: int = 100_000) -> int:
        """Do everything that is due now, then number the log; how many were done."""
        done = 0
        while done < most and self.step():
            done += 1
        self.tick()
        return done

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop; the message at hand is finished first."""
        logger.info("worker.started", owner=self.owner)
        last_tick = 0.0
        while not stop.is_set():
            try:
                busy = self.step()
                beat = self.clock().timestamp()
                if beat - last_tick >= 1:
                    last_tick = beat
                    self.tick()
            except sa.exc.OperationalError:
                # The database is away or locked: nothing is lost, look again in a while.
                logger.exception("worker.database")
                db.session.remove()
                busy = False
                stop.wait(5)
            if not busy:
                stop.wait(IDLE)
        self.tools.transport.rest()
        logger.info("worker.stopped", owner=self.owner)


def transport(own: Settings) -> Transport:
    """The way by which messages leave, as the settings name it."""
    if own.mail_transport == "smtp":
        return SmtpTransport(
            Server(
                own.smtp_host, own.smtp_port, own.smtp_security, own.smtp_user, own.smtp_password
            )
        )
    if own.mail_transport == "sendgrid":
        return SendGridTransport(own.sendgrid_key, own.sendgrid_url)
    return FileTransport(own.outbox_dir)


def make(clock: Clock = real_time, *, quiet: bool = False) -> Worker:
    """The worker of this installation, with the transport that its settings name."""
    from app.jobs import JOBS

    own = settings()
    tools = Tools(
        transport=transport(own),
        files=FileStore(own.files_dir),
        printer=Printer(TEMPLATES, FONTS),
        log_key=signed_log.LogKey(config.log_key(own)),
    )
    return Worker(tools, JOBS, clock, quiet=quiet)
