"""What speaks against a date: the same regions or persons elsewhere, a cohort in two cities, days
off, days that a region keeps.

A conflict forbids nothing: it is shown, and the organiser decides.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from cohorts.convenings import double_duty
from cohorts.convenings.convening import Plan
from cohorts.convenings.double_duty import Expected, InBoth, Meeting
from cohorts.convenings.tables import Convening, Invitation
from cohorts.directory import regional_days
from cohorts.directory.regional_days import Falls
from cohorts.directory.tables import Office, Organisation
from cohorts.ground.clock import day_in
from cohorts.ground.red_days import RedDay, red_days
from cohorts.programme.tables import Membership

DAY = dt.timedelta(days=1)
STANDING = ("draft", "announced", "in_progress")


@dataclass(frozen=True)
class Slot:
    """A time and a place that is only thought of."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    timezone: str
    venue: str
    address: str = ""


Thought = Plan | Convening | Slot


@dataclass(frozen=True)
class Clash:
    """Another convening of the cohort, or of some of its regions or their people. ``kind`` is
    same_time, or other_city when it is within one day in another city. ``regions`` are the codes
    in both; ``people`` are those whom no such region accounts for."""

    kind: str
    other: Convening
    same_cohort: bool
    regions: tuple[str, ...]
    people: tuple[InBoth, ...] = ()


@dataclass(frozen=True)
class Conflicts:
    """All that speaks against a date."""

    clashes: tuple[Clash, ...]
    red: tuple[RedDay, ...]
    kept: tuple[Falls, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.clashes or self.red or self.kept)

    @property
    def fingerprint(self) -> str:
        """The same for the same conflicts: what an editor has seen."""
        return " ".join(
            [
                ":".join([c.kind, c.other.id, *(both.person.id for both in c.people)])
                for c in self.clashes
            ]
            + [f"{r.day}" for r in self.red]
            + [f"{f.day}:{f.kept.id}" for f in self.kept]
        )


def city(venue: str, address: str) -> str:
    """The city of a place: what stands after the last comma of its address, else of its venue."""
    last = (address or venue).rsplit(",", 1)[-1].casefold().split()
    return " ".join(word for word in last if word not in ("kota", "kab.", "kabupaten"))


def of(
    session: Session, cohort_id: str, wanted: Thought, lang: str, *, but: str | None = None
) -> Conflicts:
    """What speaks against the time and place of a plan, or of a convening as it stands.

    ``but`` is the convening that is being planned. Its regions, and those of another, are those of
    the offices invited, and while none are, those of the cohort's members of that day.
    """
    return of_each(session, cohort_id, [wanted], lang, but=but)[0]


def of_each(
    session: Session,
    cohort_id: str,
    wanted: Sequence[Thought],
    lang: str,
    *,
    but: str | None = None,
    regions: Collection[str] | None = None,
) -> list[Conflicts]:
    """The same for several dates at once, in as many queries as for one; ``regions`` are those
    expected, where neither invitations nor membership says so."""
    spans = [
        (day_in(one.starts_at, one.timezone), day_in(one.ends_at, one.timezone)) for one in wanted
    ]
    around = session.scalars(
        sa.select(Convening)
        .where(
            Convening.id != (but or "-"),
            Convening.state.in_(STANDING),
            Convening.starts_at < max(one.ends_at for one in wanted) + 2 * DAY,
            Convening.ends_at > min(one.starts_at for one in wanted) - 2 * DAY,
        )
        .order_by(Convening.starts_at, Convening.id)
    ).all()
    near = [
        [other for other in around if _kind(one, first, last, other)]
        for one, (first, last) in zip(wanted, spans, strict=True)
    ]
    others = list({other.id: other for found in near for other in found}.values())
    invited = _invited(session, [*(other.id for other in others), *([but] if but else [])])
    days = {
        other.id: (other.cohort_id, day_in(other.starts_at, other.timezone)) for other in others
    }
    joined = _members(session, [*days.values(), *((cohort_id, first) for first, _last in spans)])

    def expected(convening_id: str | None, members: set[str]) -> Expected:
        known = invited.get(convening_id or "")
        if known:
            return Expected(frozenset(known.values()) - {""}, frozenset(known))
        return Expected(frozenset(members), None)

    there = {other.id: expected(other.id, joined[days[other.id]]) for other in others}
    here = [
        expected(but, set(regions) if regions is not None else joined[cohort_id, first])
        for first, _last in spans
    ]
    people = double_duty.of(
        session,
        {
            (n, other.id): Meeting(here[n], there[other.id], spans[n][0])
            for n, found in enumerate(near)
            for other in found
        },
    )
    kept = regional_days.falling(
        session,
        set().union(*(each.regions for each in here)),
        min(first for first, _last in spans),
        max(last for _first, last in spans),
    )
    answers = []
    for n, (one, (first, last)) in enumerate(zip(wanted, spans, strict=True)):
        clashes = []
        for other in near[n]:
            shared = tuple(sorted(here[n].regions & there[other.id].regions))
            same = other.cohort_id == cohort_id
            kind = _kind(one, first, last, other)
            if kind is not None and (shared or people[n, other.id] or same):
                clashes.append(Clash(kind, other, same, shared, people[n, other.id]))
        own = here[n].regions | {code[:2] for code in here[n].regions}
        red = tuple(red_days(first, last, lang))
        days_kept = tuple(f for f in kept if first <= f.day <= last and f.kept.region_code in own)
        answers.append(Conflicts(tuple(clashes), red, days_kept))
    return answers


def _kind(wanted: Thought, first: dt.date, last: dt.date, other: Convening) -> str | None:
    if other.starts_at < wanted.ends_at and wanted.starts_at < other.ends_at:
        return "same_time"
    begins = day_in(other.starts_at, other.timezone)
    ends = day_in(other.ends_at, other.timezone)
    near = begins <= last + DAY and ends >= first - DAY
    elsewhere = city(other.venue, other.address) != city(wanted.venue, wanted.address)
    return "other_city" if near and elsewhere else None


def _invited(session: Session, ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """The offices invited with the code of their region (empty for another organisation), by
    convening."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    rows = session.execute(
        sa.select(Invitation.convening_id, Invitation.office_id, Organisation.region_code)
        .join(Office, Office.id == Invitation.office_id)
        .join(Organisation, Organisation.id == Office.organisation_id)
        .where(
            Invitation.convening_id.in_(ids),
            Invitation.withdrawn_at.is_(None),
        )
    )
    for convening_id, office_id, code in rows:
        found[convening_id][office_id] = code or ""
    return {convening_id: known for convening_id, known in found.items() if any(known.values())}


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
