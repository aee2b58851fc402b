"""Files of people and offices: upload, say which column is which, look, mend, save; and download.

Everything is read and checked outside the unit; the check tells its progress while the page comes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import (
    Response,
    flash,
    get_flashed_messages,
    redirect,
    render_template,
    request,
    stream_template,
    url_for,
)
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as Answer

from app.adapters.sheets import SheetError, write_csv
from app.adapters.workbooks import read_grid, write_xlsx
from app.extensions import db
from app.filters import day_of, plain_date, utc_now
from app.forms import Form, page_status, whole
from app.guard import actor, needs
from app.language import language
from app.organizer import bp
from app.organizer.downloads import csv_file, workbook_file
from app.organizer.forms_records import UploadForm
from app.organizer.kept_tables import Found, Ours, found, found_in, keep, ours
from app.organizer.people_words import (
    COLUMN_WORDS,
    FIELD_WORDS,
    KIND_WORDS,
    people_error_words,
)
from app.organizer.row_words import sheet_error_words
from app.organizer.views_directory import may_edit
from app.refusals import say
from app.unit import unit
from cohorts.directory import exporting, importing, offices
from cohorts.directory.changes import Plan
from cohorts.directory.columns import COLUMNS, LOOKED_AT, NEEDED, Guess, guess
from cohorts.directory.known import Snapshot
from cohorts.directory.lines import RowError
from cohorts.directory.plan import Planner
from cohorts.directory.regions import finder
from cohorts.directory.sheets import Reader
from cohorts.ground.refusal import Refusal

Page = str | Answer | tuple[str, int]
MOST_SHOWN = 200
LISTED = 50
SAMPLES = 3
PORTION = 1_000


@dataclass
class Checking:
    """A file while it is checked: ``steps`` goes through it, then ``errors`` and ``plan`` stand."""

    table: Ours
    errors: list[RowError] = field(default_factory=list)
    plan: Plan = field(default_factory=Plan)
    reader: Reader | None = None
    before: Snapshot | None = None

    def steps(self) -> Iterator[int]:
        """Check the file in portions; after each, how many lines are done."""
        session = db.session()
        reader = Reader(finder(session), offices.roles(session), self.table.source)
        lines = self.table.numbered()
        for at in range(0, len(lines), PORTION):
            reader.take(lines[at : at + PORTION])
            yield min(at + PORTION, len(lines))
        self.reader = reader
        self.before = importing.snapshot(session, today())
        self.plan = Planner(self.before, today()).take(reader.rows)
        self.errors = sorted([*reader.errors, *self.plan.errors], key=lambda e: e.row)

    def done(self) -> Checking:
        """Go through the file in one piece."""
        for _step in self.steps():
            pass
        return self


def today() -> Any:
    """Return the day from which a file counts that says no other."""
    return day_of(utc_now(), "Asia/Jakarta")


def _likeness(rows: Sequence[Sequence[str]]) -> int:
    """How much of a sheet's top we know: several sheets are compared by it."""
    return sum(column is not None for column in guess(rows).columns)


@bp.route("/directory/import", methods=["GET", "POST"])
@needs("directory.edit")
def directory_import() -> Page:
    """Take a file of people and offices; nothing is saved by this."""
    form = UploadForm()
    if form.validate_on_submit():
        given = form.file.data
        try:
            grid = read_grid(given.read(), likeness=_likeness)
        except SheetError as wrong:
            form.file.errors = [sheet_error_words(wrong)]
        else:
            table = found_in(grid, re.sub(r"[\x00-\x1f/\\]", "", given.filename or ""))
            sha, guessed = keep(table), _guess(table)
            if not guessed.exact:
                return redirect(url_for("organizer.directory_import_columns", sha=sha))
            columns = {c: i for i, c in enumerate(guessed.columns) if c}
            return redirect(url_for(
                "organizer.directory_import_check",
                sha=keep(_ours(table, sha, columns, guessed.first))))
    return render_template(
        "organizer/directory_import.html", form=form, columns=COLUMN_WORDS, needed=NEEDED,
    ), page_status()


def _guess(table: Found) -> Guess:
    return guess([cells for _number, cells in table.lines[: LOOKED_AT + 2]])


def _ours(table: Found, sha: str, columns: Mapping[str, int], first: int) -> Ours:
    """The lines of a found table from the ``first`` on, in our columns."""
    lines = []
    for number, cells in table.lines[first:]:
        own = [
            cells[columns[c]] if c in columns and columns[c] < len(cells) else "" for c in COLUMNS
        ]
        if any(own):
            lines.append((number, own))
    return Ours(table.name, _("Berkas %(name)s", name=table.name)[:200], sha, lines)


