"""How items stand, now or at any past moment.

An item's last event says the whole of how it stands. Now that is the event numbered like the
item's ``version``; at a past moment T it is the last one recorded by T. Everything that reads
items (pages, agenda, closing, figures) reads them through here, in one query.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.actions.tables import Item, ItemEvent
from cohorts.ground import clock
from cohorts.ground.base import UTC
from cohorts.ground.refusal import Refusal

UNRESOLVED = ("open", "in_progress", "blocked", "claimed")
STATUSES = (*UNRESOLVED, "verified", "dropped")
REPLACED = ("split", "merged", "transferred")
"""Drops after which other items stand for the dropped one."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An item as it stood. ``version`` is the number of the event it is read from; ``status`` is
    one of STATUSES: the state, with done told apart into claimed and verified."""

    id: str
    cohort_id: str
    number: int
    origin: str
    convening_id: str | None
    template_id: str | None
    pledge_id: str | None
    region_code: str | None
    first_raised: dt.datetime
    raised_at: dt.datetime
    event_id: str
    version: int
    kind: str
    effective_at: dt.datetime
    recorded_at: dt.datetime
    actor_id: str
    on_behalf: bool
    note_id: str | None
    title: str
    criterion: str
    state: str
    verified: bool
    owner_office_id: str | None
    original_due: dt.date | None
    due_on: dt.date | None
    blocked_by: str
    drop_reason: str | None
    answered_by_id: str | None
    escalation: int

    @property
    def status(self) -> str:
        if self.state == "done":
            return "verified" if self.verified else "claimed"
        return self.state

    @property
    def unresolved(self) -> bool:
        """Open, in progress, blocked, or claimed done without a verdict."""
        return self.status in UNRESOLVED

    @property
    def label(self) -> str:
        """The number as people say it: "TL-331"."""
        return f"TL-{self.number:03d}"

    @property
    def missing(self) -> tuple[str, ...]:
        """What the item still lacks: of owner, due and criterion, in this order."""
        lacks = (
            ("owner", self.owner_office_id is None),
            ("due", self.due_on is None),
            ("criterion", not self.criterion),
        )
        return tuple(name for name, absent in lacks if absent)


OF_ITEM = ("id", "cohort_id", "number", "origin", "convening_id", "template_id", "pledge_id",
            "region_code", "first_raised", "raised_at")  # fmt: skip
OF_EVENT = ("kind", "effective_at", "recorded_at", "actor_id", "on_behalf", "note_id", "title",
             "criterion", "state", "verified", "owner_office_id", "original_due", "due_on",
             "blocked_by", "drop_reason", "answered_by_id", "escalation")  # fmt: skip
_REGION = sa.case((ItemEvent.owner_office_id.is_not(None), Item.region_code))
"""The first owner brings the region; before that an item had none."""
_COLUMNS = (
    *(_REGION if name == "region_code" else getattr(Item, name) for name in OF_ITEM),
    ItemEvent.id,
    ItemEvent.seq,
    *(getattr(ItemEvent, name) for name in OF_EVENT),
)


_NOW = sa.select(*_COLUMNS).join(
    ItemEvent, sa.and_(ItemEvent.item_id == Item.id, ItemEvent.seq == Item.version)
)
_LAST = (
    sa.select(ItemEvent.item_id, sa.func.max(ItemEvent.seq).label("seq"))
    .where(ItemEvent.recorded_at <= sa.bindparam("at", type_=UTC()))
    .group_by(ItemEvent.item_id)
    .subquery()
)
_THEN = (
    sa.select(*_COLUMNS)
    .join(_LAST, _LAST.c.item_id == Item.id)
    .join(ItemEvent, sa.and_(ItemEvent.item_id == Item.id, ItemEvent.seq == _LAST.c.seq))
)


def _query(at: dt.datetime | None) -> sa.Select[Any]:
    return _NOW if at is None else _THEN.params(at=at)


def items_at(
    session: Session,
    cohort_id: str,
    at: dt.datetime | None = None,
    *,
    region_code: str | None = None,
) -> list[Standing]:
    """Every item of the cohort by number, as it stands or as it stood at ``at`` (by recorded
    time). Items raised later are not there."""
    query = _query(at).where(Item.cohort_id == cohort_id).order_by(Item.number)
    if region_code is not None:
        query = query.where(Item.region_code == region_code)
    return [Standing(*row) for row in session.execute(query)]


def items_by_id(
    session: Session, ids: Iterable[str], at: dt.datetime | None = None
) -> dict[str, Standing]:
    """Items by id, of any cohort; those not raised by ``at`` are not there."""
    wanted = sorted(set(ids))
    found: dict[str, Standing] = {}
    for start in range(0, len(wanted), 500):  # databases bound the number of parameters
        query = _query(at).where(Item.id.in_(wanted[start : start + 500]))
        for row in session.execute(query):
            standing = Standing(*row)
            found[standing.id] = standing
    return found


def item(session: Session, item_id: str, at: dt.datetime | None = None) -> Standing:
    """One item. Raises Refusal ground.not_found."""
    found = items_by_id(session, [item_id], at).get(item_id)
    if found is None:
        raise Refusal("ground.not_found")
    return found


def overdue(found: Standing, now: dt.datetime, zone: str) -> bool:
    """Unresolved, not claimed, and the due day is over in ``zone``, the region's (domain rules,
    section 8)."""
    if found.due_on is None or found.status not in ("open", "in_progress", "blocked"):
        return False
    return now >= clock.end_of_day(found.due_on, zone)
