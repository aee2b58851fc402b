"""What a guest takes along: the letter as PDF, the calendar file."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from flask import make_response
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import invitation_texts as texts
from app.adapters.print import Printer
from app.extensions import db, settings
from app.guard import open_to
from app.language import language
from app.participant import bp
from app.participant.opening import open_link
from cohorts.convenings import calendar
from cohorts.directory.contacts import mail_address
from cohorts.ground.clock import day_in

ROOT = Path(__file__).resolve().parent.parent.parent
FONTS = ROOT / "app" / "static" / "dist" / "fonts-print"


@bp.get("/<token>/invitation.pdf")
@open_to("guest")
def letter_pdf(token: str) -> Response:
    """The letter, typeset; an official document, so always Indonesian."""
    opened = open_link(token)
    sheet = texts.letter_sheet(opened.convening, opened.invitation, opened.state, opened.link)
    response = make_response(_printer().letter(sheet))
    response.mimetype = "application/pdf"
    name = _("undangan-pertemuan-%(n)s.pdf", n=opened.convening.number)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@bp.get("/<token>/calendar.ics")
@open_to("guest")
def calendar_ics(token: str) -> Response:
    """The same event as in the mail: taking both gives one entry."""
    opened = open_link(token)
    state = opened.state
    says = {"attending": "ACCEPTED", "delegated": "ACCEPTED"}.get(state.state, "NEEDS-ACTION")
    facts = calendar.facts(db.session(), opened.invitation, partstat=says)
    day = day_in(opened.now, opened.convening.timezone)
    point = mail_address(db.session(), state.office_id, day)
    data = texts.calendar_file(
        facts, opened.invitation.id,
        email=point.value if point is not None else settings().mail_from,
        name=texts.office_of(state, language()), link=opened.link, lang=language())
    response = make_response(data)
    response.mimetype = "text/calendar"
    response.headers["Content-Disposition"] = 'attachment; filename="living-lab.ics"'
    return response


@lru_cache(maxsize=1)
def _printer() -> Printer:
    return Printer(ROOT / "templates" / "print", FONTS)
