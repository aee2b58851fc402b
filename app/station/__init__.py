"""The room of the station pages: a table of contents. Each module adds its routes to ``bp``.

Add a module to VIEWS to have its pages served.
"""

import importlib

from flask import Blueprint

bp = Blueprint("station", __name__, url_prefix="/d")

VIEWS: tuple[str, ...] = ()

for _name in VIEWS:
    importlib.import_module(f"app.station.{_name}")
