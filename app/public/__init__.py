"""The room of the public: a table of contents.

/                          the two answers, at any date (?at=)
/c/<slug>                  one cohort
/c/<slug>/calendar.ics     its convenings, to be subscribed to
/c/<slug>/rows/<key>       the rows behind a figure (?at=)
/method                    how everything is counted
/v/  /v/<code>             check a commitment; its document and receipt for checking without us
/log/checkpoint            the newest signed head of the log
/privacy                   what is kept, and what is not
/lost-link                 a lost invitation, sent to a confirmed address only

Each module of views adds its routes to ``bp`` when imported.
"""

import importlib

from flask import Blueprint

bp = Blueprint("public", __name__)

VIEWS = (
    "views_front", "views_cohort", "views_feed", "views_verify", "views_words", "views_lost_link",
)

for _name in VIEWS:
    importlib.import_module(f"app.public.{_name}")
