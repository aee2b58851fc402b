"""The room of the station pages: a table of contents. Each module adds its routes to ``bp``.

GET  /d/enrol/<token>   ask     POST  enrol         GET  /d/ready
GET  /d/                scan    POST  /d/admit      GET  /d/said/<client_id>
GET  /d/code            type    POST  /d/code
GET  /d/search          find    GET, POST  /d/guest/<person_id>    POST  /d/guest/<person_id>/move
GET  /d/log             recent  GET, POST  /d/undo/<act_id>
POST /d/pulse           counts for the page, and that the station is at work
"""

import importlib

from flask import Blueprint

bp = Blueprint("station", __name__, url_prefix="/d")

VIEWS = (
    "views_enrol",
    "views_scan",
    "views_desk",
)

for _name in VIEWS:
    importlib.import_module(f"app.station.{_name}")
