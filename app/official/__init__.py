"""The room of the official who signs: a table of contents.

/s/<token>              the text (read), or what changed in it since it was offered
/s/<token>/sign         draw or type, and agree
/s/<token>/check        once more before the code is sent
/s/<token>/code         the code; the right one signs
/s/<token>/receipt      what is recorded
/s/<token>/decline      not signing, with a reason; /declined says what is recorded then
/s/affirm/<token>       a successor and what was signed before them; /done says what is recorded

Opening a page signs nothing. Each module of views adds its routes to ``bp`` when imported.
"""

import importlib

from flask import Blueprint

bp = Blueprint("official", __name__, url_prefix="/s")

VIEWS = ("views_read", "views_sign", "views_decline", "views_affirm")

for _name in VIEWS:
    importlib.import_module(f"app.official.{_name}")
