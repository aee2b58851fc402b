"""The worker's job for a mail that came back: read it, and take what it says."""

from __future__ import annotations

from datetime import datetime

from app.adapters import itip
from app.unit import unit
from app.worker import Tools, reading
from cohorts.convenings import guest_mail
from cohorts.ground.outbox import Message


def take_guest_mail(tools: Tools, message: Message, now: datetime) -> str:
    """Read the stored original outside of any unit, then take it in one."""
    invitation_id, sha256 = message.subject_id, str(message.facts["sha256"])
    received = message.posted_at
    reading().rollback()
    incoming = itip.read(tools.files.get(sha256), received)
    with unit() as session:
        kind = guest_mail.take(session, invitation_id, incoming, sha256, now).kind
    return f"guest_mail:{kind}"
