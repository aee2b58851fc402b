"""Whom a move or a cancellation will write to: read before it happens, and held to.

What is shown carries a fingerprint of who is told what, at which address, and of the time and
place. The rule that acts takes it and refuses when the list has changed meanwhile.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import calendar, chain
from cohorts.convenings.tables import Convening, Invitation
from cohorts.directory.contacts import mail_addresses
from cohorts.ground.clock import day_in
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal

WRITTEN = ("updated", "replaced", "first", "cancelled")
"""Outcomes that write a message."""

OUTCOMES = (*WRITTEN, "dropped", "unreached", "unaware")


class When(Protocol):
    """A time and place: a convening as it stands, or the plan to move it by."""

    @property
    def starts_at(self) -> dt.datetime: ...
    @property
    def ends_at(self) -> dt.datetime: ...
    @property
    def timezone(self) -> str: ...
    @property
    def venue(self) -> str: ...


@dataclass(frozen=True)
class Told:
    """What one office invited will get. ``outcome`` is one of OUTCOMES:

    updated    its calendar holds the event: an update with the new time and place
    replaced   its invitation has not left yet: the new one goes instead
    first      it has an address by now and got nothing before: its first invitation
    cancelled  its calendar holds the event: a CANCEL, to the address that got it
    dropped    its invitation has not left yet, and never will
    unreached  its calendar holds the event, but it has no address today: to be telephoned
    unaware    it never got anything, and gets nothing

    ``address`` is where the message goes, "" where none is written. ``deputised``: somebody else
    comes for it; whoever that is hears of it from the office.
    """

    state: chain.SeatState
    outcome: str
    address: str
    deputised: bool


@dataclass(frozen=True)
class Notice:
    """All who are invited, by region and protocol, and what each will get."""

    lines: tuple[Told, ...]
    fingerprint: str

    def __bool__(self) -> bool:
        return bool(self.lines)

    @property
    def written(self) -> int:
        """How many messages are written."""
        return sum(line.outcome in WRITTEN for line in self.lines)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many there are of each outcome."""
        return Counter(line.outcome for line in self.lines)


def of_move(session: Session, convening: Convening, to: When, now: dt.datetime) -> Notice:
    """Who hears of a new time or place, and how. Changes nothing."""
    invited = calendar.live_invitations(session, convening.id)
    last, waiting = _posted(session, convening.id)
    points = mail_addresses(session, [one.office_id for one in invited], day_in(now, to.timezone))

    def told(one: Invitation) -> tuple[str, str]:
        point = points.get(one.office_id)
        if point is None:
            return ("unreached" if one.id in last else "unaware"), ""
        if one.id in last:
            return "updated", point.value
        return ("replaced" if one.id in waiting else "first"), point.value

    return _notice(session, convening, to, invited, {i.id: told(i) for i in invited}, now)


def of_cancel(session: Session, convening: Convening, now: dt.datetime) -> Notice:
    """Who hears that it is called off, and how. Changes nothing."""
    invited = calendar.live_invitations(session, convening.id)
    last, waiting = _posted(session, convening.id)

    def told(one: Invitation) -> tuple[str, str]:
        if one.id in last:
            return "cancelled", last[one.id]
        return ("dropped" if one.id in waiting else "unaware"), ""

    return _notice(session, convening, convening, invited, {i.id: told(i) for i in invited}, now)


def must_be_as_seen(notice: Notice, seen: str | None) -> None:
    """Raise Refusal convenings.notice_changed (facts: now, how many are written to) when what an
    organiser agreed to is no longer so; without ``seen`` nothing was shown."""
    if seen is not None and seen != notice.fingerprint:
        raise Refusal("convenings.notice_changed", now=notice.written)


def _posted(session: Session, convening_id: str) -> tuple[dict[str, str], set[str]]:
    """Where the last REQUEST of each invitation went that no CANCEL has answered, and the
    invitations with a REQUEST that has not left; by invitation, in one query."""
    rows = session.scalars(
        sa.select(Message)
        .join(Invitation, Invitation.id == Message.subject_id)
        .where(
            Invitation.convening_id == convening_id,
            Message.subject_kind == "invitation",
            Message.kind.in_((*calendar.REQUESTS, "invitation_cancel")),
            Message.state.in_(("ready", "taken", "sent")),
        )
        .order_by(Message.id)
    )
    last: dict[str, str] = {}
    waiting: set[str] = set()
    for message in rows:
        if message.state == "ready":
            if message.kind in calendar.REQUESTS:
                waiting.add(message.subject_id)
        elif message.kind == "invitation_cancel":
            last.pop(message.subject_id, None)
        elif message.facts.get("calendar") is not None:
            last[message.subject_id] = message.address
    return last, waiting


def _notice(
    session: Session,
    convening: Convening,
    to: When,
    invited: Sequence[Invitation],
    told: Mapping[str, tuple[str, str]],
    now: dt.datetime,
) -> Notice:
    states: dict[str, chain.SeatState] = {}
    passed_on: set[str] = set()
    for state in chain.seats(session, at=now, convening_id=convening.id):
        states.setdefault(state.invitation_id, state)
        if state.live:
            passed_on.add(state.invitation_id)
    lines = tuple(
        Told(state, *told[ident], deputised=ident in passed_on)
        for ident, state in states.items()
        if ident in told
    )
    assert len(lines) == len(invited), "every invitation holds the office's own seat"
    said = [to.starts_at.isoformat(), to.ends_at.isoformat(), to.timezone, to.venue]
    said += sorted(" ".join((ident, *what)) for ident, what in told.items())
    return Notice(lines, hashlib.sha256("\n".join(said).encode()).hexdigest()[:32])
