"""All letters of a convening as one file, typeset by the worker while the page counts along.

    job.print_letters  subject (letter_run, id)

The file holds the guests' live links. It is written where files lie but registered nowhere, so the
worker's sweep removes it after a day; who still needs it asks again.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings.convening import where
from cohorts.convenings.events import LettersAsked
from cohorts.convenings.letter import addressees, terms
from cohorts.convenings.letter_tables import FORMS, LetterRun
from cohorts.convenings.tables import Convening
from cohorts.ground import outbox
from cohorts.ground.access import Actor, demand
from cohorts.ground.base import new_id
from cohorts.ground.chronicle import record
from cohorts.ground.files import ORPHAN_AGE, Kept
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal

MOST = 1000
"""Letters in one file: what a worker typesets within its lease, slow machines included."""


def ask(
    session: Session, convening_id: str, form: str, actor: Actor, now: dt.datetime
) -> LetterRun:
    """Ask for all letters as one PDF or as a ZIP (``form``); the worker does it. Asking again
    while one is being made is asking once.

    Raises Refusal convenings.nobody_invited, convenings.too_many_letters (facts: limit).
    """
    convening = session.get(Convening, convening_id, with_for_update=True)
    if convening is None:
        raise Refusal("ground.not_found")
    demand(actor, "convening.invite", where(convening))
    if form not in FORMS:
        raise Refusal("ground.not_found")
    invited = len(addressees(session, convening_id, now))
    if not invited:
        raise Refusal("convenings.nobody_invited")
    total = invited if terms(session, convening_id).mode == "each" else 1
    if total > MOST:
        raise Refusal("convenings.too_many_letters", limit=MOST)
    waiting = session.scalars(
        sa.select(LetterRun).where(
            LetterRun.convening_id == convening_id,
            LetterRun.form == form,
            LetterRun.finished_at.is_(None),
            LetterRun.total > 0,
            LetterRun.asked_at > now - ORPHAN_AGE,
        )
    ).first()
    if waiting is not None:
        return waiting
    run = LetterRun(
        id=new_id(),
        convening_id=convening_id,
        form=form,
        asked_at=now,
        asked_by=actor.id,
        total=total,
        done=0,
        size=0,
    )
    session.add(run)
    session.flush()
    outbox.post(
        session,
        key=f"letters:{run.id}",
        kind="job.print_letters",
        subject=("letter_run", run.id),
        now=now,
        cohort_id=convening.cohort_id,
    )
    record(
        session,
        LettersAsked(
            subject=("convening", convening_id),
            cohort_id=convening.cohort_id,
            form=form,
            letters=total,
        ),
        actor,
        now,
    )
    return run


def latest(session: Session, convening_id: str) -> LetterRun | None:
    """The file that was asked for last."""
    return session.scalars(
        sa.select(LetterRun)
        .where(LetterRun.convening_id == convening_id)
        .order_by(LetterRun.asked_at.desc(), LetterRun.id.desc())
        .limit(1)
    ).first()


def trouble(session: Session, run_id: str) -> bool:
    """Whether making the file went wrong; the worker tries again for a day."""
    error = session.scalar(sa.select(Message.error).where(Message.key == f"letters:{run_id}"))
    return error is not None


def get(session: Session, convening_id: str, run_id: str) -> LetterRun:
    """A file of this very convening, or Refusal ground.not_found."""
    run = session.get(LetterRun, run_id)
    if run is None or run.convening_id != convening_id:
        raise Refusal("ground.not_found")
    return run


def progress(session: Session, run_id: str, done: int, total: int) -> None:
    """Note how many letters are made, of those invited by now."""
    run = session.get_one(LetterRun, run_id)
    run.done, run.total = done, total
    session.flush()


def finish(session: Session, run_id: str, kept: Kept, total: int, now: dt.datetime) -> None:
    """Note where the file lies. Its bytes belong to no row of stored_file."""
    run = session.get_one(LetterRun, run_id)
    run.done = run.total = total
    run.file_sha256, run.size, run.finished_at = kept.sha256, kept.size, now
    session.flush()
