"""What speaks against a date: the same regions elsewhere, a cohort in two cities, days off.

A conflict forbids nothing: it is shown, and the organiser decides.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cohorts.convenings.convening import Plan
from cohorts.convenings.tables import Convening, Invitation
from cohorts.directory.tables import Office, Organisation
from cohorts.ground.clock import day_in
from cohorts.ground.red_days import RedDay, red_days
from cohorts.programme.tables import Membership

DAY = dt.timedelta(days=1)
STANDING = ("draft", "announced", "in_progress")


@dataclass(frozen=True)
class Clash:
    """Another convening of the cohort or of some of its regions. ``kind`` is same_time, or
    other_city when it is within one day in another city. ``regions`` are the codes in both."""

    kind: str
    other: Convening
    same_cohort: bool
    regions: tuple[str, ...]


@dataclass(frozen=True)
class Conflicts:
    """All that speaks against a date."""

    clashes: tuple[Clash, ...]
    red: tuple[RedDay, ...]

    def __bool__(self) -> bool:
        return bool(self.clashes or self.red)

    @property
    def fingerprint(self) -> str:
        """The same for the same conflicts: what an editor has seen."""
        return " ".join(
            [f"{c.kind}:{c.other.id}" for c in self.clashes] + [f"{r.day}" for r in self.red]
        )


def city(venue: str, address: str) -> str:
    """The city of a place: what stands after the last comma of its address, else of its venue."""
    last = (address or venue).rsplit(",", 1)[-1].casefold().split()
    return " ".join(word for word in last if word not in ("kota", "kab.", "kabupaten"))


def of(
    session: Session, cohort_id: str, wanted: Plan | Convening, lang: str, *, but: str | None = None
) -> Conflicts:
    """What speaks against the time and place of a plan, or of a convening as it stands.

    ``but`` is the convening that is being planned. Its regions, and those of another, are those of
    the offices invited, and while none are, those of the cohort's members of that day.
    """
    first = day_in(wanted.starts_at, wanted.timezone)
    last = day_in(wanted.ends_at, wanted.timezone)
    near = session.scalars(
        sa.select(Convening)
        .where(
            Convening.id != (but or "-"),
            Convening.state.in_(STANDING),
            Convening.starts_at < wanted.ends_at + 2 * DAY,
            Convening.ends_at > wanted.starts_at - 2 * DAY,
        )
        .order_by(Convening.starts_at, Convening.id)
    ).all()
    near = [c for c in near if _kind(wanted, first, last, c)]
    clashes: list[Clash] = []
    if near:
        invited = _invited(session, [c.id for c in near] + ([but] if but else []))
        days = [(c.cohort_id, day_in(c.starts_at, c.timezone)) for c in near]
        joined = _members(session, [*days, (cohort_id, first)])
        own = (invited.get(but) if but else None) or joined[cohort_id, first]
        for other, day in zip(near, days, strict=True):
            both = own & (invited.get(other.id) or joined[day])
            if both or other.cohort_id == cohort_id:
                kind = _kind(wanted, first, last, other)
                assert kind is not None
                same = other.cohort_id == cohort_id
                clashes.append(Clash(kind, other, same, tuple(sorted(both))))
    return Conflicts(tuple(clashes), tuple(red_days(first, last, lang)))


def _kind(wanted: Plan | Convening, first: dt.date, last: dt.date, other: Convening) -> str | None:
    if other.starts_at < wanted.ends_at and wanted.starts_at < other.ends_at:
        return "same_time"
    begins = day_in(other.starts_at, other.timezone)
    ends = day_in(other.ends_at, other.timezone)
    near = begins <= last + DAY and ends >= first - DAY
    elsewhere = city(other.venue, other.address) != city(wanted.venue, wanted.address)
    return "other_city" if near and elsewhere else None


def _invited(session: Session, ids: Sequence[str]) -> dict[str, set[str]]:
    """The regions of the offices invited, by convening."""
    found: dict[str, set[str]] = defaultdict(set)
    rows = session.execute(
        sa.select(Invitation.convening_id, Organisation.region_code)
        .join(Office, Office.id == Invitation.office_id)
        .join(Organisation, Organisation.id == Office.organisation_id)
        .where(
            Invitation.convening_id.in_(ids),
            Invitation.withdrawn_at.is_(None),
        )
    )
    for convening_id, code in rows:
        if code is not None:
            found[convening_id].add(code)
    return dict(found)


def _members(
    session: Session, wanted: Sequence[tuple[str, dt.date]]
) -> dict[tuple[str, dt.date], set[str]]:
    """The regions that belong to a cohort on a day, for each pair."""
    rows = session.scalars(
        sa.select(Membership)
        .where(Membership.cohort_id.in_({cohort_id for cohort_id, _day in wanted}))
        .options(joinedload(Membership.end))
    ).all()
    return {
        (cohort_id, day): {
            row.region_code
            for row in rows
            if row.cohort_id == cohort_id
            and row.joined_on <= day
            and (row.end is None or row.end.left_on > day)
        }
        for cohort_id, day in wanted
    }
