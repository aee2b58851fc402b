"""Which offices have changed hands and still have something of the one before waiting.

The same things as the hand-over page counts (``Legacy.to_do``), for whole cohorts at once: answers
in the name of somebody who has gone, seats handed to them, commitments that their successor has
not stood to. The number of queries grows with the open convenings, not with the offices.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import chain
from cohorts.convenings.tables import Convening
from cohorts.directory.appointments import histories
from cohorts.directory.offices import offices
from cohorts.directory.tables import Appointment, Office, Person
from cohorts.ground.clock import day_in
from cohorts.pledges import affirming
from cohorts.pledges.versions import standing_in
from cohorts.turns.hand_over import OPEN, WAITING


@dataclass(frozen=True)
class Unfinished:
    """An office, the appointment whose hand-over it is, and how many things wait."""

    office: Office
    held: Appointment
    to_do: int


def unfinished(
    session: Session, cohort_ids: Iterable[str], *, now: dt.datetime
) -> list[Unfinished]:
    """The offices whose hand-over is not finished in these cohorts, the latest first."""
    wanted = list(cohort_ids)
    counts: Counter[str] = Counter()
    for matter in affirming.matters(session, standing_in(session, wanted), now):
        if matter.state in WAITING:
            counts[matter.signature.pledge.office_id] += 1
    names = _named(session, wanted, now)
    every = histories(session, {office_id for office_id, *_ in names} | set(counts))
    stands = _stands(session, {person_id for _, person_id, _ in names})
    for office_id, person_id, on in names:
        if _has_gone(every.get(office_id, []), stands[person_id], on):
            counts[office_id] += 1
    posts = offices(session, counts)
    found = [
        Unfinished(posts[office_id], gone, n)
        for office_id, n in counts.items()
        if (gone := _last(every.get(office_id, []))) is not None
    ]
    return sorted(found, key=lambda one: (one.held.until_on, one.office.name), reverse=True)


def _named(
    session: Session, cohort_ids: Sequence[str], now: dt.datetime
) -> list[tuple[str, str, dt.date]]:
    """Who is named for an office on the day of an open convening: by its answer, or as a deputy."""
    query = sa.select(Convening).where(
        Convening.cohort_id.in_(cohort_ids), Convening.state.in_(OPEN)
    )
    found = []
    for convening in session.scalars(query).all():
        on = day_in(convening.starts_at, convening.timezone)
        for state in chain.seats(session, at=now, convening_id=convening.id):
            if state.kind != "office":
                continue
            comes = state.answer.person if state.answer is not None else None
            if state.says == "attending" and comes is not None:
                found.append((state.office_id, comes.person_id, on))
            found += [
                (step.office_id, step.person.person_id, on)
                for step in state.live
                if step.office_id is not None
            ]
    return found


def _stands(session: Session, person_ids: set[str]) -> dict[str, str]:
    """The record that stands for each person."""
    rows = session.execute(sa.select(Person.id, Person.kept_id).where(Person.id.in_(person_ids)))
    return {row.id: row.kept_id or row.id for row in rows}


def _has_gone(held: Sequence[Appointment], person_id: str, on: dt.date) -> bool:
    """Whether a person held the office and does not on the day."""
    mine = [a for a in held if a.person.shown.id == person_id]
    ended = any(a.until_on is not None and a.until_on <= on for a in mine)
    return ended and not any(
        a.from_on <= on and (a.until_on is None or on < a.until_on) for a in mine
    )


def _last(held: Sequence[Appointment]) -> Appointment | None:
    """The appointment that ended last."""
    ended = [a for a in held if a.until_on is not None]
    return max(ended, key=lambda a: (a.until_on or dt.date.min, a.from_on, a.id), default=None)
