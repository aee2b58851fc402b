"""The web face: one room per audience, and the adapters to the outside.

``create_app()`` builds everything; nothing happens when this package is imported.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from config import Settings

ROOMS = ("auth", "organizer", "participant", "official", "station", "public", "hooks")
ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings | None = None, *, testing: bool = False) -> Flask:
    """Return the app for ``settings`` (default: those of the environment).

    Makes LAB_HOME and the keys if this is the first start; does not touch the database.
    Raises SettingError when a variable holds something unusable.
    """
    import config
    from app import (
        built,
        extensions,
        faces,
        guard,
        language,
        logs,
        refusals,
        rooms,
        security,
        words,
    )

    settings = settings or config.Settings.from_environ()
    settings.home.mkdir(parents=True, exist_ok=True)
    keys = config.web_keys(settings)

    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder="static")
    app.testing = testing
    app.config.from_mapping(settings.flask(keys))
    app.extensions["settings"] = settings
    app.extensions["keys"] = keys

    built.init(app)
    words.refresh()
    logs.init(app, settings.log_format)
    extensions.init(app)
    security.trust_proxies(app, settings.trusted_proxies)
    security.init(app)
    built.init(app)
    language.init(app)
    faces.init(app)
    refusals.init(app)
    guard.init(app)
    rooms.register(app, ROOMS)
    return app
