"""One file of people, saved by several at the same moment: everybody in it is there once."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.directory import importing, offices
from cohorts.directory.regions import finder
from cohorts.directory.sheets import Reader
from cohorts.directory.tables import Appointment, ContactPoint, Person
from tests.build.directory import NOW, ORGANISER, TODAY, an_office
from tests.domain.convenings.test_races import TOGETHER, at_once, count, engine  # noqa: F401

LINE = {"daerah": "Kab. Siak", "jabatan": "Operator", "nama": "Siti Contoh", "surel": "s@contoh.id"}


def test_one_file_saved_by_four_at_once_is_saved_once(engine: sa.Engine) -> None:  # noqa: F811
    with (
        engine.connect().execution_options(write=True) as connection,
        Session(connection) as session,
    ):
        an_office(session, "14.08", "operator")  # a pool: no constraint keeps it to one holder
        session.commit()
    with Session(engine) as session:
        reader = Reader(finder(session), offices.roles(session), "Daftar contoh")
        reader.take([(2, LINE)])
        seen = importing.preview(session, reader.rows, TODAY).mark

    def act(session: Session) -> None:
        importing.import_rows(
            session, reader.rows, seen=seen, today=TODAY, actor=ORGANISER, now=NOW)

    assert at_once(engine, act) == ["done"] * TOGETHER
    assert [count(engine, table) for table in (Person, Appointment, ContactPoint)] == [1, 1, 1]
