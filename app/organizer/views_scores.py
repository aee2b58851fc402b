"""Scores of the regions a cohort looks at: its members, its visitors, its reference."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.adapters.sheets import write_csv
from app.extensions import db
from app.filters import decimal, utc_now
from app.forms import options, page_status
from app.guard import actor, needs
from app.language import language
from app.organizer import bp
from app.organizer.downloads import csv_file
from app.organizer.fields import named
from app.organizer.forms_records import KIND_WORDS, ScoreForm, WithdrawForm
from app.organizer.views_cohort import may_edit, name_of, tabs_of
from app.refusals import beside
from app.unit import unit
from cohorts.ground.refusal import Refusal
from cohorts.programme import cohort as cohorts
from cohorts.programme import members, scores, visits
from cohorts.programme.instruments import instruments
from cohorts.programme.sheets import SCORE_COLUMNS, score_cells
from cohorts.programme.tables import Cohort, Score

Page = str | Response | tuple[str, int]


def regions_of(found: Cohort) -> set[str]:
    """Return the codes of the regions whose scores a cohort looks at."""
    session, now = db.session(), utc_now()
    codes = set(members.ever_joined(session, found.id, now))
    codes |= {v.region_code for v in visits.visits(session, found.id, now) if v.region_code}
    return codes | ({found.reference_region_code} if found.reference_region_code else set())


def _rows(found: Cohort) -> list[Score]:
    return scores.scores(db.session(), utc_now(), region_codes=regions_of(found))


@bp.get("/cohorts/<cohort_id>/scores")
@needs("cohort.see")
def cohort_scores(cohort_id: str) -> str:
    """List the scores by instrument: instruments are never joined on a line."""
    found = cohorts.cohort(db.session(), cohort_id)
    rows = _rows(found)
    by_instrument = [
        (instrument, [s for s in rows if s.instrument == key])
        for key, instrument in instruments().items()
        if any(s.instrument == key for s in rows)
    ]
    return render_template(
        "organizer/cohort_scores.html", cohort=found, name=name_of(found),
        tabs=tabs_of(found, "scores"), groups=by_instrument, kind_words=KIND_WORDS, named=named,
        may_edit=may_edit(cohort_id))


@bp.get("/cohorts/<cohort_id>/scores.csv")
@needs("cohort.see")
def scores_csv(cohort_id: str) -> Response:
    """Hand out the scores as the file that can be imported again."""
    found = cohorts.cohort(db.session(), cohort_id)
    return csv_file(
        write_csv(SCORE_COLUMNS, map(score_cells, _rows(found))), f"indeks-{found.slug}")


def _form() -> ScoreForm:
    form = ScoreForm()
    form.instrument.choices = options(
        (key, i.title(language())) for key, i in instruments().items())
    form.kind.choices = options(KIND_WORDS.items())
    return form


def _beside(form: ScoreForm, refusal: Refusal) -> None:
    if refusal.field == "region_code":
        refusal.field = "region"
    beside(form, refusal)


@bp.route("/cohorts/<cohort_id>/scores/new", methods=["GET", "POST"])
@needs("cohort.edit")
def score_new(cohort_id: str) -> Page:
    """Record a score."""
    form = _form()
    if form.validate_on_submit() and form.region.code and form.value.number is not None:
        try:
            with unit() as session:
                scores.add_score(
                    session, region_code=form.region.code, instrument=form.instrument.data,
                    year=form.year.data, value=form.value.number, kind=form.kind.data,
                    published_on=form.published_on.data, source=form.source.data, actor=actor(),
                    now=utc_now())
        except Refusal as refusal:
            _beside(form, refusal)
        else:
            flash(_("Nilai tersimpan."))
            return redirect(url_for("organizer.cohort_scores", cohort_id=cohort_id))
    return _form_page(cohort_id, form, None), page_status()


@bp.route("/cohorts/<cohort_id>/scores/<score_id>/edit", methods=["GET", "POST"])
@needs("cohort.edit")
def score_edit(cohort_id: str, score_id: str) -> Page:
    """Correct a score by a row that supersedes it."""
    old = scores.score(db.session(), score_id)
    form = _form()
    if request.method == "GET":
        form.process(obj=old)
        form.region.data = named(old.region)
        form.value.data = decimal(old.value, 2, language())
    del form.region
    if form.validate_on_submit() and form.value.number is not None:
        try:
            with unit() as session:
                scores.correct_score(
                    session, score_id, instrument=form.instrument.data, year=form.year.data,
                    value=form.value.number, kind=form.kind.data,
                    published_on=form.published_on.data, source=form.source.data, actor=actor(),
                    now=utc_now())
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(_("Perbaikan tersimpan. Catatan lama tetap ada."))
            return redirect(url_for("organizer.cohort_scores", cohort_id=cohort_id))
    return _form_page(cohort_id, form, scores.score(db.session(), score_id)), page_status()


def _form_page(cohort_id: str, form: ScoreForm, old: Score | None) -> str:
    session = db.session()
    found = cohorts.cohort(session, cohort_id)
    known = [named(m.region) for m in members.members(session, cohort_id, utc_now())]
    return render_template(
        "organizer/score_form.html", form=form, cohort=found, name=name_of(found), score=old,
        known=known, named=named)


@bp.route("/cohorts/<cohort_id>/scores/<score_id>/withdraw", methods=["GET", "POST"])
@needs("cohort.edit")
def score_withdraw(cohort_id: str, score_id: str) -> Page:
    """Say that a recorded value was wrong."""
    scores.score(db.session(), score_id)
    form = WithdrawForm()
    if form.validate_on_submit():
        try:
            with unit() as session:
                scores.withdraw_score(
                    session, score_id, source=form.source.data, actor=actor(), now=utc_now())
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(_("Nilai ditarik. Catatan lama tetap ada."))
            return redirect(url_for("organizer.cohort_scores", cohort_id=cohort_id))
    session = db.session()
    found = cohorts.cohort(session, cohort_id)
    old = scores.score(session, score_id)
    return render_template(
        "organizer/record_withdraw.html", form=form, cohort=found, name=name_of(found),
        title=_("Tarik catatan nilai"),
        what=f"{named(old.region)}, {old.instrument} {old.year}: "
             f"{decimal(old.value, 2, language())}",
        back=url_for("organizer.cohort_scores", cohort_id=cohort_id),
        back_word=_("Indeks")), page_status()
