"""What a guest's calendar is told: frozen facts of one revision, and when a message leaves.

One guest, one event. A message carries its facts frozen; the calendar's file is written from them,
so that the same revision gives the same bytes however often it is sent. Messages of a guest and a
convening share a thread and leave strictly in order:

    invitation         {"calendar": facts}                      the first REQUEST, or sent again
    invitation_update  {"calendar": facts}                      a later REQUEST after a change
    invitation_cancel  {"calendar": facts, "why": withdrawn | cancelled}
    reply_receipt      {"reply_id", "answer" (also waiting, placed), "calendar": facts or None}

An unsent REQUEST that is overtaken is superseded; a CANCEL whose REQUEST never left is not sent.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings.tables import Convening, Invitation, Schedule
from cohorts.directory.contacts import mail_address, mail_addresses
from cohorts.directory.tables import ContactPoint, Office
from cohorts.ground import outbox
from cohorts.ground.clock import day_in
from cohorts.ground.outbox import Message

REQUESTS = ("invitation", "invitation_update", "reply_receipt")
"""Kinds that may put the event into a calendar."""

INVITATIONS = ("invitation", "invitation_update")


@dataclass(frozen=True)
class CalendarFacts:
    """One revision of the event for one guest. Instants are aware UTC, ``zone`` is the venue's.

    ``partstat`` is NEEDS-ACTION, ACCEPTED or DECLINED; ``method`` REQUEST or CANCEL.
    """

    uid: str
    sequence: int
    method: str
    partstat: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: str
    title_id: str
    title_en: str
    place: str
    created: dt.datetime
    revised: dt.datetime

    def as_json(self) -> dict[str, Any]:
        """As a message keeps it."""
        return {
            name: value.isoformat() if isinstance(value, dt.datetime) else value
            for name, value in dataclasses.asdict(self).items()
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> CalendarFacts:
        """The facts that a message kept; KeyError or ValueError when it is no such thing."""
        values: dict[str, Any] = {field.name: kept[field.name] for field in dataclasses.fields(cls)}
        for name in ("starts_at", "ends_at", "created", "revised"):
            values[name] = dt.datetime.fromisoformat(values[name])
        return cls(**values)


def uid(convening_id: str) -> str:
    """The event's UID: per convening, for ever."""
    return f"convening-{convening_id.lower()}@living-lab"


def thread(invitation_id: str) -> str:
    """The thread of a guest's messages about one convening."""
    return f"guest:{invitation_id}"


def sequence(convening: Convening, invitation: Invitation) -> int:
    """The SEQUENCE of the event as this guest has to see it."""
    return convening.sequence + invitation.calendar_lead


def facts(
    session: Session,
    invitation: Invitation,
    *,
    method: str = "REQUEST",
    partstat: str = "NEEDS-ACTION",
    revised: dt.datetime | None = None,
) -> CalendarFacts:
    """The facts as they stand; ``revised`` is when the schedule or the invitation was made."""
    convening = invitation.convening
    schedule = session.get(Schedule, (convening.id, convening.schedule))
    made = schedule.at if schedule is not None else None
    return CalendarFacts(
        uid=uid(convening.id),
        sequence=sequence(convening, invitation),
        method=method,
        partstat=partstat,
        starts_at=convening.starts_at,
        ends_at=convening.ends_at,
        zone=convening.timezone,
        title_id=convening.title_id,
        title_en=convening.title_en,
        place=", ".join(part for part in (convening.venue, convening.address) if part),
        created=invitation.invited_at,
        revised=revised or max(made or invitation.invited_at, invitation.invited_at),
    )


def still_holds(session: Session, message: Message) -> bool:
    """Whether what a calendar message says is still so; the worker asks before it sends.

    A CANCEL always holds. A REQUEST holds while the guest is invited, the convening is not
    cancelled, the sequence has not risen, and nothing was sent to another address since.
    """
    kept = message.facts.get("calendar")
    if kept is not None and kept["method"] == "CANCEL":
        return True
    if readdressed(session, message):
        return False
    if kept is None:
        return True
    invitation = session.get(Invitation, message.subject_id)
    if invitation is None or invitation.withdrawn_at is not None:
        return False
    if invitation.convening.state == "cancelled":
        return False
    return bool(kept["sequence"] == sequence(invitation.convening, invitation))


def readdressed(session: Session, message: Message) -> bool:
    """Whether the invitation was sent to another address since: the link of today, which a message
    gets when it leaves, is not for whoever reads the old one."""
    newer = sa.exists().where(
        Message.thread == message.thread,
        Message.kind.in_(INVITATIONS),
        Message.id > message.id,
        Message.address != message.address,
    )
    return bool(session.scalar(sa.select(newer)))


def post_request(
    session: Session,
    invitation: Invitation,
    point: ContactPoint,
    now: dt.datetime,
    *,
    partstat: str = "NEEDS-ACTION",
    again: int = 0,
) -> bool:
    """Post the invitation as it stands: an update when an earlier one has left or is leaving.

    ``partstat`` is what the guest has answered on the web for this schedule; after a material
    change everybody is asked again.
    """
    what = facts(session, invitation, partstat=partstat)
    supersede(session, invitation.id)
    kind = "invitation_update" if _left(session, invitation.id, what.sequence) else "invitation"
    return _post(session, invitation, point, kind, {"calendar": what.as_json()}, now, again=again)


