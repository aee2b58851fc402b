"""The end of a poll: a date becomes a convening with its guests, or the poll is called off."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import convening as convenings
from cohorts.convenings import invitation, polls
from cohorts.convenings.convening import Plan
from cohorts.convenings.events_polls import PollCancelled, PollDecided
from cohorts.convenings.poll_answers import answered_by
from cohorts.convenings.poll_asked import Whom, whom
from cohorts.convenings.poll_tables import Poll, PollAsk, PollChoice, PollDate, PollRegion
from cohorts.convenings.tables import Convening
from cohorts.directory.contacts import mail_addresses
from cohorts.directory.tables import Region
from cohorts.ground import bounds, outbox
from cohorts.ground.access import Actor, Where, demand
from cohorts.ground.chronicle import record
from cohorts.ground.clock import day_in
from cohorts.ground.refusal import Refusal
from cohorts.programme.members import members

HOUR = dt.timedelta(hours=1)
UNSENT = ("poll_asked", "poll_reminder")
"""What is not sent any more once a poll has ended."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Terms:
    """What choosing a date still needs: the place, and until when the guests answer."""

    venue: str
    reply_by: dt.datetime
    address: str = ""
    policy: str = "one_level_down"


def choice_of(session: Session, poll_id: str) -> PollChoice | None:
    """What was chosen, None while nothing is."""
    return session.get(PollChoice, poll_id)


def invites(session: Session, found: Poll, now: dt.datetime) -> list[Whom]:
    """Whom choosing a date invites: the post asked first (another one only speaks for it), of every
    member where all members were asked, else of the regions asked. Changes nothing."""
    return whom(session, *_invited(session, found, now), day_in(now, found.timezone))


def choose(
    session: Session,
    poll_id: str,
    date_n: int,
    terms: Terms,
    actor: Actor,
    now: dt.datetime,
    *,
    seen: int | None = None,
) -> Convening:
    """Plan the convening of a date, announce it and invite, in this one transaction; the poll ends.

    Choosing the same date twice is choosing once. Raises Refusal convenings.poll_decided when
    another date was chosen, poll_cancelled, poll_date_past, changed_since_preview (facts: seen,
    now) and those of ``convening.plan``, ``announce`` and ``invitation.invite``.
    """
    found = polls.locked(session, poll_id)
    demand(actor, "convening.edit", Where(cohort_id=found.cohort_id))
    chosen = choice_of(session, poll_id)
    if chosen is not None and chosen.date_n == date_n:
        return convenings.get(session, chosen.convening_id)
    polls.must_be_open(found)
    date = next((date for date in found.dates if date.n == date_n), None)
    if date is None:
        raise Refusal("ground.not_found")
    if date.starts_at <= now:
        day = day_in(date.starts_at, found.timezone)
        raise Refusal("convenings.poll_date_past", day=day)
    regions, roles = _invited(session, found, now)
    lines = whom(session, regions, roles, day_in(now, found.timezone))
    if seen is not None and len(lines) != seen:
        raise Refusal("convenings.changed_since_preview", seen=seen, now=len(lines))
    made = convenings.plan(session, found.cohort_id, _plan(found, date, terms), actor, now)
    convenings.announce(session, made.id, actor, now)
    if all_members(session, found):
        done = invitation.invite(session, made.id, roles, actor, now)
    else:
        ids = [line.office_id or polls.ensure(session, line, actor, now) for line in lines]
        done = invitation.invite(session, made.id, [], actor, now, offices=ids)
    session.add(
        PollChoice(poll_id=poll_id, date_n=date_n, convening_id=made.id, at=now, actor=actor.id)
    )
    _end(session, found, "decided", now)
    record(
        session,
        PollDecided(
            subject=("poll", poll_id),
            cohort_id=found.cohort_id,
            convening_id=made.id,
            starts_at=date.starts_at,
            invited=done.new,
        ),
        actor,
        now,
    )
    return made


def cancel(session: Session, poll_id: str, reason: str, actor: Actor, now: dt.datetime) -> int:
    """Call a poll off: who has answered is told, what was not sent yet stays unsent. Returns how
    many are told; none the second time.

    Raises Refusal convenings.poll_reason, poll_decided.
    """
    found = polls.locked(session, poll_id)
    demand(actor, "convening.edit", Where(cohort_id=found.cohort_id))
    if found.state == "cancelled":
        return 0
    polls.must_be_open(found)
    reason = bounds.line(reason, most=300, field="reason")
    if not reason:
        raise Refusal("convenings.poll_reason", field="reason")
    told = [ask for ask in answered_by(session, poll_id) if ask.office.ended_on is None]
    points = mail_addresses(session, [ask.office_id for ask in told], day_in(now, found.timezone))
    found.end_reason = reason
    _end(session, found, "cancelled", now)
    n = sum(
        polls.post(
            session,
            found,
            ask.id,
            "poll_cancelled",
            points[ask.office_id].value,
            ask.office.name,
            now,
        )
        for ask in told
        if ask.office_id in points
    )
    record(
        session,
        PollCancelled(subject=("poll", poll_id), cohort_id=found.cohort_id, told=n),
        actor,
        now,
    )
    return n


def all_members(session: Session, found: Poll) -> bool:
    """Whether every member of the day was asked."""
    asked = set(_codes(session, found.id))
    return {m.region.code for m in members(session, found.cohort_id, found.opened_at)} <= asked


def _plan(found: Poll, date: PollDate, terms: Terms) -> Plan:
    return Plan(
        title_id=found.title_id,
        title_en=found.title_en,
        purpose_id=found.purpose_id,
        purpose_en=found.purpose_en,
        starts_at=date.starts_at,
        ends_at=date.ends_at,
        timezone=found.timezone,
        venue=terms.venue,
        address=terms.address,
        policy=terms.policy,
        reply_by=terms.reply_by,
        door_opens_at=date.starts_at - HOUR,
        door_closes_at=date.ends_at,
    )


def _invited(session: Session, found: Poll, now: dt.datetime) -> tuple[list[Region], list[str]]:
    if all_members(session, found):
        regions = [m.region for m in members(session, found.cohort_id, now)]
    else:
        codes = _codes(session, found.id)
        regions = list(session.scalars(sa.select(Region).where(Region.code.in_(codes))))
    return polls.by_name(regions), [str(role) for role in found.roles[:1]]


def _codes(session: Session, poll_id: str) -> Sequence[str]:
    return session.scalars(
        sa.select(PollRegion.region_code).where(PollRegion.poll_id == poll_id)
    ).all()


def _end(session: Session, found: Poll, state: str, now: dt.datetime) -> None:
    found.state, found.ended_at = state, now
    session.flush()
    for ask_id in session.scalars(sa.select(PollAsk.id).where(PollAsk.poll_id == found.id)).all():
        outbox.supersede(session, thread=polls.thread(ask_id), kinds=UNSENT)
