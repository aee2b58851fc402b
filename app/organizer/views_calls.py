"""The call list: whom mail cannot reach, with numbers and the text for WhatsApp."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import invitation_texts as texts
from app import wording
from app.extensions import db
from app.filters import utc_now
from app.guard import actor, needs
from app.organizer import bp
from app.organizer.guest_rows import office_word, region_word
from app.organizer.views_cohort import name_of
from app.organizer.views_convening import tabs_of, title_of
from app.unit import unit
from cohorts.convenings import call_list, own_texts
from cohorts.convenings import convening as convenings
from cohorts.convenings.call_list import Call
from cohorts.convenings.invitation import OPEN
from cohorts.convenings.tables import Invitation
from cohorts.ground.access import Where, may
from cohorts.ground.refusal import Refusal


@bp.get("/convenings/<convening_id>/calls")
@needs("convening.invite")
def calls(convening_id: str) -> str:
    """List the offices that mail cannot reach, those who have not answered first."""
    session = db.session()
    found = convenings.get(session, convening_id)
    lines = call_list.calls(session, convening_id, utc_now()) if found.state in OPEN else []
    said = own_texts.texts(session, convening_id)

    def text(call: Call) -> str:
        link = texts.invitation_link(call.state.invitation_id, call.state.generation)
        return wording.chat(said, found, call.state, link, "id")

    return render_template(
        "organizer/calls.html", convening=found, cohort=found.cohort,
        cohort_name=name_of(found.cohort), title=title_of(found), tabs=tabs_of(found, "guests"),
        lines=lines, text=text, office_word=office_word, region_word=region_word,
        may_edit=bool(may(actor(), "directory.edit", Where(cohort_id=found.cohort_id))))


@bp.post("/convenings/<convening_id>/calls/<invitation_id>")
@needs("convening.invite")
def call_passed_on(convening_id: str, invitation_id: str) -> Response:
    """Tick that the invitation was passed on by hand, or take the tick back."""
    done = request.form.get("done") != "no"
    with unit() as session:
        row = session.get(Invitation, invitation_id)
        if row is None or row.convening_id != convening_id:
            raise Refusal("ground.not_found")
        call_list.pass_on(session, invitation_id, actor(), utc_now(), done=done)
    flash(_("Dicatat: undangan sudah diteruskan.") if done else _("Catatan penerusan dihapus."))
    return redirect(url_for("organizer.calls", convening_id=convening_id))
