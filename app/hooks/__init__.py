"""What other machines post to us: no session, no cookie, no form; their signature is the right."""

import importlib

from flask import Blueprint

from app.extensions import csrf

bp = Blueprint("hooks", __name__, url_prefix="/hooks")
csrf.exempt(bp)

VIEWS = ("views_sendgrid",)

for _name in VIEWS:
    importlib.import_module(f"app.hooks.{_name}")
