"""Not signing: as easy as signing, with a reason, and open to change."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.extensions import db
from app.filters import utc_now
from app.guard import open_to
from app.official import bp
from app.official.forms import REASONS, DeclineForm
from app.official.signatory import common, who
from app.refusals import beside
from app.unit import unit
from cohorts.ground.refusal import Refusal
from cohorts.pledges import declining, signing

Page = str | Response | tuple[str, int]


@bp.route("/<token>/decline", methods=["GET", "POST"])
@open_to("signer")
def decline(token: str) -> Page:
    """Ask for the reason and record it."""
    signatory = who(token)
    if signing.signature_of(db.session(), signatory.pledge.id) is not None:
        return redirect(url_for("official.receipt", token=token))
    form = DeclineForm()
    status = 200
    if request.method == "POST":
        status = 400
        if form.validate():
            try:
                with unit() as session:
                    declining.decline(
                        session, who(token, session), form.reason.data or "",
                        form.note.data or "", now=utc_now())
                return redirect(url_for("official.declined", token=token))
            except Refusal as refused:
                if refused.field not in ("reason", "note"):
                    raise
                beside(form, refused)
        signatory = who(token)
    return render_template(
        "official/decline.html", form=form, **common(token, signatory)), status


@bp.get("/<token>/declined")
@open_to("signer")
def declined(token: str) -> Page:
    """Say what is recorded, and that it may change."""
    signatory = who(token)
    last = declining.last_decline(db.session(), signatory.pledge.id)
    if last is None or signing.signature_of(db.session(), signatory.pledge.id) is not None:
        return redirect(url_for("official.read", token=token))
    return render_template(
        "official/declined.html", reason=REASONS[last.reason], **common(token, signatory))
