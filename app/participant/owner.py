"""What an owner's link opens: the office, its region, and the region's items as it sees them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.extensions import db, keys
from app.filters import day_of, utc_now
from app.language import language
from app.unit import unit
from cohorts.actions import authority, dates, record
from cohorts.actions.owner_links import Owner, open_owner_link
from cohorts.actions.standing import REPLACED, Standing, items_at, overdue
from cohorts.actions.tables import Ask
from cohorts.convenings.tables import Convening
from cohorts.directory.offices import office_name, region_name
from cohorts.directory.tables import Region
from cohorts.ground import throttle
from cohorts.ground.body import Body
from cohorts.ground.links import Links
from cohorts.ground.refusal import Refusal
from cohorts.programme.tables import Cohort

WINDOW = dt.timedelta(minutes=10)
REPORTS_EACH = 40
REPORTS_IN_ALL = 3000
GONE = (*REPLACED, "duplicate")
"""Drops after which another item stands in the list."""


@dataclass(frozen=True)
class Opened:
    """An owner's link in use."""

    token: str
    owner: Owner
    cohort: Cohort
    region: Region | None
    now: dt.datetime

    @property
    def zone(self) -> str:
        return self.region.timezone if self.region else self.cohort.timezone

    @property
    def today(self) -> dt.date:
        """The present day of the region."""
        return day_of(self.now, self.zone)

    @property
    def office(self) -> str:
        return office_name(self.owner.office, language())

    @property
    def place(self) -> str:
        """The region, or the organisation of a ministry's office."""
        if self.region is None:
            return self.owner.office.organisation.name
        return region_name(self.region, language())

    def items(self) -> list[Standing]:
        """The items of the region (of a ministry: of the office alone), replaced ones left out."""
        found = items_at(db.session(), self.cohort.id, region_code=self.owner.region_code)
        if self.owner.region_code is None:
            found = [one for one in found if one.owner_office_id == self.owner.office.id]
        return [one for one in found if one.drop_reason not in GONE]

    def item(self, item_id: str) -> Standing:
        """One of them. Raises Refusal ground.not_found for anything else."""
        for one in self.items():
            if one.id == item_id:
                return one
        raise Refusal("ground.not_found")

    def may_act(self, found: Standing) -> bool:
        return authority.is_owner(db.session(), self.owner.actor, found)


@dataclass(frozen=True)
class Card:
    """An item in the list. ``group`` is todo, running, claimed, verified or dropped; ``look``
    overdue, returned or the status; ``note`` what the verifier wrote with a return."""

    item: Standing
    group: str
    look: str
    late: int
    carried: int
    convening: Convening | None
    note: str | None
    mine: bool
    ask: Ask | None


def open_link(token: str) -> Opened:
    """Read an owner's token; unknown, damaged and revoked are one answer."""
    session = db.session()
    owner = open_owner_link(session, Links(keys().link).read("owner", token))
    region = session.get(Region, owner.region_code) if owner.region_code else None
    cohort = session.get_one(Cohort, owner.cohort_id)
    return Opened(token, owner, cohort, region, utc_now())


def slow_down(opened: Opened) -> None:
    """Count a report of this link. Raises Refusal ground.too_many (facts: retry_after)."""
    with unit() as session:
        waits = [
            throttle.hit(session, f"owner:{opened.owner.link_id}", limit=REPORTS_EACH,
                         every=WINDOW, now=opened.now),
            throttle.hit(session, "owner", limit=REPORTS_IN_ALL, every=WINDOW, now=opened.now),
        ]
    wait = max((one for one in waits if one is not None), default=None)
    if wait is not None:
        raise Refusal("ground.too_many", retry_after=wait)


def cards(opened: Opened, items: Iterable[Standing]) -> list[Card]:
    """The items as cards, what is most pressing first. Six statements, whatever their number."""
    session = db.session()
    found = list(items)
    times = record.carried(session, opened.cohort.id)
    notes = _notes(session, [one.note_id for one in found if one.kind == "returned"])
    asks = {ask.item_id: ask for ask in dates.open_asks(session, [one.id for one in found])
            if ask.kind == "extension"}  # fmt: skip
    convenings = {row.id: row for row in session.scalars(
        sa.select(Convening).where(Convening.cohort_id == opened.cohort.id))}  # fmt: skip
    made = [
        _card(opened, one, times.get(one.id, 0), notes.get(one.note_id or ""), asks.get(one.id),
              convenings.get(one.convening_id or ""))
        for one in found
    ]  # fmt: skip
    rank = {"overdue": 0, "returned": 1, "blocked": 2}
    return sorted(made, key=lambda card: (
        rank.get(card.look, 3), card.item.due_on or dt.date.max, card.item.number))  # fmt: skip


def _card(opened: Opened, found: Standing, carried: int, note: str | None, ask: Ask | None,
          convening: Convening | None) -> Card:  # fmt: skip
    look, group = found.status, {"in_progress": "running"}.get(found.status, found.status)
    late = (opened.today - found.due_on).days if found.due_on else 0
    if found.kind == "returned":
        look = "returned"
    elif overdue(found, opened.now, opened.zone) and found.status != "blocked":
        look = "overdue"
    if look in ("overdue", "returned", "open", "blocked"):
        group = "todo"
    return Card(found, group, look, late, carried, convening, note, opened.may_act(found), ask)


def _notes(session: Session, ids: list[str | None]) -> dict[str, str]:
    wanted = [one for one in ids if one]
    rows = session.execute(sa.select(Body.id, Body.text).where(Body.id.in_(wanted)))
    return {body_id: text for body_id, text in rows if text}
