"""The command line: what it prints is what its reader needs, and the demo refuses the public."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app import commands
from app.extensions import db, keys
from app.unit import unit
from app.worker import real_time
from cohorts.directory import accounts
from cohorts.directory.tables import User
from cohorts.ground.access import COMMAND
from cohorts.ground.links import Links
from cohorts.ground.outbox import Message


def test_an_organiser_gets_a_link_that_sets_the_password(app: Flask) -> None:
    run = app.test_cli_runner()
    done = run.invoke(args=["organizer", "add", "Rina@Contoh.id", "Rina Contoh"])
    assert done.exit_code == 0
    link = done.stdout.strip()
    assert link.startswith("http://127.0.0.1:8000/auth/set-password/")
    with app.app_context():
        read = Links(keys().link).read("password", link.rsplit("/", 1)[1])
        user = accounts.user_of_link(db.session(), read, real_time())
        assert user.email == "rina@contoh.id"
        assert accounts.actor_of(user, real_time()).is_organizer


def test_the_same_organiser_twice_is_refused_in_words(app: Flask) -> None:
    run = app.test_cli_runner()
    run.invoke(args=["organizer", "add", "rina@contoh.id", "Rina Contoh"])
    again = run.invoke(args=["organizer", "add", "RINA@contoh.id", "Rina Contoh"])
    wrong = run.invoke(args=["organizer", "add", "rina", "Rina Contoh"])
    assert (again.exit_code, wrong.exit_code) == (1, 1)
    assert "already has an account" in again.stderr
    assert "not an e-mail address" in wrong.stderr
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 1


def test_the_worker_drains_what_is_due_into_the_outbox_folder(app: Flask) -> None:
    with app.app_context():
        with unit() as session:
            accounts.add_organizer(session, "rina@contoh.id", "Rina Contoh", COMMAND, real_time())
        with unit() as session:
            accounts.ask_password_link(session, "rina@contoh.id", real_time())
    done = app.test_cli_runner().invoke(args=["worker", "--once"])
    assert done.stdout == "1 done\n"
    with app.app_context():
        message = db.session.scalars(sa.select(Message)).one()
        assert message.state == "sent"
        folder: Path = app.extensions["settings"].outbox_dir
    (written,) = folder.glob("*.eml")
    assert message.receipt == f"files:{written.name}"
    assert b"/auth/set-password/" in written.read_bytes()


def test_the_demo_is_refused_where_strangers_could_sign_in(app: Flask) -> None:
    own = app.extensions["settings"]
    app.extensions["settings"] = dataclasses.replace(own, base_url="https://lab.example")
    done = app.test_cli_runner().invoke(args=["demo"])
    assert done.exit_code == 1
    assert "refused" in done.stderr
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 0


def test_check_says_ready_and_otherwise_why_not(app: Flask) -> None:
    run = app.test_cli_runner()
    done = run.invoke(args=["check"])
    assert (done.exit_code, done.stdout) == (0, "ready\n")
    with app.app_context():
        key = app.extensions["settings"].key_dir / "link.key"
        key.chmod(0o644)
        try:
            assert list(commands.problems()) == ["link.key can be read by others: chmod 600"]
        finally:
            key.chmod(0o600)
        with unit() as session:
            session.execute(sa.text("UPDATE alembic_version SET version_num = '0001_ground'"))
        assert "flask db upgrade" in "".join(commands.problems())


def test_check_names_a_database_that_does_not_answer(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise sa.exc.OperationalError("connect", {}, Exception("away"))

    with app.app_context():
        monkeypatch.setattr(db.engine, "connect", away)
        assert list(commands.problems()) == ["the database does not answer: OperationalError"]
