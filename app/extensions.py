"""The Flask extensions, one object each; create_app() binds them to an app."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app
from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect

from app.language import RoomDomain, reader_language
from cohorts.ground.base import prepare_engine
from cohorts.tables import metadata
from config import Keys, Settings

db = SQLAlchemy(metadata=metadata, disable_autonaming=True)
login = LoginManager()
migrate = Migrate()
csrf = CSRFProtect()
babel = Babel()


def settings() -> Settings:
    """Return the settings of the running app."""
    return cast(Settings, current_app.extensions["settings"])


def keys() -> Keys:
    """Return the keys that web server and worker share."""
    return cast(Keys, current_app.extensions["keys"])


def init(app: Flask) -> None:
    """Bind every extension to ``app``."""
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    migrate.init_app(
        app, db, directory="migrations", compare_type=True, render_as_batch=True
    )
    csrf.init_app(app)
    babel.init_app(app, locale_selector=reader_language)
    babel.domain_instance = RoomDomain()
    login.init_app(app)
    login.session_protection = None  # phones change networks; the generation ends a session
