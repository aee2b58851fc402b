"""Visits to the reference region: the denominator of the two answers (domain rules, section 9).

A row is never changed. A correction is a row that supersedes; a withdrawal is one that says that
the superseded visit did not take place.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from cohorts.directory.regions import region
from cohorts.ground import bounds, chronicle
from cohorts.ground.access import Actor, Where, demand
from cohorts.ground.base import new_id
from cohorts.ground.clock import day_in
from cohorts.ground.refusal import Refusal
from cohorts.programme.cohort import cohort
from cohorts.programme.events import VisitCorrected, VisitRecorded
from cohorts.programme.tables import Cohort, Visit


def add_visit(
    session: Session,
    cohort_id: str,
    *,
    source: str,
    actor: Actor,
    now: dt.datetime,
    region_code: str | None = None,
    institution: str | None = None,
    visited_on: dt.date | None = None,
) -> Visit:
    """Record a visit by a region or an institution; its day may be unknown.

    Raises Refusal programme.visitor_missing, visit_itself, day_to_come, visit_known,
    directory.region_unknown, ground.needed (the source), ground.too_long.
    """
    demand(actor, "cohort.edit", Where(cohort_id=cohort_id))
    found = _locked(session, cohort_id)
    facts = _checked(session, found, region_code, institution, visited_on, now)
    _not_known(session, cohort_id, facts, but="")
    made = Visit(
        id=new_id(),
        cohort_id=cohort_id,
        source=bounds.needed(source, most=300, field="source"),
        withdrawn=False,
        recorded_at=now,
        recorded_by=actor.id,
        **facts,
    )
    session.add(made)
    session.flush()
    chronicle.record(
        session,
        VisitRecorded(
            subject=("visit", made.id),
            cohort_id=cohort_id,
            region=facts["region_code"],
            visited_on=visited_on,
        ),
        actor,
        now,
    )
    return made


def correct_visit(
    session: Session,
    visit_id: str,
    *,
    source: str,
    actor: Actor,
    now: dt.datetime,
    region_code: str | None = None,
    institution: str | None = None,
    visited_on: dt.date | None = None,
) -> Visit:
    """Supersede a visit by a better record; what was known before stays readable at its time.

    Raises Refusal ground.stale when it has been superseded meanwhile, and those of ``add_visit``.
    Saying what stands already adds nothing.
    """
    old = _head(session, visit_id, actor)
    found = _locked(session, old.cohort_id)
    facts = _checked(session, found, region_code, institution, visited_on, now)
    said = bounds.needed(source, most=300, field="source")
    if (facts, said) == (
        {n: getattr(old, n) for n in ("region_code", "institution", "visited_on")},
        old.source,
    ):
        return old
    _not_known(session, old.cohort_id, facts, but=old.id)
    return _supersede(session, old, {**facts, "source": said, "withdrawn": False}, actor, now)


def withdraw_visit(
    session: Session, visit_id: str, *, source: str, actor: Actor, now: dt.datetime
) -> Visit:
    """Say that a recorded visit did not take place. ``source`` says how that is known."""
    old = _head(session, visit_id, actor)
    _locked(session, old.cohort_id)
    facts = {
        "region_code": old.region_code,
        "institution": old.institution,
        "visited_on": old.visited_on,
        "source": bounds.needed(source, most=300, field="source"),
        "withdrawn": True,
    }
    return _supersede(session, old, facts, actor, now)


def visits(session: Session, cohort_id: str, as_of: dt.datetime) -> list[Visit]:
    """The visits that were on record at an instant: neither superseded nor withdrawn by then, and
    not of a later day. By day, undated ones last."""
    later = aliased(Visit)
    day = day_in(as_of, cohort(session, cohort_id).timezone)
    query = (
        sa.select(Visit)
        .where(
            Visit.cohort_id == cohort_id,
            Visit.recorded_at <= as_of,
            Visit.withdrawn.is_(False),
            sa.or_(Visit.visited_on.is_(None), Visit.visited_on <= day),
            ~sa.select(later.id)
            .where(later.supersedes_id == Visit.id, later.recorded_at <= as_of)
            .exists(),
        )
        .options(joinedload(Visit.region))
        .order_by(Visit.visited_on.is_(None), Visit.visited_on, Visit.region_code, Visit.id)
    )
    return list(session.scalars(query))


def standing(session: Session, cohort_id: str) -> list[Visit]:
    """The visits that nothing supersedes or withdraws, whenever they were recorded."""
    query = standing_rows(cohort_id).options(joinedload(Visit.region))
    return list(session.scalars(query))


def standing_rows(cohort_id: str) -> sa.Select[Visit]:
    """The query behind ``standing``."""
    later = aliased(Visit)
    return sa.select(Visit).where(
        Visit.cohort_id == cohort_id,
        Visit.withdrawn.is_(False),
        ~sa.select(later.id).where(later.supersedes_id == Visit.id).exists(),
    )


def visit(session: Session, visit_id: str) -> Visit:
    """A visit's row. Raises Refusal ground.not_found."""
    found = session.get(Visit, visit_id)
    if found is None:
        raise Refusal("ground.not_found")
    return found


