"""A successor says how they stand to what the office signed before them."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.extensions import db, keys
from app.filters import utc_now
from app.guard import open_to
from app.official import bp
from app.official.forms import AFFIRMATIONS, AffirmForm
from app.official.signatory import about
from app.refusals import beside
from app.unit import unit
from cohorts.ground.links import Links
from cohorts.ground.refusal import Refusal
from cohorts.pledges import affirming
from cohorts.pledges.affirming import Affirmation
from cohorts.pledges.promises import promised

Page = str | Response | tuple[str, int]


def _asked(token: str, session: Session | None = None) -> Affirmation:
    """The question behind a token. Raises Refusal ground.link_invalid."""
    link = Links(keys().link).read("affirmation", token)
    return affirming.behind(session if session is not None else db.session(), link)


def _common(token: str, asked: Affirmation) -> dict[str, Any]:
    signature = asked.request.signature
    return {"token": token, "asked": asked, "signature": signature, **about(signature.pledge)}


@bp.route("/affirm/<token>", methods=["GET", "POST"])
@open_to("signer")
def affirm(token: str) -> Page:
    """Show what was signed, with the three answers; record the one that is sent."""
    asked = _asked(token)
    if asked.answer is not None and request.method == "GET":
        return redirect(url_for("official.affirmed", token=token))
    form = AffirmForm()
    status = 200
    if request.method == "POST":
        status = 400
        if form.validate():
            try:
                with unit() as session:
                    again = _asked(token, session)
                    affirming.answer(
                        session, again.request.id, form.answer.data or "", form.note.data or "",
                        actor=affirming.by_link(again), now=utc_now())
                return redirect(url_for("official.affirmed", token=token))
            except Refusal as refused:
                if refused.field not in ("answer", "note"):
                    raise
                beside(form, refused)
        asked = _asked(token)
    obstacle = None
    try:
        affirming.open_for(db.session(), asked.request, utc_now())
    except Refusal as refused:
        obstacle = refused.code
    return render_template(
        "official/affirm.html", form=form, obstacle=obstacle,
        promises=promised(db.session(), asked.request.signature.pledge_id),
        **_common(token, asked)), status


@bp.get("/affirm/<token>/done")
@open_to("signer")
def affirmed(token: str) -> Page:
    """Say what is recorded, and where everybody reads it."""
    asked = _asked(token)
    if asked.answer is None:
        return redirect(url_for("official.affirm", token=token))
    return render_template(
        "official/affirmed.html", said=AFFIRMATIONS[asked.answer.answer],
        **_common(token, asked))