def post_first(
    session: Session,
    invited: Sequence[tuple[Invitation, ContactPoint, str]],
    now: dt.datetime,
) -> int:
    """Post the first message of offices that have had none; with the office's name. Returns how
    many. Two statements each: nothing has to be looked for."""
    return sum(
        outbox.post(
            session,
            key=f"invitation:{invitation.id}:{sequence(invitation.convening, invitation)}",
            kind="invitation",
            subject=("invitation", invitation.id),
            now=now,
            address=point.value,
            name=office,
            cohort_id=invitation.convening.cohort_id,
            thread=thread(invitation.id),
            facts={"calendar": facts(session, invitation).as_json()},
        )
        for invitation, point, office in invited
    )


def post_cancel(
    session: Session, invitation: Invitation, why: str, now: dt.datetime
) -> bool:
    """Post a CANCEL to whom a REQUEST has reached, one number higher; False when none had left.

    ``why`` is withdrawn (this guest) or cancelled (the convening). The caller has raised the
    sequence already.
    """
    supersede(session, invitation.id)
    last = _last_request(session, invitation.id)
    if last is None:
        return False
    what = facts(session, invitation, method="CANCEL", revised=now)
    return outbox.post(
        session,
        key=f"invitation_cancel:{invitation.id}:{what.sequence}",
        kind="invitation_cancel",
        subject=("invitation", invitation.id),
        now=now,
        address=last.address,  # to whoever holds the event, not to who is there by now
        name=last.name,
        lang=last.lang,
        cohort_id=invitation.convening.cohort_id,
        thread=thread(invitation.id),
        facts={"calendar": what.as_json(), "why": why},
    )


def post_receipt(
    session: Session,
    invitation: Invitation,
    reply_id: str,
    answer: str,
    now: dt.datetime,
    *,
    stands: str = "",
) -> bool:
    """Tell the office what was recorded in its name, with the calendar answered accordingly.

    ``stands`` is "waiting" for an answer that came too late for the last seat (the calendar is
    told nothing yet), "placed" when the seat has moved up since.
    """
    office_id = invitation.office_id
    day = day_in(now, invitation.convening.timezone)
    point = mail_address(session, office_id, day)
    if point is None:
        return False
    partstat = {"attending": "ACCEPTED", "declined": "DECLINED"}.get(answer)
    if stands == "waiting":
        partstat = None
    what = facts(session, invitation, partstat=partstat).as_json() if partstat else None
    return _post(
        session,
        invitation,
        point,
        "reply_receipt",
        {"reply_id": reply_id, "answer": stands or answer, "calendar": what},
        now,
        key=f"reply_receipt:{reply_id}" + (":placed" if stands == "placed" else ""),
    )


def supersede(session: Session, invitation_id: str) -> int:
    """Withdraw what this guest has not been sent yet; returns how many."""
    return outbox.supersede(session, thread=thread(invitation_id), kinds=REQUESTS)


def tell_everybody(session: Session, convening: Convening, now: dt.datetime) -> int:
    """Post the changed event to every office invited; returns how many messages."""
    invited = live_invitations(session, convening.id)
    day = day_in(now, convening.timezone)
    points = mail_addresses(session, [i.office_id for i in invited], day)
    return sum(
        post_request(session, invitation, points[invitation.office_id], now)
        for invitation in invited
        if invitation.office_id in points
    )


def live_invitations(session: Session, convening_id: str) -> list[Invitation]:
    """The convening's invitations that have not been withdrawn."""
    return list(
        session.scalars(
            sa.select(Invitation)
            .where(Invitation.convening_id == convening_id, Invitation.withdrawn_at.is_(None))
            .order_by(Invitation.id)
        )
    )


def _left(session: Session, invitation_id: str, below: int) -> bool:
    last = _last_request(session, invitation_id)
    kept = last.facts.get("calendar") if last is not None else None
    return kept is not None and int(kept["sequence"]) < below


def _last_request(session: Session, invitation_id: str) -> Message | None:
    """The last REQUEST that has left or may be leaving just now, not yet answered by a CANCEL."""
    rows = session.scalars(
        sa.select(Message)
        .where(
            Message.thread == thread(invitation_id),
            Message.kind.in_((*REQUESTS, "invitation_cancel")),
            Message.state.in_(("taken", "sent")),
        )
        .order_by(Message.id)
    )
    last: Message | None = None
    for message in rows:
        if message.kind == "invitation_cancel":
            last = None
        elif message.facts.get("calendar") is not None:
            last = message
    return last


def _post(
    session: Session,
    invitation: Invitation,
    point: ContactPoint,
    kind: str,
    said: dict[str, Any],
    now: dt.datetime,
    *,
    key: str | None = None,
    again: int = 0,
) -> bool:
    number = sequence(invitation.convening, invitation)
    suffix = f":again:{again}" if again else ""
    return outbox.post(
        session,
        key=key or f"{kind}:{invitation.id}:{number}{suffix}",
        kind=kind,
        subject=("invitation", invitation.id),
        now=now,
        address=point.value,
        name=session.scalar(sa.select(Office.name).where(Office.id == invitation.office_id)) or "",
        cohort_id=invitation.convening.cohort_id,
        thread=thread(invitation.id),
        facts=said,
    )
