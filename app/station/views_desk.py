"""Without a camera: a typed code, a name, the last admissions and taking one back."""

from __future__ import annotations

import datetime as dt

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.filters import short_code, utc_now
from app.guard import open_to
from app.station import bp
from app.station.forms import KEPT_AS, CodeForm, RecordForm, UndoForm, client_id, fresh_id
from app.station.here import Here, here
from app.station.views_scan import admit
from app.unit import unit
from cohorts.directory.tables import Person
from cohorts.door import guests, movements
from cohorts.door.passes import read_short_code
from cohorts.door.tables import Act
from cohorts.ground import throttle
from cohorts.ground.refusal import Refusal

TYPED = 30  # codes that one station may try in a minute: more than a person types


@bp.get("/code")
@open_to("station")
def code() -> str:
    """Ask for the short code of a pass."""
    mine = here(utc_now())
    form = CodeForm(formdata=None, client_id=fresh_id())
    return render_template("station/code.html", form=form, **mine.frame())


@bp.post("/code")
@open_to("station")
def code_typed() -> Response | tuple[str, int]:
    """Judge a typed code; one that leads nowhere comes back beside its field."""
    mine = here(utc_now())
    form = CodeForm()
    if form.validate_on_submit():
        frame = mine.frame()
        station_id = mine.station.id
        with unit() as session:
            wait = throttle.hit(session, f"door.code:{station_id}", limit=TYPED,
                                every=dt.timedelta(minutes=1), now=mine.now)
        if wait is not None:
            raise Refusal("ground.too_many", retry_after=wait)
        mine = here(mine.now)
        record = client_id(form)
        answer = admit(mine, "code", form.code.data, record)
        if answer.code != "unknown":
            return redirect(url_for("station.said", record=record), 303)
        plain = read_short_code(form.code.data)
        form.code.errors = [
            _("Tidak ada kartu berkode %(code)s. Periksa tanda terakhir.",
              code=short_code(plain)) if plain else
            _("Kode terdiri atas delapan tanda. Periksa sekali lagi.")
        ]
        form.client_id.data = fresh_id()
    frame = here(mine.now).frame()
    return render_template("station/code.html", form=form, **frame), 422


@bp.get("/search")
@open_to("station")
def search() -> str:
    """Find a guest by name, office or region."""
    mine = here(utc_now())
    _may_search(mine)
    words = request.args.get("q", "").strip()[:100]
    everybody = guests.guests(db.session(), mine.convening.id, mine.now)
    hits = guests.find(everybody, words)
    return render_template(
        "station/search.html", words=words, hits=hits, all=len(everybody), **mine.frame())


@bp.get("/guest/<person_id>")
@open_to("station")
def guest(person_id: str) -> str:
    """Ask whether this is the person."""
    mine = here(utc_now())
    _may_search(mine)
    one = guests.guest(db.session(), mine.convening.id, person_id, mine.now)
    form = RecordForm(formdata=None, client_id=fresh_id())
    return render_template("station/guest.html", guest=one, form=form, **mine.frame())


@bp.post("/guest/<person_id>")
@open_to("station")
def guest_comes(person_id: str) -> Response:
    """Admit the person by name."""
    mine = here(utc_now())
    form = RecordForm()
    if not form.validate_on_submit():
        raise Refusal("door.client_id")
    record = client_id(form)
    admit(mine, "name", person_id, record)
    return redirect(url_for("station.said", record=record), 303)


@bp.post("/guest/<person_id>/move")
@open_to("station")
def guest_moves(person_id: str) -> Response:
    """Note that somebody goes out, or comes back."""
    mine = here(utc_now())
    form = RecordForm()
    if not form.validate_on_submit():
        raise Refusal("door.client_id")
    returns = request.form.get("kind") == "return"
    convening_id, station_id = mine.convening.id, mine.station.id
    with unit() as session:
        movements.move(
            session, convening_id=convening_id, person_id=person_id,
            kind="return" if returns else "leave", client_id=client_id(form), actor=mine.actor,
            now=mine.now, station_id=station_id)
    flash(_("Tercatat masuk kembali.") if returns else _("Tercatat keluar."))
    return redirect(url_for("station.guest", person_id=person_id), 303)


@bp.get("/log")
@open_to("station")
def log() -> str:
    """Show the last admissions through this gate."""
    mine = here(utc_now())
    entries = guests.log(
        db.session(), mine.convening.id, station_id=mine.station.id, part=mine.part)
    return render_template("station/log.html", entries=entries, **mine.frame())


@bp.get("/undo/<act_id>")
@open_to("station")
def undo(act_id: str) -> str:
    """Ask why an admission is to be taken back."""
    mine = here(utc_now())
    form = UndoForm(formdata=None, client_id=fresh_id())
    return _undo_page(mine, act_id, form)


@bp.post("/undo/<act_id>")
@open_to("station")
def undo_now(act_id: str) -> Response | tuple[str, int]:
    """Take it back; the admission stays on record, and so does the reason."""
    mine = here(utc_now())
    form = UndoForm()
    if not form.validate_on_submit():
        return _undo_page(mine, act_id, form), 422
    station_id = mine.station.id
    with unit() as session:
        movements.undo(
            session, act_id=act_id, reason=KEPT_AS[form.reason.data], client_id=client_id(form),
            actor=mine.actor, now=mine.now, station_id=station_id)
    flash(_("Catatan dibatalkan."))
    return redirect(url_for("station.log"), 303)


def _undo_page(mine: Here, act_id: str, form: UndoForm) -> str:
    session = db.session()
    act = session.get(Act, act_id)
    if act is None or act.kind != "admit" or act.station_id != mine.station.id:
        raise Refusal("door.nobody_admitted")
    person = session.get(Person, act.person_id)
    return render_template(
        "station/undo.html", form=form, act=act, person=person, **mine.frame())


def _may_search(mine: Here) -> None:
    if not mine.station.may_search:
        raise Refusal("door.not_this_station", right="search")
