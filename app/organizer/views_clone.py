"""A new draft after the pattern of a convening."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.filters import utc_now
from app.forms import page_status
from app.guard import actor, needs
from app.organizer import bp
from app.organizer.forms_convening import CloneForm
from app.organizer.views_cohort import guests_of, name_of
from app.organizer.views_convening import title_of
from app.refusals import beside
from app.unit import unit
from cohorts.convenings import cloning
from cohorts.convenings import convening as convenings
from cohorts.ground.refusal import Refusal

Page = str | Response | tuple[str, int]


@bp.route("/convenings/<convening_id>/clone", methods=["GET", "POST"])
@needs("convening.edit")
def convening_clone(convening_id: str) -> Page:
    """Say what a copy takes along and what it leaves, then plan it as a draft."""
    found = convenings.get(db.session(), convening_id)
    form = CloneForm(data={
        "title_id": found.title_id, "title_en": found.title_en, "timezone": found.timezone,
        "venue": found.venue, "address": found.address})
    if form.validate_on_submit():
        try:
            with unit() as session:
                made_id = cloning.clone(
                    session, convening_id, form.wanted(), actor(), utc_now()).id
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(_("Draf tersimpan. Belum ada yang diberi tahu."))
            return redirect(url_for("organizer.convening", convening_id=made_id))
    found = convenings.get(db.session(), convening_id)
    return render_template(
        "organizer/convening_clone.html", form=form, convening=found, cohort=found.cohort,
        cohort_name=name_of(found.cohort), title=title_of(found),
        copied=cloning.what_is_copied(db.session(), convening_id),
        guests=guests_of([convening_id])[convening_id]), page_status()
