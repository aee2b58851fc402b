"""What a reply says beyond yes and no: who comes along, what whoever comes needs."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.forms import options, page_status
from app.guard import open_to
from app.participant import bp
from app.participant.forms_guest import CompanionsForm, NeedsForm
from app.participant.opening import common, open_link, slow_down
from app.refusals import beside
from app.unit import unit
from cohorts.convenings import companions as rules
from cohorts.convenings import needs as wishes
from cohorts.ground.refusal import Refusal

Page = str | Response | tuple[str, int]


@bp.route("/<token>/companions", methods=["GET", "POST"])
@open_to("guest")
def companions(token: str) -> Page:
    """Ask how many come along and how they are called; record it."""
    opened = open_link(token)
    granted = opened.companions
    if not granted or opened.closed or opened.convening.state == "draft":
        return redirect(url_for("participant.invitation", token=token))
    form = CompanionsForm()
    form.number.choices = options(
        (str(n), str(n) if n else _("tidak ada")) for n in range(len(granted) + 1))
    names = [rules.name_of(state) for state in granted]
    if not form.is_submitted():
        form.number.data = str(sum(state.wanted for state in granted))
    else:
        names = [request.form.get(f"name-{n}", "") for n in range(1, len(granted) + 1)]
    if form.validate_on_submit():
        slow_down(opened)
        try:
            with unit() as session:
                rules.bring(
                    session, opened.invitation.id, names[: int(form.number.data)], opened.actor,
                    opened.now)
            return redirect(url_for("participant.invitation", token=token))
        except Refusal as refusal:
            if refusal.code == "ground.not_allowed":
                raise
            beside(form, Refusal(refusal.code, field="number", **refusal.facts))
    return render_template(
        "participant/companions.html", form=form, names=names, **common(opened)), page_status()


@bp.route("/<token>/needs", methods=["GET", "POST"])
@open_to("guest")
def needs(token: str) -> Page:
    """Ask what whoever comes eats or needs to get in; only that person's link, or the office that
    comes itself, opens it."""
    opened = open_link(token)
    if opened.closed or not opened.may_tell:
        return redirect(url_for("participant.invitation", token=token))
    form = NeedsForm()
    known = wishes.of_seat(db.session(), opened.seat_id)
    if known is not None and not form.is_submitted():
        form.diet.data, form.access.data = known.diet, known.access
    if form.validate_on_submit():
        slow_down(opened)
        try:
            with unit() as session:
                wishes.tell(
                    session, opened.seat_id, form.diet.data or "", form.access.data or "",
                    opened.actor, opened.now)
            return redirect(url_for("participant.invitation", token=token))
        except Refusal as refusal:
            if refusal.code == "ground.not_allowed":
                raise
            beside(form, refusal)
    return render_template("participant/needs.html", form=form, **common(opened)), page_status()
