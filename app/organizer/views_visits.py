"""Visits to the reference region: the table, the form, corrections that keep what was known."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.adapters.sheets import write_csv
from app.extensions import db
from app.filters import utc_now
from app.forms import page_status
from app.guard import actor, needs
from app.organizer import bp
from app.organizer.downloads import csv_file
from app.organizer.fields import named
from app.organizer.forms_records import VisitForm, WithdrawForm
from app.organizer.views_cohort import may_edit, name_of, tabs_of
from app.refusals import beside
from app.unit import unit
from cohorts.ground.refusal import Refusal
from cohorts.programme import cohort as cohorts
from cohorts.programme import members, visits
from cohorts.programme.sheets import VISIT_COLUMNS, visit_cells
from cohorts.programme.tables import Visit

Page = str | Response | tuple[str, int]
FIELDS = {"region_code": "region"}


def _beside(form: VisitForm, refusal: Refusal) -> None:
    refusal.field = FIELDS.get(refusal.field or "", refusal.field)
    beside(form, refusal)


def _of(cohort_id: str, visit_id: str) -> Visit:
    found = visits.visit(db.session(), visit_id)
    if found.cohort_id != cohort_id:
        raise Refusal("ground.not_found")
    return found


def who(row: Visit) -> str:
    """Return who came, in the reader's words."""
    return named(row.region) if row.region is not None else row.institution or ""


@bp.get("/cohorts/<cohort_id>/visits")
@needs("cohort.see")
def cohort_visits(cohort_id: str) -> str:
    """List the visits on record: regions, and institutions apart."""
    session, now = db.session(), utc_now()
    found = cohorts.cohort(session, cohort_id)
    rows = visits.visits(session, cohort_id, now)
    inside = {m.region.code for m in members.members(session, cohort_id, now)}
    return render_template(
        "organizer/cohort_visits.html", cohort=found, name=name_of(found),
        tabs=tabs_of(found, "visits"), regions=[v for v in rows if v.region_code],
        institutions=[v for v in rows if v.institution], inside=inside, who=who,
        may_edit=may_edit(cohort_id))


@bp.get("/cohorts/<cohort_id>/visits.csv")
@needs("cohort.see")
def visits_csv(cohort_id: str) -> Response:
    """Hand out the visits as the file that can be imported again."""
    session = db.session()
    found = cohorts.cohort(session, cohort_id)
    rows = visits.visits(session, cohort_id, utc_now())
    return csv_file(write_csv(VISIT_COLUMNS, map(visit_cells, rows)), f"kunjungan-{found.slug}")


@bp.route("/cohorts/<cohort_id>/visits/new", methods=["GET", "POST"])
@needs("cohort.edit")
def visit_new(cohort_id: str) -> Page:
    """Record a visit."""
    form = VisitForm()
    if form.validate_on_submit():
        try:
            with unit() as session:
                visits.add_visit(
                    session, cohort_id, region_code=form.region.code,
                    institution=form.institution.data or None, visited_on=form.visited_on.data,
                    source=form.source.data, actor=actor(), now=utc_now())
        except Refusal as refusal:
            _beside(form, refusal)
        else:
            flash(_("Kunjungan tersimpan."))
            return redirect(url_for("organizer.cohort_visits", cohort_id=cohort_id))
    return _form_page(cohort_id, form, None), page_status()


@bp.route("/cohorts/<cohort_id>/visits/<visit_id>/edit", methods=["GET", "POST"])
@needs("cohort.edit")
def visit_edit(cohort_id: str, visit_id: str) -> Page:
    """Correct a visit by a row that supersedes it."""
    old = _of(cohort_id, visit_id)
    form = VisitForm(obj=old)
    if request.method == "GET":
        form.region.data = named(old.region) if old.region is not None else ""
    if form.validate_on_submit():
        try:
            with unit() as session:
                visits.correct_visit(
                    session, visit_id, region_code=form.region.code,
                    institution=form.institution.data or None, visited_on=form.visited_on.data,
                    source=form.source.data, actor=actor(), now=utc_now())
        except Refusal as refusal:
            _beside(form, refusal)
        else:
            flash(_("Perbaikan tersimpan. Catatan lama tetap ada."))
            return redirect(url_for("organizer.cohort_visits", cohort_id=cohort_id))
    return _form_page(cohort_id, form, _of(cohort_id, visit_id)), page_status()


def _form_page(cohort_id: str, form: VisitForm, old: Visit | None) -> str:
    session = db.session()
    found = cohorts.cohort(session, cohort_id)
    known = [named(m.region) for m in members.members(session, cohort_id, utc_now())]
    return render_template(
        "organizer/visit_form.html", form=form, cohort=found, name=name_of(found), visit=old,
        known=known, history=visits.history(session, old.id)[1:] if old is not None else [],
        who=who)


@bp.route("/cohorts/<cohort_id>/visits/<visit_id>/withdraw", methods=["GET", "POST"])
@needs("cohort.edit")
def visit_withdraw(cohort_id: str, visit_id: str) -> Page:
    """Say that a recorded visit did not take place."""
    _of(cohort_id, visit_id)
    form = WithdrawForm()
    if form.validate_on_submit():
        try:
            with unit() as session:
                visits.withdraw_visit(
                    session, visit_id, source=form.source.data, actor=actor(), now=utc_now())
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(_("Kunjungan ditarik. Catatan lama tetap ada."))
            return redirect(url_for("organizer.cohort_visits", cohort_id=cohort_id))
    found = cohorts.cohort(db.session(), cohort_id)
    return render_template(
        "organizer/record_withdraw.html", form=form, cohort=found, name=name_of(found),
        title=_("Tarik catatan kunjungan"), what=who(_of(cohort_id, visit_id)),
        back=url_for("organizer.cohort_visits", cohort_id=cohort_id),
        back_word=_("Kunjungan")), page_status()
