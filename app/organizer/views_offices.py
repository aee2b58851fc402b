"""One office: who holds it and held it, where it is reached."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.filters import day_of, utc_now
from app.forms import options, page_status
from app.guard import actor, needs
from app.organizer import bp, tenure
from app.organizer.fields import named
from app.organizer.forms_directory import (
    CHANNEL_WORDS,
    LABEL_WORDS,
    STANDING_WORDS,
    AppointmentForm,
    ContactForm,
)
from app.organizer.views_directory import may_edit
from app.refusals import beside
from app.unit import unit
from cohorts.directory import appointments, contacts, offices, people, timeline
from cohorts.directory.offices import office_name
from cohorts.directory.tables import Office, Person
from cohorts.ground.refusal import Refusal
from cohorts.turns import hand_over

Page = str | Response | tuple[str, int]
NEW = "new"
ONE_DAY = dt.timedelta(days=1)  # an appointment ends on the first day without it


def zone_of(found: Office) -> str:
    """The zone of the office's region; of the capital where it has none."""
    region = found.organisation.region
    return region.timezone if region is not None else "Asia/Jakarta"


def common_of(found: Office) -> dict[str, Any]:
    """What every page about an office prints."""
    return {
        "office": found,
        "region": found.organisation.region,
        "named": named,
        "office_name": office_name,
        "today": day_of(utc_now(), zone_of(found)),
        "now": utc_now(),
        "one_day": ONE_DAY,
    }


def _told_apart(found: Person) -> str:
    """A name, with the end of the NIP where there is one: namesakes are common."""
    ending = people.masked_nip(found.nip)
    return f"{found.full_name} (NIP {ending})" if ending else found.full_name


@bp.get("/directory/offices/<office_id>")
@needs("directory.see")
def office(office_id: str) -> str:
    """Show an office: its time line, and its addresses."""
    session = db.session()
    found = offices.office(session, office_id)
    common = common_of(found)
    today = common["today"]
    held = appointments.history(session, office_id)
    gone = hand_over.last_ended(session, office_id, today) if may_edit() else None
    return render_template(
        "organizer/directory_office.html", **common, held=held,
        holder=appointments.holder(session, office_id, today),
        pool=appointments.members_of_pool(session, office_id, today) if found.pool else [],
        spans=[] if found.pool else tenure.spans(held, today),
        rows=timeline.of_office(session, office_id, today=today, zone=zone_of(found)),
        left=hand_over.legacy(session, gone.id, day=today, actor=actor(), now=common["now"])
        if gone is not None else None,
        contacts=contacts.contacts_of(session, office_id, today),
        best=contacts.mail_address(session, office_id, today),
        stand_ins=offices.stand_ins(session, found.role_key), may_edit=may_edit(),
        standing_words=STANDING_WORDS, channel_words=CHANNEL_WORDS, label_words=LABEL_WORDS)


@bp.route("/directory/offices/<office_id>/appointments/new", methods=["GET", "POST"])
@needs("directory.edit")
def appointment_new(office_id: str) -> Page:
    """Record who holds an office from a day on: somebody known, or a new person."""
    found = offices.office(db.session(), office_id)
    words = request.args.get("q", "").strip()[:100]
    candidates = people.search(db.session(), words, limit=10) if words else []
    form = AppointmentForm(from_on=day_of(utc_now(), zone_of(found)))
    chosen = form.person_id.data
    if request.method == "POST" and chosen and chosen != NEW:
        known = db.session.get(Person, chosen)
        candidates = [known] if known is not None else []
    form.person_id.choices = options(
        [*((p.id, _told_apart(p)) for p in candidates), (NEW, _("Orang baru"))])
    if request.method == "GET":
        form.person_id.data = candidates[0].id if candidates else NEW
    form.standing.choices = options(STANDING_WORDS.items())
    if form.validate_on_submit():
        try:
            with unit() as session:
                person_id = form.person_id.data
                if person_id == NEW:
                    person_id = people.add_person(
                        session, name=form.name.data, front_title=form.front_title.data or "",
                        back_title=form.back_title.data or "", nip=form.nip.data, actor=actor(),
                        now=utc_now()).id
                _made, ended = hand_over.succeed(
                    session, office_id=office_id, person_id=person_id,
                    standing=form.standing.data, from_on=form.from_on.data,
                    end_others=form.succeed.data, actor=actor(), now=utc_now())
                before = ended[0].id if ended else None
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(_("Pemangku jabatan tersimpan."))
            return redirect(_after(office_id, before))
    found = offices.office(db.session(), office_id)
    common = common_of(found)
    holder = appointments.holder(db.session(), office_id, common["today"])
    left = None
    if holder is not None and holder.until_on is None:
        left = hand_over.legacy(
            db.session(), holder.id, day=common["today"], actor=actor(), now=utc_now())
    return render_template(
        "organizer/directory_appointment.html", **common, form=form, words=words,
        candidates=candidates, holder=holder, left=left,
        channel_words=CHANNEL_WORDS), page_status()


