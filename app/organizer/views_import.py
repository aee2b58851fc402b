"""Files of visits and scores: upload, look, mend, save; all of it or nothing.

The uploaded file lies in the file store by its hash, unknown to the database, until it is saved or
swept a day later. Nothing here parses within a unit.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.adapters.sheets import SheetError, Table, write_csv
from app.adapters.workbooks import read_table
from app.extensions import db, settings
from app.filters import utc_now
from app.forms import page_status
from app.guard import actor, needs
from app.organizer import bp
from app.organizer.downloads import csv_file
from app.organizer.forms_records import UploadForm
from app.organizer.row_words import COLUMN_WORDS, error_words, sheet_error_words
from app.organizer.views_cohort import name_of
from app.unit import unit
from cohorts.directory.lines import RowError
from cohorts.directory.regions import finder
from cohorts.ground.files import FileStore
from cohorts.ground.refusal import Refusal
from cohorts.programme import cohort as cohorts
from cohorts.programme import importing, sheets
from cohorts.programme.tables import Cohort

Page = str | Response | tuple[str, int]
KINDS = ("visits", "scores")
COLUMNS = {"visits": sheets.VISIT_COLUMNS, "scores": sheets.SCORE_COLUMNS}
MOST_SHOWN = 100
_SHA = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Read:
    """A file as it was read: its rows, what is wrong, and what is missing as a whole."""

    rows: Sequence[Any]
    errors: tuple[RowError, ...]
    count: int
    missing: tuple[str, ...] = ()


def _store() -> FileStore:
    return FileStore(settings().files_dir)


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise Refusal("ground.not_found")
    return kind


def _table(sha: str) -> Table:
    if not _SHA.fullmatch(sha):
        raise Refusal("ground.not_found")
    try:
        return read_table(_store().get(sha))
    except (FileNotFoundError, SheetError):
        raise Refusal("ground.not_found") from None


def _read(kind: str, found: Cohort, table: Table) -> Read:
    missing = tuple(c for c in sheets.NEEDED[kind] if c not in table.columns)
    if not {"kode", "daerah"} & set(table.columns) and "lembaga" not in table.columns:
        missing = ("daerah", *missing)
    if missing:
        return Read((), (), len(table.rows), missing)
    lines = [(row.number, row.cells) for row in table.rows]
    today = utc_now().astimezone(dt.timezone(dt.timedelta(hours=9))).date()
    known = finder(db.session())
    rows: Sequence[Any]
    if kind == "visits":
        rows, errors = sheets.read_visits(lines, known, today, found.reference_region_code)
    else:
        rows, errors = sheets.read_scores(lines, known, today)
    return Read(rows, tuple(errors), len(table.rows))


def _preview(kind: str, found: Cohort, rows: Sequence[Any]) -> importing.Outcome:
    if kind == "visits":
        return importing.preview_visits(db.session(), found.id, rows)
    return importing.preview_scores(db.session(), rows)


@bp.route("/cohorts/<cohort_id>/<kind>/import", methods=["GET", "POST"])
@needs("cohort.edit")
def import_upload(cohort_id: str, kind: str) -> Page:
    """Take a file; nothing is saved by this."""
    _kind(kind)
    found = cohorts.cohort(db.session(), cohort_id)
    form = UploadForm()
    if form.validate_on_submit():
        data = form.file.data.read()
        try:
            read_table(data)
        except SheetError as wrong:
            form.file.errors = [sheet_error_words(wrong)]
        else:
            kept = _store().put(data, "application/octet-stream")
            return redirect(url_for(
                "organizer.import_check", cohort_id=cohort_id, kind=kind, sha=kept.sha256))
    return render_template(
        "organizer/import_upload.html", form=form, cohort=found, name=name_of(found), kind=kind,
        columns=[(c, COLUMN_WORDS[c], c in sheets.NEEDED[kind]) for c in COLUMNS[kind]],
    ), page_status()


@bp.get("/cohorts/<cohort_id>/<kind>/import/<sha>")
@needs("cohort.edit")
def import_check(cohort_id: str, kind: str, sha: str) -> Page:
    """Show what the file would change, or every cell that is wrong with a way to mend it here."""
    found = cohorts.cohort(db.session(), cohort_id)
    read = _read(_kind(kind), found, _table(sha))
    errors = read.errors
    outcome = None
    if not errors and not read.missing:
        outcome = _preview(kind, found, read.rows)
        errors = outcome.errors
    good = outcome is not None and not errors
    return render_template(
        "organizer/import_check.html", cohort=found, name=name_of(found), kind=kind, sha=sha,
        read=read, outcome=outcome if good else None, errors=errors[:MOST_SHOWN],
        error_count=len(errors), wrong_rows=len({e.row for e in errors}),
        column_words=COLUMN_WORDS, words=error_words,
    ), 200 if good else 422


@bp.post("/cohorts/<cohort_id>/<kind>/import/<sha>/mend")
@needs("cohort.edit")
def import_mend(cohort_id: str, kind: str, sha: str) -> Response:
    """Put the written cells into the file and look at it again."""
    _kind(kind)
    cohorts.cohort(db.session(), cohort_id)
    table = _table(sha)
    columns = [*table.columns, *(c for c in COLUMNS[kind] if c not in table.columns)]
    rows = [_mended(row.number, row.cells, columns, request.form) for row in table.rows]
    kept = _store().put(write_csv(columns, rows), "text/csv")
    return redirect(url_for(
        "organizer.import_check", cohort_id=cohort_id, kind=kind, sha=kept.sha256))


def _mended(
    number: int, cells: Mapping[str, str], columns: Sequence[str], form: Mapping[str, str]
) -> list[str]:
    mended = [form.get(f"cell-{number}-{c}", cells.get(c, "")).strip()[:2000] for c in columns]
    for at, column in enumerate(columns):
        # A region that is written anew is not held to the code that stood beside it.
        if column == "kode" and f"cell-{number}-daerah" in form:
            mended[at] = ""
    return mended


@bp.get("/cohorts/<cohort_id>/<kind>/import/<sha>/errors.csv")
@needs("cohort.edit")
def import_errors_csv(cohort_id: str, kind: str, sha: str) -> Response:
    """Hand the file back with one column more, that says what is wrong in each row."""
    found = cohorts.cohort(db.session(), cohort_id)
    table = _table(sha)
    read = _read(_kind(kind), found, table)
    by_row: dict[int, list[str]] = {}
    for error in read.errors:
        by_row.setdefault(error.row, []).append(f"{error.column}: {error_words(error)}")
    columns = [c for c in table.columns if c != "galat"]
    rows = [
        [*(row.cells.get(c, "") for c in columns), "; ".join(by_row.get(row.number, []))]
        for row in table.rows
    ]
    return csv_file(write_csv([*columns, "galat"], rows), f"galat-{found.slug}")


@bp.post("/cohorts/<cohort_id>/<kind>/import/<sha>/save")
@needs("cohort.edit")
def import_save(cohort_id: str, kind: str, sha: str) -> Response:
    """Take the file over in one transaction; a second time changes nothing."""
    found = cohorts.cohort(db.session(), cohort_id)
    read = _read(_kind(kind), found, _table(sha))
    again = redirect(url_for(
        "organizer.import_check", cohort_id=cohort_id, kind=kind, sha=sha))
    if read.errors or read.missing:
        return again
    try:
        with unit() as session:
            if kind == "visits":
                done = importing.import_visits(session, cohort_id, read.rows, actor(), utc_now())
            else:
                done = importing.import_scores(session, read.rows, actor(), utc_now())
    except Refusal as refusal:
        if refusal.code != "programme.import_errors":
            raise
        return again
    flash(_("Tersimpan: %(new)s baru, %(changed)s diperbaiki, %(same)s tidak berubah.",
            new=done.added, changed=done.corrected, same=done.unchanged))
    return redirect(url_for(
        "organizer.cohort_visits" if kind == "visits" else "organizer.cohort_scores",
        cohort_id=cohort_id))
