"""Another process commits between a page's guard and its unit: no error, and nothing stale.

On SQLite a read transaction that turns into a write after somebody else's commit fails at once,
whatever the timeout (SQLITE_BUSY_SNAPSHOT). A guard reads, so every changing request would meet
it; ``unit()`` lets go of what was read before.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from app.extensions import db
from app.filters import utc_now
from app.unit import unit
from cohorts.door import stations
from cohorts.door.tables import Station
from cohorts.ground.base import prepare_engine
from config import Settings
from tests.build import door as built
from tests.product import ROOT

COMMIT = """
import sys
from pathlib import Path
from app import create_app
from app.extensions import db
from app.unit import unit
from cohorts.door.tables import Station
from config import Settings
home, url, station, gate = sys.argv[1:]
app = create_app(Settings.from_environ({}, home=Path(home), database_url=url))
with app.app_context():
    with unit() as session:
        session.get(Station, station).gate = gate
"""


@pytest.fixture
def station(app: Flask) -> str:
    with app.app_context():
        with unit() as session:
            made = built.a_station(session, built.a_door_at(session, utc_now()), at=utc_now()).id
        db.session.remove()
    return made


@pytest.fixture
def elsewhere(settings: Settings, station: str) -> Callable[[str], None]:
    """Rename the station's gate in a process of its own, and wait until that has committed."""

    def commit(gate: str) -> None:
        done = subprocess.run(
            [sys.executable, "-c", COMMIT, str(settings.home), settings.database_url, station,
             gate], cwd=ROOT, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr

    return commit


@pytest.mark.postgres
def test_a_commit_between_guard_and_unit_is_no_error_and_is_seen(
    app: Flask, station: str, elsewhere: Callable[[str], None]
) -> None:
    with app.app_context():
        before = db.session.get(Station, station)  # the guard reads, and its snapshot is open
        assert before is not None
        assert before.gate == "Pintu utama"
        elsewhere("Pintu timur")
        with unit() as session:
            stations.seen(session, station_id=station, now=utc_now(), unsent=2)
            assert session.get_one(Station, station).gate == "Pintu timur", "nothing stale"
        db.session.remove()
        after = db.session.get(Station, station)
        assert after is not None
        assert (after.gate, after.unsent) == ("Pintu timur", 2), "neither change is lost"
        db.session.remove()


def test_without_the_unit_the_same_thing_fails_on_sqlite(
    app: Flask, settings: Settings, station: str, elsewhere: Callable[[str], None]
) -> None:
    """The test above can fail: what it guards against is real. PostgreSQL has no such rule."""
    engine = sa.create_engine(settings.database_url)
    prepare_engine(engine)
    try:
        with engine.connect() as connection:
            connection.execute(sa.select(Station.gate)).all()
            elsewhere("Pintu timur")
            with pytest.raises(sa.exc.OperationalError, match="locked"):
                connection.execute(sa.update(Station).values(unsent=1))
    finally:
        engine.dispose()
