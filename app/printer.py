"""The web server's own typesetter, made when a document is first asked for."""

from __future__ import annotations

from flask import current_app

from app.adapters.print import Printer
from app.worker import FONTS, TEMPLATES


def printer() -> Printer:
    """The compiler with its fonts, one for each running application."""
    made = current_app.extensions.get("printer")
    if made is None:
        made = current_app.extensions["printer"] = Printer(TEMPLATES, FONTS)
    assert isinstance(made, Printer)
    return made
