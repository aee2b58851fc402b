"""Numbers of letters: ``{klas}/{urut}/{unit}/{tahun}``, one for all or one for each office.

A number is given once and stays: it may stand in a registry by then. Whoever is invited later gets
the next one, and the number of an invitation that is withdrawn is not used again. Where the tata
usaha assigns the number, the letter waits for it ("Nomor: menunggu").
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings.convening import where
from cohorts.convenings.events import LetterNumbersGiven
from cohorts.convenings.letter import NUMBER_LIMIT, PATTERN_NAMES, Terms, addressees, terms
from cohorts.convenings.letter_tables import LetterNumber
from cohorts.convenings.tables import Convening, Invitation
from cohorts.ground import braces
from cohorts.ground.access import Actor, demand
from cohorts.ground.chronicle import record
from cohorts.ground.clock import day_in
from cohorts.ground.refusal import Refusal

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


@dataclass(frozen=True)
class Proposal:
    """What giving numbers would do: how many, from the first to the last."""

    count: int
    first: str
    last: str


def compose(said: Terms, n: int, day: dt.date) -> str:
    """One number by the pattern: nomor urut ``n``, month (Roman) and year of ``day``."""
    values = {
        "klas": said.code,
        "urut": str(n),
        "unit": said.unit,
        "bulan": ROMAN[day.month - 1],
        "tahun": str(day.year),
    }
    assert tuple(values) == PATTERN_NAMES
    number = braces.fill(said.pattern, values)
    if len(number) > NUMBER_LIMIT:
        raise Refusal("ground.too_long", field="pattern", limit=NUMBER_LIMIT)
    return number


def numbers(session: Session, convening_id: str) -> dict[str, str]:
    """Invitation id -> the number its own letter was given."""
    rows = session.scalars(sa.select(LetterNumber).where(LetterNumber.convening_id == convening_id))
    return {row.invitation_id: row.number for row in rows}


def number_of(
    convening: Convening, said: Terms, given: dict[str, str], invitation_id: str | None
) -> str:
    """The number that a letter bears; empty while it waits for one."""
    if said.numbering == "each":
        return given.get(invitation_id or "", "")
    return convening.letter_number


def unnumbered(session: Session, convening: Convening) -> int:
    """How many letters still wait for a number."""
    live = sa.select(sa.func.count()).where(
        Invitation.convening_id == convening.id, Invitation.withdrawn_at.is_(None)
    )
    if terms(session, convening.id).numbering == "each":
        live = live.where(Invitation.id.not_in(sa.select(LetterNumber.invitation_id)))
    elif convening.letter_number:
        return 0
    return session.scalar(live) or 0


def propose(session: Session, convening: Convening, now: dt.datetime) -> Proposal | None:
    """What ``give`` would do now; None when nothing waits for a number of ours."""
    planned = _planned(session, convening, now)
    if not planned:
        return None
    return Proposal(len(planned), planned[0][2], planned[-1][2])


def give(session: Session, convening_id: str, seen: int, actor: Actor, now: dt.datetime) -> int:
    """Give every letter that has none its number; returns how many. A second click gives none.

    ``seen`` is how many the organiser was shown. Raises Refusal
    convenings.numbers_changed_since_preview (facts: seen, now), convenings.number_given (facts:
    number) where the pattern would give a number twice.
    """
    convening = session.get(Convening, convening_id, with_for_update=True, populate_existing=True)
    if convening is None:
        raise Refusal("ground.not_found")
    demand(actor, "convening.edit", where(convening))
    planned = _planned(session, convening, now)
    if not planned:
        return 0
    if len(planned) != seen:
        raise Refusal("convenings.numbers_changed_since_preview", seen=seen, now=len(planned))
    known = set(numbers(session, convening_id).values())
    for invitation_id, n, number in planned:
        if number in known:
            raise Refusal("convenings.number_given", number=number)
        if invitation_id is None:
            convening.letter_number = number
            convening.version += 1
        else:
            session.add(
                LetterNumber(
                    invitation_id=invitation_id,
                    convening_id=convening_id,
                    n=n,
                    number=number,
                    given_at=now,
                    given_by=actor.id,
                )
            )
    session.flush()
    record(
        session,
        LetterNumbersGiven(
            subject=("convening", convening_id),
            cohort_id=convening.cohort_id,
            first=planned[0][2],
            last=planned[-1][2],
            given=len(planned),
        ),
        actor,
        now,
    )
    return len(planned)


def _planned(
    session: Session, convening: Convening, now: dt.datetime
) -> list[tuple[str | None, int, str]]:
    """Invitation (None: one number for all), nomor urut and number of each letter without one."""
    said = terms(session, convening.id)
    day = said.dated or day_in(now, convening.timezone)
    if said.numbering == "one" and not convening.letter_number:
        return [(None, said.first_number, compose(said, said.first_number, day))]
    if said.numbering != "each":
        return []
    known = numbers(session, convening.id)
    last = session.scalar(
        sa.select(sa.func.max(LetterNumber.n)).where(LetterNumber.convening_id == convening.id)
    )
    first = max(said.first_number, (last or 0) + 1)
    waiting = [s for s in addressees(session, convening.id, now) if s.invitation_id not in known]
    return [
        (seat.invitation_id, first + i, compose(said, first + i, day))
        for i, seat in enumerate(waiting)
    ]
