"""The table of items: what stands in a row, filtered, sorted, a page at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from app.filters import day_of
from app.language import language
from cohorts.actions import dates, record
from cohorts.actions.standing import Standing, items_at, overdue
from cohorts.directory.offices import office_name, region_name
from cohorts.directory.spelling import fold
from cohorts.directory.tables import Office, Organisation, Region, Role
from cohorts.programme.tables import Cohort

SIZE = 25
SOON = dt.timedelta(days=14)
CHOICES = ("unresolved", "overdue", "soon", "open", "in_progress", "blocked", "claimed",
           "verified", "dropped", "incomplete", "all")  # fmt: skip


@dataclass(frozen=True)
class Owner:
    """An office as a row names it."""

    office: str
    role_key: str
    role: str


@dataclass(frozen=True)
class Row:
    """One item of the table. ``late``: days since its due day in the region's zone, negative
    before it; ``extended``: how often it was extended."""

    item: Standing
    owner: Owner | None
    region: str
    zone: str
    overdue: bool
    late: int
    carried: int
    extended: int


@dataclass(frozen=True)
class Wanted:
    """What the reader filters and sorts by; empty means everything."""

    q: str = ""
    status: str = "unresolved"
    convening: str = ""
    role: str = ""
    sort: str = "due"

    def fits(self, row: Row, now: dt.datetime) -> bool:
        if self.convening and row.item.convening_id != self.convening:
            return False
        if self.role and (row.owner is None or row.owner.role_key != self.role):
            return False
        return self._in_state(row) and self._said(row)

    def _in_state(self, row: Row) -> bool:
        found = row.item
        if self.status in ("", "all"):
            return True
        if self.status == "unresolved":
            return found.unresolved
        if self.status == "overdue":
            return row.overdue
        if self.status == "soon":
            return found.unresolved and found.due_on is not None and row.late >= -SOON.days
        if self.status == "incomplete":
            return found.unresolved and bool(found.missing)
        return found.status == self.status

    def _said(self, row: Row) -> bool:
        words = [fold(word) for word in self.q.split()]
        text = fold(f"{row.item.label} {row.item.title} {row.region}")
        return all(word in text for word in words)


def owners(session: Session, ids: Iterable[str | None]) -> dict[str, Owner]:
    """Offices by id, in the reader's language, in one statement."""
    wanted = sorted({one for one in ids if one})
    found: dict[str, Owner] = {}
    for start in range(0, len(wanted), 500):
        query = (
            sa.select(Office)
            .where(Office.id.in_(wanted[start : start + 500]))
            .options(
                joinedload(Office.role),
                joinedload(Office.organisation).joinedload(Organisation.region),
            )
        )
        for office in session.scalars(query):
            title = office.role.title_en if language() == "en" else office.role.title_id
            found[office.id] = Owner(office_name(office, language()), office.role_key, title)
    return found


def regions(session: Session, found: Iterable[Standing]) -> dict[str, Region]:
    """The regions of these items, by code."""
    codes = {one.region_code for one in found if one.region_code}
    query = sa.select(Region).where(Region.code.in_(codes))
    return {row.code: row for row in session.scalars(query)}


def rows(session: Session, cohort: Cohort, now: dt.datetime) -> list[Row]:
    """Every item of the cohort as a row; five statements, whatever their number."""
    found = items_at(session, cohort.id)
    return rows_of(session, cohort, found, now)


def rows_of(
    session: Session, cohort: Cohort, found: list[Standing], now: dt.datetime
) -> list[Row]:
    """These items as rows."""
    offices = owners(session, (one.owner_office_id for one in found))
    places = regions(session, found)
    times = record.carried(session, cohort.id)
    extended = dates.extensions(session, cohort.id)
    return [_row(one, offices, places, cohort, times, extended, now) for one in found]


def _row(
    one: Standing,
    offices: Mapping[str, Owner],
    places: Mapping[str, Region],
    cohort: Cohort,
    times: Mapping[str, int],
    extended: Mapping[str, int],
    now: dt.datetime,
) -> Row:
    region = places.get(one.region_code or "")
    zone = region.timezone if region else cohort.timezone
    late = (day_of(now, zone) - one.due_on).days if one.due_on else -10_000
    return Row(
        item=one,
        owner=offices.get(one.owner_office_id or ""),
        region=region_name(region, language()) if region else "",
        zone=zone,
        overdue=overdue(one, now, zone),
        late=late,
        carried=times.get(one.id, 0),
        extended=extended.get(one.id, 0),
    )


def sorted_rows(found: Iterable[Row], sort: str) -> list[Row]:
    """By due date, by how often carried, or by number."""
    if sort == "carried":
        return sorted(found, key=lambda row: (-row.carried, row.item.number))
    if sort == "number":
        return sorted(found, key=lambda row: row.item.number)
    return sorted(found, key=lambda row: (row.item.due_on or dt.date.max, row.item.number))


def roles_of(found: Iterable[Row]) -> list[tuple[str, str]]:
    """The posts that own items, for the filter."""
    seen = {row.owner.role_key: row.owner.role for row in found if row.owner}
    return sorted(seen.items(), key=lambda pair: pair[1])


def all_roles(session: Session) -> list[tuple[str, str]]:
    """Every post of a regency or city, for a template."""
    query = sa.select(Role).where(Role.level.in_(("kabupaten", "kota", "kabkota")))
    named = session.scalars(query.order_by(Role.protocol_order))
    return [(r.key, r.title_en if language() == "en" else r.title_id) for r in named]
