"""All letters as one file: the worker counts along, does it once, and makes nothing of nobody."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import letter_sheets, worker
from app.adapters.print import LetterSheet
from app.extensions import db
from app.letter_job import print_letters
from app.unit import unit
from cohorts.convenings import invitation, letter_runs
from cohorts.convenings.letter_tables import LetterRun
from cohorts.ground.outbox import Message
from tests.adapters.test_print import LETTER
from tests.build import convenings as build


class Quick:
    """A printer that says to whom instead of typesetting."""

    def letters(self, sheets: list[LetterSheet], emblem: str = "") -> bytes:
        return ", ".join(sheet.to[0] for sheet in sheets).encode()


def asked(form: str) -> Message:
    """The job of a convening that was asked for as this form."""
    with unit() as session:
        made = build.an_invited_head(session)
        run = letter_runs.ask(session, made.convening.id, form, build.ORGANISER, build.NOW)
        run_id = run.id
    return db.session.scalars(sa.select(Message).where(Message.subject_id == run_id)).one()


def test_the_worker_counts_along_and_does_it_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[tuple[int, int]] = []
    noted = letter_runs.progress

    def note(session: Any, run_id: str, done: int, total: int) -> None:
        steps.append((done, total))
        noted(session, run_id, done, total)

    monkeypatch.setattr(letter_runs, "progress", note)
    twelve = [(f"{n:02d}.pdf", replace(LETTER, to=[f"Bupati {n}"])) for n in range(12)]
    monkeypatch.setattr(letter_sheets, "every", lambda _desk: twelve)
    with app.app_context():
        tools = replace(worker.make(quiet=True).tools, printer=Quick())  # type: ignore[arg-type]
        job = asked("zip")
        assert print_letters(tools, job, build.NOW) == "letters:12"
        assert steps == [(0, 12), (5, 12), (10, 12)]
        run = db.session.get(LetterRun, job.subject_id)
        assert run is not None
        assert (run.done, run.total, run.finished_at) == (12, 12, build.NOW)
        with zipfile.ZipFile(io.BytesIO(tools.files.get(run.file_sha256 or ""))) as archive:
            assert archive.read("07.pdf") == b"Bupati 7"
        assert print_letters(tools, job, build.NOW) == "letters:known"
        db.session.remove()


def test_whoever_was_taken_off_meanwhile_gets_no_letter(app: Flask) -> None:
    with app.app_context():
        tools = replace(worker.make(quiet=True).tools, printer=Quick())  # type: ignore[arg-type]
        job = asked("pdf")
        run = db.session.get(LetterRun, job.subject_id)
        assert run is not None
        with unit() as session:
            for state in letter_sheets.desk(session, run.convening, build.NOW).invited:
                invitation.withdraw(session, state.invitation_id, build.ORGANISER, build.NOW)
        assert print_letters(tools, job, build.NOW) == "letters:nobody"
        db.session.refresh(run)
        assert (run.total, run.finished_at) == (0, None), "the page says so and waits for nothing"
        db.session.remove()
