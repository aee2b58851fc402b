"""Cohorts, members, visits and scores for tests, made through the rules."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy.orm import Session

from cohorts.ground.access import COMMAND
from cohorts.programme import _membership, cohort, scores, visits
from cohorts.programme.tables import Cohort, Membership, Score, Visit
from tests.build.directory import NOW, a_region

BEGINS = dt.date(2022, 10, 1)


def a_cohort(
    session: Session, slug: str = "living-lab", *, reference: str | None = "32.11", **more: object
) -> Cohort:
    """A sample cohort around Sumedang."""
    a_region(session)
    wanted = cohort.Description(
        **{
            "name_id": f"Kohort {slug}",
            "name_en": f"Cohort {slug}",
            "starts_on": BEGINS,
            "reference_region_code": reference,
            **more,
        }
    )
    return cohort.create(session, wanted, slug=slug, sample=True, actor=COMMAND, now=NOW)


def a_member(
    session: Session,
    found: Cohort,
    code: str = "14.08",
    *,
    entry_path: str = "visited",
    joined_on: dt.date = BEGINS,
    now: dt.datetime = NOW,
) -> Membership:
    """A region in a cohort: the membership alone, without what a turn does beside it."""
    return _membership.add_membership(
        session,
        found.id,
        code,
        entry_path=entry_path,
        joined_on=joined_on,
        actor=COMMAND,
        now=now,
    )


def a_visit(
    session: Session,
    found: Cohort,
    code: str = "14.08",
    *,
    on: dt.date | None = dt.date(2022, 6, 7),
    now: dt.datetime = NOW,
) -> Visit:
    """A region's visit to the reference region."""
    return visits.add_visit(
        session,
        found.id,
        region_code=code,
        visited_on=on,
        source="Buku tamu (contoh)",
        actor=COMMAND,
        now=now,
    )


def a_score(
    session: Session,
    code: str = "14.08",
    value: str = "2.24",
    *,
    year: int = 2021,
    kind: str = "official",
    published_on: dt.date | None = dt.date(2022, 1, 31),
    now: dt.datetime = NOW,
) -> Score:
    """A score by the SPBE instrument."""
    return scores.add_score(
        session,
        region_code=code,
        instrument="SPBE-2020",
        year=year,
        value=Decimal(value),
        kind=kind,
        published_on=published_on,
        source="contoh",
        actor=COMMAND,
        now=now,
    )
