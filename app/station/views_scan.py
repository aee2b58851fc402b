"""The scanner: a code before the camera, and what the door says to it."""

from __future__ import annotations

from typing import Any, Literal

from flask import jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db, keys
from app.filters import clock, utc_now
from app.guard import open_to
from app.language import language
from app.refusals import wants_json
from app.security import scans
from app.station import bp
from app.station.forms import ScanForm, client_id, fresh_id
from app.station.here import Here, here
from app.unit import unit
from cohorts.convenings.tables import Convening
from cohorts.directory.tables import Person
from cohorts.door import admission, guests, stations
from cohorts.door.admission import Answer, Claim
from cohorts.door.passes import PassCode, read_pass, read_short_code
from cohorts.door.tables import Scan
from cohorts.ground.refusal import Refusal

TONES = {"admitted": "in", "already": "already", "waiting": "maybe"}


def convening_for(mine: Here, text: str) -> Convening:
    """The convening a code is for, where this station serves it; else the one it is at work for."""
    code = read_pass(text, keys().passes.public_key())
    if isinstance(code, PassCode):
        for convening in mine.convenings:
            if convening.id == code.convening_id:
                return convening
    return mine.convening


def admit(mine: Here, mode: Literal["qr", "code", "name"], text: str, record: str) -> Answer:
    """Ask the rule, in a transaction of its own."""
    convening = convening_for(mine, text) if mode == "qr" else mine.convening
    convening_id, station_id = convening.id, mine.station.id
    with unit() as session:
        answer = admission.admit(
            session, convening_id=convening_id, claim=Claim(record, mode, text),
            key=keys().passes.public_key(), actor=mine.actor, now=mine.now,
            station_id=station_id)
        stations.seen(session, station_id=station_id, now=mine.now)
    return answer


def shown(answer: Answer, mine: Here) -> dict[str, Any]:
    """What the page of an answer needs: names and hours, nothing that the rule did not say."""
    session = db.session()
    person = session.get(Person, answer.person_id) if answer.person_id else None
    instead = session.get(Person, answer.facts.get("by_person") or "-")
    other = session.get(Convening, answer.facts.get("convening_id") or "-")
    return {
        "answer": answer, "tone": TONES.get(answer.outcome, "no"), "person": person,
        "instead": instead, "other": other, **mine.frame(),
    }


def line_of(answer: Answer, mine: Here, person: Person | None) -> dict[str, Any]:
    """The answer for the script: its tone, and words for a screen reader or another client."""
    at = clock(answer.at, mine.convening.timezone, language()) if answer.at else ""
    titles = {
        "admitted": _("Silakan masuk"), "already": _("Sudah masuk"),
        "waiting": _("Silakan masuk, sementara"), "undone": _("Catatan dibatalkan"),
        "unknown": _("Kode tidak dikenal"), "forged": _("Kode tidak sah"),
        "revoked": _("Kartu sudah dicabut"), "wrong_convening": _("Kartu pertemuan lain"),
        "not_open": _("Pintu belum dibuka"), "closed": _("Presensi sudah ditutup"),
        "replaced": _("Sudah digantikan"),
    }
    return {
        "outcome": answer.outcome, "code": answer.code,
        "tone": TONES.get(answer.outcome, "no"),
        "title": titles[answer.code or answer.outcome],
        "line": person.full_name if person else "",
        "detail": f"{at}, {answer.place}" if answer.outcome == "already" else "",
    }


@bp.get("/")
@open_to("station")
@scans
def scan() -> str:
    """Show the camera."""
    mine = here(utc_now())
    counts = guests.counts(db.session(), mine.convening.id, mine.part, mine.station.id)
    form = ScanForm(formdata=None, client_id=fresh_id())
    return render_template("station/scan.html", form=form, counts=counts, **mine.frame())


@bp.post("/admit")
@open_to("station")
def admit_code() -> Response | tuple[str, int]:
    """Judge a scanned or typed code; JSON for the script, a page for everybody else."""
    mine = here(utc_now())
    form = ScanForm()
    if not form.validate_on_submit():
        if wants_json():
            raise Refusal("door.client_id")
        return redirect(url_for("station.code"), 303)
    text = form.code.data
    mode: Literal["qr", "code"] = "code" if read_short_code(text) else "qr"
    record = client_id(form)
    answer = admit(mine, mode, text, record)
    if not wants_json():
        return redirect(url_for("station.said", record=record), 303)
    mine = here(mine.now)
    facts = shown(answer, mine)
    html = render_template("station/answer_part.html", goes_on=True, **facts)
    return jsonify(html=html, **line_of(answer, mine, facts["person"]))


@bp.get("/said/<record>")
@open_to("station")
def said(record: str) -> str:
    """Show what the door said to a record of this station."""
    mine = here(utc_now())
    session = db.session()
    kept = session.get(Scan, record)
    answer = admission.answer_of(session, record)
    if kept is None or answer is None or kept.station_id != mine.station.id:
        raise Refusal("ground.not_found")
    return render_template("station/said.html", **shown(answer, mine))


@bp.post("/pulse")
@open_to("station")
def pulse() -> Response:
    """Note that the station is at work and what it still holds; answer with the counts."""
    mine = here(utc_now())
    unsent = request.form.get("unsent", type=int)
    station_id, convening_id, part = mine.station.id, mine.convening.id, mine.part
    with unit() as session:
        stations.seen(session, station_id=station_id, now=mine.now, unsent=unsent)
        counts = guests.counts(session, convening_id, part, station_id)
    return jsonify(counts={"gate": counts.gate, "all": counts.all})
