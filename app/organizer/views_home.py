"""Hari ini: what to do now."""

from __future__ import annotations

from flask import render_template

from app.guard import actor, needs
from app.organizer import bp, menu
from app.organizer.today import today
from cohorts.ground.access import may


@bp.get("/")
@needs("home.see")
def home() -> str:
    """Show what waits for this person, the late first, and the convening that comes next."""
    cohorts = menu.at_work_in(actor())
    day = today(actor(), cohorts)
    return render_template(
        "organizer/home.html", cohorts=cohorts, day=day, cohort=day.cohort,
        may_create=bool(may(actor(), "cohort.create")),
        may_see={c.id for c in menu.cohorts_of(actor())})
