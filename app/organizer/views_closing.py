"""The turns of a convening: closing it, what a closing holds, opening it again, calling it off."""

from __future__ import annotations

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.filters import utc_now
from app.forms import page_status
from app.guard import actor, needs
from app.organizer import bp, notice_lines
from app.organizer.forms_meeting import CancelForm, CloseForm, ReopenForm
from app.organizer.room import words_of
from app.refusals import beside, say
from app.unit import unit
from cohorts.actions.agenda import next_planned
from cohorts.actions.tables import Closing
from cohorts.convenings import convening as convenings
from cohorts.convenings import notice
from cohorts.convenings.tables import PLANNED, Convening
from cohorts.directory.tables import User
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal
from cohorts.turns import cancel as cancelling
from cohorts.turns import close as closing_turn
from cohorts.turns import past
from cohorts.turns import reopen as reopening

Page = str | Response | tuple[str, int]


@bp.route("/convenings/<convening_id>/close", methods=["GET", "POST"])
@needs("convening.turn")
def close(convening_id: str) -> Page:
    """Say what closing freezes, carries and sends; then close."""
    form = CloseForm()
    refused = None
    if form.validate_on_submit():
        try:
            with unit() as session:
                closing_turn.close(
                    session, convening_id, held=form.held.data == "yes",
                    despite_unsent=form.despite_unsent.data, actor=actor(), now=utc_now())
        except Refusal as refusal:
            refused = say(refusal)
        else:
            flash(_("Pertemuan ditutup. Tidak ada yang dikirim dua kali."))
            return redirect(url_for("organizer.closing", convening_id=convening_id))
    session = db.session()
    convening = convenings.get(session, convening_id)
    if convening.state == "closed":
        return redirect(url_for("organizer.closing", convening_id=convening_id))
    if convening.state != "in_progress":
        raise Refusal("convenings.not_in_progress", state=convening.state)
    preview = closing_turn.preview(session, convening_id, now=utc_now())
    return render_template(
        "organizer/close.html", form=form, convening=convening, preview=preview, refused=refused,
        following=next_planned(session, convening.cohort_id),
        regions=words_of(session, [one.region_code for one in preview.incomplete]),
    ), refused.status if refused else 200


@bp.get("/convenings/<convening_id>/closing")
@needs("convening.see")
def closing(convening_id: str) -> str:
    """What a closing holds, read from its bytes; earlier revisions by number."""
    session = db.session()
    convening = convenings.get(session, convening_id)
    asked = request.args.get("revision", type=int)
    report = past.closing_report(session, convening_id, asked)
    assert report.closing is not None
    every = past.revisions(session, convening_id)
    sent, posted = _progress(report.closing)
    return render_template(
        "organizer/closing.html", convening=convening, report=report, closing=report.closing,
        revisions=every, latest=every[-1][0].id == report.closing.id, sent=sent, posted=posted,
        following=next_planned(session, convening.cohort_id), by=_name_of(report.closing.actor),
        later=_next_in_series(convening),
        chain=past.check_chain(session, convening.cohort_id))


def _next_in_series(convening: Convening) -> Convening | None:
    """The convening of the cohort that came, or comes, after this one."""
    every = convenings.series(db.session(), convening.cohort_id)
    after = [c for c in every if c.state != "cancelled"
             and (c.starts_at, c.number) > (convening.starts_at, convening.number)]
    return min(after, key=lambda c: (c.starts_at, c.number), default=None)


def _progress(of: Closing) -> tuple[int, int]:
    """How many of a closing's digests have left, and how many there are."""
    rows = db.session.execute(
        sa.select(Message.state, sa.func.count())
        .where(Message.subject_kind == "closing", Message.subject_id == of.id)
        .group_by(Message.state))
    counts = {state: n for state, n in rows}  # noqa: C416 - a Row is no pair
    return counts.get("sent", 0), sum(counts.values())


def _name_of(user_id: str) -> str:
    user = db.session.get(User, user_id)
    return user.name if user is not None else ""


@bp.get("/convenings/<convening_id>/closing.json")
@needs("convening.see")
def closing_data(convening_id: str) -> Response:
    """The closing's canonical bytes, for whoever wants to check the hash."""
    report = past.closing_report(db.session(), convening_id, request.args.get("revision", type=int))
    assert report.closing is not None
    response = Response(report.closing.data, mimetype="application/json")
    name = f"penutupan-{report.closing.place}-revisi-{report.closing.revision}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.route("/convenings/<convening_id>/reopen", methods=["GET", "POST"])
@needs("convening.turn")
def reopen(convening_id: str) -> Page:
    """Open a closed convening again, with a reason."""
    form = ReopenForm()
    if form.validate_on_submit():
        try:
            with unit() as session:
                reopening.reopen(
                    session, convening_id, reason=form.reason.data, actor=actor(), now=utc_now())
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(_("Pertemuan dibuka kembali. Catatan lama tetap utuh."))
            return redirect(url_for("organizer.meeting", convening_id=convening_id))
    convening = convenings.get(db.session(), convening_id)
    if convening.state == "in_progress" and request.method == "GET":
        return redirect(url_for("organizer.meeting", convening_id=convening_id))
    return render_template(
        "organizer/reopen.html", form=form, convening=convening,
    ), page_status()


@bp.route("/convenings/<convening_id>/cancel", methods=["GET", "POST"])
@needs("convening.turn")
def cancel(convening_id: str) -> Page:
    """Call a planned convening off, after saying whom it will write to."""
    form = CancelForm()
    if form.validate_on_submit():
        try:
            with unit() as session:
                told = cancelling.cancel(
                    session, convening_id, reason=form.reason.data, actor=actor(), now=utc_now(),
                    seen=form.notice_seen.data)
        except Refusal as refusal:
            beside(form, refusal)
        else:
            flash(_("Pertemuan dibatalkan. %(n)s pemberitahuan masuk antrean kirim.", n=told))
            return redirect(url_for("organizer.convening", convening_id=convening_id))
    session = db.session()
    convening = convenings.get(session, convening_id)
    if convening.state not in PLANNED:
        raise Refusal("convenings.not_planned", state=convening.state)
    told_of = notice.of_cancel(session, convening, utc_now())
    form.notice_seen.data = told_of.fingerprint
    return render_template(
        "organizer/cancel.html", form=form, convening=convening, notice=told_of,
        lines=notice_lines.lines_of(told_of, convening), counts=notice_lines.counts_of(told_of),
        mails=notice_lines.samples(told_of, convening),
        deputised=sum(line.deputised for line in told_of.lines),
    ), page_status()
