"""The room of the guests: a table of contents.

/u/<token>                    the invitation, or what is recorded for it; also a deputy's own page
/u/<token>/attend             POST: the office comes          /name: the name on the table card
/u/<token>/decline            the reason, and POST            /change: the answers once more
/u/<token>/delegate           who comes instead               /delegated: the link to pass on
/u/<token>/revoke             POST: take the hand-over back
/u/<token>/letter             the surat tugas                 /mandate: the code for signing
/u/<token>/invitation.pdf     the letter                      /calendar.ics: the event
/u/<token>/materials/<id>     what is handed out in a session
/u/pass/<token>               the pass                        /pass.png: its picture
/u/feed/<token>/living-lab.ics  a person's convenings, or one convening, to be subscribed to
/u/items/<token>              what the region owes            /<item>: the report on one item
/u/items/<token>/<item>/time  ask for a later date            /withdraw: take a claim back
/u/dates/<token>              which of several dates suits the region, or what was said

Opening a page changes nothing. Each module adds its routes to ``bp`` when imported.
"""

import importlib

from flask import Blueprint

bp = Blueprint("participant", __name__, url_prefix="/u")

VIEWS: tuple[str, ...] = (
    "views_invitation",
    "views_companions",
    "views_delegate",
    "views_files",
    "views_materials",
    "views_pass",
    "views_feed",
    "views_items",
    "views_dates",
)

for _name in VIEWS:
    importlib.import_module(f"app.participant.{_name}")
