"""Who is reminded of what and when: read before it happens, and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.extensions import db
from app.filters import utc_now
from app.guard import needs
from app.organizer import bp
from app.organizer.guest_rows import office_word, region_word
from app.organizer.views_cohort import name_of
from app.organizer.views_convening import tabs_of, title_of
from app.organizer.views_mail import shown_state
from cohorts.convenings import convening as convenings
from cohorts.convenings import reminders
from cohorts.convenings.reminders import Outlook, Recipient

STEP_WORDS = {
    "reply_7": _l("Tujuh hari sebelum tenggat jawaban"),
    "reply_3": _l("Tiga hari sebelum tenggat jawaban"),
    "reply_last": _l("Menjelang tenggat jawaban"),
    "coming": _l("Sehari sebelum pertemuan"),
}
SHOWN = 100
"""Names listed of one reminder; the rest is counted."""


@dataclass(frozen=True)
class Part:
    """One reminder on the page."""

    name: str
    at: datetime
    over: bool
    outlook: Outlook


@bp.get("/convenings/<convening_id>/reminders")
@needs("convening.see")
def reminders_page(convening_id: str) -> str:
    """Show each reminder: its moment, to whom it went, and who gets it as answers stand now."""
    session, now = db.session(), utc_now()
    found = convenings.get(session, convening_id)
    parts = [
        Part(str(STEP_WORDS[one.step.name]), one.step.at, now >= one.step.until, one)
        for one in reminders.outlook(session, found, now)
    ]
    return render_template(
        "organizer/reminders.html", convening=found, cohort=found.cohort,
        cohort_name=name_of(found.cohort), title=title_of(found), tabs=tabs_of(found, "guests"),
        parts=parts, who=_who, region_word=region_word, shown_state=shown_state, most=SHOWN)


def _who(one: Recipient) -> str:
    """Who gets it: the office, or the deputy by post for the office."""
    office = office_word(one.state)
    if one.deputy is None:
        return office
    return str(_("%(deputy)s, mewakili %(office)s", deputy=one.deputy.post, office=office))
