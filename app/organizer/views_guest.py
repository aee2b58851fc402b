"""One invitation: what stands, and what an organiser can do about it."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import invitation_texts as texts
from app import wording
from app.extensions import db, settings
from app.filters import utc_now
from app.forms import Form, options
from app.guard import actor, needs
from app.language import language
from app.organizer import bp
from app.organizer.forms_guests import (
    CHANNEL_WORDS,
    ActForm,
    AttendForm,
    DeclineForm,
    DeputyForm,
)
from app.organizer.guest_rows import office_word, region_word, row_of, seat_word
from app.organizer.views_cohort import name_of
from app.organizer.views_convening import tabs_of, title_of
from app.organizer.views_guest_mail import WORDS as MAIL_WORDS
from app.organizer.views_guest_seats import SeatsForm
from app.refusals import Said, beside, say
from app.unit import unit
from app.uploads import kept
from cohorts.convenings import (
    chain,
    delivery,
    guest_mail,
    heard,
    invitation,
    mandates,
    own_texts,
    seats,
    sign_mandates,
)
from cohorts.convenings import convening as convenings
from cohorts.convenings.chain import PREFIXES, SeatState
from cohorts.convenings.heard import Heard
from cohorts.convenings.mandates import Choices, Deputy
from cohorts.convenings.names import Name
from cohorts.convenings.tables import Convening, HandOver, Invitation, Reply, Seat
from cohorts.directory.contacts import whatsapp_number
from cohorts.directory.offices import office_name
from cohorts.ground import mail_events
from cohorts.ground.access import Where, may
from cohorts.ground.clock import day_in
from cohorts.ground.files import FileStore, StoredFile
from cohorts.ground.refusal import Refusal

Page = str | Response | tuple[str, int]

LETTER_LIMIT = 5_000_000
ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
SHOWN_HERE = ("convenings.", "ground.too_long", "ground.file", "directory.")
"""Refusals that belong beside the form on this page; the others get a page of their own."""


@bp.get("/convenings/<convening_id>/guests/<invitation_id>")
@needs("convening.see")
def guest(convening_id: str, invitation_id: str) -> Page:
    """Show one invitation with its whole history and the acts that fit it."""
    return _page(convening_id, invitation_id)


@bp.post("/convenings/<convening_id>/guests/<invitation_id>/attend")
@needs("reply.on_behalf")
def guest_attend(convening_id: str, invitation_id: str) -> Page:
    """Record on behalf of the office that it comes."""
    state = _state(convening_id, invitation_id)
    form = AttendForm()
    if form.validate_on_submit():
        name = None
        if (form.name.data or "").strip():
            name = Name(form.name.data, form.front_title.data or "", form.back_title.data or "")
        try:
            told = _heard(form)
            with unit() as session:
                seats.attend(
                    session, state.seat_id, actor(), utc_now(), name=name, heard=told)
            return _done(convening_id, invitation_id, _("Jawaban dicatat atas nama jabatan ini."))
        except Refusal as refusal:
            return _beside(convening_id, invitation_id, refusal, attend=form)
    return _page(convening_id, invitation_id, attend=form)


@bp.post("/convenings/<convening_id>/guests/<invitation_id>/decline")
@needs("reply.on_behalf")
def guest_decline(convening_id: str, invitation_id: str) -> Page:
    """Record on behalf of the office that it cannot come."""
    state = _state(convening_id, invitation_id)
    form = DeclineForm()
    if form.validate_on_submit():
        try:
            told = _heard(form)
            with unit() as session:
                seats.decline(session, state.seat_id, form.reason.data, actor(), utc_now(),
                              note=form.note.data or "", heard=told)
            return _done(convening_id, invitation_id, _("Jawaban dicatat atas nama jabatan ini."))
        except Refusal as refusal:
            return _beside(convening_id, invitation_id, refusal, decline=form)
    return _page(convening_id, invitation_id, decline=form)


@bp.post("/convenings/<convening_id>/guests/<invitation_id>/delegate")
@needs("reply.on_behalf")
def guest_delegate(convening_id: str, invitation_id: str) -> Page:
    """Record on behalf of the office who comes instead."""
    state = _state(convening_id, invitation_id)
    found = convenings.get(db.session(), convening_id)
    form = _deputy_form(mandates.choices(db.session(), state, found, utc_now()))
    if form.validate_on_submit():
        try:
            letter, told = kept(form.letter.data, limit=LETTER_LIMIT), _heard(form)
            deputy = _deputy(form, mandates.choices(db.session(), state, found, utc_now()))
            with unit() as session:
                mandates.hand_over(
                    session, state.seat_id, deputy, actor(), utc_now(),
                    may_speak=bool(form.may_speak.data), may_sign=bool(form.may_sign.data),
                    letter=letter, heard=told)
            return _done(convening_id, invitation_id, _("Penunjukan dicatat."))
        except Refusal as refusal:
            return _beside(convening_id, invitation_id, refusal, delegate=form)
    return _page(convening_id, invitation_id, delegate=form)


@bp.post("/convenings/<convening_id>/guests/<invitation_id>/again")
@needs("convening.invite")
def guest_again(convening_id: str, invitation_id: str) -> Page:
    """Send the invitation once more."""
    _state(convening_id, invitation_id)
    try:
        with unit() as session:
            sent = delivery.send_again(session, invitation_id, actor(), utc_now())
    except Refusal as refusal:
        return _beside(convening_id, invitation_id, refusal)
    words = _("Undangan dikirim ulang.") if sent else _("Undangan ini masih menunggu dikirim.")
    return _done(convening_id, invitation_id, words)


@bp.post("/convenings/<convening_id>/guests/<invitation_id>/withdraw")
@needs("convening.invite")
def guest_withdraw(convening_id: str, invitation_id: str) -> Page:
    """Withdraw the invitation: links and passes end, the calendar is told."""
    _state(convening_id, invitation_id)
    try:
        with unit() as session:
            invitation.withdraw(session, invitation_id, actor(), utc_now())
    except Refusal as refusal:
        return _beside(convening_id, invitation_id, refusal)
    flash(_("Undangan ditarik. Tautan dan kartu masuknya tidak berlaku lagi."))
    return redirect(url_for("organizer.guests", convening_id=convening_id))


@bp.post("/convenings/<convening_id>/guests/<invitation_id>/revoke")
@needs("reply.on_behalf")
def guest_revoke(convening_id: str, invitation_id: str) -> Page:
    """Revoke a hand-over, and what stands after it."""
    hand_over_id = _own_step(convening_id, invitation_id)
    try:
        with unit() as session:
            mandates.revoke(session, hand_over_id, actor(), utc_now())
    except Refusal as refusal:
        return _beside(convening_id, invitation_id, refusal)
    return _done(convening_id, invitation_id, _("Penunjukan dicabut."))


@bp.post("/convenings/<convening_id>/guests/<invitation_id>/accept")
@needs("reply.on_behalf")
def guest_accept(convening_id: str, invitation_id: str) -> Page:
    """Accept the surat tugas: the deputy may sign from now on."""
    hand_over_id = _own_step(convening_id, invitation_id)
    try:
        with unit() as session:
            sign_mandates.accept_letter(
                session, hand_over_id, actor(), utc_now(), seen=request.form.get("letter", ""))
    except Refusal as refusal:
        return _beside(convening_id, invitation_id, refusal)
    return _done(
        convening_id, invitation_id, _("Surat tugas diterima. Wakil boleh menandatangani."))


@bp.get("/convenings/<convening_id>/guests/<invitation_id>/letters/<hand_over_id>")
@needs("reply.on_behalf")
def guest_letter(convening_id: str, invitation_id: str, hand_over_id: str) -> Response:
    """Hand out the surat tugas as it was uploaded."""
    state = _state(convening_id, invitation_id)
    step = next((s for s in state.steps if s.id == hand_over_id), None)
    return _handed_out(step.letter_sha256 if step else None, "surat-tugas")


@bp.get("/convenings/<convening_id>/guests/<invitation_id>/heard/<heard_id>")
@needs("reply.on_behalf")
def guest_heard(convening_id: str, invitation_id: str, heard_id: str) -> Response:
    """Hand out the letter or the picture behind an answer that was recorded on behalf."""
    state = _state(convening_id, invitation_id)
    behind = heard.behind(db.session(), state.seat_id).values()
    row = next((one for some in behind for one, _note in some if one.id == heard_id), None)
    return _handed_out(row.sha256 if row else None, "jawaban")


def _handed_out(sha256: str | None, name: str) -> Response:
    """A stored file, only to be saved. Raises Refusal ground.not_found."""
    stored = db.session.get(StoredFile, sha256) if sha256 else None
    if stored is None:
        raise Refusal("ground.not_found")
    answer = make_response(FileStore(settings().files_dir).get(stored.sha256))
    answer.mimetype = stored.media_type
    ending = ENDINGS.get(stored.media_type, "bin")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer


def _heard(form: AttendForm | DeclineForm | DeputyForm) -> Heard:
    """What stands behind the answer; its file is written. Outside any unit."""
    try:
        file = kept(form.heard_file.data, limit=LETTER_LIMIT)
    except Refusal as refusal:
        raise Refusal(refusal.code, field="heard_file", **refusal.facts) from refusal
    return Heard(form.channel.data, form.heard_note.data or "", file)


def _page(
    convening_id: str, invitation_id: str, *, said: Said | None = None, **forms: Form
) -> Page:
    session, now = db.session(), utc_now()
    found = convenings.get(session, convening_id)
    state = _state(convening_id, invitation_id)
    row = session.get_one(Invitation, invitation_id)
    day = day_in(now, found.timezone)
    link = texts.invitation_link(row.id, row.generation)
    phone = whatsapp_number(session, state.office_id, day)
    last = state.live[-1] if state.live else None
    message = delivery.deliveries(session, found.id).get(row.id)
    event = mail_events.latest(session, [message]).get(message.id) if message else None
    status = said.status if said else 400 if forms else 200
    return render_template(
        "organizer/guest.html",
        convening=found, cohort=found.cohort, cohort_name=name_of(found.cohort),
        title=title_of(found), tabs=tabs_of(found, "guests"), state=state,
        row=row_of(state, message, found.timezone, event),
        mails=guest_mail.mails(session, invitation_id=invitation_id), mailbox=MAIL_WORDS,
        invitation=row, last=last, said=said, history=_history(state),
        attend=forms.get("attend") or AttendForm(formdata=None),
        decline=forms.get("decline") or DeclineForm(formdata=None),
        delegate=forms.get("delegate") or _deputy_form(
            mandates.choices(session, state, found, now), fresh=True),
        act=ActForm(formdata=None), open_form=next(iter(forms), ""),
        may_answer=_may("reply.on_behalf", found), may_invite=_may("convening.invite", found),
        link=link, phone=(phone.value.lstrip("+") if phone is not None else ""),
        share=wording.chat(
            own_texts.texts(session, found.id), found, state, link, "id"),
        deputy_link=texts.deputy_link(last.id) if last else None,
        deputy_share=texts.chat_deputy(
            found, state, last.post, texts.deputy_link(last.id), "id") if last else None,
        office_word=office_word, region_word=region_word, seat_word=seat_word,
        seats=chain.seats(session, at=now, invitation_id=invitation_id, withdrawn=True),
        sends=mandates.sends(state), seats_form=SeatsForm(formdata=None),
        channels=CHANNEL_WORDS), status


def _beside(
    convening_id: str, invitation_id: str, refusal: Refusal, **forms: Form
) -> Page:
    """Show a refusal on the page: beside its field, or above everything."""
    if not refusal.code.startswith(SHOWN_HERE):
        raise refusal
    for form in forms.values():
        if refusal.field and refusal.field in form:
            beside(form, refusal)
            return _page(convening_id, invitation_id, **forms)
    return _page(convening_id, invitation_id, said=say(refusal), **forms)


def _done(convening_id: str, invitation_id: str, words: str) -> Response:
    flash(words)
    return redirect(url_for(
        "organizer.guest", convening_id=convening_id, invitation_id=invitation_id,
        seat=request.values.get("seat") or None))


def _may(action: str, found: Convening) -> bool:
    return bool(may(actor(), action, Where(cohort_id=found.cohort_id, convening_id=found.id)))


def _state(convening_id: str, invitation_id: str) -> SeatState:
    """The seat of an invitation to this very convening: the first, or the one that the address
    names. Anything else does not exist here."""
    state = chain.who_comes(db.session(), invitation_id, utc_now())
    wanted = request.values.get("seat", "")
    if wanted:
        state = chain.seat(db.session(), wanted, utc_now())
    if state is None or (state.convening_id, state.invitation_id) != (convening_id, invitation_id):
        raise Refusal("ground.not_found")
    return state


def _own_step(convening_id: str, invitation_id: str) -> str:
    """The hand-over that the form names, if it belongs to this invitation."""
    state = _state(convening_id, invitation_id)
    wanted = request.form.get("hand_over", "")
    if wanted not in {step.id for step in state.steps}:
        raise Refusal("ground.not_found")
    return wanted


def _history(state: SeatState) -> list[dict[str, Any]]:
    """Every answer and every hand-over, the newest first."""
    session = db.session()
    answers = session.scalars(
        db.select(Reply).where(Reply.seat_id == state.seat_id)).all()
    overs = session.scalars(
        db.select(HandOver).join(Seat).where(Seat.id == state.seat_id)).all()
    behind = heard.behind(session, state.seat_id)
    over_heard = {reply.at: behind.get(reply.id, []) for reply in answers}
    lines: list[dict[str, Any]] = [
        {"at": reply.at, "answer": reply.answer, "reason": reply.reason,
         "note": seats.body_text(session, reply.note_id), "late": reply.late,
         "on_behalf": reply.on_behalf, "heard": behind.get(reply.id, [])}
        for reply in answers if reply.answer != "delegated"
    ]
    # A hand-over and the answer that it is are recorded at one instant.
    lines += [{"at": over.at, "over": over, "late": over.late, "on_behalf": over.on_behalf,
               "heard": over_heard.get(over.at, [])} for over in overs]
    lines += [
        {"at": over.revoked_at, "revoked": over} for over in overs if over.revoked_at is not None
    ]
    return sorted(lines, key=lambda line: line["at"], reverse=True)


def _deputy_form(offered: Choices, *, fresh: bool = False) -> DeputyForm:
    """The form with those who may be named: known holders, posts with a name, anybody."""
    form = DeputyForm(formdata=None) if fresh else DeputyForm()
    english = language() == "en"
    pairs = [("", _("pilih wakil"))]
    for choice in offered.offices:
        office = office_name(choice.office, "en") if english else (
            PREFIXES[choice.holder.standing] + choice.office.name)
        pairs.append((f"office:{choice.office_id}", f"{office}: {choice.holder.person.full_name}"))
    for index, post in enumerate(offered.posts):
        word = post.post_en if english else post.post
        pairs.append((f"post:{index}", _("%(post)s, dengan nama di bawah", post=word)))
    if offered.free:
        pairs.append(("free", _("Orang lain, dengan jabatan dan nama di bawah")))
    form.deputy.choices = options(pairs)
    return form


def _deputy(form: DeputyForm, offered: Choices) -> Deputy:
    chosen, _separator, key = str(form.deputy.data).partition(":")
    if chosen == "office":
        return Deputy(office_id=key)
    name = Name(
        form.deputy_name.data or "", form.deputy_front.data or "", form.deputy_back.data or "")
    whatsapp = form.whatsapp.data or ""
    if chosen == "post" and key in map(str, range(len(offered.posts))):
        post = offered.posts[int(key)]
        return Deputy(office_id=post.office_id, role_key=post.role_key,
                      post=(form.post.data or post.post), name=name, whatsapp=whatsapp)
    return Deputy(post=form.post.data or "", name=name, whatsapp=whatsapp)
