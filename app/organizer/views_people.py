"""People: who one is, records that may be the same person, and merging them, undoably."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.extensions import db
from app.filters import day_of, utc_now
from app.forms import options, page_status
from app.guard import actor, needs
from app.organizer import bp
from app.organizer.forms_directory import (
    CHANNEL_WORDS,
    LABEL_WORDS,
    STANDING_WORDS,
    NameForm,
)
from app.organizer.forms_people import MergeForm
from app.organizer.views_directory import may_edit
from app.organizer.views_offices import ONE_DAY
from app.refusals import beside
from app.unit import unit
from cohorts.directory import appointments, contacts, duplicates, merging, people, timeline
from cohorts.directory.offices import office_name
from cohorts.directory.tables import Person
from cohorts.ground.refusal import Refusal

Page = str | Response | tuple[str, int]
REASON_WORDS = {
    "nip": _l("NIP sama"),
    "mail": _l("alamat surel sama"),
    "office": _l("nama dan jabatan sama"),
}
MOST = 100
ZONE = "Asia/Jakarta"  # a person belongs to no one place


def _about(found: Person) -> dict[str, Any]:
    """What the directory knows of a person, merged records included."""
    session = db.session()
    return {
        "person": found,
        "nip": people.nip_of(session, found.id),
        "career": appointments.career(session, found.id),
        "contacts": contacts.contacts_of_person(session, found.id, day_of(utc_now(), ZONE)),
        "absorbed": merging.absorbed(session, found.id),
    }


_WORDS: dict[str, Any] = {
    "office_name": office_name,
    "standing_words": STANDING_WORDS,
    "channel_words": CHANNEL_WORDS,
    "one_day": ONE_DAY,
    "masked_nip": people.masked_nip,
}


@bp.get("/directory/people/<person_id>")
@needs("directory.see")
def person(person_id: str) -> str:
    """Show a person, the offices held, now and before, and the own addresses; a merged record
    points to the one that stands for it."""
    found = people.person(db.session(), person_id)
    if found.kept_id:
        return render_template(
            "organizer/person_merged.html", person=found, kept=found.shown, may_edit=may_edit())
    return render_template(
        "organizer/directory_person.html", **_about(found), **_WORDS, may_edit=may_edit(),
        rows=timeline.of_person(
            db.session(), person_id, today=day_of(utc_now(), ZONE), zone=ZONE),
        label_words=LABEL_WORDS, today=day_of(utc_now(), ZONE))


@bp.route("/directory/people/<person_id>/edit", methods=["GET", "POST"])
@needs("directory.edit")
def person_edit(person_id: str) -> Page:
    """Correct a person's name, titles or NIP."""
    found = people.person(db.session(), person_id)
    form = NameForm(obj=found)
    if form.validate_on_submit():
        try:
            with unit() as session:
                people.correct_person(
                    session, person_id, name=form.name.data,
                    front_title=form.front_title.data or "",
                    back_title=form.back_title.data or "", nip=form.nip.data, actor=actor(),
                    now=utc_now())
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(_("Perubahan tersimpan."))
            return redirect(url_for("organizer.person", person_id=person_id))
    return render_template(
        "organizer/directory_person_form.html", form=form,
        person=people.person(db.session(), person_id)), page_status()


@bp.get("/directory/duplicates")
@needs("directory.edit")
def people_duplicates() -> str:
    """List the records that may be the same person, two by two, with the reason."""
    session = db.session()
    found = duplicates.pairs(session)
    ids = {p.id for pair in found[:MOST] for p in (pair.one, pair.other)}
    return render_template(
        "organizer/person_duplicates.html", pairs=found[:MOST], total=len(found),
        holding=appointments.offices_held_by(session, ids, day_of(utc_now(), ZONE)),
        reason_words=REASON_WORDS, **_WORDS)


@bp.route("/directory/people/<person_id>/merge/<other_id>", methods=["GET", "POST"])
@needs("directory.edit")
def person_merge(person_id: str, other_id: str) -> Page:
    """Put two records side by side and merge them into the one that is chosen."""
    if person_id == other_id:
        abort(404)
    form = MergeForm()
    both = _side_by_side(person_id, other_id)
    first, second = (one["person"] for one in both)
    form.keep.choices = options([
        (first.id, _("Catatan pertama: %(name)s", name=first.own_name)),
        (second.id, _("Catatan kedua: %(name)s", name=second.own_name)),
    ])
    if request.method == "GET":
        form.keep.data = max(both, key=_known)["person"].id
    if form.validate_on_submit():
        kept_id = form.keep.data
        merged_id = other_id if kept_id == person_id else person_id
        try:
            with unit() as session:
                merging.merge(
                    session, kept_id=kept_id, merged_id=merged_id, actor=actor(), now=utc_now())
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(_("Kedua catatan digabungkan. Penggabungan dapat dibatalkan di halaman ini."))
            return redirect(url_for("organizer.person", person_id=kept_id))
    return render_template(
        "organizer/person_merge.html", form=form, both=_side_by_side(person_id, other_id),
        reasons=duplicates.reasons_for(db.session(), person_id, other_id),
        reason_words=REASON_WORDS, **_WORDS), page_status()


def _side_by_side(*person_ids: str) -> list[dict[str, Any]]:
    return [_about(people.person(db.session(), person_id)) for person_id in person_ids]


def _known(one: dict[str, Any]) -> tuple[int, bool, int, int]:
    """How much a record holds: the one that holds more is proposed to be kept."""
    return (len(one["absorbed"]), bool(one["nip"]), len(one["career"]),
            len(one["person"].own_name))


@bp.post("/directory/people/<person_id>/part")
@needs("directory.edit")
def person_part(person_id: str) -> Response:
    """Undo the merge of a record."""
    with unit() as session:
        merging.part(session, person_id, actor=actor(), now=utc_now())
    flash(_("Penggabungan dibatalkan. Kedua catatan kembali seperti semula."))
    return redirect(url_for("organizer.person", person_id=person_id))
