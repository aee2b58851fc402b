"""Databases for the tests: migrated once per test process, then only copied.

`Databases.copy("sqlite")` costs the copying of a file, `copy("postgresql")` a CREATE DATABASE from
a template: both a few hundredths of a second, so every test that commits may have its own.
"""

from __future__ import annotations

import contextlib
import itertools
import shutil
import sqlite3
from pathlib import Path

import psycopg
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, make_url
from sqlalchemy.orm import Session

from app import extensions
from cohorts.directory.intake import seed
from cohorts.ground.base import prepare_engine
from config import Settings, web_keys
from tests import postgres

KINDS = ("sqlite", "postgresql")
TEMPLATE = "lab_template"
ROOT = Path(__file__).parent.parent


def settings_for(home: Path, url: str, **over: object) -> Settings:
    """Settings of a test: nothing comes from the environment."""
    keys = over.pop("key_dir", home / "keys")
    return Settings.from_environ({}, home=home, database_url=url, key_dir=keys, **over)


def migrate(settings: Settings) -> None:
    """Bring the database to the newest migration.

    Only the extensions are there, no room of the web face: what the domain promises can be tested
    while a page is being rebuilt.
    """
    bare = Flask("app")
    bare.config.from_mapping(settings.flask(web_keys(settings)))
    bare.extensions["settings"] = settings
    extensions.init(bare)
    with bare.app_context():
        try:
            upgrade(directory=str(ROOT / "migrations"))
        finally:
            extensions.db.session.remove()
            extensions.db.engine.dispose()


def _fill(url: str) -> None:
    """Load what every installation has: regions, their governments, roles."""
    engine = create_engine(url)
    prepare_engine(engine)
    with Session(engine) as session, session.begin():
        seed(session)
    engine.dispose()


class Databases:
    """One template for each kind, made when first asked for, and copies of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = itertools.count(1)
        self._templates: set[str] = set()
        self._server = ""
        self._exit = contextlib.ExitStack()

    def __enter__(self) -> Databases:
        return self

    def __exit__(self, *_error: object) -> None:
        self._exit.close()

    def url(self, kind: str, name: str) -> str:
        """The address of a database by name, existing or not."""
        if kind == "sqlite":
            return f"sqlite:///{self.folder / name}.sqlite"
        if not self._server:
            self._server = self._exit.enter_context(postgres.server())
        return self._server.replace("{database}", name)

    def _administer(self, statement: str) -> None:
        url = make_url(self.url("postgresql", "postgres"))
        where = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]  # names are our own

    def _template(self, kind: str) -> None:
        if kind in self._templates:
            return
        url = self.url(kind, TEMPLATE)
        if kind == "postgresql":
            self._administer(f"CREATE DATABASE {TEMPLATE}")
        migrate(settings_for(self.folder / f"home-{kind}", url, key_dir=self.folder / "keys"))
        _fill(url)
        if kind == "sqlite":
            # What still stands in the write-ahead log would be missing from a copied file.
            with contextlib.closing(sqlite3.connect(self.folder / f"{TEMPLATE}.sqlite")) as file:
                file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._templates.add(kind)

    def copy(self, kind: str) -> str:
        """A fresh database with the regions and roles and nothing else; returns its address."""
        self._template(kind)
        name = f"lab_{next(self._numbers)}"
        if kind == "sqlite":
            shutil.copyfile(self.folder / f"{TEMPLATE}.sqlite", self.folder / f"{name}.sqlite")
        else:
            self._administer(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return self.url(kind, name)

    def empty(self, kind: str) -> str:
        """A database without a single table, for tests of the migrations; returns its address."""
        name = f"empty_{next(self._numbers)}"
        if kind == "postgresql":
            self._administer(f"CREATE DATABASE {name}")
        return self.url(kind, name)

    def drop(self, url: str) -> None:
        """Forget a copy."""
        parts = make_url(url)
        if parts.get_backend_name() == "sqlite":
            for file in Path(str(parts.database)).parent.glob(f"{Path(str(parts.database)).name}*"):
                file.unlink()
        else:
            self._administer(f"DROP DATABASE IF EXISTS {parts.database} WITH (FORCE)")
