"""Contact points: the addresses of an office, or of one appointment, and which to write to."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable

import phonenumbers
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.directory.appointments import appointment, holders
from cohorts.directory.events import ContactAdded, ContactConfirmed, ContactEnded
from cohorts.directory.offices import office
from cohorts.directory.people import records_of
from cohorts.directory.tables import (
    CHANNELS,
    CONTACT_LABELS,
    Appointment,
    ContactPoint,
)
from cohorts.ground import bounds, chronicle
from cohorts.ground.access import Actor, demand
from cohorts.ground.refusal import Refusal

_EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]{1,64}@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}")
_LABEL_RANK = {"office": 0, "tu": 1, "ajudan": 2, "personal": 3}


def normal_value(channel: str, value: str) -> str:
    """An address as it is kept: mail in lower case, a number as +62…. Raises Refusal
    directory.email_form or directory.phone_form."""
    plain = unicodedata.normalize("NFKC", value).strip()
    if channel == "email":
        folded = plain.lower()
        if len(folded) > 254 or not _EMAIL.fullmatch(folded):
            raise Refusal("directory.email_form", field="value")
        return folded
    if len(plain) > 40:
        raise Refusal("directory.phone_form", field="value")
    try:
        number = phonenumbers.parse(plain, "ID")
    except phonenumbers.NumberParseException:
        raise Refusal("directory.phone_form", field="value") from None
    if not phonenumbers.is_possible_number(number):
        raise Refusal("directory.phone_form", field="value")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def add_contact(
    session: Session,
    *,
    channel: str,
    value: str,
    source: str,
    from_on: dt.date,
    actor: Actor,
    now: dt.datetime,
    office_id: str | None = None,
    appointment_id: str | None = None,
    label: str = "office",
    confirmed: bool = False,
) -> ContactPoint:
    """Give an office, or one appointment, an address. The same address in use is added once.

    ``source`` says where it was learned; ``confirmed`` that somebody made sure it reaches the
    office. Raises Refusal directory.email_form, phone_form, office_ended, ground.needed.
    """
    demand(actor, "directory.edit")
    if channel not in CHANNELS or label not in CONTACT_LABELS:
        raise ValueError((channel, label))
    if (office_id is None) == (appointment_id is None):
        raise ValueError("an address belongs to an office or to an appointment")
    post = office(session, office_id) if office_id else None
    held = appointment(session, appointment_id) if appointment_id else None
    if post is not None and post.ended_on is not None:
        raise Refusal("directory.office_ended", office=post.name)
    if held is not None and held.until_on is not None:
        raise Refusal("directory.appointment_over", until=held.until_on)
    kept = normal_value(channel, value)
    known = session.scalar(
        sa.select(ContactPoint).where(
            ContactPoint.office_id.is_(None)
            if office_id is None
            else ContactPoint.office_id == office_id,
            ContactPoint.appointment_id.is_(None)
            if appointment_id is None
            else ContactPoint.appointment_id == appointment_id,
            ContactPoint.channel == channel,
            ContactPoint.value == kept,
            ContactPoint.until_on.is_(None),
        )
    )
    if known is not None:
        if confirmed and known.confirmed_at is None:
            _confirm(session, known, actor, now)
        return known
    made = ContactPoint(
        office_id=office_id,
        appointment_id=appointment_id,
        channel=channel,
        value=kept,
        label=label,
        source=bounds.needed(source, most=200, field="source"),
        from_on=from_on,
        confirmed_at=now if confirmed else None,
        confirmed_by=actor.id if confirmed else None,
    )
    session.add(made)
    session.flush()
    owner = post.name if post is not None else held.office.name if held is not None else ""
    chronicle.record(
        session,
        ContactAdded(
            subject=("contact_point", made.id), office=owner, channel=channel, label=label
        ),
        actor,
        now,
    )
    return made


def confirm_contact(
    session: Session, contact_id: str, *, actor: Actor, now: dt.datetime
) -> ContactPoint:
    """Note that an address reaches the office. Confirming twice changes nothing."""
    demand(actor, "directory.edit")
    found = contact(session, contact_id)
    if found.until_on is not None:
        raise Refusal("directory.contact_ended")
    if found.confirmed_at is None:
        _confirm(session, found, actor, now)
    return found


def _confirm(session: Session, found: ContactPoint, actor: Actor, now: dt.datetime) -> None:
    found.confirmed_at = now
    found.confirmed_by = actor.id
    session.flush()
    chronicle.record(session, ContactConfirmed(subject=("contact_point", found.id)), actor, now)


def end_contact(
    session: Session, contact_id: str, *, until_on: dt.date, actor: Actor, now: dt.datetime
) -> ContactPoint:
    """An address is not used from a day on. A correction is an end and a new address."""
    demand(actor, "directory.edit")
    found = contact(session, contact_id)
    if found.until_on is not None:
        raise Refusal("directory.contact_ended")
    found.until_on = max(until_on, found.from_on)
    session.flush()
    chronicle.record(session, ContactEnded(subject=("contact_point", found.id)), actor, now)
    return found


def contact(session: Session, contact_id: str) -> ContactPoint:
    """A contact point. Raises Refusal ground.not_found."""
    found = session.get(ContactPoint, contact_id)
    if found is None:
        raise Refusal("ground.not_found")
    return found


def contacts_of(session: Session, office_id: str, day: dt.date) -> list[ContactPoint]:
    """The addresses in use on a day: the office's own, then those of whoever holds it."""
    found = _in_use(session, [office_id], day).get(office_id, [])
    return sorted(found, key=lambda c: (c.office_id is None, _LABEL_RANK[c.label], c.channel, c.id))


