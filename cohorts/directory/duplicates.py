"""Records that may be the same person, and why: the same NIP, address of mail, or name and office.

Whatever was merged into a record counts for it; two records that are one already are no pair.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.directory.tables import Appointment, ContactPoint, Person

REASONS = ("nip", "mail", "office")
_STANDS = sa.func.coalesce(Person.kept_id, Person.id)


@dataclasses.dataclass(frozen=True)
class Pair:
    """Two records and what they share: some of REASONS, in their order."""

    one: Person
    other: Person
    reasons: tuple[str, ...]


def pairs(session: Session) -> list[Pair]:
    """Every two records that may be the same person, the surest first; in four queries."""
    found: dict[tuple[str, str], set[str]] = {}
    for reason in REASONS:
        for ids in _sharing(session, reason):
            for both in itertools.combinations(sorted(ids), 2):
                found.setdefault(both, set()).add(reason)
    known = {
        p.id: p
        for p in session.scalars(
            sa.select(Person).where(Person.id.in_({i for both in found for i in both}))
        )
    }
    listed = [
        Pair(known[one], known[other], tuple(r for r in REASONS if r in why))
        for (one, other), why in found.items()
    ]
    return sorted(
        listed,
        key=lambda p: (REASONS.index(p.reasons[0]), p.one.search_key, p.one.id, p.other.id),
    )


def reasons_for(session: Session, one: str, other: str) -> tuple[str, ...]:
    """What two records share."""
    return tuple(
        reason
        for reason in REASONS
        if any({one, other} <= ids for ids in _sharing(session, reason))
    )


def _sharing(session: Session, reason: str) -> list[set[str]]:
    """The ids of the records that share one thing, a set for each thing shared by several."""
    base = _shared(reason)
    things = [column for column in base.c if column.name != "stands"]
    several = (
        sa.select(*things)
        .group_by(*things)
        .having(sa.func.count(base.c.stands.distinct()) > 1)
        .subquery()
    )
    query = sa.select(base.c.stands, *things).join(
        several, sa.and_(*(base.c[c.name] == several.c[c.name] for c in things))
    )
    found: dict[Any, set[str]] = {}
    for stands, *thing in session.execute(query):
        found.setdefault(tuple(thing), set()).add(stands)
    return list(found.values())


def _shared(reason: str) -> sa.Subquery:
    """Rows of the record that stands for a person, and of what it may share with another."""
    stands = _STANDS.label("stands")
    if reason == "nip":
        return sa.select(stands, Person.nip).where(Person.nip.is_not(None)).distinct().subquery()
    held = sa.select(stands).join(Appointment, Appointment.person_id == Person.id)
    if reason == "office":
        return held.add_columns(Person.search_key, Appointment.office_id).distinct().subquery()
    return (
        held.join(ContactPoint, ContactPoint.appointment_id == Appointment.id)
        .add_columns(ContactPoint.value)
        .where(ContactPoint.channel == "email")
        .distinct()
        .subquery()
    )
