"""More seats for one invitation: companions, or a post that the office is asked to send."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms import IntegerField, SelectField
from wtforms.validators import NumberRange

from app.extensions import db
from app.filters import utc_now
from app.forms import Form, options
from app.guard import actor, needs
from app.organizer import bp
from app.organizer.views_invite import post_words
from app.refusals import say
from app.unit import unit
from cohorts.convenings import chairs
from cohorts.convenings.seat_tables import MOST_SEATS
from cohorts.convenings.tables import Invitation
from cohorts.ground.refusal import Refusal


class SeatsForm(Form):
    """How many seats are added, of which kind."""

    kind = SelectField(_l("Kursi untuk"))
    number = IntegerField(
        _l("Jumlah orang"), [NumberRange(1, MOST_SEATS)], default=1,
        render_kw={"min": 1, "max": MOST_SEATS, "inputmode": "numeric"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options([("", _("Pendamping")), *post_words().items()])


@bp.post("/convenings/<convening_id>/guests/<invitation_id>/seats")
@needs("convening.invite")
def guest_seats(convening_id: str, invitation_id: str) -> Response:
    """Give one invitation more seats; the office finds them under its link."""
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is None or invitation.convening_id != convening_id:
        raise Refusal("ground.not_found")
    form = SeatsForm()
    if not form.validate_on_submit():
        flash(_("Isi jumlah kursi dari 1 sampai %(most)s.", most=MOST_SEATS), "error")
    else:
        try:
            with unit() as session:
                added = chairs.more(
                    session, convening_id, invitation_id, form.kind.data or None,
                    form.number.data, actor(), utc_now())
            flash(ngettext("%(n)s kursi ditambahkan.", "%(n)s kursi ditambahkan.", added, n=added))
        except Refusal as refusal:
            if not refusal.code.startswith("convenings."):
                raise
            flash(say(refusal).line, "error")
    return redirect(
        url_for("organizer.guest", convening_id=convening_id, invitation_id=invitation_id))
