"""Handing an invitation over, taking it back, the surat tugas, and the code for signing."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import invitation_texts as texts
from app.extensions import db, keys
from app.forms import options
from app.guard import open_to
from app.language import language
from app.participant import bp
from app.participant.forms_guest import LETTER_LIMIT, OTHER, CodeForm, DelegateForm, LetterForm
from app.participant.opening import Opened, common, open_link, post_of, slow_down
from app.refusals import beside, say
from app.unit import unit
from app.uploads import kept
from cohorts.convenings import mandates, sign_mandates
from cohorts.convenings.chain import PREFIXES, Step
from cohorts.convenings.mandates import Choices, Deputy
from cohorts.convenings.names import Name
from cohorts.directory.offices import office_name
from cohorts.ground.codes import Codes
from cohorts.ground.refusal import Refusal

Page = str | Response | tuple[str, int]


@bp.route("/<token>/delegate", methods=["GET", "POST"])
@open_to("guest")
def delegate(token: str) -> Page:
    """Ask who comes instead and with which rights; record it."""
    opened = open_link(token)
    if not _may_hand_over(opened):
        return redirect(url_for("participant.invitation", token=token))
    offered = mandates.choices(db.session(), opened.state, opened.convening, opened.now)
    form = _filled(DelegateForm(), offered, _("Orang lain") if opened.sends else "")
    if not form.is_submitted():
        form.may_speak.data = opened.step is None or opened.step.may_speak
    if form.validate_on_submit() and _consistent(form, offered):
        slow_down(opened)
        try:
            letter = kept(form.letter.data, limit=LETTER_LIMIT)
            with unit() as session:
                mandates.hand_over(
                    session, opened.seat_id, _deputy(form, offered), opened.actor, opened.now,
                    may_speak=bool(form.may_speak.data), may_sign=bool(form.may_sign.data),
                    letter=letter)
            return redirect(url_for("participant.delegated", token=token))
        except Refusal as refusal:
            _say(form, refusal)
    status = 400 if form.is_submitted() else 200
    return render_template(
        "participant/delegate.html", form=form, offered=offered, other=OTHER,
        names={f"office:{c.office_id}": c.holder.person.full_name for c in offered.offices},
        chain_so_far=opened.state.live, post_of=post_of, **common(opened)), status


@bp.get("/<token>/delegated")
@open_to("guest")
def delegated(token: str) -> Page:
    """Say who comes now, and give the link to pass on."""
    opened = open_link(token)
    mine = following(opened)
    if mine is None:
        return redirect(url_for("participant.invitation", token=token))
    link = texts.deputy_link(mine.id)
    share = texts.chat_deputy(opened.convening, opened.state, post_of(mine), link, language())
    return render_template(
        "participant/delegated.html", mine=mine, deputy_link=link, share=share, post_of=post_of,
        **common(opened))


@bp.post("/<token>/revoke")
@open_to("guest")
def revoke(token: str) -> Page:
    """Take the hand-over back: the office its deputy's, a deputy the next one's or their own."""
    opened = open_link(token)
    slow_down(opened)
    wanted = following(opened)
    if request.form.get("own") and opened.step is not None:
        wanted = opened.step
    if wanted is not None:
        with unit() as session:
            mandates.revoke(session, wanted.id, opened.actor, opened.now)
    return redirect(url_for("participant.invitation", token=token))


@bp.route("/<token>/letter", methods=["GET", "POST"])
@open_to("guest")
def letter(token: str) -> Page:
    """Take the surat tugas: from the office, or from the deputy who carries it."""
    opened = open_link(token)
    step = following(opened) or _own_step(opened)
    if step is None or opened.closed:
        return redirect(url_for("participant.invitation", token=token))
    form = LetterForm()
    if form.validate_on_submit():
        slow_down(opened)
        try:
            given = kept(form.letter.data, limit=LETTER_LIMIT)
            if given is None:
                form.letter.errors = [_("Pilih berkasnya dahulu.")]
            else:
                with unit() as session:
                    sign_mandates.attach_letter(
                        session, step.id, given, opened.actor, opened.now)
                return redirect(url_for("participant.invitation", token=token))
        except Refusal as refusal:
            if refusal.code == "ground.not_allowed":
                raise
            form.letter.errors = [say(refusal).line]
    status = 400 if form.is_submitted() else 200
    return render_template(
        "participant/letter.html", form=form, step=step, post=post_of(step),
        **common(opened)), status


@bp.route("/<token>/mandate", methods=["GET", "POST"])
@open_to("guest")
def mandate(token: str) -> Page:
    """Let the right to sign take effect by a code sent to the office's confirmed address."""
    opened = open_link(token)
    step = following(opened) or _own_step(opened)
    if step is None or not step.may_sign or step.signs or opened.closed:
        return redirect(url_for("participant.invitation", token=token))
    form = CodeForm()
    outcome = None
    if request.form.get("send"):
        return _send_code(opened, step)
    if form.validate_on_submit():
        slow_down(opened)
        with unit() as session:
            outcome = sign_mandates.confirm_sign_code(
                session, Codes(keys().code), step.id, form.code.data.replace(" ", ""),
                opened.actor, opened.now)
        if outcome == "good":
            return redirect(url_for("participant.invitation", token=token))
    asked = sign_mandates.open_challenge(db.session(), step.id)
    waiting = asked is not None and asked.used_at is None and asked.expires_at > opened.now
    status = 400 if form.is_submitted() else 200
    return render_template(
        "participant/mandate.html", form=form, step=step, post=post_of(step), outcome=outcome,
        challenge=asked if waiting else None, **common(opened)), status


