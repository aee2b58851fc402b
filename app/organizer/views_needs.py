"""What guests eat and need to get in: a list with counts, for the organiser alone."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.adapters.sheets import write_csv
from app.extensions import db
from app.filters import utc_now
from app.guard import actor, needs
from app.organizer import bp
from app.organizer.downloads import csv_file
from app.organizer.guest_rows import region_word, seat_word
from app.organizer.views_cohort import name_of
from app.organizer.views_convening import tabs_of, title_of
from cohorts.convenings import convening as convenings
from cohorts.convenings import needs as wishes


@bp.get("/convenings/<convening_id>/needs")
@needs("convening.invite")
def guest_needs(convening_id: str) -> str:
    """List who told what, and how often each wish was told."""
    session = db.session()
    found = convenings.get(session, convening_id)
    told = wishes.of_convening(session, convening_id, actor(), utc_now())
    return render_template(
        "organizer/needs.html", convening=found, cohort=found.cohort,
        cohort_name=name_of(found.cohort), title=title_of(found), tabs=tabs_of(found, "guests"),
        told=told, diets=wishes.counts(one.diet for one in told),
        accesses=wishes.counts(one.access for one in told), region_word=region_word,
        seat_word=seat_word)


@bp.get("/convenings/<convening_id>/needs.csv")
@needs("convening.invite")
def guest_needs_csv(convening_id: str) -> Response:
    """The same list as a table, for the kitchen and the building."""
    session = db.session()
    found = convenings.get(session, convening_id)
    columns = (_("Daerah"), _("Kursi"), _("Yang datang"), _("Makanan"), _("Akses"))
    rows = [
        (region_word(one.state), seat_word(one.state),
         one.state.comes.person.full_name if one.state.comes else "", one.diet, one.access)
        for one in wishes.of_convening(session, convening_id, actor(), utc_now())
    ]
    return csv_file(write_csv(columns, rows), _("kebutuhan-pertemuan-%(n)s", n=found.number))
