"""The days that regions keep besides the national holidays: the table, and each of its rows."""

from __future__ import annotations

from babel.dates import format_date
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.filters import plain_date, utc_now
from app.forms import page_status
from app.guard import actor, needs
from app.language import language
from app.organizer import bp
from app.organizer.conflict_lines import day_name
from app.organizer.editing import Meanwhile
from app.organizer.fields import named
from app.organizer.forms_days import DayForm
from app.refusals import beside
from app.unit import unit
from cohorts.directory import regional_days, spelling
from cohorts.directory.day_tables import RegionalDay
from cohorts.ground.access import may
from cohorts.ground.refusal import Refusal

Page = str | Response | tuple[str, int]
FIELDS = {"region_code": "region"}
SIZE = 50
"""Rows of one page of the table."""


def _beside(form: DayForm, refusal: Refusal) -> None:
    refusal.field = FIELDS.get(refusal.field or "", refusal.field)
    beside(form, refusal)


@bp.get("/regional-days")
@needs("directory.see")
def regional_days_list() -> str:
    """List the days that are kept, those of ``?q=`` only, by region and date."""
    asked = request.args.get("q", "")[:100]
    words = spelling.words(asked)
    every = regional_days.listed(db.session())
    rows = [row for row in every if _fits(row, words)]
    pages = max(1, -(-len(rows) // SIZE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "organizer/regional_days.html",
        rows=rows[(page - 1) * SIZE : page * SIZE],
        any=bool(every),
        n=len(rows),
        words=asked,
        page=page,
        pages=pages,
        size=SIZE,
        day_name=day_name,
        date_of=_date,
        named=named,
        may_edit=bool(may(actor(), "directory.edit")),
    )


def _date(row: RegionalDay) -> str:
    """When it falls: "12 Oktober 2026", or "12 Oktober, setiap tahun sejak 1999"."""
    if not row.yearly:
        return plain_date(row.day, language())
    day = format_date(row.day, "d MMMM", locale=language())
    return str(_("%(day)s, setiap tahun sejak %(year)s", day=day, year=row.day.year))


def _fits(row: RegionalDay, words: list[str]) -> bool:
    key = f"{row.region.search_key} {spelling.fold(row.name_id)} {spelling.fold(row.name_en)}"
    return all(word in key for word in words)


@bp.route("/regional-days/new", methods=["GET", "POST"])
@needs("directory.edit")
def regional_day_new() -> Page:
    """Record a day of a region."""
    form = DayForm()
    if request.method == "GET":
        form.region.data = request.args.get("region", "")[:100]
    if form.validate_on_submit():
        try:
            with unit() as session:
                regional_days.add(session, form.wanted(), actor(), utc_now())
        except Refusal as refusal:
            _beside(form, refusal)
        else:
            flash(_("Hari daerah tersimpan."))
            return redirect(url_for("organizer.regional_days_list"))
    return render_template(
        "organizer/regional_day_form.html", form=form, kept=None, meanwhile=[]
    ), page_status()


@bp.route("/regional-days/<day_id>", methods=["GET", "POST"])
@needs("directory.edit")
def regional_day(day_id: str) -> Page:
    """Correct a day; whoever saves second is told what the first one changed."""
    found = regional_days.kept(db.session(), day_id)
    form = DayForm.over(found)
    if request.method == "GET":
        form.begin(found.version)
    meanwhile: list[Meanwhile] = []
    if form.validate_on_submit():
        try:
            with unit() as session:
                regional_days.edit(session, day_id, form.wanted(), form.number, actor(), utc_now())
        except Refusal as refusal:
            if refusal.code == "ground.stale":
                found = regional_days.kept(db.session(), day_id)
                meanwhile = form.merge(DayForm.over(found, formdata=None), found.version)
            _beside(form, refusal)
        else:
            flash(_("Perubahan tersimpan."))
            return redirect(url_for("organizer.regional_days_list"))
    return render_template(
        "organizer/regional_day_form.html",
        form=form,
        meanwhile=meanwhile,
        kept=regional_days.kept(db.session(), day_id),
    ), 409 if meanwhile else page_status()


@bp.post("/regional-days/<day_id>/end")
@needs("directory.edit")
def regional_day_end(day_id: str) -> Page:
    """Take a day off the table."""
    with unit() as session:
        regional_days.end(session, day_id, actor(), utc_now())
    flash(_("Hari daerah dihapus dari daftar."))
    return redirect(url_for("organizer.regional_days_list"))
