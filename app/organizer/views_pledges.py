"""Commitments: the text and its versions, who is asked, who signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response
from wtforms import ValidationError

from app.extensions import db, keys
from app.filters import day_of, utc_now
from app.forms import options
from app.guard import actor, needs
from app.language import language
from app.mail.compose import page
from app.organizer import bp
from app.organizer.fields import which
from app.organizer.forms_pledges import SPARE, OfferForm, PressForm, TextForm, WithdrawForm
from app.organizer.views_cohort import name_of, tabs_of
from app.refusals import beside
from app.unit import unit
from cohorts.convenings.tables import PLANNED, Convening
from cohorts.directory.offices import HEAD, office_name, region_name, roles
from cohorts.directory.regions import finder
from cohorts.ground.access import Where, may
from cohorts.ground.links import Links
from cohorts.ground.refusal import Refusal
from cohorts.pledges import affirming, offers, withdrawing
from cohorts.pledges import text as texts
from cohorts.pledges.affirming import Matter
from cohorts.pledges.tables import Decline, Pledge, PledgeText, Signature, Withdrawal
from cohorts.programme import cohort as cohorts
from cohorts.programme.tables import Cohort

Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Asked:
    """An office that was asked, and how it stands. ``link`` is there while it may sign, ``matter``
    where it signed: how its holder of today stands to that."""

    pledge: Pledge
    state: str
    signature: Signature | None
    decline: Decline | None
    link: str | None
    matter: Matter | None


def _asked(session: Session, text: PledgeText) -> list[Asked]:
    """Everybody asked under a version, by region."""
    rows = session.execute(
        sa.select(Pledge, Signature, Withdrawal.signature_id)
        .outerjoin(Signature, Signature.pledge_id == Pledge.id)
        .outerjoin(Withdrawal, Withdrawal.signature_id == Signature.id)
        .where(
            Pledge.text_id == text.id,
            sa.or_(Pledge.voided_at.is_(None), Signature.id.is_not(None)))
        .options(joinedload(Pledge.region), joinedload(Pledge.office))
        .order_by(Pledge.region_code)
    ).all()
    declines = {
        d.pledge_id: d
        for d in session.scalars(
            sa.select(Decline)
            .where(Decline.pledge_id.in_([row[0].id for row in rows]))
            .order_by(Decline.n))
    }
    links = Links(keys().link)
    signed = [signature for _pledge, signature, gone in rows if signature and not gone]
    matters = {m.signature.id: m for m in affirming.matters(session, signed, utc_now())}
    found = []
    for pledge, signature, withdrawn in rows:
        decline = declines.get(pledge.id)
        state = (
            "withdrawn" if withdrawn else "signed" if signature else "declined" if decline
            else "offered")
        open_link = None
        if signature is None and text.state == "published":
            open_link = page("signing", links.make("signing", pledge.id, pledge.generation))
        matter = matters.get(signature.id) if signature is not None else None
        found.append(Asked(pledge, state, signature, decline, open_link, matter))
    return found


def _common(cohort: Cohort) -> dict[str, Any]:
    return {
        "cohort": cohort, "name": name_of(cohort), "tabs": tabs_of(cohort, "pledges"),
        "press": PressForm(),
        "may_edit": bool(may(actor(), "pledge.edit", Where(cohort_id=cohort.id))),
    }


@bp.get("/cohorts/<cohort_id>/pledges")
@needs("pledge.see")
def pledges(cohort_id: str) -> str:
    """Show the versions, and who is asked and has signed under the one in force."""
    session = db.session()
    cohort = cohorts.cohort(session, cohort_id)
    versions = texts.texts_of(session, cohort_id)
    chosen = next((t for t in versions if t.id == request.args.get("text")), None)
    current = chosen or next((t for t in versions if t.state == "published"), None)
    rows = _asked(session, current) if current is not None else []
    counts = {s: sum(1 for r in rows if r.state == s) for s in (
        "signed", "offered", "declined", "withdrawn")}
    return render_template(
        "organizer/pledges.html", versions=versions, current=current, rows=rows, counts=counts,
        draft=next((t for t in versions if t.state == "draft"), None),
        office_name=office_name, region_name=region_name, **_common(cohort))


def _choices(form: TextForm, cohort_id: str, kept: str | None = None) -> None:
    english = language() == "en"
    places = db.session.scalars(
        sa.select(Convening)
        .where(
            Convening.cohort_id == cohort_id,
            sa.or_(Convening.state.in_((*PLANNED, "in_progress")), Convening.id == kept))
        .order_by(Convening.number))
    form.convening_id.choices = options(
        (c.id, f"{c.number}. {c.title_en if english else c.title_id}") for c in places)
    posts = [(HEAD, _("Kepala daerah"))]
    posts += [
        (r.key, r.title_en if english else r.title_id)
        for r in roles(db.session()) if r.level == "kabkota"]
    for entry in form.targets:
        entry.form.role_key.choices = options(posts)


@bp.route("/cohorts/<cohort_id>/pledges/new", methods=["GET", "POST"])
@needs("pledge.edit")
def pledge_new(cohort_id: str) -> Page:
    """Begin a text for one of the convenings that are still to come."""
    cohort = cohorts.cohort(db.session(), cohort_id)
    form = TextForm()
    _choices(form, cohort_id)
    status = 200
    if form.validate_on_submit():
        try:
            with unit() as session:
                made = texts.draft(
                    session, form.convening_id.data, form.draft(), actor=actor(), now=utc_now())
                made_id = made.id
            flash(_("Draf tersimpan. Belum ada yang dikirim."))
            return redirect(
                url_for("organizer.pledge_text", cohort_id=cohort_id, text_id=made_id))
        except Refusal as refused:
            beside(form, refused)
            status = 400
    elif request.method == "POST":
        status = 400
    cohort = cohorts.cohort(db.session(), cohort_id)
    return render_template(
        "organizer/pledges_text.html", form=form, text=None, **_common(cohort)), status


@bp.route("/cohorts/<cohort_id>/pledges/<text_id>", methods=["GET", "POST"])
@needs("pledge.edit")
def pledge_text(cohort_id: str, text_id: str) -> Page:
    """Edit a draft; a published text is shown as it stands."""
    text = _text(cohort_id, text_id)
    if text.state != "draft":
        return redirect(url_for("organizer.pledges", cohort_id=cohort_id, text=text_id))
    form = TextForm(data=_form_data(text))
    _choices(form, cohort_id, text.convening_id)
    status, theirs = 200, None
    if form.validate_on_submit():
        try:
            with unit() as session:
                texts.edit(
                    session, text_id, form.draft(), seen=int(form.seen.data or 0), actor=actor(),
                    now=utc_now())
            flash(_("Draf tersimpan. Belum ada yang dikirim."))
            return redirect(
                url_for("organizer.pledge_text", cohort_id=cohort_id, text_id=text_id))
        except Refusal as refused:
            beside(form, refused)
            status = 400
            if refused.code == "ground.stale":
                theirs = texts.as_draft(_text(cohort_id, text_id))
                form.seen.data = form.seen.raw_data = None
                form.seen.process_data(str(refused.facts["edit"]))
    elif request.method == "POST":
        status = 400
    text = _text(cohort_id, text_id)
    cohort = cohorts.cohort(db.session(), cohort_id)
    return render_template(
        "organizer/pledges_text.html", form=form, text=text, theirs=theirs,
        lacks=texts.missing(text), **_common(cohort)), status


def _form_data(text: PledgeText) -> dict[str, Any]:
    given = texts.as_draft(text)
    rows = [
        {"title": t.title, "criterion": t.criterion, "role_key": t.role_key, "due_on": t.due_on,
         "baseline": t.baseline.replace(".", ","), "target": t.target.replace(".", ","),
         "unit": t.unit}
        for t in given.targets
    ]
    rows += [{}] * SPARE
    return {
        "seen": str(text.edit), "convening_id": text.convening_id, "title": given.title,
        "preamble": given.preamble, "clauses": "\n".join(given.clauses), "closing": given.closing,
        "targets": rows,
    }


def _text(cohort_id: str, text_id: str) -> PledgeText:
    text = db.session.get(PledgeText, text_id)
    if text is None or text.cohort_id != cohort_id:
        raise Refusal("ground.not_found")
    return text


@bp.post("/cohorts/<cohort_id>/pledges/<text_id>/publish")
@needs("pledge.edit")
def pledge_publish(cohort_id: str, text_id: str) -> Page:
    """Freeze a draft; whoever had not signed the last version is asked anew."""
    _text(cohort_id, text_id)
    with unit() as session:
        text = offers.publish(session, text_id, actor=actor(), now=utc_now())
        version = text.version
    flash(_("Naskah versi %(n)s terbit dan tidak berubah lagi.", n=version))
    return redirect(url_for("organizer.pledge_offer", cohort_id=cohort_id, text_id=text_id))


@bp.post("/cohorts/<cohort_id>/pledges/<text_id>/revise")
@needs("pledge.edit")
def pledge_revise(cohort_id: str, text_id: str) -> Page:
    """Begin the next version as a copy."""
    _text(cohort_id, text_id)
    with unit() as session:
        made_id = texts.revise(session, text_id, actor=actor(), now=utc_now()).id
    return redirect(url_for("organizer.pledge_text", cohort_id=cohort_id, text_id=made_id))


@bp.route("/cohorts/<cohort_id>/pledges/<text_id>/offer", methods=["GET", "POST"])
@needs("pledge.edit")
def pledge_offer(cohort_id: str, text_id: str) -> Page:
    """Preview whom the text goes to, then ask them in one transaction."""
    text = _text(cohort_id, text_id)
    cohort = cohorts.cohort(db.session(), cohort_id)
    now = utc_now()
    found = offers.candidates(db.session(), text_id, on=day_of(now, cohort.timezone))
    free = [c for c in found if c.state in ("ready", "no_address")]
    form = OfferForm(data={"regions": [c.region.code for c in free]})
    form.regions.choices = options((c.region.code, c.region.full_name) for c in free)
    status = 200
    if form.validate_on_submit():
        try:
            codes = [*(form.regions.data or []), *_others(form.others.data)]
            with unit() as session:
                done = offers.offer(
                    session, text_id, region_codes=codes, actor=actor(), now=now)
                made = len(done.pledges)
            flash(ngettext(
                "Naskah ditawarkan kepada %(num)s daerah.",
                "Naskah ditawarkan kepada %(num)s daerah.", made))
            return redirect(url_for("organizer.pledges", cohort_id=cohort_id))
        except ValidationError as wrong:
            form.others.errors = [str(wrong)]
            status = 400
        except Refusal as refused:
            beside(form, refused)
            status = 400
    text = _text(cohort_id, text_id)
    cohort = cohorts.cohort(db.session(), cohort_id)
    return render_template(
        "organizer/pledges_offer.html", form=form, text=text, found=found, free=free,
        **_common(cohort)), status


def _others(value: str | None) -> list[str]:
    """Codes of regions named outside the list. Raises ValidationError for an unknown one."""
    known = finder(db.session())
    return [which(name.strip(), known).code for name in (value or "").split(";") if name.strip()]


@bp.post("/cohorts/<cohort_id>/pledges/void/<pledge_id>")
@needs("pledge.edit")
def pledge_void(cohort_id: str, pledge_id: str) -> Page:
    """Take an offer back before it is signed."""
    with unit() as session:
        offers.void(session, pledge_id, actor=actor(), now=utc_now())
    flash(_("Tawaran ditarik kembali. Tautannya tidak dapat dipakai menandatangani lagi."))
    return redirect(url_for("organizer.pledges", cohort_id=cohort_id))


@bp.route("/cohorts/<cohort_id>/pledges/withdraw/<signature_id>", methods=["GET", "POST"])
@needs("pledge.edit")
def pledge_withdraw(cohort_id: str, signature_id: str) -> Page:
    """Register that a signature is withdrawn."""
    signature = db.session.get(Signature, signature_id)
    if signature is None or signature.pledge.text.cohort_id != cohort_id:
        raise Refusal("ground.not_found")
    form = WithdrawForm()
    status = 200
    if form.validate_on_submit():
        try:
            with unit() as session:
                withdrawing.withdraw(
                    session, signature_id, form.reason.data, actor=actor(), now=utc_now())
            flash(_("Penarikan tercatat. Tindak lanjutnya tetap, dengan tanda."))
            return redirect(url_for("organizer.pledges", cohort_id=cohort_id))
        except Refusal as refused:
            beside(form, refused)
            status = 400
    elif request.method == "POST":
        status = 400
    signature = db.session.get(Signature, signature_id)
    cohort = cohorts.cohort(db.session(), cohort_id)
    return render_template(
        "organizer/pledges_withdraw.html", form=form, signature=signature,
        **_common(cohort)), status
