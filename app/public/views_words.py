"""How figures are counted, and what is kept of whom."""

from __future__ import annotations

from flask import render_template

from app.extensions import db
from app.guard import open_to
from app.public import bp, days, stages
from cohorts.figures.follow_through import VERSION
from cohorts.programme.cohort import thresholds


@bp.get("/method")
@open_to("public")
def method() -> str:
    """Define every figure, with the version of the definitions."""
    cohort = days.featured(db.session())
    return render_template(
        "public/method.html", here="method", stages=stages, version=VERSION, cohort=cohort,
        thresholds=thresholds(db.session(), cohort.id) if cohort else [],
        sample=bool(cohort and cohort.sample))


@bp.get("/privacy")
@open_to("public")
def privacy() -> str:
    """Say what is kept, why, and what is never asked."""
    return render_template("public/privacy.html")
