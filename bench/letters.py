"""How long 62 letters take, with a kop, an emblem, numbers and the programme attached.

    python -m bench.letters [letters]

Plans a convening of as many regions on an empty SQLite database, invites their heads and lets the
worker's job make all letters as a ZIP and as one PDF. Prints a line for each.
"""

from __future__ import annotations

import datetime as dt
import io
import logging
import sys
import tempfile
import time
from pathlib import Path

LETTERS = 62
WITHIN = 10.0  # seconds of CPU, from the job's beginning to the file


def emblem() -> bytes:
    """A picture with edges, as an emblem has."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGBA", (900, 1100), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    for n in range(60):
        pen.ellipse((n * 6, n * 7, 900 - n * 6, 1100 - n * 7), fill=(n * 4, 90, 250 - n * 4, 255))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def run(letters: int = LETTERS) -> list[tuple[str, float, float, int]]:
    """Form, seconds by the clock, seconds of CPU and bytes of each file."""
    import sqlalchemy as sa

    from app import create_app, worker
    from app.adapters import emblem as pictures
    from app.extensions import db
    from app.letter_job import print_letters
    from app.unit import unit
    from cohorts import data
    from cohorts.convenings import (
        invitation,
        letter,
        letter_numbers,
        letter_runs,
        letterheads,
        sessions,
    )
    from cohorts.convenings.letter import Terms
    from cohorts.convenings.letterheads import Kop
    from cohorts.directory.tables import Organisation
    from cohorts.ground.access import COMMAND
    from cohorts.ground.outbox import Message
    from tests.build import convenings as build
    from tests.databases import migrate, settings_for

    logging.disable()
    found = []
    codes = [row["code"] for row in data.rows("regions.csv") if row["type"].startswith("K")]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = settings_for(home, f"sqlite:///{home / 'lab.db'}")
        migrate(settings)
        app = create_app(settings, testing=True)
        with app.app_context():
            work = worker.make(quiet=True)
            now = build.NOW
            kept = work.tools.files.put(*pictures.clean(emblem()))
            with unit() as session:
                cohort = build.a_cohort(session, *codes[:letters])
                made = build.a_convening(session, cohort)
                sessions.set_programme(
                    session, made.id,
                    [sessions.Line(made.starts_at + n * dt.timedelta(minutes=30), 30, f"Sesi {n}")
                     for n in range(8)], 1, COMMAND, now)
                invitation.invite(session, made.id, ["kepala_daerah"], COMMAND, now)
                own = session.scalars(sa.select(Organisation.id)).first()
                assert own is not None
                letterheads.set_letterhead(
                    session, own, Kop(names="Pemerintah Kabupaten Contoh\nDinas Contoh"), 0,
                    COMMAND, now, emblem=kept)
                letter.set_terms(
                    session, made.id,
                    Terms(organisation_id=own, numbering="each", unit="DINAS",
                          with_programme=True), 0, COMMAND, now)
                letter_numbers.give(session, made.id, letters, COMMAND, now)
                convening_id = made.id
            for form in ("zip", "pdf"):
                with unit() as session:
                    run_id = letter_runs.ask(session, convening_id, form, COMMAND, now).id
                job = db.session.scalars(
                    sa.select(Message).where(Message.subject_id == run_id)).one()
                clock, own_time = time.perf_counter(), time.process_time()
                print_letters(work.tools, job, now)
                took = time.perf_counter() - clock, time.process_time() - own_time
                done = letter_runs.get(db.session(), convening_id, run_id)
                assert done.done == letters, done.done
                found.append((form, *took, done.size))
            db.session.remove()
            db.engine.dispose()
    return found


def main() -> int:
    """Measure, print, and fail where it took too long."""
    letters = int(sys.argv[1]) if len(sys.argv) > 1 else LETTERS
    worst = 0
    for form, clock, own, size in run(letters):
        print(f"{letters} letters as {form}: {clock:.1f} s by the clock, {own:.1f} s of CPU, "
              f"{size / 1e6:.1f} MB")
        worst |= own > WITHIN
    return int(worst)


if __name__ == "__main__":
    sys.exit(main())
