"""The front page: the two answers, and what stands behind them."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _

from app import charts
from app.extensions import db
from app.guard import open_to
from app.language import language
from app.public import bp, days, islands, stages
from cohorts.directory.offices import region_name
from cohorts.figures.funnel import Funnel, funnel
from cohorts.programme.tables import Cohort


@bp.get("/")
@open_to("public")
def front() -> str:
    """Answer both questions for the cohort with most to show, at the day asked for."""
    session = db.session()
    cohort = days.featured(session)
    if cohort is None:
        return render_template("public/front_empty.html")
    asked = days.asked(session, cohort)
    found = funnel(session, cohort.id, asked.at)
    return render_template(
        "public/front.html", cohort=cohort, asked=asked, funnel=found, stages=stages,
        due=found.due, **map_of(found), **named(cohort))


def named(cohort: Cohort) -> dict[str, object]:
    """The names a public page of a cohort prints."""
    english = language() == "en"
    reference = cohort.reference_region
    return {
        "sample": cohort.sample,
        "name": cohort.name_en if english else cohort.name_id,
        "purpose": cohort.purpose_en if english else cohort.purpose_id,
        "reference": region_name(reference, language()) if reference else "",
        "place": reference.name if reference else _("daerah rujukan"),
    }


def map_of(found: Funnel) -> dict[str, object]:
    """The map of squares for a wide page, the strips for a phone, and the table behind both."""
    groups = islands.by_island(found.members)
    return {
        "map": charts.tile_map([(r.province_code, r.level) for r in found.members]),
        "strips": charts.strips({name: [r.level for r in rows] for name, rows in groups.items()}),
        "levels": islands.counts_by_level(found.members),
        "island_rows": [
            [name, len(rows), *islands.counts_by_level(rows)] for name, rows in groups.items()
        ],
    }