def _after(office_id: str, ended_id: str | None) -> str:
    """Where a succession leads: to what the one before left open, else to the office."""
    if ended_id is not None:
        today = day_of(utc_now(), zone_of(offices.office(db.session(), office_id)))
        left = hand_over.legacy(
            db.session(), ended_id, day=today, actor=actor(), now=utc_now())
        if left.total or left.hidden:
            return url_for("organizer.hand_over", appointment_id=ended_id)
    return url_for("organizer.office", office_id=office_id)


@bp.route("/directory/offices/<office_id>/contacts/new", methods=["GET", "POST"])
@needs("directory.edit")
def contact_new(office_id: str) -> Page:
    """Give an office, or whoever holds it, an address."""
    found = offices.office(db.session(), office_id)
    today = day_of(utc_now(), zone_of(found))
    held = appointments.holder(db.session(), office_id, today)
    form = ContactForm()
    form.owner.choices = options([
        ("office", _("Jabatan, siapa pun pemangkunya")),
        *([(held.id, _("Hanya selama %(name)s menjabat", name=held.person.full_name))]
          if held is not None and held.until_on is None else []),
    ])
    form.channel.choices = options(CHANNEL_WORDS.items())
    form.label.choices = options(LABEL_WORDS.items())
    if form.validate_on_submit():
        own = form.owner.data == "office"
        try:
            with unit() as session:
                contacts.add_contact(
                    session, office_id=office_id if own else None,
                    appointment_id=None if own else form.owner.data, channel=form.channel.data,
                    value=form.value.data, label=form.label.data, source=form.source.data,
                    confirmed=form.confirmed.data, from_on=today, actor=actor(), now=utc_now())
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(_("Alamat tersimpan."))
            return redirect(url_for("organizer.office", office_id=office_id))
    return render_template(
        "organizer/directory_contact.html", form=form,
        **common_of(offices.office(db.session(), office_id))), page_status()


def _office_of(contact_id: str) -> str:
    found = contacts.contact(db.session(), contact_id)
    if found.office_id is not None:
        return found.office_id
    return appointments.appointment(db.session(), found.appointment_id or "").office_id


@bp.post("/directory/contacts/<contact_id>/confirm")
@needs("directory.edit")
def contact_confirm(contact_id: str) -> Response:
    """Note that an address was made sure of."""
    office_id = _office_of(contact_id)
    with unit() as session:
        contacts.confirm_contact(session, contact_id, actor=actor(), now=utc_now())
    flash(_("Alamat dicatat sebagai sudah dipastikan."))
    return redirect(url_for("organizer.office", office_id=office_id))


@bp.post("/directory/contacts/<contact_id>/end")
@needs("directory.edit")
def contact_end(contact_id: str) -> Response:
    """Stop using an address."""
    office_id = _office_of(contact_id)
    zone = zone_of(offices.office(db.session(), office_id))
    with unit() as session:
        contacts.end_contact(
            session, contact_id, until_on=day_of(utc_now(), zone), actor=actor(), now=utc_now())
    flash(_("Alamat tidak dipakai lagi."))
    return redirect(url_for("organizer.office", office_id=office_id))