def following(opened: Opened) -> Step | None:
    """The hand-over that this link has made and that is still in force."""
    wanted = opened.step.id if opened.step is not None else None
    return next((s for s in opened.state.live if s.parent_id == wanted), None)


def _own_step(opened: Opened) -> Step | None:
    step = opened.step
    return step if step is not None and step.revoked_at is None else None


def _may_hand_over(opened: Opened) -> bool:
    if opened.closed or (opened.convening.policy == "in_person_only" and not opened.sends):
        return False
    if following(opened) is not None:
        return False
    step = opened.step
    return step is None or (step.step == 1 and step.revoked_at is None)


def _send_code(opened: Opened, step: Step) -> Page:
    slow_down(opened)
    with unit() as session:
        sign_mandates.ask_sign_code(session, step.id, opened.actor, opened.now)
    return redirect(url_for("participant.mandate", token=opened.token))


def _filled(form: DelegateForm, offered: Choices, other: str) -> DelegateForm:
    """Give the form what this hand-over may choose from; ``other`` is what somebody whom the
    directory does not know is called, where that is not a successor."""
    english = language() == "en"
    form.deputy.choices = options([
        *((f"office:{c.office_id}", _office_word(c, english)) for c in offered.offices),
        (OTHER, other or (
            _("Pejabat lain") if offered.free else _("Pejabatnya sudah berganti"))),
    ])
    posts: list[tuple[str, str]] = []
    for index, post in enumerate(offered.posts):
        word = post.post_en if english else post.post
        posts += [(f"{index}:{key}", f"{PREFIXES[key]}{word}") for key in ("definitive", "plh")]
    form.post.choices = options(posts)
    return form


def _office_word(choice: mandates.Choice, english: bool) -> str:
    if english:
        return office_name(choice.office, "en")
    return PREFIXES[choice.holder.standing] + choice.office.name


def _consistent(form: DelegateForm, offered: Choices) -> bool:
    """Whether what belongs to "somebody else" is there; what does not belong is ignored."""
    if form.deputy.data != OTHER:
        return True
    good = True
    if not (form.name.data or "").strip():
        form.name.errors = [*form.name.errors, _("Tulis nama tanpa gelar.")]
        good = False
    if offered.free and not (form.free_post.data or "").strip():
        form.free_post.errors = [*form.free_post.errors, _("Tulis jabatannya.")]
        good = False
    return good


def _deputy(form: DelegateForm, offered: Choices) -> Deputy:
    chosen = str(form.deputy.data)
    if chosen != OTHER:
        return Deputy(office_id=chosen.removeprefix("office:"))
    name = Name(form.name.data or "", form.front_title.data or "", form.back_title.data or "")
    whatsapp = form.whatsapp.data or ""
    if offered.free:
        return Deputy(post=form.free_post.data or "", name=name, whatsapp=whatsapp)
    index, _separator, standing = str(form.post.data or "").partition(":")
    if index not in map(str, range(len(offered.posts))) or standing not in PREFIXES:
        raise Refusal("convenings.deputy_missing", field="post")
    post = offered.posts[int(index)]
    return Deputy(
        office_id=post.office_id,
        role_key=post.role_key,
        post=PREFIXES[standing] + post.post,
        name=name,
        whatsapp=whatsapp,
    )


def _say(form: DelegateForm, refusal: Refusal) -> None:
    """Show a refusal beside the field it belongs to; what is nobody's field goes to the house."""
    if refusal.code in ("ground.not_allowed", "ground.link_invalid"):
        raise refusal
    fields = {"ground.file_type": "letter", "ground.file_size": "letter",
              "directory.phone_form": "whatsapp"}
    if refusal.code in fields:
        refusal = Refusal(refusal.code, field=fields[refusal.code], **refusal.facts)
    if refusal.field in ("may_speak", "may_sign"):
        # What may not be given is not offered: there is no field to stand beside.
        refusal = Refusal(refusal.code, **refusal.facts)
    beside(form, refusal)