@bp.route("/directory/import/<sha>/columns", methods=["GET", "POST"])
@needs("directory.edit")
def directory_import_columns(sha: str) -> Page:
    """Say which column of a found file is which; the guess stands there to be corrected."""
    table = found(sha)
    guessed = _guess(table)
    form = Form()
    widest = max(len(cells) for _number, cells in table.lines)
    chosen = [c or "" for c in guessed.columns] + [""] * (widest - len(guessed.columns))
    begins = table.lines[min(guessed.first, len(table.lines) - 1)][0]
    wrong: list[str] = []
    if form.validate_on_submit():
        chosen = [request.form.get(f"column-{i}", "") for i in range(widest)]
        begins = whole(request.form.get("begins"))
        wrong = _wrong_columns(chosen, begins)
        first = sum(number < begins for number, _cells in table.lines)
        if not wrong:
            made = _ours(table, sha, {c: i for i, c in enumerate(chosen) if c}, first)
            if made.lines:
                return redirect(url_for("organizer.directory_import_check", sha=keep(made)))
            wrong = [_("Tidak ada baris yang terisi mulai baris itu.")]
    form.form_errors += wrong
    return render_template(
        "organizer/directory_import_columns.html", form=form, table=table, chosen=chosen,
        begins=begins, columns=COLUMN_WORDS, needed=NEEDED,
        heads=[guessed.heads[i] if i < len(guessed.heads) else "" for i in range(widest)],
        samples=_samples(table, guessed.first, widest)), page_status()


def _wrong_columns(chosen: Sequence[str], begins: int) -> list[str]:
    wrong = [
        _("Kolom %(name)s dipilih dua kali.", name=column)
        for column in COLUMNS if chosen.count(column) > 1
    ]
    wrong += [
        _("Pilih kolom berkas yang memuat %(name)s.", name=column)
        for column in NEEDED if column not in chosen
    ]
    if not begins:
        wrong.append(_("Tulis nomor baris data yang pertama."))
    if any(column and column not in COLUMNS for column in chosen):
        wrong.append(_("Pilih salah satu dari daftar."))
    return wrong


def _samples(table: Found, first: int, widest: int) -> list[list[str]]:
    """What stands first in each column."""
    samples: list[list[str]] = [[] for _column in range(widest)]
    for _number, cells in table.lines[first : first + 50]:
        for at, cell in enumerate(cells):
            if cell and cell not in samples[at] and len(samples[at]) < SAMPLES:
                samples[at].append(cell[:60])
    return samples


@bp.get("/directory/import/<sha>")
@needs("directory.edit")
def directory_import_check(sha: str) -> Response:
    """Check a file, saying how far it is, then show what it would change or all that is wrong."""
    table = ours(sha)
    generate_csrf()  # what belongs to the session must be there before the page begins to leave
    get_flashed_messages(with_categories=True)
    return Response(stream_template(
        "organizer/directory_import_check.html", check=Checking(table), table=table, sha=sha,
        total=len(table.lines), most=MOST_SHOWN, listed=LISTED, words=people_error_words,
        field_words=FIELD_WORDS, kind_words=KIND_WORDS,
        day=lambda day: plain_date(day, language())), mimetype="text/html")


@bp.post("/directory/import/<sha>/mend")
@needs("directory.edit")
def directory_import_mend(sha: str) -> Answer:
    """Put the written cells into the file and look at it again."""
    mended = ours(sha).mended(request.form)
    return redirect(url_for("organizer.directory_import_check", sha=keep(mended)))


@bp.get("/directory/import/<sha>/errors.csv")
@needs("directory.edit")
def directory_import_errors(sha: str) -> Answer:
    """Hand the file back with one column more, that says what is wrong in each row."""
    table = ours(sha)
    by_row: dict[int, list[str]] = {}
    for error in Checking(table).done().errors:
        by_row.setdefault(error.row, []).append(f"{error.column}: {people_error_words(error)}")
    rows = [[*cells, "; ".join(by_row.get(number, []))] for number, cells in table.lines]
    return csv_file(write_csv([*COLUMNS, "galat"], rows), "galat-direktori")


@bp.post("/directory/import/<sha>/save")
@needs("directory.edit")
def directory_import_save(sha: str) -> Answer:
    """Take the file over in one transaction, if it still does what was shown."""
    check = Checking(ours(sha)).done()
    again = redirect(url_for("organizer.directory_import_check", sha=sha))
    if check.errors or check.reader is None:
        return again
    try:
        with unit() as session:
            done = importing.import_rows(
                session, check.reader.rows, seen=request.form.get("seen", ""), today=today(),
                actor=actor(), now=utc_now(), before=check.before, planned=check.plan)
    except Refusal as refusal:
        if refusal.code != "directory.import_changed":
            raise
        flash(say(refusal).line)
        return again
    flash(_("Tersimpan: %(changed)s baris, %(same)s tidak berubah.",
            changed=len(done.touches), same=done.unchanged))
    return redirect(url_for("organizer.directory"))


@bp.get("/directory/export/<kind>")
@needs("directory.see")
def directory_export(kind: str) -> Answer:
    """Download the directory as the import reads it: xlsx, csv (with ;) or comma (CSV with ,)."""
    if kind not in ("xlsx", "csv", "comma"):
        raise Refusal("ground.not_found")
    lines = exporting.written(db.session(), today(), nips=may_edit())
    if kind == "xlsx":
        return workbook_file(write_xlsx(COLUMNS, lines), "direktori")
    return csv_file(
        write_csv(COLUMNS, lines, delimiter=";" if kind == "csv" else ","), "direktori")