def history(session: Session, visit_id: str) -> list[Visit]:
    """A visit's row and those it superseded, the latest first."""
    rows = [visit(session, visit_id)]
    while rows[-1].supersedes_id is not None:
        rows.append(visit(session, rows[-1].supersedes_id))
    return rows


def _head(session: Session, visit_id: str, actor: Actor) -> Visit:
    found = visit(session, visit_id)
    demand(actor, "cohort.edit", Where(cohort_id=found.cohort_id))
    _locked(session, found.cohort_id)
    newer = session.scalar(sa.select(Visit).where(Visit.supersedes_id == visit_id))
    if newer is not None or found.withdrawn:
        raise Refusal("ground.stale", newer=newer.id if newer is not None else found.id)
    return found


def _supersede(
    session: Session, old: Visit, facts: dict[str, Any], actor: Actor, now: dt.datetime
) -> Visit:
    made = Visit(
        id=new_id(),
        cohort_id=old.cohort_id,
        supersedes_id=old.id,
        recorded_at=now,
        recorded_by=actor.id,
        **facts,
    )
    session.add(made)
    session.flush()
    chronicle.record(
        session,
        VisitCorrected(
            subject=("visit", made.id),
            cohort_id=old.cohort_id,
            supersedes=old.id,
            withdrawn=made.withdrawn,
        ),
        actor,
        now,
    )
    return made


def _checked(
    session: Session,
    found: Cohort,
    region_code: str | None,
    institution: str | None,
    visited_on: dt.date | None,
    now: dt.datetime,
) -> dict[str, Any]:
    named = bounds.line(institution or "", most=200, field="institution")
    if bool(region_code) == bool(named):
        raise Refusal("programme.visitor_missing", field="region_code")
    if region_code:
        region(session, region_code)
        if region_code == found.reference_region_code:
            raise Refusal("programme.visit_itself", field="region_code")
    if visited_on is not None and visited_on > day_in(now, found.timezone):
        raise Refusal("programme.day_to_come", field="visited_on", day=visited_on)
    return {
        "region_code": region_code or None,
        "institution": named or None,
        "visited_on": visited_on,
    }


def _not_known(session: Session, cohort_id: str, facts: dict[str, Any], *, but: str) -> None:
    for known in standing(session, cohort_id):
        if known.id != but and all(getattr(known, name) == facts[name] for name in facts):
            visitor = known.region.full_name if known.region else known.institution
            raise Refusal("programme.visit_known", field="visited_on", visitor=visitor)


def _locked(session: Session, cohort_id: str) -> Cohort:
    session.execute(sa.select(Cohort.id).where(Cohort.id == cohort_id).with_for_update())
    return cohort(session, cohort_id)
