"""The programme of a convening: its sessions in order, who speaks, what is handed out.

Every act is a form of its own that carries the version of the programme its reader saw, so that it
works by keyboard, without scripts, and for two organisers at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import materials
from app.extensions import db
from app.filters import day_of, utc_now
from app.forms import page_status
from app.guard import actor, needs
from app.language import language
from app.organizer import bp
from app.organizer.editing import Meanwhile
from app.organizer.forms_programme import (
    KIND_HELP,
    MaterialForm,
    RemoveForm,
    SessionForm,
    SpeakerForm,
    VersionForm,
)
from app.organizer.views_cohort import name_of
from app.organizer.views_convening import tabs_of, title_of
from app.refusals import Said, beside, say
from app.unit import unit
from app.uploads import kept
from cohorts.convenings import convening as convenings
from cohorts.convenings import durations, programming, sessions
from cohorts.convenings.programming import MATERIAL_LIMIT
from cohorts.convenings.sessions import Entry
from cohorts.convenings.tables import Convening
from cohorts.directory import appointments, offices, people
from cohorts.directory.offices import office_name
from cohorts.ground.refusal import Refusal

Page = str | Response | tuple[str, int]
FOUND = 8
HALF_HOUR = 30


@bp.get("/convenings/<convening_id>/programme")
@needs("convening.edit")
def convening_programme(convening_id: str) -> Page:
    """Show the sessions in order, with what is free, what overlaps, and how it adds up."""
    return _list(convening_id)


def _list(convening_id: str, said: Said | None = None) -> Page:
    session = db.session()
    found = convenings.get(session, convening_id)
    entries = sessions.programme(session, convening_id)
    version, public = sessions.state(session, convening_id)
    page = render_template(
        "organizer/convening_programme.html", convening=found, cohort=found.cohort, said=said,
        cohort_name=name_of(found.cohort), title=title_of(found), days=durations.days(
            found, entries), tabs=tabs_of(found, "programme"), entries=entries, version=version,
        public=public)
    return (page, said.status) if said else page


@bp.route("/convenings/<convening_id>/programme/new", methods=["GET", "POST"])
@needs("convening.edit")
def session_new(convening_id: str) -> Page:
    """Add a session; the next free hour is offered."""
    found = convenings.get(db.session(), convening_id)
    entries = sessions.programme(db.session(), convening_id)
    form = SessionForm(data=_offered(found, entries))
    if request.method == "GET":
        form.begin(sessions.state(db.session(), convening_id)[0])
    if form.validate_on_submit():
        try:
            with unit() as session:
                made_id = programming.add(
                    session, convening_id, form.line(found.timezone), form.number, actor(),
                    utc_now(), shift=form.shift.data).id
        except Refusal as refusal:
            _keep(form, refusal, convening_id)
        else:
            flash(_("Acara tersimpan."))
            if "more" in request.form:
                return redirect(url_for("organizer.session_new", convening_id=convening_id))
            return _back(convening_id, made_id)
    found = convenings.get(db.session(), convening_id)
    page = render_template(
        "organizer/programme_session.html", form=form, convening=found, cohort=found.cohort,
        cohort_name=name_of(found.cohort), entry=None, meanwhile=[], kind_help=KIND_HELP)
    return page, page_status()


def _offered(found: Convening, entries: list[Entry]) -> dict[str, Any]:
    """What a new session begins with: the gap that was chosen, else the end of the last one."""
    zone = ZoneInfo(found.timezone)
    starts, minutes = found.starts_at, HALF_HOUR
    if entries:
        starts = max(entry.ends_at for entry in entries)
    asked = request.args.get("at", "")
    try:
        starts = dt.datetime.strptime(asked, "%Y%m%dT%H%MZ").replace(tzinfo=dt.UTC)
    except ValueError:
        pass
    else:
        minutes = min(max(1, request.args.get("minutes", HALF_HOUR, type=int) or 1), 24 * 60)
    return {"starts_at": starts.astimezone(zone).replace(tzinfo=None), "minutes": minutes}


@bp.route("/convenings/<convening_id>/programme/<session_id>", methods=["GET", "POST"])
@needs("convening.edit")
def session_edit(convening_id: str, session_id: str) -> Page:
    """Change a session; below it who speaks and what is handed out."""
    found, entry, version = _one(convening_id, session_id)
    form = SessionForm.over(entry, found.timezone)
    if request.method == "GET":
        form.begin(version)
    meanwhile: list[Meanwhile] = []
    if form.validate_on_submit():
        try:
            with unit() as session:
                programming.change(
                    session, session_id, form.line(found.timezone), form.number, actor(),
                    utc_now(), shift=form.shift.data)
        except Refusal as refusal:
            if refusal.code == "ground.stale":
                found, entry, version = _one(convening_id, session_id)
                meanwhile = form.merge(
                    SessionForm.over(entry, found.timezone, formdata=None), version)
            beside(form, refusal)
        else:
            flash(_("Acara tersimpan."))
            return _back(convening_id, session_id)
    return _session_page(convening_id, session_id, form=form, meanwhile=meanwhile)


def _session_page(
    convening_id: str, session_id: str, *, form: SessionForm | None = None,
    meanwhile: list[Meanwhile] | None = None, speaking: SpeakerForm | None = None,
    handing: MaterialForm | None = None, said: Said | None = None,
) -> Page:
    found, entry, version = _one(convening_id, session_id)
    if form is None:
        form = SessionForm.over(entry, found.timezone, formdata=None)
        form.begin(version)
    speaking = speaking or SpeakerForm(formdata=None)
    handing = handing or MaterialForm(formdata=None)
    speaking.summary_id, handing.summary_id = "speaker-summary", "material-summary"
    speaking.version.data = handing.version.data = str(version)
    speaking.who.data = ""
    words = request.values.get("q", "").strip()[:100]
    page = render_template(
        "organizer/programme_session.html", form=form, convening=found, cohort=found.cohort,
        cohort_name=name_of(found.cohort), entry=entry, meanwhile=meanwhile or [],
        kind_help=KIND_HELP, speaking=speaking, handing=handing, said=said, words=words,
        found=_candidates(words, found), version=version)
    status = said.status if said else 409 if meanwhile else page_status()
    return page, status


def _candidates(words: str, convening: Convening) -> list[tuple[str, str, str]]:
    """Who of the directory fits what was typed: a value for the form, a name, what tells it from
    others of that name."""
    if not words:
        return []
    session, lang = db.session(), language()
    persons = people.search(session, words, limit=FOUND)
    held = appointments.offices_held_by(
        session, [p.id for p in persons], day_of(utc_now(), convening.timezone))
    fit = [
        (f"person:{p.id}", p.full_name, ", ".join(office_name(o, lang) for o in held.get(p.id, [])))
        for p in persons
    ]
    posts = offices.search(session, words, limit=FOUND)
    return fit + [(f"office:{o.id}", office_name(o, lang), "") for o in posts]


@bp.route("/convenings/<convening_id>/programme/<session_id>/remove", methods=["GET", "POST"])
@needs("convening.edit")
def session_remove(convening_id: str, session_id: str) -> Page:
    """Say what goes with a session, then take it out."""
    found, entry, version = _one(convening_id, session_id)
    form = RemoveForm()
    if form.validate_on_submit():
        try:
            with unit() as session:
                programming.remove(
                    session, session_id, form.number, actor(), utc_now(), shift=form.shift.data)
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(_("Acara dihapus."))
            return redirect(url_for("organizer.convening_programme", convening_id=convening_id))
        found, entry, version = _one(convening_id, session_id)
    form.version.data = str(version)
    return render_template(
        "organizer/programme_remove.html", form=form, convening=found, cohort=found.cohort,
        cohort_name=name_of(found.cohort), entry=entry), page_status()


@bp.post("/convenings/<convening_id>/programme/<session_id>/move")
@needs("convening.edit")
def session_move(convening_id: str, session_id: str) -> Page:
    """Exchange a session with its neighbour: up or down. The button that was pressed has the focus
    again, so that a session is moved far by pressing one key."""
    _one(convening_id, session_id)
    step = -1 if request.form.get("step") == "up" else 1
    said = _done(lambda session: programming.move(
        session, session_id, step, VersionForm().number, actor(), utc_now()))
    if said:
        return _list(convening_id, said)
    pressed = "up" if step < 0 else "down"
    return _back(convening_id, session_id, focus=f"{session_id}-{pressed}")


@bp.post("/convenings/<convening_id>/programme/<session_id>/speakers")
@needs("convening.edit")
def speaker_add(convening_id: str, session_id: str) -> Page:
    """Name who speaks: from the directory, or from outside."""
    _one(convening_id, session_id)
    form = SpeakerForm()
    if form.validate_on_submit():
        try:
            with unit() as session:
                programming.add_speaker(
                    session, session_id, form.role.data, form.number, actor(), utc_now(),
                    **form.named())
        except Refusal as refusal:
            beside(form, refusal)
        else:
            return _to_session(convening_id, session_id, "pembicara")
    return _session_page(convening_id, session_id, speaking=form)


@bp.post("/convenings/<convening_id>/programme/<session_id>/speakers/<speaker_id>/remove")
@needs("convening.edit")
def speaker_remove(convening_id: str, session_id: str, speaker_id: str) -> Page:
    """Take a name out again."""
    _found, entry, _version = _one(convening_id, session_id)
    if speaker_id not in [speaker.id for speaker in entry.speakers]:
        raise Refusal("ground.not_found")
    said = _done(lambda session: programming.remove_speaker(
        session, speaker_id, VersionForm().number, actor(), utc_now()))
    if said:
        return _session_page(convening_id, session_id, said=said)
    return _to_session(convening_id, session_id, "pembicara")


@bp.post("/convenings/<convening_id>/programme/<session_id>/materials")
@needs("convening.edit")
def material_add(convening_id: str, session_id: str) -> Page:
    """Hand a file or an address out."""
    _one(convening_id, session_id)
    form = MaterialForm()
    if form.validate_on_submit():
        try:
            given = kept(form.file.data, limit=MATERIAL_LIMIT)
            with unit() as session:
                programming.add_material(
                    session, session_id, form.title.data, form.number, actor(), utc_now(),
                    url=form.url.data or "", kept=given)
        except Refusal as refusal:
            if refusal.code.startswith("ground.file"):
                refusal.field = "file"
            beside(form, refusal)
        else:
            flash(_("Materi tersimpan."))
            return _to_session(convening_id, session_id, "materi")
    return _session_page(convening_id, session_id, handing=form)


@bp.post("/convenings/<convening_id>/programme/<session_id>/materials/<material_id>/remove")
@needs("convening.edit")
def material_remove(convening_id: str, session_id: str, material_id: str) -> Page:
    """Hand it out no longer."""
    _found, entry, _version = _one(convening_id, session_id)
    if material_id not in [material.id for material in entry.materials]:
        raise Refusal("ground.not_found")
    said = _done(lambda session: programming.remove_material(
        session, material_id, VersionForm().number, actor(), utc_now()))
    if said:
        return _session_page(convening_id, session_id, said=said)
    return _to_session(convening_id, session_id, "materi")


@bp.get("/convenings/<convening_id>/materials/<material_id>")
@needs("convening.see")
def convening_material(convening_id: str, material_id: str) -> Response:
    """A file that is handed out at the convening."""
    return materials.download(db.session(), convening_id, material_id)


@bp.post("/convenings/<convening_id>/programme/public")
@needs("convening.edit")
def programme_public(convening_id: str) -> Page:
    """Put the programme on the cohort's public page, or take it off."""
    public = request.form.get("public") == "yes"
    said = _done(lambda session: programming.publish(
        session, convening_id, public, VersionForm().number, actor(), utc_now()))
    if said:
        return _list(convening_id, said)
    flash(_("Susunan acara tampil di halaman umum.") if public
          else _("Susunan acara tidak lagi tampil di halaman umum."))
    return redirect(url_for("organizer.convening_programme", convening_id=convening_id))


