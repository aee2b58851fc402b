"""Succession and a commitment: who is asked about what was signed before them, what they said."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.extensions import db
from app.filters import utc_now
from app.forms import page_status
from app.guard import actor, needs
from app.language import language
from app.organizer import bp
from app.organizer.forms_pledges import AFFIRMATIONS, AffirmForm
from app.organizer.views_cohort import name_of
from app.refusals import beside
from app.unit import unit
from cohorts.directory.contacts import confirmed_addresses, reachable
from cohorts.directory.offices import office_name, region_name
from cohorts.ground.access import Where, may
from cohorts.ground.clock import day_in
from cohorts.ground.refusal import Refusal
from cohorts.pledges import affirming
from cohorts.pledges.tables import Signature
from cohorts.programme import cohort as cohorts

Page = str | Response | tuple[str, int]


def _signature(cohort_id: str, signature_id: str) -> Signature:
    found = db.session.get(Signature, signature_id)
    if found is None or found.pledge.text.cohort_id != cohort_id:
        raise Refusal("ground.not_found")
    return found


def _request(cohort_id: str, signature_id: str) -> str:
    """The question that stands open with the holder of today."""
    signature = _signature(cohort_id, signature_id)
    (matter,) = affirming.matters(db.session(), [signature], utc_now())
    if matter.asked is None:
        raise Refusal("pledges.not_asked")
    return matter.asked.request.id


def _back(cohort_id: str, signature_id: str) -> Response:
    return redirect(url_for(
        "organizer.affirmation", cohort_id=cohort_id, signature_id=signature_id))


@bp.route("/cohorts/<cohort_id>/pledges/affirm", methods=["GET", "POST"])
@needs("pledge.edit")
def affirmation_all(cohort_id: str) -> Page:
    """Preview which successors have not been asked, then ask them in one transaction."""
    session = db.session()
    cohort = cohorts.cohort(session, cohort_id)
    if request.method == "POST":
        with unit() as own:
            asked = len(affirming.ask_all(own, cohort_id, actor=actor(), now=utc_now()))
        flash(ngettext(
            "%(num)s penerus ditanya.", "%(num)s penerus ditanya.", asked))
        return redirect(url_for("organizer.pledges", cohort_id=cohort_id))
    now = utc_now()
    found = affirming.to_ask(session, cohort_id, now)
    sure = reachable(
        session, [m.signature.pledge.office_id for m in found], day_in(now, cohort.timezone))
    return render_template(
        "organizer/affirmation_all.html", found=found, sure=sure, cohort=cohort,
        name=name_of(cohort), office_name=office_name, region_name=region_name)


@bp.get("/cohorts/<cohort_id>/pledges/affirm/<signature_id>")
@needs("pledge.see")
def affirmation(cohort_id: str, signature_id: str) -> Page:
    """Show who was asked about a signature, and what came back."""
    return _page(cohort_id, signature_id, AffirmForm())


@bp.post("/cohorts/<cohort_id>/pledges/affirm/<signature_id>/ask")
@needs("pledge.edit")
def affirmation_ask(cohort_id: str, signature_id: str) -> Page:
    """Put the commitment to whoever holds the office now."""
    _signature(cohort_id, signature_id)
    with unit() as session:
        asked = affirming.ask(session, signature_id, actor=actor(), now=utc_now())
        who = asked.appointment.person.full_name
    flash(_("Pertanyaan kepada %(name)s tercatat.", name=who))
    return _back(cohort_id, signature_id)


@bp.post("/cohorts/<cohort_id>/pledges/affirm/<signature_id>/revoke")
@needs("pledge.edit")
def affirmation_revoke(cohort_id: str, signature_id: str) -> Page:
    """Take the question back: its link stops working."""
    request_id = _request(cohort_id, signature_id)
    with unit() as session:
        affirming.revoke(session, request_id, actor=actor(), now=utc_now())
    flash(_("Pertanyaan ditarik. Tautannya tidak berlaku lagi."))
    return _back(cohort_id, signature_id)


@bp.post("/cohorts/<cohort_id>/pledges/affirm/<signature_id>/record")
@needs("pledge.edit")
def affirmation_record(cohort_id: str, signature_id: str) -> Page:
    """Record what the successor answered by letter."""
    request_id = _request(cohort_id, signature_id)
    form = AffirmForm()
    if form.validate_on_submit():
        try:
            with unit() as session:
                affirming.answer(
                    session, request_id, form.answer.data, form.note.data or "", actor=actor(),
                    now=utc_now())
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(_("Pernyataan penerus tercatat."))
            return _back(cohort_id, signature_id)
    return _page(cohort_id, signature_id, form)


def _page(cohort_id: str, signature_id: str, form: AffirmForm) -> Page:
    session = db.session()
    signature = _signature(cohort_id, signature_id)
    cohort = cohorts.cohort(session, cohort_id)
    pledge = signature.pledge
    now = utc_now()
    zone = pledge.text.convening.timezone
    (matter,) = affirming.matters(session, [signature], now)
    sure = confirmed_addresses(session, pledge.office_id, day_in(now, zone))
    lang = language()
    may_edit = bool(may(actor(), "pledge.edit", Where(cohort_id=cohort_id)))
    letter = affirming.message_of(session, matter.asked.request) if matter.asked else None
    address = sure[0].value if sure else None
    return render_template(
        "organizer/affirmation.html", form=form, cohort=cohort, name=name_of(cohort),
        signature=signature, matter=matter, zone=zone, office=office_name(pledge.office, lang),
        region=region_name(pledge.region, lang), may_edit=may_edit, letter=letter,
        questions=affirming.of_signatures(session, [signature_id]).get(signature_id, []),
        said=AFFIRMATIONS, address=address,
        open_form=request.method == "POST"), page_status()
