"""The numbered migrations: one line, up and down, and what they make is what the models say."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from app import create_app
from app.extensions import db
from cohorts.ground import append_only
from cohorts.tables import metadata
from tests.databases import settings_for

FOLDER = Path(__file__).parents[2] / "migrations"
EMPTY = ("purpose_id", "purpose_en", "address", "map_url", "dress", "host", "contact_name",
         "contact_phone", "letter_number", "opening_planned", "opening_actual", "cancel_reason")
REVISIONS = sorted(path.stem for path in (FOLDER / "versions").glob("*.py"))


@pytest.fixture
def bare(empty_database: str, tmp_path: Path, key_dir: Path) -> Iterator[Flask]:
    app = create_app(settings_for(tmp_path / "home", empty_database, key_dir=key_dir))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_they_form_one_numbered_line_and_the_head_file_names_its_end() -> None:
    assert [name[:4] for name in REVISIONS] == [f"{n:04d}" for n in range(1, len(REVISIONS) + 1)]
    for before, name in zip([None, *REVISIONS], REVISIONS, strict=False):
        source = (FOLDER / "versions" / f"{name}.py").read_text()
        stated = re.search(r"^down_revision = (?:\"(.+)\"|None)$", source, re.M)
        assert stated is not None
        assert stated[1] == before
    assert (FOLDER / "head.txt").read_text().strip() == REVISIONS[-1]


def test_what_they_make_is_what_the_models_say(bare: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_each_can_be_undone_and_done_again(bare: Flask) -> None:
    upgrade()
    for name in reversed(REVISIONS):
        downgrade(revision="-1")
        upgrade(revision=name)
        downgrade(revision="-1")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    upgrade()


@pytest.mark.parametrize("revision", REVISIONS)
def test_data_of_the_rooms_below_survives_a_room_coming_and_going(
    bare: Flask, revision: str
) -> None:
    upgrade(revision=revision)
    with db.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO body (id, text, sha256) "
                "VALUES ('B1', 'kata', 'aa'), ('B2', NULL, 'bb')"
            )
        )
    if revision != REVISIONS[0]:
        downgrade(revision="-1")
    upgrade()
    with db.engine.connect() as connection:
        rows = connection.execute(text("SELECT id, text FROM body ORDER BY id")).all()
        assert [tuple(row) for row in rows] == [("B1", "kata"), ("B2", None)]
        sqlite = connection.dialect.name == "sqlite"
        triggers = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if sqlite
            else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        )
        verbs = ("update", "delete") if sqlite else ("change", "truncate")
        facts = append_only.tables(metadata)
        expected = {f"{table}_no_{verb}" for table in facts for verb in verbs}
        assert expected <= set(connection.scalars(text(triggers)))


def test_who_spoke_in_one_line_becomes_a_speaker_and_back(bare: Flask) -> None:
    upgrade(revision="0013_affirmations")
    at = "2022-11-04 02:00:00+00:00"
    with db.engine.begin() as connection:
        for table, values in (
            ("cohort", {"id": "C", "slug": "c", "name_id": "K", "name_en": "K", "purpose_id": "",
                        "purpose_en": "", "timezone": "Asia/Jakarta", "public": False,
                        "sample": True, "created_at": at, "version": 1,
                        "starts_on": "2022-10-01"}),
            ("convening", {"id": "V", "cohort_id": "C", "number": 1, "title_id": "P",
                           "title_en": "P", "state": "draft", "starts_at": at,
                           "ends_at": "2022-11-04 09:00:00+00:00", "timezone": "Asia/Jakarta",
                           "venue": "Gedung", "policy": "free", "deputy_may_sign": False,
                           "reply_by": at, "door_opens_at": at,
                           "door_closes_at": "2022-11-04 09:00:00+00:00", "schedule": 1,
                           "sequence": 0, "created_at": at, "version": 1,
                           **dict.fromkeys(EMPTY, "")}),
            ("session", {"id": "S1", "convening_id": "V", "position": 1, "starts_at": at,
                         "minutes": 15, "title_id": "Arahan", "title_en": "Address",
                         "speaker": "Menteri"}),
            ("session", {"id": "S2", "convening_id": "V", "position": 2, "starts_at": at,
                         "minutes": 15, "title_id": "Rehat", "title_en": "Break",
                         "speaker": ""}),
        ):
            columns = ", ".join(values)
            marks = ", ".join(f":{name}" for name in values)
            connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({marks})"), values)
    upgrade(revision="0014_programme")
    with db.engine.connect() as connection:
        rows = connection.execute(
            text("SELECT session_id, position, role, name FROM session_speaker")
        ).all()
        assert [tuple(row) for row in rows] == [("S1", 1, "speaker", "Menteri")]
        kinds = connection.scalars(text("SELECT DISTINCT kind FROM session")).all()
        assert kinds == ["plenary"]
    downgrade(revision="-1")
    with db.engine.connect() as connection:
        kept = connection.scalars(text("SELECT speaker FROM session ORDER BY id")).all()
    assert kept == ["Menteri", ""]
