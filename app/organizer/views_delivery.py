"""How every invitation of a convening fares on its way, and what to do where it did not arrive."""

from __future__ import annotations

from collections import Counter

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.extensions import db
from app.filters import utc_now
from app.forms import page_status
from app.guard import actor, needs
from app.organizer import bp
from app.organizer.forms_delivery import AddressForm
from app.organizer.guest_rows import office_word, region_word
from app.organizer.views_cohort import name_of
from app.organizer.views_convening import tabs_of, title_of
from app.refusals import beside
from app.unit import unit
from cohorts.convenings import chain, delivery, guest_mail
from cohorts.convenings import convening as convenings
from cohorts.convenings.delivery import PLACES
from cohorts.convenings.invitation import OPEN
from cohorts.directory.contacts import mail_address
from cohorts.ground.access import Where, may
from cohorts.ground.clock import day_in
from cohorts.ground.refusal import Refusal

Page = str | Response | tuple[str, int]

SIZE = 50


@bp.get("/convenings/<convening_id>/delivery")
@needs("convening.invite")
def delivery_board(convening_id: str) -> str:
    """Show where every invitation stands, those to be seen to first; filter by it."""
    found = convenings.get(db.session(), convening_id)
    every = delivery.board(db.session(), convening_id, utc_now())
    counts = Counter(line.place for line in every)
    place = request.args.get("place", "")
    place = place if place in PLACES else ""
    lines = [line for line in every if not place or line.place == place]
    pages = max(1, -(-len(lines) // SIZE))
    page = min(max(1, request.args.get("page", 1, type=int) or 1), pages)
    return render_template(
        "organizer/delivery.html", convening=found, cohort=found.cohort,
        cohort_name=name_of(found.cohort), title=title_of(found), tabs=tabs_of(found, "guests"),
        lines=lines[(page - 1) * SIZE:page * SIZE], total=len(every), shown=len(lines), page=page,
        pages=pages, size=SIZE, place=place, counts=counts, places=PLACES,
        waiting=guest_mail.waiting(db.session(), convening_id),
        office_word=office_word, region_word=region_word, running=found.state in OPEN,
        may_edit=bool(may(actor(), "directory.edit", Where(cohort_id=found.cohort_id))))


@bp.post("/convenings/<convening_id>/delivery")
@needs("convening.invite")
def delivery_again(convening_id: str) -> Response:
    """Send one invitation again, from the list."""
    state = chain.who_comes(db.session(), request.form.get("invitation", ""), utc_now())
    if state is None or state.convening_id != convening_id:
        raise Refusal("ground.not_found")
    with unit() as session:
        sent = delivery.send_again(session, state.invitation_id, actor(), utc_now())
    flash(ngettext("%(n)s undangan dikirim ulang.", "%(n)s undangan dikirim ulang.", 1, n=1)
          if sent else _("Undangan ini masih menunggu dikirim."))
    place = request.form.get("place", "")
    return redirect(url_for("organizer.delivery_board", convening_id=convening_id,
                            place=place if place in PLACES else None))


@bp.route("/convenings/<convening_id>/guests/<invitation_id>/address", methods=["GET", "POST"])
@needs("convening.invite")
def delivery_address(convening_id: str, invitation_id: str) -> Page:
    """Put the address right and send the invitation there."""
    now = utc_now()
    found = convenings.get(db.session(), convening_id)
    state = chain.who_comes(db.session(), invitation_id, now)
    if state is None or state.convening_id != convening_id:
        raise Refusal("ground.not_found")
    point = mail_address(db.session(), state.office_id, day_in(now, found.timezone))
    known = point.value if point is not None else ""
    form = AddressForm()
    if request.method == "GET":
        form.seen.data = known
    if form.validate_on_submit():
        try:
            with unit() as session:
                revoked = delivery.correct_address(
                    session, invitation_id, form.value.data, form.source.data, actor(), now,
                    seen=form.seen.data or "", confirmed=bool(form.confirmed.data))
        except Refusal as refusal:
            form.seen.data = known
            beside(form, refusal)
        else:
            flash(_("Alamat diperbaiki dan undangan dikirim ke sana. Tautan yang lama tidak "
                    "berlaku lagi.") if revoked else
                  _("Alamat diperbaiki dan undangan dikirim ke sana."))
            return redirect(url_for("organizer.delivery_board", convening_id=convening_id))
    return render_template(
        "organizer/delivery_address.html", form=form, convening=found, cohort=found.cohort,
        state=state, known=known, office=office_word(state), region=region_word(state),
    ), page_status()
