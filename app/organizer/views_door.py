"""The door as the desk sees it: who is in, who is not, and the phones that scan."""

from __future__ import annotations

import datetime as dt

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.adapters import qr
from app.extensions import db, keys
from app.faces import full_url
from app.filters import utc_now
from app.guard import actor, needs
from app.organizer import bp
from app.organizer.forms_door import StationForm
from app.refusals import beside
from app.unit import unit
from cohorts.convenings import convening as convenings
from cohorts.door import stations
from cohorts.door.board import board
from cohorts.door.tables import Station
from cohorts.ground.access import may
from cohorts.ground.links import Links
from cohorts.ground.refusal import Refusal

Page = str | Response | tuple[str, int]
QUIET = dt.timedelta(minutes=2)  # a station that was silent longer is shown as unreachable


@bp.get("/convenings/<convening_id>/door")
@needs("door.admit")
def door(convening_id: str) -> str:
    """Show the board: who is in, who is missing, what the desk has to look at."""
    session, now = db.session(), utc_now()
    convening = convenings.get(session, convening_id)
    return render_template(
        "organizer/door.html", convening=convening, board=board(session, convening_id, now),
        now=now, quiet=QUIET, zone=convening.timezone,
        may_enrol=bool(may(actor(), "door.enrol", convenings.where(convening))))


@bp.route("/convenings/<convening_id>/door/stations", methods=["GET", "POST"])
@needs("door.enrol")
def door_stations(convening_id: str) -> Page:
    """List the stations, and prepare another one."""
    form = StationForm()
    if form.validate_on_submit():
        try:
            with unit() as session:
                made = stations.prepare(
                    session, convening_ids=[convening_id], gate=form.gate.data,
                    may_search=form.may_search.data, may_undo=form.may_undo.data, actor=actor(),
                    now=utc_now()).id
        except Refusal as refusal:
            beside(form, refusal)
        else:
            return redirect(url_for(
                "organizer.door_station", convening_id=convening_id, station_id=made), 303)
    session = db.session()
    convening = convenings.get(session, convening_id)
    page = render_template(
        "organizer/door_stations.html", convening=convening, form=form, now=utc_now(), quiet=QUIET,
        stations=stations.stations_of(session, convening_id), zone=convening.timezone)
    return (page, 422) if form.is_submitted() else page


@bp.get("/convenings/<convening_id>/door/stations/<station_id>")
@needs("door.enrol")
def door_station(convening_id: str, station_id: str) -> str:
    """Show the one-use code while it may be used, and that the phone is enrolled once it is."""
    session, now = db.session(), utc_now()
    convening = convenings.get(session, convening_id)
    station = _of(convening_id, station_id)
    open_ = station.enrolled_at is None and station.revoked_at is None and now < station.enrol_until
    token = stations.enrolment_token(Links(keys().link), station)
    address = full_url("station.enrol", token=token) if open_ else ""
    picture = Markup(qr.svg(address)) if open_ else ""  # noqa: S704 - drawn by us from modules
    return render_template(
        "organizer/door_station.html", convening=convening, station=station, address=address,
        picture=picture, zone=convening.timezone)


@bp.post("/convenings/<convening_id>/door/stations/<station_id>/again")
@needs("door.enrol")
def door_station_again(convening_id: str, station_id: str) -> Response:
    """Make a new one-use code for the gate; the earlier phone stops working."""
    _of(convening_id, station_id)
    with unit() as session:
        stations.prepare_again(session, station_id=station_id, actor=actor(), now=utc_now())
    return redirect(url_for(
        "organizer.door_station", convening_id=convening_id, station_id=station_id), 303)


@bp.post("/convenings/<convening_id>/door/stations/<station_id>/revoke")
@needs("door.enrol")
def door_station_revoke(convening_id: str, station_id: str) -> Response:
    """End a station at once."""
    _of(convening_id, station_id)
    with unit() as session:
        gate = stations.revoke(
            session, station_id=station_id, actor=actor(), now=utc_now()).gate
    flash(_("Pemindai %(gate)s dicabut.", gate=gate))
    return redirect(url_for("organizer.door_stations", convening_id=convening_id), 303)


def _of(convening_id: str, station_id: str) -> Station:
    for station in stations.stations_of(db.session(), convening_id):
        if station.id == station_id:
            return station
    raise Refusal("ground.not_found")
