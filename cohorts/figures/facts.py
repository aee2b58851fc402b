"""The facts that figures stand on, as they were known at a moment T.

A row counts when it was recorded by T and nothing recorded by T supersedes it; what takes effect
later than the day of T (in the cohort's zone) does not count yet. The rooms below replay their own
rows; here they are brought together by region.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.actions.tables import Closing, Reopening
from cohorts.convenings.tables import Convening
from cohorts.door.roll import attendance
from cohorts.door.tables import Act, Scan
from cohorts.pledges.tables import Pledge, PledgeText, Signature, Withdrawal
from cohorts.programme.members import intervals
from cohorts.programme.scores import scores as scores_on_record
from cohorts.programme.tables import Visit
from cohorts.programme.visits import visits as visits_on_record


@dataclass(frozen=True)
class Visited:
    """A region's or institution's visits: the first dated one, and every source."""

    first_on: dt.date | None
    undated: bool
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Joined:
    """First entry and its path; ``left_on`` when it is not in the cohort on the day of T."""

    joined_on: dt.date
    entry_path: str
    left_on: dt.date | None


@dataclass(frozen=True)
class Value:
    """An official score; ``effective_on`` is when it was published, else the end of its year."""

    instrument: str
    year: int
    value: Decimal
    effective_on: dt.date
    source: str


@dataclass(frozen=True)
class Commitment:
    """``state``: signed, withdrawn, not_signed (asked, no signature) or unknown (never asked)."""

    state: str
    signed_at: dt.datetime | None = None
    public_code: str | None = None


def visits(
    session: Session, cohort_id: str, at: dt.datetime
) -> tuple[dict[str, Visited], dict[str, Visited]]:
    """Visits by region code, and those of institutions by name."""
    regions: dict[str, list[Visit]] = defaultdict(list)
    institutions: dict[str, list[Visit]] = defaultdict(list)
    for row in visits_on_record(session, cohort_id, at):
        if row.region_code is not None:
            regions[row.region_code].append(row)
        else:
            institutions[row.institution or ""].append(row)
    return (
        {code: _visited(found) for code, found in regions.items()},
        {name: _visited(found) for name, found in sorted(institutions.items())},
    )


def _visited(rows: Sequence[Visit]) -> Visited:
    dated = [row.visited_on for row in rows if row.visited_on is not None]
    return Visited(
        first_on=min(dated, default=None),
        undated=any(row.visited_on is None for row in rows),
        sources=tuple(sorted({row.source for row in rows if row.source})),
    )


def memberships(session: Session, cohort_id: str, at: dt.datetime) -> dict[str, Joined]:
    """Every region that ever joined by then; leaving removes nobody. A region that came back has
    its first entry, and has not left."""
    found: dict[str, Joined] = {}
    for member in intervals(session, cohort_id, at):
        first = found.get(member.region.code)
        found[member.region.code] = Joined(
            first.joined_on if first else member.joined_on,
            first.entry_path if first else member.entry_path,
            member.left_on,
        )
    return found


def held(session: Session, cohort_id: str, at: dt.datetime) -> list[tuple[Convening, Closing]]:
    """Convenings that were held and ended by then and are not open again, each with the closing
    that stands, in their order."""
    rows = session.execute(
        sa.select(Convening, Closing)
        .join(Closing, Closing.convening_id == Convening.id)
        .outerjoin(Reopening, sa.and_(Reopening.closing_id == Closing.id, Reopening.at <= at))
        .where(
            Convening.cohort_id == cohort_id,
            Closing.held,
            Closing.as_of <= at,
            Reopening.closing_id.is_(None),
        )
        .order_by(Convening.number, Closing.revision)
    )
    last = {convening.id: (convening, closing) for convening, closing in rows}
    return list(last.values())


def attended(session: Session, cohort_id: str, at: dt.datetime) -> dict[str, list[int]]:
    """Numbers of the held convenings at which somebody of the region was checked in; companions
    do not count."""
    found: dict[str, list[int]] = defaultdict(list)
    corrected = _corrected(session, cohort_id, at)
    for convening, closing in held(session, cohort_id, at):
        anew = closing.id in corrected
        for code in sorted(_regions_present(session, closing, at, anew=anew)):
            found[code].append(convening.number)
    return dict(found)


def _regions_present(
    session: Session, closing: Closing, at: dt.datetime, *, anew: bool
) -> set[str]:
    """As the closing froze it; only where a scan or an undo came in later is it counted anew."""
    if anew:
        came = attendance(session, closing.convening_id, at)
        standings = [(s.region_code, False) for one in came for s in one.counts]
    else:
        people = json.loads(closing.data)["attendance"]["people"]
        standings = [(s["region_code"], s["companion"]) for one in people for s in one["for"]]
    return {code for code, companion in standings if code and not companion}


def _corrected(session: Session, cohort_id: str, at: dt.datetime) -> set[str]:
    """The closings after which the door learned something by T: asked once for all of them."""
    found: set[str] = set()
    for table in (Scan, Act):
        later = sa.exists().where(
            table.convening_id == Closing.convening_id,
            table.received_at > Closing.as_of,
            table.received_at <= at,
        )
        query = sa.select(Closing.id).where(Closing.cohort_id == cohort_id, later)
        found.update(session.scalars(query))
    return found


def commitments(session: Session, cohort_id: str, at: dt.datetime) -> dict[str, Commitment]:
    """By region; regions never asked are missing: unknown. A signature counts until withdrawn."""
    rows = session.execute(
        sa.select(
            Pledge.region_code,
            Pledge.voided_at,
            Signature.signed_at,
            Signature.public_code,
            Withdrawal.at,
        )
        .join(PledgeText, PledgeText.id == Pledge.text_id)
        .outerjoin(Signature, sa.and_(Signature.pledge_id == Pledge.id, Signature.signed_at <= at))
        .outerjoin(
            Withdrawal,
            sa.and_(Withdrawal.signature_id == Signature.id, Withdrawal.at <= at),
        )
        .where(PledgeText.cohort_id == cohort_id, Pledge.offered_at <= at)
        .order_by(Pledge.offered_at, Pledge.id)
    ).all()
    rank = {"signed": 2, "withdrawn": 1, "not_signed": 0}
    found: dict[str, Commitment] = {}
    for code, voided_at, signed_at, public_code, withdrawn_at in rows:
        if signed_at is None and voided_at is not None and voided_at <= at:
            continue
        state = "not_signed" if signed_at is None else "withdrawn" if withdrawn_at else "signed"
        old = found.get(code)
        if old is None or rank[state] >= rank[old.state]:
            found[code] = Commitment(state, signed_at, public_code)
    return found


def official_scores(
    session: Session, region_codes: Sequence[str], at: dt.datetime, day: dt.date
) -> dict[str, list[Value]]:
    """Official scores in effect on the day, by region, the oldest first. Self-assessments and
    simulations never count."""
    found: dict[str, list[Value]] = defaultdict(list)
    for row in scores_on_record(session, at, region_codes=region_codes, kind="official"):
        effective = row.published_on or dt.date(row.year, 12, 31)
        if effective <= day:
            found[row.region_code].append(
                Value(row.instrument, row.year, row.value, effective, row.source)
            )
    for listed in found.values():
        listed.sort(key=lambda v: (v.year, v.effective_on))
    return dict(found)
