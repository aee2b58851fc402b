"""The organisers' room: a table of contents. Each module adds its routes to ``bp`` when imported.

Add a module to VIEWS to have its pages served.
"""

import importlib

from flask import Blueprint

bp = Blueprint("organizer", __name__, url_prefix="/o")

VIEWS = (
    "views_home",
    "views_mail",
    "views_accounts",
    "views_offices",
    "views_hand_over",
    "views_people",
    "views_members",
    "views_cohort",
    "views_convening",
    "views_programme",
    "views_clone",
    "views_calendar",
    "views_polls",
    "views_poll",
    "views_days",
    "views_invite",
    "views_letters",
    "views_letterheads",
    "views_texts",
    "views_guests",
    "views_guest_seats",
    "views_places",
    "views_needs",
    "views_guest",
    "views_reminders",
    "views_announcement",
    "views_calls",
    "views_delivery",
    "views_guest_mail",
    "views_visits",
    "views_scores",
    "views_import",
    "views_import_people",
    "views_directory",
    "views_meeting",
    "views_closing",
    "views_door",
    "views_minutes",
    "views_pledges",
    "views_affirm",
    "views_items",
    "views_item",
    "views_verify",
)

for _name in VIEWS:
    importlib.import_module(f"app.organizer.{_name}")
