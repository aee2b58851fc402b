"""The job that typesets all letters of a convening as one file, counting along."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime

from app import letter_sheets
from app.adapters.print import LetterSheet
from app.unit import unit
from app.worker import Tools, reading
from cohorts.convenings import letter_runs
from cohorts.convenings.letter_tables import LetterRun
from cohorts.ground.outbox import Message

STEP = 5  # letters between two notes of how far it is
MEDIA = {"pdf": "application/pdf", "zip": "application/zip"}


def print_letters(tools: Tools, message: Message, now: datetime) -> str:
    """Typeset and store; a file that is made already is left as it is."""
    session = reading()
    run = session.get_one(LetterRun, message.subject_id)
    ident, form, made = run.id, run.form, run.file_sha256
    if made is not None:
        session.rollback()
        return "letters:known"
    desk = letter_sheets.desk(session, run.convening, now)
    letters = letter_sheets.every(desk)
    emblem = letter_sheets.emblem(session, desk, tools.files)
    session.rollback()
    if not letters:
        _note(ident, 0, 0)  # everybody was taken off the list meanwhile
        return "letters:nobody"
    if form == "zip":
        data = _zipped(tools, ident, letters, emblem, now)
    else:
        _note(ident, 0, len(letters))
        data = tools.printer.letters([sheet for _name, sheet in letters], emblem)
    kept = tools.files.put(data, MEDIA[form])
    with unit() as changing:
        letter_runs.finish(changing, ident, kept, len(letters), now)
    return f"letters:{len(letters)}"


def _zipped(
    tools: Tools,
    ident: str,
    letters: Sequence[tuple[str, LetterSheet]],
    emblem: str,
    now: datetime,
) -> bytes:
    out = io.BytesIO()
    dated = now.timetuple()[:6]
    with zipfile.ZipFile(out, "w") as archive:
        for n, (name, sheet) in enumerate(letters):
            if n % STEP == 0:
                _note(ident, n, len(letters))
            entry = zipfile.ZipInfo(name, dated)  # stored: a PDF is compressed already
            archive.writestr(entry, tools.printer.letters([sheet], emblem))
    return out.getvalue()


def _note(ident: str, done: int, total: int) -> None:
    with unit() as changing:
        letter_runs.progress(changing, ident, done, total)
