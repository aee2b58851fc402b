"""SendGrid's two webhooks. Each is there only while its key is set."""

from __future__ import annotations

from datetime import datetime

import structlog
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Response, abort, request
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import RequestEntityTooLarge

from app.adapters import sendgrid_hooks as sendgrid
from app.extensions import settings
from app.filters import utc_now
from app.guard import open_to
from app.hooks import bp
from app.mail.compose import read_reply_address
from app.unit import unit
from cohorts.convenings import guest_mail
from cohorts.ground import mail_events
from cohorts.ground.files import FileStore, Kept

BATCH = 1024 * 1024  # SendGrid posts a batch before it reaches 768 kB
RECIPIENTS = 20

logger = structlog.get_logger("hooks")


@bp.post("/sendgrid/events")
@open_to("hook")
def events() -> Response:
    """Keep what a batch says of our messages: each event once, whenever and however often."""
    raw = _signed(settings().event_key, BATCH)
    now = utc_now()
    try:
        told = sendgrid.told(raw, now)
    except ValueError:
        return _refused("unreadable", 400)
    if told:
        with unit() as session:
            mail_events.keep(session, told, now)
    return Response(status=200)


@bp.post("/sendgrid/inbound")
@open_to("hook")
def inbound() -> Response:
    """Store a mail to an invitation's address as it came; the worker reads it.

    What is sent to no address of ours is let go: nobody but us can make such an address.
    """
    raw = _signed(settings().inbound_key, settings().max_upload)
    try:
        came = sendgrid.inbound(raw, request.content_type or "")
    except ValueError:
        return _refused("unreadable", 400)
    meant = {read_reply_address(address) for address in came.to[:RECIPIENTS]} - {None}
    if meant:
        now = utc_now()
        kept = FileStore(settings().files_dir).put(came.raw, "message/rfc822")
        to = sorted(filter(None, meant))
        try:
            _post(to, kept, now)
        except IntegrityError:  # the same mail came beside this one and stands there by now
            _post(to, kept, now)
    return Response(status=200)


def _post(invitation_ids: list[str], kept: Kept, now: datetime) -> None:
    with unit() as session:
        for invitation_id in invitation_ids:
            guest_mail.post(session, invitation_id, kept, now)


def _signed(key: ec.EllipticCurvePublicKey | None, most: int) -> bytes:
    """The raw body, of at most so many bytes, signed with the key; ends the request otherwise.

    The bytes are read before anything looks into the form, which would use them up.
    """
    if key is None:
        abort(404)
    request.max_content_length = most
    try:
        raw = request.get_data(cache=False, parse_form_data=False)
    except RequestEntityTooLarge:
        abort(_refused("too_large", 413))
    signature = request.headers.get(sendgrid.SIGNATURE, "")
    timestamp = request.headers.get(sendgrid.TIMESTAMP, "")
    if not sendgrid.genuine(key, signature, timestamp, raw, utc_now()):
        abort(_refused("not_genuine", 403))
    return raw


def _refused(why: str, status: int) -> Response:
    """Say that a post was refused, and nothing of what it held."""
    logger.warning("hook.refused", hook=request.endpoint, why=why)
    return Response(status=status)
