"""Signing: the mark and the consent, the check, the code."""

from __future__ import annotations

import json

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.extensions import db, keys, settings
from app.filters import utc_now
from app.guard import open_to
from app.language import language
from app.official import bp
from app.official.forms import CheckForm, CodeForm, SignForm
from app.official.signatory import (
    CODES_EACH,
    CODES_IN_ALL,
    TRIES_EACH,
    common,
    masked,
    slow_down,
    who,
)
from app.refusals import beside
from app.unit import unit
from cohorts.ground.codes import TRIES, Challenge, Codes
from cohorts.ground.refusal import Refusal
from cohorts.pledges import signing
from cohorts.pledges.signatories import Signatory, ready
from cohorts.pledges.tables import SigningDraft

Page = str | Response | tuple[str, int]
BESIDE = ("agreed", "typed", "strokes")


def _signed(signatory: Signatory) -> bool:
    return signing.signature_of(db.session(), signatory.pledge.id) is not None


@bp.route("/<token>/sign", methods=["GET", "POST"])
@open_to("signer")
def sign(token: str) -> Page:
    """Draw or type, and agree; nothing is signed yet."""
    signatory = who(token)
    if _signed(signatory):
        return redirect(url_for("official.receipt", token=token))
    person = ready(db.session(), signatory)
    draft = signing.prepared(db.session(), signatory)
    form = SignForm(data=_begun(draft))
    status = 200
    if request.method == "POST":
        status = 400
        if form.validate():
            try:
                mark = form.mark(person.full_name)
                with unit() as session:
                    signing.prepare(
                        session, who(token, session), mark, agreed=form.agreed.data,
                        lang=language(), now=utc_now())
                return redirect(url_for("official.check", token=token))
            except Refusal as refused:
                if refused.field not in BESIDE:
                    raise
                beside(form, refused)
    signatory = who(token)
    return render_template(
        "official/sign.html", form=form, consent=signatory.consent(language()),
        **common(token, signatory)), status


def _begun(draft: SigningDraft | None) -> dict[str, str]:
    """What the form starts from: the mark of before, never the consent."""
    if draft is None:
        return {}
    return {
        "method": draft.method,
        "typed": draft.typed,
        "strokes": json.dumps(draft.strokes) if draft.strokes else "",
    }


@bp.route("/<token>/check", methods=["GET", "POST"])
@open_to("signer")
def check(token: str) -> Page:
    """Show once more what is to be signed; sending it sends the code."""
    signatory = who(token)
    if _signed(signatory):
        return redirect(url_for("official.receipt", token=token))
    ready(db.session(), signatory)
    draft = signing.prepared(db.session(), signatory)
    if draft is None:
        return redirect(url_for("official.sign", token=token))
    form = CheckForm()
    if form.validate_on_submit():
        _send_code(token, signatory.pledge.id)
        return redirect(url_for("official.code", token=token))
    contact = signing.code_contact(db.session(), signatory, now=utc_now())
    return render_template(
        "official/check.html", form=form, draft=draft,
        address=masked(contact.value) if contact else None, **common(token, signatory))


def _send_code(token: str, pledge_id: str) -> None:
    slow_down(f"sign-code:{pledge_id}", CODES_EACH, CODES_IN_ALL)
    with unit() as session:
        signing.ask_code(
            session, who(token, session), transport=settings().mail_transport, now=utc_now())


@bp.post("/<token>/code/again")
@open_to("signer")
def code_again(token: str) -> Page:
    """Send a new code; the last one stops working."""
    signatory = who(token)
    if _signed(signatory):
        return redirect(url_for("official.receipt", token=token))
    _send_code(token, signatory.pledge.id)
    return redirect(url_for("official.code", token=token))


@bp.route("/<token>/code", methods=["GET", "POST"])
@open_to("signer")
def code(token: str) -> Page:
    """Take the code; the right one signs."""
    signatory = who(token)
    if _signed(signatory):
        return redirect(url_for("official.receipt", token=token))
    form = CodeForm()
    wrong = None
    if request.method == "POST":
        slow_down(f"sign-try:{signatory.pledge.id}", TRIES_EACH)
        with unit() as session:
            answer = signing.sign(
                session, Codes(keys().code), who(token, session), form.code.data or "",
                transport=settings().mail_transport, now=utc_now())
            outcome, left = answer.outcome, answer.tries_left
        if outcome in ("good", "already"):
            return redirect(url_for("official.receipt", token=token))
        if outcome == "wrong":
            wrong = ngettext(
                "Kode belum cocok. Masih ada %(num)s kesempatan.",
                "Kode belum cocok. Masih ada %(num)s kesempatan.", left)
        elif outcome in ("replaced", "used"):
            wrong = _("Kode ini sudah digantikan. Pakai kode dari surel terbaru.")
        signatory = who(token)
    return _code_page(token, signatory, form, wrong)


def _code_page(token: str, signatory: Signatory, form: CodeForm, wrong: str | None) -> Page:
    draft = signing.prepared(db.session(), signatory)
    challenge = (
        db.session.get(Challenge, draft.challenge_id) if draft and draft.challenge_id else None)
    if challenge is None:
        return redirect(url_for("official.check", token=token))
    contact = signing.code_contact(db.session(), signatory, now=utc_now())
    state = "asked"
    if challenge.tries >= TRIES:
        state = "locked"
    elif utc_now() >= challenge.expires_at:
        state = "expired"
    return render_template(
        "official/code.html", form=form, challenge=challenge, state=state, wrong=wrong,
        address=masked(contact.value) if contact else None,
        **common(token, signatory)), 400 if wrong else 200
