"""Every message that left, waits or failed, as its reader sees it.

Links and codes are rights of the person they were sent to: they are masked, except in sample
cohorts, where a newcomer has to be able to open them.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.filters import utc_now
from app.guard import actor, needs
from app.mail.compose import Overtaken, preview
from app.organizer import bp
from app.unit import unit
from cohorts.ground import mail_events, outbox
from cohorts.ground.access import Where, may
from cohorts.ground.mail_events import MailEvent
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal
from cohorts.programme.tables import Cohort

PAGE = 50
SHOWN_STATES = {"ready": "waiting", "taken": "sending"}


def shown_state(message: Message, event: MailEvent | None = None) -> str:
    """Return the message's state by the name that the table of statuses knows; what the post office
    told afterwards (``event``) says more than that it was sent."""
    if event is not None:
        return event.outcome
    if message.state == "ready" and message.error:
        return "deferred"
    return SHOWN_STATES.get(message.state, message.state)


def _visible() -> sa.Select[Any]:
    """Select the messages to people (not the worker's jobs) that this person may see."""
    allowed = [
        c.id for c in db.session.scalars(sa.select(Cohort))
        if may(actor(), "mail.see", Where(cohort_id=c.id))
    ]
    mine: sa.ColumnElement[bool] = Message.cohort_id.in_(allowed)
    if any(held.scope == "all" for held in actor().held):
        mine = sa.or_(mine, Message.cohort_id.is_(None))
    return sa.select(Message).where(~Message.kind.startswith("job."), mine)


@bp.get("/mail")
@needs("mail.see")
def mail() -> str:
    """List the messages, the youngest first; filter by state and search by address or name."""
    query = _visible()
    state, words = request.args.get("state", ""), request.args.get("q", "").strip()
    if state in outbox.STATES:
        query = query.where(Message.state == state)
    if words:
        query = query.where(sa.or_(*(
            sa.func.lower(column).contains(words.lower(), autoescape=True)
            for column in (Message.address, Message.name))))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(1, request.args.get("page", 1, type=int) or 1), pages)
    rows = db.session.scalars(
        query.order_by(Message.posted_at.desc(), Message.id.desc())
        .limit(PAGE).offset((page - 1) * PAGE)).all()
    found = db.session.execute(
        _visible().with_only_columns(Message.state, sa.func.count()).group_by(Message.state))
    counts = {row[0]: row[1] for row in found}
    return render_template(
        "organizer/mail.html", rows=rows, total=total, page=page, pages=pages, size=PAGE,
        state=state, words=words, counts=counts, shown_state=shown_state,
        told=mail_events.latest(db.session(), rows))


def _one(message_id: int) -> Message:
    message = db.session.scalars(_visible().where(Message.id == message_id)).one_or_none()
    if not isinstance(message, Message):
        raise Refusal("ground.not_found")
    return message


@bp.get("/mail/<int(max=9223372036854775807):message_id>")
@needs("mail.see")
def mail_message(message_id: int) -> str:
    """Show one message as its reader sees it."""
    message = _one(message_id)
    cohort = db.session.get(Cohort, message.cohort_id) if message.cohort_id else None
    masked = not (cohort is not None and cohort.sample)
    event = mail_events.latest(db.session(), [message]).get(message.id)
    try:
        words = preview(db.session(), message, mask=masked)
    except (Overtaken, KeyError):
        words = None
    return render_template(
        "organizer/mail_message.html", message=message, words=words, masked=masked, cohort=cohort,
        shown_state=shown_state, event=event)


@bp.post("/mail/<int(max=9223372036854775807):message_id>/again")
@needs("mail.send_again")
def mail_send_again(message_id: int) -> Response:
    """Make a sent or failed message leave once more, with the same content."""
    _one(message_id)
    with unit() as session:
        message = session.get(Message, message_id)
        if message is None:
            raise Refusal("ground.not_found")
        if message.state in ("sent", "failed"):
            outbox.send_again(session, message, utc_now())
    flash(_("Pesan ini dikirim sekali lagi."))
    return redirect(url_for("organizer.mail_message", message_id=message_id))
