"""Reading the text, seeing what changed, and the receipt."""

from __future__ import annotations

from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.adapters import qr
from app.extensions import db, settings
from app.guard import open_to
from app.mail.compose import page
from app.official import bp
from app.official.changes import between
from app.official.signatory import common, newer, token_of, who
from cohorts.ground.refusal import Refusal
from cohorts.pledges.signatories import ready
from cohorts.pledges.signing import signature_of
from cohorts.pledges.tables import Pledge, SignatureDocument

Page = str | Response | tuple[str, int]


@bp.get("/<token>")
@open_to("signer")
def read(token: str) -> Page:
    """Show the text with the two answers; a former version shows what has changed since."""
    signatory = who(token)
    signature = signature_of(db.session(), signatory.pledge.id)
    if signature is None:
        after = newer(signatory)
        if after is not None:
            return render_template(
                "official/changed.html", after=after, next_token=token_of(after),
                changes=between(signatory.pledge.text, after.text), **common(token, signatory))
    obstacle = None
    if signature is None:
        try:
            ready(db.session(), signatory)
        except Refusal as refused:
            obstacle = refused.code
    asked = db.session.scalar(
        sa.select(sa.func.count()).where(
            Pledge.text_id == signatory.pledge.text_id, Pledge.voided_at.is_(None)))
    return render_template(
        "official/read.html", signature=signature, obstacle=obstacle, asked=asked,
        **common(token, signatory))


@bp.get("/<token>/receipt")
@open_to("signer")
def receipt(token: str) -> Page:
    """Say what is recorded, with the code and how anybody checks it."""
    signatory = who(token)
    signature = signature_of(db.session(), signatory.pledge.id)
    if signature is None:
        return redirect(url_for("official.read", token=token))
    document = db.session.get(SignatureDocument, signature.id)
    address = page("verify", signature.public_code)
    picture = qr.svg(address, "Q").replace("<svg ", '<svg class="qr" ', 1)
    return render_template(
        "official/receipt.html", signature=signature, document=document, verify_url=address,
        qr_picture=Markup(picture),  # noqa: S704 - drawn by us, from an address of ours
        host=urlsplit(settings().base_url).netloc, **common(token, signatory))