def contacts_of_person(session: Session, person_id: str, day: dt.date) -> list[ContactPoint]:
    """The addresses in use on a day that belong to a person's own appointments, merged records
    included, each once; not those of the offices."""
    query = (
        sa.select(ContactPoint)
        .join(Appointment, Appointment.id == ContactPoint.appointment_id)
        .where(
            Appointment.person_id.in_(records_of(session, person_id)),
            ContactPoint.from_on <= day,
            sa.or_(ContactPoint.until_on.is_(None), ContactPoint.until_on > day),
        )
    )
    once = {(c.channel, c.value): c for c in session.scalars(query.order_by(ContactPoint.id))}
    return [once[key] for key in sorted(once)]


def mail_addresses(
    session: Session, office_ids: Iterable[str], day: dt.date
) -> dict[str, ContactPoint]:
    """The best address of mail of each office on a day, in three queries; missing where none.

    Best: confirmed before unconfirmed, the office's own before the holder's, the newest.
    """
    return {
        office_id: min(mail, key=_preference)
        for office_id, found in _in_use(session, list(office_ids), day).items()
        if (mail := [c for c in found if c.channel == "email"])
    }


def mail_address(session: Session, office_id: str, day: dt.date) -> ContactPoint | None:
    """The best address of mail of an office on a day, or None."""
    return mail_addresses(session, [office_id], day).get(office_id)


def reachable(session: Session, office_ids: Iterable[str], day: dt.date) -> set[str]:
    """Those of the offices that have a confirmed address of mail on a day."""
    best = mail_addresses(session, office_ids, day)
    return {office_id for office_id, point in best.items() if point.confirmed_at is not None}


def confirmed_addresses(session: Session, office_id: str, day: dt.date) -> list[ContactPoint]:
    """Confirmed addresses of mail on a day, best first: the only ones a code may be sent to."""
    found = _in_use(session, [office_id], day).get(office_id, [])
    sure = [c for c in found if c.channel == "email" and c.confirmed_at is not None]
    return sorted(sure, key=_preference)


def whatsapp_number(session: Session, office_id: str, day: dt.date) -> ContactPoint | None:
    """The best WhatsApp number of an office on a day, or None."""
    found = _in_use(session, [office_id], day).get(office_id, [])
    return min((c for c in found if c.channel == "whatsapp"), key=_preference, default=None)


def numbers(
    session: Session, office_ids: Iterable[str], day: dt.date
) -> dict[str, list[ContactPoint]]:
    """The numbers for telephone and WhatsApp of each office on a day, best first."""
    return {
        office_id: sorted((c for c in found if c.channel != "email"), key=_preference)
        for office_id, found in _in_use(session, list(office_ids), day).items()
    }


def offices_reached_by(session: Session, value: str, day: dt.date) -> list[str]:
    """Ids of the offices for which this is a confirmed address of mail on a day: for "lost link",
    which answers nobody else."""
    try:
        kept = normal_value("email", value)
    except Refusal:
        return []
    query = (
        sa.select(sa.func.coalesce(ContactPoint.office_id, Appointment.office_id))
        .outerjoin(Appointment, Appointment.id == ContactPoint.appointment_id)
        .where(
            ContactPoint.channel == "email",
            ContactPoint.value == kept,
            ContactPoint.confirmed_at.is_not(None),
            ContactPoint.from_on <= day,
            sa.or_(ContactPoint.until_on.is_(None), ContactPoint.until_on > day),
        )
    )
    return sorted(set(session.scalars(query)))


def _preference(found: ContactPoint) -> tuple[bool, bool, int, int, str]:
    return (
        found.confirmed_at is None,
        found.office_id is None,
        _LABEL_RANK[found.label],
        -found.from_on.toordinal(),
        found.id,
    )


def _in_use(
    session: Session, office_ids: list[str], day: dt.date
) -> dict[str, list[ContactPoint]]:
    """Addresses in use on a day by office; of appointments the acting holder's, or of a pool
    everybody's."""
    owner = {
        held.id: office_id for office_id, held in holders(session, office_ids, day).items()
    }
    pool = sa.select(Appointment.id, Appointment.office_id).where(
        Appointment.office_id.in_(office_ids),
        Appointment.single.is_(False),
        Appointment.from_on <= day,
        sa.or_(Appointment.until_on.is_(None), Appointment.until_on > day),
    )
    owner.update({row.id: row.office_id for row in session.execute(pool)})
    query = sa.select(ContactPoint).where(
        sa.or_(
            ContactPoint.office_id.in_(office_ids),
            ContactPoint.appointment_id.in_(list(owner)),
        ),
        ContactPoint.from_on <= day,
        sa.or_(ContactPoint.until_on.is_(None), ContactPoint.until_on > day),
    )
    found: dict[str, list[ContactPoint]] = {}
    for point in session.scalars(query):
        office_id = point.office_id or owner[point.appointment_id or ""]
        found.setdefault(office_id, []).append(point)
    return found