def _one(convening_id: str, session_id: str) -> tuple[Convening, Entry, int]:
    """A session of this convening, and the programme's version. Raises Refusal ground.not_found."""
    session = db.session()
    found = convenings.get(session, convening_id)
    entry = next(
        (e for e in sessions.programme(session, convening_id) if e.id == session_id), None)
    if entry is None:
        raise Refusal("ground.not_found")
    return found, entry, sessions.state(session, convening_id)[0]


def _done(act: Callable[[Session], object]) -> Said | None:
    """Do one act in a unit; what refused it, in words, else None."""
    try:
        with unit() as session:
            act(session)
    except Refusal as refusal:
        if refusal.code == "ground.not_found":
            raise
        return say(refusal)
    return None


def _keep(form: SessionForm, refusal: Refusal, convening_id: str) -> None:
    """Show a refusal; after another's change the form carries the new version."""
    if refusal.code == "ground.stale":
        form.version.data = str(sessions.state(db.session(), convening_id)[0])
    beside(form, refusal)


def _back(convening_id: str, session_id: str, focus: str | None = None) -> Response:
    """To the list, at that session. A fragment would keep the browser from giving the focus."""
    return redirect(url_for(
        "organizer.convening_programme", convening_id=convening_id, focus=focus,
        _anchor=None if focus else f"s-{session_id}"))


def _to_session(convening_id: str, session_id: str, part: str) -> Response:
    return redirect(url_for(
        "organizer.session_edit", convening_id=convening_id, session_id=session_id, _anchor=part))
