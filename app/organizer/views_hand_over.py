"""An office changes hands: what hangs on it, before an appointment ends and afterwards."""

from __future__ import annotations

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.extensions import db
from app.filters import day_of, utc_now
from app.guard import actor, needs
from app.organizer import bp
from app.organizer.forms_directory import CHANNEL_WORDS, EndForm
from app.organizer.views_offices import ONE_DAY, common_of, zone_of
from app.refusals import beside
from app.unit import unit
from cohorts.directory import appointments, offices
from cohorts.directory.offices import office_name
from cohorts.ground.access import Where, may
from cohorts.ground.refusal import Refusal
from cohorts.programme.tables import Cohort
from cohorts.turns import hand_over as turn
from cohorts.turns.unfinished import unfinished

Page = str | Response | tuple[str, int]


@bp.get("/directory/hand-overs")
@needs("directory.edit")
def hand_overs() -> str:
    """List the offices that changed hands with something still waiting."""
    session = db.session()
    mine = [
        cohort_id for cohort_id in session.scalars(sa.select(Cohort.id))
        if may(actor(), "pledge.edit", Where(cohort_id=cohort_id))
    ]
    return render_template(
        "organizer/hand_overs.html", found=unfinished(session, mine, now=utc_now()),
        office_name=office_name, one_day=ONE_DAY)


@bp.route("/directory/appointments/<appointment_id>/hand-over", methods=["GET", "POST"])
@needs("directory.edit")
def hand_over(appointment_id: str) -> Page:
    """List what hangs on the office and what happens with each; end the appointment once the list
    was read for the day given; afterwards, show what is still open."""
    office_id = appointments.appointment(db.session(), appointment_id).office_id
    form = EndForm(until_on=day_of(utc_now(), zone_of(offices.office(db.session(), office_id))))
    status, again = 200, False
    if form.validate_on_submit():
        again = form.seen.data != form.until_on.data.isoformat()
        if not again:
            try:
                with unit() as session:
                    lapsed = turn.end(
                        session, appointment_id, until_on=form.until_on.data, actor=actor(),
                        now=utc_now())
            except Refusal as refusal:
                if refusal.field != "until_on":
                    raise
                beside(form, refusal)
                status = 400
            else:
                flash(_("Masa jabatan sudah diakhiri."))
                if lapsed:
                    flash(ngettext(
                        "%(num)s mandat gugur; kursinya kembali kepada pemberinya.",
                        "%(num)s mandat gugur; kursinya kembali kepada pemberinya.", lapsed))
                return redirect(url_for("organizer.hand_over", appointment_id=appointment_id))
    elif request.method == "POST":
        status = 400
    common = common_of(offices.office(db.session(), office_id))
    day = form.until_on.data or common["today"]
    form.seen.raw_data = None
    form.seen.process_data(day.isoformat())
    return render_template(
        "organizer/hand_over.html", form=form, again=again, channel_words=CHANNEL_WORDS,
        left=turn.legacy(db.session(), appointment_id, day=day, actor=actor(), now=utc_now()),
        **common), status
