"""One file of people, saved by several at the same moment: everybody in it is there once."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.directory import importing, offices
from cohorts.directory.exporting import written
from cohorts.directory.regions import finder
from cohorts.directory.sheets import Reader
from cohorts.directory.tables import Appointment, ContactPoint, Person
from tests.build.directory import NOW, ORGANISER, TODAY, a_holder, an_office, the_directory
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


def test_somebody_appointed_while_the_directory_is_read_breaks_nothing(
    engine: sa.Engine,  # noqa: F811
) -> None:
    """Where each query sees what was saved by then, a term may be newer than the people."""
    with Session(engine) as session:
        the_directory(session)
        session.commit()
    once: list[bool] = []
    codes = ["14.08", "32.11"]

    def appoint(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "FROM person" in statement and not once:
            once.append(True)
            with (
                engine.connect().execution_options(write=True) as connection,
                Session(connection) as other,
            ):
                a_holder(other, codes.pop())
                other.commit()

    sa.event.listen(engine, "after_cursor_execute", appoint)
    for reading in (
        lambda session: importing.preview(session, [], TODAY),
        lambda session: list(written(session, TODAY, nips=True)),
    ):
        once.clear()
        with Session(engine) as session:
            reading(session)
        assert once
