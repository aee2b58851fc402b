"""The queries of guest list, series page and directory do not grow with the rows."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import sqlalchemy as sa
from flask import Flask

from app.extensions import db
from app.filters import utc_now
from app.unit import unit
from cohorts.convenings.tables import Convening
from cohorts.directory.tables import Organisation
from tests.build import convenings as build
from tests.build import crowds
from tests.build.convenings import SIAK
from tests.web.pages import Pages

PAGES = (
    "/o/convenings/{convening}/guests",
    "/o/convenings/{convening}/guests?sort=protocol&page=2",
    "/o/convenings/{convening}/guests.csv",
    "/o/convenings/{convening}/calls",
    "/o/convenings/{convening}/reminders",
    "/o/cohorts/{cohort}",
    "/o/calendar?month={month}",
    "/o/directory",
    "/o/directory?q=contoh",
    f"/o/directory?province={SIAK[:2]}",
    f"/o/directory/regions/{SIAK}",
)


def queries(app: Flask, ask: Callable[[], object]) -> list[str]:
    """The statements that a page needs."""
    found: list[str] = []

    def note(*arguments: object) -> None:
        found.append(str(arguments[2]))

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    ask()
    sa.event.remove(engine, "before_cursor_execute", note)
    return found


def test_the_queries_do_not_grow_with_the_rows(
    app: Flask, staff: Pages, count: Callable[[int, int], int]
) -> None:
    with app.app_context():
        with unit() as session:
            now = utc_now()
            days = (now.date() - build.START.date()).days + 10
            made = build.an_invited_head(session, now=now, days=days)
            found = {"convening": made.convening.id, "cohort": made.cohort.id,
                     "month": f"{made.convening.starts_at:%Y-%m}"}
        db.session.remove()
    seen = []
    before = 0
    for many in (62, count(310, 5000)):
        with app.app_context():
            with unit() as session:
                convening = session.get_one(Convening, found["convening"])
                siak = session.scalars(
                    sa.select(Organisation).where(Organisation.region_code == SIAK)).one()
                crowds.a_crowd(session, convening, siak, many - before, now)
                crowds.a_series(session, convening, many - before, now)
            db.session.remove()
        before = many
        seen.append({
            page: len(queries(app, lambda page=page: ask(staff, page.format(**found))))
            for page in PAGES})
    for few, more in pairwise(seen):
        assert more == few


def ask(staff: Pages, page: str) -> None:
    assert staff.client.get(page).status_code == 200, page
