"""A phone becomes a station: the one-use code from the secretariat's screen leads here."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.extensions import db
from app.filters import utc_now
from app.guard import open_to
from app.station import bp
from app.station.forms import EnrolForm
from app.station.here import here, links, remember
from app.unit import unit
from cohorts.door import guests, stations
from cohorts.ground.refusal import Refusal


def _page(token: str, form: EnrolForm) -> str:
    bound = stations.waiting(db.session(), links().read(stations.PURPOSE, token), utc_now())
    convening = stations.at_work(bound.convenings, utc_now())
    return render_template(
        "station/enrol.html", form=form, station=bound.station, convenings=bound.convenings,
        sample=convening.cohort.sample)


@bp.get("/enrol/<token>")
@open_to("station")
def enrol(token: str) -> str | tuple[str, int]:
    """Ask whether this phone shall be the station; opening the link changes nothing."""
    try:
        return _page(token, EnrolForm(formdata=None))
    except Refusal as refusal:
        if refusal.code != "door.enrolment_over":
            raise
        return render_template("station/over.html"), 410


@bp.post("/enrol/<token>")
@open_to("station")
def enrol_now(token: str) -> Response | str | tuple[str, int]:
    """Make this phone the station; the code is used up with it."""
    form = EnrolForm()
    if not form.validate_on_submit():
        return _page(token, form), 422
    link = links().read(stations.PURPOSE, token)
    try:
        with unit() as session:
            station = stations.enrol(session, link=link, name=form.name.data or "", now=utc_now())
    except Refusal as refusal:
        if refusal.code != "door.enrolment_over":
            raise
        return render_template("station/over.html"), 410
    return remember(redirect(url_for("station.ready"), 303), station)


@bp.get("/ready")
@open_to("station")
def ready() -> str:
    """Say that the phone is the station now, and how to keep it awake."""
    mine = here(utc_now())
    expected = guests.guests(db.session(), mine.convening.id, mine.now)
    return render_template("station/ready.html", expected=len(expected), **mine.frame())
