"""A message to the guests of a convening, all or some: the organisers' own words, once to each.

It goes to whoever comes: the deputy's own office where it can be written to, else the office
invited; with the recipient's own link. Whom mail cannot reach is counted and stays for the call
list.

    announcement   subject (invitation, id) or, to a deputy, (hand_over, id)
    facts: invitation_id, subject_id and text_id: of the bodies that hold the words
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import chain, delivery
from cohorts.convenings.addressee import Addressee
from cohorts.convenings.chain import SeatState
from cohorts.convenings.convening import get, where
from cohorts.convenings.events import AnnouncementSent
from cohorts.convenings.reminders import undeliverable
from cohorts.directory.contacts import mail_addresses
from cohorts.ground import body, bounds, mail_events, outbox
from cohorts.ground.access import Actor, demand
from cohorts.ground.canonical import canonical, sha256
from cohorts.ground.chronicle import record
from cohorts.ground.clock import day_in
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal

KIND = "announcement"
SUBJECT = 120
TEXT = 3000
_REFERENCE = re.compile(r"[0-9A-Z]{16}")


@dataclass(frozen=True)
class Group:
    """Which guests: by reply (attending, delegated, declined, waiting, unanswered; none is all), by
    region and by role; empty is all."""

    replies: frozenset[str] = frozenset()
    region_code: str = ""
    role_key: str = ""

    def holds(self, state: SeatState) -> bool:
        """Whether a guest belongs to it."""
        return (
            (not self.replies or state.state in self.replies)
            and (not self.region_code or state.region_code == self.region_code)
            and (not self.role_key or state.role_key == self.role_key)
        )


@dataclass(frozen=True)
class Reach:
    """``unreached`` are guests of the group whom mail cannot reach."""

    recipients: tuple[Addressee, ...]
    unreached: tuple[SeatState, ...]


def guests(session: Session, convening_id: str, now: dt.datetime) -> list[SeatState]:
    """Everybody who is invited, each once, by region and protocol."""
    found: dict[str, SeatState] = {}
    for state in chain.seats(session, at=now, convening_id=convening_id):
        if state.kind == "office":
            found.setdefault(state.invitation_id, state)
    return list(found.values())


def reach(session: Session, convening_id: str, group: Group, now: dt.datetime) -> Reach:
    """Who gets a message to this group as answers and addresses stand at ``now``."""
    convening = get(session, convening_id)
    states = [state for state in guests(session, convening_id, now) if group.holds(state)]
    offices = {s.office_id for s in states} | {s.live[-1].office_id or "" for s in states if s.live}
    points = mail_addresses(session, sorted(offices - {""}), day_in(now, convening.timezone))
    sent = delivery.deliveries(session, convening_id)
    told = mail_events.latest(session, sent.values())
    recipients, unreached = [], []
    for state in states:
        deputy = state.live[-1] if state.live else None
        if deputy is not None and deputy.office_id in points:
            recipients.append(Addressee(state, deputy, points[deputy.office_id].value))
            continue
        point, message = points.get(state.office_id), sent.get(state.invitation_id)
        event = told.get(message.id) if message is not None else None
        if point is None or undeliverable(message, event, point):
            unreached.append(state)
        else:
            recipients.append(Addressee(state, None, point.value))
    return Reach(tuple(recipients), tuple(unreached))


def announce(
    session: Session,
    convening_id: str,
    group: Group,
    subject: str,
    text: str,
    actor: Actor,
    now: dt.datetime,
    *,
    reference: str,
    seen: int,
) -> int:
    """Post the message to everybody in the group whom mail reaches; returns how many.

    ``reference`` (16 characters, made with the form) names this message: sending the form twice
    sends once. ``seen`` is how many recipients the organiser saw. Raises Refusal
    ground.not_allowed, ground.needed, ground.too_long, ground.not_found (no such reference),
    convenings.not_announced (a draft), convenings.nobody_reached and
    convenings.recipients_changed (facts: seen, now).
    """
    convening = get(session, convening_id)
    demand(actor, "convening.invite", where(convening))
    if convening.state == "draft":
        raise Refusal("convenings.not_announced", state=convening.state)
    if not _REFERENCE.fullmatch(reference):
        raise Refusal("ground.not_found")
    title = bounds.needed(subject, most=SUBJECT, field="subject")
    words = bounds.lines(text, most=TEXT, field="text")
    if not words:
        raise Refusal("ground.needed", field="text")
    prefix = f"{KIND}:{convening_id}:{reference}:"
    before = session.scalar(
        sa.select(sa.func.count()).where(
            Message.cohort_id == convening.cohort_id, Message.key.startswith(prefix)
        )
    )
    if before:
        return before
    found = reach(session, convening_id, group, now).recipients
    if not found:
        raise Refusal("convenings.nobody_reached")
    if len(found) != seen:
        raise Refusal("convenings.recipients_changed", seen=seen, now=len(found))
    kept = {"subject_id": body.keep(session, title), "text_id": body.keep(session, words)}
    for one in found:
        outbox.post(
            session,
            key=f"{prefix}{one.subject[1]}",
            kind=KIND,
            subject=one.subject,
            now=now,
            address=one.address,
            name=one.name,
            cohort_id=convening.cohort_id,
            thread=one.thread,
            facts={"invitation_id": one.state.invitation_id, **kept},
        )
    record(
        session,
        AnnouncementSent(
            subject=("convening", convening_id),
            cohort_id=convening.cohort_id,
            replies=tuple(sorted(group.replies)),
            region=group.region_code,
            role=group.role_key,
            recipients=len(found),
            sha256=sha256(canonical({"subject": title, "text": words})),
        ),
        actor,
        now,
    )
    return len(found)
