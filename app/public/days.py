"""Which cohort stands on the front page, and which day is asked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.filters import utc_now
from app.refusals import say
from cohorts.actions.tables import Closing
from cohorts.figures.funnel import moment_of
from cohorts.ground.clock import day_in
from cohorts.ground.refusal import Refusal
from cohorts.programme.tables import Cohort, Visit


@dataclass(frozen=True)
class Asked:
    """The day a page is about, the moment that stands for it, and what was wrong with the wish.
    ``chosen`` is what links carry on: empty for today."""

    day: dt.date
    at: dt.datetime
    chosen: str
    wrong: str = ""


def featured(session: Session) -> Cohort | None:
    """The public cohort with most to show: closings first, then visits, then the oldest."""
    closings = (
        sa.select(sa.func.count(Closing.id)).where(Closing.cohort_id == Cohort.id).scalar_subquery()
    )
    visits = (
        sa.select(sa.func.count(Visit.id)).where(Visit.cohort_id == Cohort.id).scalar_subquery()
    )
    return session.scalars(
        sa.select(Cohort)
        .where(Cohort.public)
        .order_by(closings.desc(), visits.desc(), Cohort.created_at, Cohort.id)
        .limit(1)
    ).first()


def public_cohort(session: Session, slug: str) -> Cohort:
    """A cohort that is shown to everybody. Raises Refusal ground.not_found."""
    found = session.scalar(sa.select(Cohort).where(Cohort.slug == slug, Cohort.public))
    if found is None:
        raise Refusal("ground.not_found")
    return found


def asked(session: Session, cohort: Cohort) -> Asked:
    """The day of ``?at=`` (2023-06-30); today without one, and with one that cannot be."""
    now = utc_now()
    today = day_in(now, cohort.timezone)
    wish = request.args.get("at", "").strip()[:20]
    if not wish:
        return Asked(today, now, "")
    try:
        day = dt.date.fromisoformat(wish)
        return Asked(day, moment_of(session, cohort.id, day, now), day.isoformat())
    except ValueError:
        return Asked(today, now, "", _("Tanggal ini tidak ada. Contoh: 2023-02-28."))
    except Refusal as refused:
        return Asked(today, now, "", say(refused).line)
