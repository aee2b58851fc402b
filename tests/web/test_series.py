"""The series of a cohort: what was held, called off and planned, and what goes on between them."""

from __future__ import annotations

import datetime as dt

from flask import Flask

from app.filters import utc_now
from app.unit import unit
from cohorts.convenings import sessions
from cohorts.ground.access import COMMAND
from cohorts.turns.cancel import cancel
from cohorts.turns.close import close
from cohorts.turns.start import start
from tests.build import actions as build
from tests.build import convenings, directory
from tests.web.pages import Pages


def test_the_items_are_followed_from_one_convening_to_the_next(staff: Pages, app: Flask) -> None:
    now = utc_now()
    ago = (now - convenings.START).days
    with app.app_context(), unit() as session:
        cohort = build.a_cohort(session)
        directory.an_office(session, build.SIAK, "sekda")
        due = (now + dt.timedelta(days=60)).date()
        build.an_item(session, cohort, due_on=due, now=now)
        held, off, planned, last = (
            build.a_planned(session, cohort, days=ago + n) for n in (0, 30, 60, 90)
        )
        start(session, held.id, actor=COMMAND, now=now)
        close(session, held.id, held=True, actor=COMMAND, now=now)
        cancel(session, off.id, reason="Banjir", actor=COMMAND, now=now)
        lines = [sessions.Line(planned.starts_at, 60, "Arahan")]
        sessions.set_programme(session, planned.id, lines, 1, COMMAND, now)
        cohort_id, ids = cohort.id, (planned.id, last.id)

    page = staff.get(f"/o/cohorts/{cohort_id}")
    stops = page.lines(".series-item")
    assert len(stops) == 4
    assert "diteruskan ke Pertemuan ke-3" in stops[0], "what was called off is passed over"
    assert "tindak lanjutnya berdiri di Pertemuan ke-3" in stops[1]
    assert "1 tindak lanjut sudah menunggu" in stops[2]
    assert "1 acara , 6 jam kosong" in stops[2]
    assert "Tindak lanjut berdiri di Pertemuan ke-3 dahulu" in stops[3]
    assert "Belum ada susunan acara" in stops[3]

    with app.app_context(), unit() as session:
        for ident in ids:
            cancel(session, ident, reason="Banjir", actor=COMMAND, now=now)
    page = staff.in_language("en").get(f"/o/cohorts/{cohort_id}")
    stops = page.lines(".series-item")
    assert "its action items wait for the next convening" in stops[1]
    assert stops[4].startswith("5 The next convening has not been planned 1 action item waits")
    assert page.link("Copy convening 1").endswith("/clone")
