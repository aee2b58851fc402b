"""How many may sit at a convening, and who waits for a seat."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from app.extensions import db
from app.filters import utc_now
from app.forms import Form, page_status
from app.guard import actor, needs
from app.organizer import bp
from app.organizer.guest_rows import region_word, seat_word
from app.organizer.views_cohort import name_of
from app.organizer.views_convening import tabs_of, title_of
from app.refusals import beside
from app.unit import unit
from cohorts.convenings import chain, places
from cohorts.convenings import convening as convenings
from cohorts.convenings.places import Limits
from cohorts.ground.access import Where, may
from cohorts.ground.refusal import Refusal

Page = str | Response | tuple[str, int]


class LimitsForm(Form):
    """At most so many seats; an empty field is no limit."""

    seats = IntegerField(
        _l("Kursi seluruhnya"), [Optional(), NumberRange(1, places.MOST)],
        description=_l("Termasuk pendamping. Kosongkan bila tidak dibatasi."),
        render_kw={"min": 1, "inputmode": "numeric"})
    per_region = IntegerField(
        _l("Kursi untuk tiap daerah"), [Optional(), NumberRange(1, places.MOST)],
        description=_l("Tidak berlaku bagi tamu dari luar daerah. Kosongkan bila tidak dibatasi."),
        render_kw={"min": 1, "inputmode": "numeric"})


@bp.get("/convenings/<convening_id>/places")
@needs("convening.see")
def seats_and_queue(convening_id: str) -> Page:
    """Show what is taken and who waits, in their order."""
    limits = places.limits(db.session(), convening_id)
    return _page(convening_id, LimitsForm(formdata=None, obj=limits))


@bp.post("/convenings/<convening_id>/places")
@needs("convening.invite")
def seats_limited(convening_id: str) -> Page:
    """Set how many seats there are; whoever waits and fits moves up."""
    form = LimitsForm()
    if form.validate_on_submit():
        wanted = Limits(form.seats.data, form.per_region.data)
        try:
            with unit() as session:
                moved = places.set_limits(session, convening_id, wanted, actor(), utc_now())
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(_("Tersimpan."))
            if moved:
                flash(ngettext("%(n)s kursi diberikan kepada yang menunggu.",
                               "%(n)s kursi diberikan kepada yang menunggu.", moved, n=moved))
            return redirect(url_for("organizer.seats_and_queue", convening_id=convening_id))
    return _page(convening_id, form)


def _page(convening_id: str, form: LimitsForm) -> Page:
    session = db.session()
    found = convenings.get(session, convening_id)
    now = places.outlook(session, convening_id)
    ids = [one.seat_id for one in now.waiting]
    states = {s.seat_id: s for s in chain.seats(session, at=utc_now(), seat_ids=ids)} if ids else {}
    where = Where(cohort_id=found.cohort_id, convening_id=found.id)
    return render_template(
        "organizer/places.html", convening=found, cohort=found.cohort,
        cohort_name=name_of(found.cohort), title=title_of(found), tabs=tabs_of(found, "guests"),
        form=form, outlook=now, waiting=[states[id_] for id_ in ids if id_ in states],
        may_set=bool(may(actor(), "convening.invite", where))
        and found.state not in ("closed", "cancelled"),
        region_word=region_word, seat_word=seat_word), page_status()
