"""What tests of action items and turns need, made through the rules."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from cohorts.actions import items, moves
from cohorts.actions.drops import drop
from cohorts.actions.owner_links import open_owner_link, owner_link
from cohorts.actions.proof import Proof
from cohorts.actions.standing import Standing
from cohorts.convenings.tables import Convening
from cohorts.directory.tables import Office
from cohorts.ground.access import Actor, Held
from cohorts.ground.links import Link
from cohorts.programme.tables import Cohort
from cohorts.turns.start import start
from tests.build import convenings, directory

NOW = dt.datetime(2022, 11, 21, 1, 0, tzinfo=dt.UTC)  # Monday, 09.00 WITA, 08.00 WIB
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
DUE = dt.date(2023, 1, 20)
SIAK, DUMAI, SUMEDANG = "14.08", "14.72", "32.11"

ORGANISER = Actor("user", "USERORGANISER001", held=(Held("organizer"),))
OTHER_ORGANISER = Actor("user", "USERORGANISER002", held=(Held("organizer"),))
MINUTES = Actor("user", "USERMINUTES00001", held=(Held("minute_taker"),))
MENTOR = Actor(
    "user", "USERMENTOR000001", held=(Held("mentor"),), regions=frozenset({SUMEDANG})
)
AUDITOR = Actor("user", "USERAUDITOR00001", held=(Held("auditor"),))

SCAN = Proof("link", "https://contoh.example/sk.pdf")


def a_cohort(session: Session, *codes: str) -> Cohort:
    """A cohort with these members (Siak and Dumai unless said otherwise)."""
    return convenings.a_cohort(session, *(codes or (SIAK, DUMAI)))


def a_planned(session: Session, cohort: Cohort, *, days: int = 0, **more: Any) -> Convening:
    """An announced convening; by default it begins on NOW's day."""
    return convenings.a_convening(session, cohort, days=days, **more)


def a_running(
    session: Session, cohort: Cohort, *, days: int = 0, now: dt.datetime | None = None, **more: Any
) -> Convening:
    """A convening that has started."""
    made = a_planned(session, cohort, days=days, **more)
    return start(session, made.id, actor=ORGANISER, now=now or NOW + days * DAY)


def an_owner(session: Session, cohort: Cohort, office: Office) -> Actor:
    """Whoever comes by the office's link."""
    row = owner_link(session, cohort.id, office.id, NOW)
    return open_owner_link(session, Link(row.id, row.generation)).actor


def an_item(
    session: Session,
    cohort: Cohort,
    office: Office | None = None,
    *,
    status: str = "open",
    convening: Convening | None = None,
    due_on: dt.date = DUE,
    title: str = "Tim koordinasi ditetapkan",
    now: dt.datetime = NOW,
) -> Standing:
    """An item of Siak's Sekda, brought to a status by its own ways."""
    office = office or directory.an_office(session, SIAK, "sekda")
    made = items.raise_item(
        session,
        cohort.id,
        title=title,
        office_id=office.id,
        due_on=due_on,
        criterion="Keputusan bernomor diunggah.",
        convening_id=convening.id if convening else None,
        actor=ORGANISER,
        now=now,
    )
    return brought_to(session, made, status, an_owner(session, cohort, office), now=now)


def brought_to(
    session: Session, item: Standing, status: str, owner: Actor, *, now: dt.datetime = NOW
) -> Standing:
    """Bring an open item to a status."""
    if status == "in_progress":
        return moves.start(session, item.id, actor=owner, now=now)
    if status == "blocked":
        return moves.block(session, item.id, reason="Menunggu anggaran.", blocked_by="BPKAD",
                           actor=owner, now=now)  # fmt: skip
    if status in ("claimed", "verified"):
        item = moves.claim(session, item.id, proofs=[SCAN], actor=owner, now=now)
    if status == "verified":
        return moves.verify(session, item.id, actor=MENTOR, now=now)
    if status == "dropped":
        return drop(session, item.id, "not_feasible", actor=ORGANISER, now=now)
    return item
