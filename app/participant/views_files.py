"""What a guest takes along: the letter as PDF, the calendar file."""

from __future__ import annotations

from flask import make_response
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import invitation_texts as texts
from app import letter_sheets
from app.extensions import db, settings
from app.guard import open_to
from app.language import language
from app.participant import bp
from app.participant.opening import open_link
from app.printer import printer
from cohorts.convenings import calendar
from cohorts.directory.contacts import mail_address
from cohorts.ground.clock import day_in
from cohorts.ground.files import FileStore


@bp.get("/<token>/invitation.pdf")
@open_to("guest")
def letter_pdf(token: str) -> Response:
    """The letter, typeset; an official document, so always Indonesian."""
    opened = open_link(token)
    session = db.session()
    desk = letter_sheets.desk(session, opened.convening, opened.now)
    sheet = letter_sheets.to_guest(desk, opened.state, opened.link)
    emblem = letter_sheets.emblem(session, desk, FileStore(settings().files_dir))
    response = make_response(printer().letters([sheet], emblem))
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
