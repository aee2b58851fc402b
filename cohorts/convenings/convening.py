"""Planning a series: a draft, its edits, its announcement.

Times are aware UTC instants; ``timezone`` is the venue's. Only start, end, zone and venue are the
schedule: changing one of them asks every guest again (domain rules, sections 3 and 4).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import calendar, notice
from cohorts.convenings.events import (
    ConveningAnnounced,
    ConveningEdited,
    ConveningPlanned,
    ConveningRescheduled,
)
from cohorts.convenings.tables import PLANNED, POLICIES, Convening, Schedule
from cohorts.ground import bounds
from cohorts.ground.access import Actor, Where, demand
from cohorts.ground.base import new_id
from cohorts.ground.chronicle import record
from cohorts.ground.refusal import Refusal
from cohorts.programme.tables import Cohort

ZONES = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")
SCHEDULE = ("starts_at", "ends_at", "timezone", "venue")
AFTER_START = ("opening_actual", "contact_name", "contact_phone", "letter_number", "map_url",
               "door_closes_at")
"""What an organiser may still write once a convening has begun."""

LIMITS = {
    "title_id": 200,
    "title_en": 200,
    "purpose_id": 4000,
    "purpose_en": 4000,
    "timezone": 40,
    "venue": 200,
    "address": 300,
    "map_url": 300,
    "dress": 120,
    "host": 200,
    "contact_name": 120,
    "contact_phone": 20,
    "letter_number": 80,
    "opening_planned": 200,
    "opening_actual": 200,
}
PARAGRAPHS = ("purpose_id", "purpose_en")
_PHONE = re.compile(r"\+?[0-9][0-9 ().-]{5,18}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Plan:
    """All that an organiser says of a convening. English titles fall back to the Indonesian."""

    title_id: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    timezone: str
    venue: str
    reply_by: dt.datetime
    door_opens_at: dt.datetime
    door_closes_at: dt.datetime
    title_en: str = ""
    purpose_id: str = ""
    purpose_en: str = ""
    address: str = ""
    map_url: str = ""
    dress: str = ""
    host: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    letter_number: str = ""
    opening_planned: str = ""
    opening_actual: str = ""
    policy: str = "one_level_down"
    deputy_may_sign: bool = False

    def checked(self) -> Plan:
        """The plan with its texts stripped; raises the first Refusal that applies."""
        texts: dict[str, Any] = {
            name: (bounds.lines if name in PARAGRAPHS else bounds.line)(
                getattr(self, name), most=limit, field=name
            )
            for name, limit in LIMITS.items()
        }
        texts["title_en"] = texts["title_en"] or texts["title_id"]
        for name in ("title_id", "venue"):
            if not texts[name]:
                raise Refusal("convenings.required", field=name)
        if self.timezone not in ZONES:
            raise Refusal("convenings.zone_unknown", field="timezone")
        if self.policy not in POLICIES:
            raise Refusal("convenings.required", field="policy")
        if self.ends_at <= self.starts_at:
            raise Refusal("convenings.ends_before_it_starts", field="ends_at")
        if self.door_closes_at <= max(self.door_opens_at, self.starts_at):
            raise Refusal("convenings.door_hours", field="door_closes_at")
        if self.reply_by > self.starts_at:
            raise Refusal("convenings.reply_by_after_start", field="reply_by")
        if texts["map_url"] and not texts["map_url"].startswith(("https://", "http://")):
            raise Refusal("convenings.map_address", field="map_url")
        if texts["contact_phone"] and not _PHONE.fullmatch(texts["contact_phone"]):
            raise Refusal("convenings.phone", field="contact_phone")
        return dataclasses.replace(self, **texts)


FIELDS = tuple(field.name for field in dataclasses.fields(Plan))


def where(convening: Convening) -> Where:
    """The place of a convening, for a question of access."""
    return Where(cohort_id=convening.cohort_id, convening_id=convening.id)


def get(session: Session, convening_id: str) -> Convening:
    """The convening, or Refusal ground.not_found."""
    convening = session.get(Convening, convening_id)
    if convening is None:
        raise Refusal("ground.not_found")
    return convening


def plan(
    session: Session,
    cohort_id: str,
    wanted: Plan,
    actor: Actor,
    now: dt.datetime,
    *,
    number: int | None = None,
) -> Convening:
    """Plan a convening as a draft; without a number it is the next of the series.

    Raises Refusal convenings.before_held when it would come before one that has begun (domain
    rules, section 8), convenings.number_taken, and those of ``Plan.checked``.
    """
    demand(actor, "convening.edit", Where(cohort_id=cohort_id))
    cohort = session.get(Cohort, cohort_id, with_for_update=True)
    if cohort is None:
        raise Refusal("ground.not_found")
    wanted = wanted.checked()
    _not_before_held(session, cohort_id, wanted.starts_at)
    numbers = set(
        session.scalars(sa.select(Convening.number).where(Convening.cohort_id == cohort_id))
    )
    number = number if number is not None else max(numbers, default=0) + 1
    if number in numbers or number < 1:
        raise Refusal("convenings.number_taken", field="number", number=number)
    convening = Convening(
        id=new_id(),
        cohort_id=cohort_id,
        number=number,
        state="draft",
        created_at=now,
        schedule=1,
        sequence=0,
        version=1,
        **{name: getattr(wanted, name) for name in FIELDS},
    )
    session.add(convening)
    session.flush()
    _keep_schedule(session, convening, actor, now)
    record(
        session,
        ConveningPlanned(
            subject=("convening", convening.id),
            cohort_id=cohort_id,
            number=number,
            starts_at=convening.starts_at,
        ),
        actor,
        now,
    )
    return convening


def as_planned(convening: Convening) -> Plan:
    """What stands now, as the plan that an editor begins from."""
    return Plan(**{name: getattr(convening, name) for name in FIELDS})


def edit(
    session: Session,
    convening_id: str,
    wanted: Plan,
    version: int,
    actor: Actor,
    now: dt.datetime,
    *,
    seen: str | None = None,
) -> Convening:
    """Write a changed plan over the version that the editor saw.

    A change of start, end, zone or venue is a new schedule: the calendar's sequence rises, replies
    of the old schedule count as unanswered, and who was invited is told. The pass stays. ``seen``
    is the fingerprint of the list of those told (``notice.of_move``) that the editor agreed to.

    Raises Refusal ground.stale (facts: changed, the fields that differ from what is asked for),
    convenings.already_started, convenings.cancelled, convenings.before_held,
    convenings.notice_changed and those of ``Plan.checked``.
    """
    convening = session.get(
        Convening, convening_id, with_for_update=True, populate_existing=True
    )
    if convening is None:
        raise Refusal("ground.not_found")
    demand(actor, "convening.edit", where(convening))
    wanted = wanted.checked()
    changed = tuple(name for name in FIELDS if getattr(convening, name) != getattr(wanted, name))
    if not changed:
        return convening  # a double click: everything stands already
    if convening.version != version:
        raise Refusal("ground.stale", changed=changed)
    if convening.state == "cancelled":
        raise Refusal("convenings.cancelled")
    if convening.state not in PLANNED and not set(changed) <= set(AFTER_START):
        raise Refusal(
            "convenings.already_started",
            field=next(name for name in changed if name not in AFTER_START),
        )
    moved = set(changed) & set(SCHEDULE)
    if "starts_at" in moved:
        _not_before_held(session, convening.cohort_id, wanted.starts_at, but=convening.id)
    if moved and seen is not None:
        notice.must_be_as_seen(notice.of_move(session, convening, wanted, now), seen)
    for name in changed:
        setattr(convening, name, getattr(wanted, name))
    convening.version += 1
    session.flush()
    subject = ("convening", convening.id)
    if moved:
        convening.schedule += 1
        convening.sequence += 1
        _keep_schedule(session, convening, actor, now)
        record(
            session,
            ConveningRescheduled(
                subject=subject,
                cohort_id=convening.cohort_id,
                schedule=convening.schedule,
                starts_at=convening.starts_at,
                ends_at=convening.ends_at,
                timezone=convening.timezone,
                venue=convening.venue,
            ),
            actor,
            now,
        )
        calendar.tell_everybody(session, convening, now)
    others = tuple(name for name in changed if name not in moved)
    if others:
        record(
            session,
            ConveningEdited(subject=subject, cohort_id=convening.cohort_id, changed=others),
            actor,
            now,
        )
    return convening


def announce(session: Session, convening_id: str, actor: Actor, now: dt.datetime) -> Convening:
    """Make a draft public. Announcing twice is announcing once.

    Raises Refusal convenings.not_draft for one that is cancelled or has begun.
    """
    convening = session.get(
        Convening, convening_id, with_for_update=True, populate_existing=True
    )
    if convening is None:
        raise Refusal("ground.not_found")
    demand(actor, "convening.edit", where(convening))
    if convening.state == "announced":
        return convening
    if convening.state != "draft":
        raise Refusal("convenings.not_draft", state=convening.state)
    convening.state = "announced"
    convening.announced_at = now
    convening.version += 1
    record(
        session,
        ConveningAnnounced(subject=("convening", convening.id), cohort_id=convening.cohort_id),
        actor,
        now,
    )
    session.flush()
    return convening


def series(session: Session, cohort_id: str) -> list[Convening]:
    """The cohort's convenings in their order, cancelled ones included."""
    return list(
        session.scalars(
            sa.select(Convening)
            .where(Convening.cohort_id == cohort_id)
            .order_by(Convening.starts_at, Convening.number)
        )
    )


def schedules(session: Session, convening_id: str) -> dict[int, Schedule]:
    """Every schedule the convening has had, by its number."""
    rows = session.scalars(sa.select(Schedule).where(Schedule.convening_id == convening_id))
    return {row.n: row for row in rows}


def _keep_schedule(
    session: Session, convening: Convening, actor: Actor, now: dt.datetime
) -> None:
    session.add(
        Schedule(
            convening_id=convening.id,
            n=convening.schedule,
            starts_at=convening.starts_at,
            ends_at=convening.ends_at,
            timezone=convening.timezone,
            venue=convening.venue,
            at=now,
            actor=actor.id,
        )
    )
    session.flush()


def _not_before_held(
    session: Session, cohort_id: str, starts_at: dt.datetime, *, but: str = ""
) -> None:
    """Domain rules, section 8: a planned convening cannot move before one already held."""
    held = session.scalar(
        sa.select(Convening)
        .where(
            Convening.cohort_id == cohort_id,
            Convening.id != but,
            Convening.state.in_(("in_progress", "closed")),
            Convening.starts_at >= starts_at,
        )
        .order_by(Convening.starts_at.desc())
        .limit(1)
    )
    if held is not None:
        raise Refusal("convenings.before_held", field="starts_at", number=held.number)
