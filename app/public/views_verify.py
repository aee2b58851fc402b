"""Checking a commitment by its code, with all that is needed to do it without us."""

from __future__ import annotations

import io

import sqlalchemy as sa
from flask import Response, jsonify, make_response, redirect, render_template, request, url_for
from flask import send_file as send
from werkzeug.wrappers import Response as Answer

from app.extensions import db, settings
from app.guard import open_to
from app.language import language
from app.mail.compose import page
from app.public import bp, stages
from cohorts.directory.offices import office_name, region_name
from cohorts.ground.files import FileStore
from cohorts.ground.log import Checkpoint
from cohorts.pledges.verification import find, normal_code
from cohorts.pledges.verification import receipt as receipt_of

Page = str | Answer | tuple[str, int]


def _unknown(code: str) -> Page:
    return render_template(
        "public/verify.html", here="verify", given=code[:30], unknown=True), 404


@bp.get("/v/")
@open_to("public")
def verify() -> Page:
    """Ask for a code; a given one leads to its page."""
    given = request.args.get("code", "").strip()[:60]
    if given:
        return redirect(url_for("public.verification", code=normal_code(given)))
    return render_template("public/verify.html", here="verify", given="", unknown=False)


@bp.get("/v/<code>")
@open_to("public")
def verification(code: str) -> Page:
    """Say who signed what and when, how it stands today, and what was checked."""
    found = find(db.session(), code)
    if found is None:
        return _unknown(code)
    pledge = found.signature.pledge
    lang = language()
    return render_template(
        "public/verification.html", here="verify", v=found, sample=found.sample, stages=stages,
        office=office_name(pledge.office, lang), region=region_name(found.region, lang),
        zone=found.convening.timezone, own_zone=found.region.timezone,
        address=page("verify", found.signature.public_code))


@bp.get("/v/<code>/document.pdf")
@open_to("public")
def document(code: str) -> Page | Response:
    """Hand out the printed commitment; while it is not made yet, the page that says so."""
    found = find(db.session(), code)
    if found is None:
        return _unknown(code)
    if found.document is None:
        return redirect(url_for("public.verification", code=found.signature.public_code))
    data = FileStore(settings().files_dir).get(found.document)
    return send(
        io.BytesIO(data), mimetype="application/pdf", as_attachment=True,
        download_name=f"komitmen-{found.signature.public_code}.pdf", etag=False)


@bp.get("/v/<code>/receipt.json")
@open_to("public")
def receipt(code: str) -> Page | Response:
    """Hand out the receipt: bytes, evidence, leaf, path and checkpoint."""
    found = find(db.session(), code)
    if found is None:
        return _unknown(code)
    answer = jsonify(receipt_of(db.session(), found))
    name = f"tanda-terima-{found.signature.public_code}.json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/log/checkpoint")
@open_to("public")
def checkpoint() -> Response:
    """Hand out the newest signed head of the log as plain text; empty before the first."""
    newest = db.session.scalar(sa.select(Checkpoint).order_by(Checkpoint.size.desc()).limit(1))
    answer = make_response(newest.note if newest is not None else "")
    answer.mimetype = "text/plain"
    return answer
