"""The past as it was: a closing's report from its bytes, any other day replayed.

A report of a closing is never computed again; nothing that was written later changes it.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.actions import record
from cohorts.actions.standing import items_at
from cohorts.actions.tables import Closing, Reopening
from cohorts.ground.canonical import canonical
from cohorts.ground.log import LogLeaf
from cohorts.ground.refusal import Refusal
from cohorts.turns import _snapshot


@dataclass(frozen=True)
class Report:
    """A cohort as of a moment. ``frozen``: read from the bytes of ``closing``; otherwise replayed
    from facts recorded by then, without an attendance of its own.

    ``items`` (by number: id, number, title, criterion, region, office, status, drop_reason,
    original_due, due_on, carried, …), ``members``, ``commitments`` and ``rates`` have the same
    keys in both: those of the closing's data.
    """

    as_of: dt.datetime
    frozen: bool
    closing: Closing | None
    items: list[dict[str, Any]]
    members: list[dict[str, Any]]
    attendance: dict[str, Any]
    commitments: list[dict[str, Any]]
    rates: dict[str, Any]


def closing_report(session: Session, convening_id: str, revision: int | None = None) -> Report:
    """The report of a convening's closing: the newest revision, or the one asked for. Raises
    Refusal ground.not_found when there is none."""
    query = sa.select(Closing).where(Closing.convening_id == convening_id)
    if revision is not None:
        query = query.where(Closing.revision == revision)
    closing = session.scalars(query.order_by(Closing.revision.desc()).limit(1)).first()
    if closing is None:
        raise Refusal("ground.not_found")
    return read(closing)


def read(closing: Closing) -> Report:
    """The report that a closing's bytes hold."""
    data = json.loads(closing.data)
    return Report(
        as_of=closing.as_of,
        frozen=True,
        closing=closing,
        items=data["items"],
        members=data["members"],
        attendance=data["attendance"],
        commitments=data["commitments"],
        rates=data["rates"],
    )


def report(session: Session, cohort_id: str, at: dt.datetime) -> Report:
    """The cohort as of any moment: the closing's report when one was written at that very moment,
    otherwise replayed by recorded time."""
    closing = session.scalars(
        sa.select(Closing).where(Closing.cohort_id == cohort_id, Closing.as_of == at)
    ).first()
    return read(closing) if closing is not None else replay(session, cohort_id, at)


def replay(session: Session, cohort_id: str, at: dt.datetime) -> Report:
    """The cohort as of a moment, from the facts recorded by then."""
    items = items_at(session, cohort_id, at)
    times = record.carried(session, cohort_id, at)
    plain = _plain(
        {
            "items": _snapshot.items(session, items, times),
            "members": _snapshot.members(session, cohort_id, at),
            "commitments": _snapshot.commitments(session, cohort_id, at),
            "rates": _snapshot.rates(session, cohort_id, at, items),
        }
    )
    return Report(as_of=at, frozen=False, closing=None, attendance={}, **plain)


@dataclass(frozen=True)
class Checked:
    """What a check of a cohort's chain found: ``broken_at`` is the place of the first closing that
    is not what its hash says, ``unlogged`` those whose hash the signed log does not hold."""

    closings: int
    broken_at: int | None
    unlogged: list[int]

    @property
    def holds(self) -> bool:
        return self.broken_at is None and not self.unlogged


def check_chain(session: Session, cohort_id: str) -> Checked:
    """Check every closing of a cohort against its bytes, its predecessor and the signed log."""
    chain = record.closings(session, cohort_id)
    unlogged = []
    for closing in chain:
        leaf = session.get_one(LogLeaf, closing.leaf_id)
        if json.loads(leaf.data)["event"]["sha256"] != closing.sha256:
            unlogged.append(closing.place)
    return Checked(len(chain), record.broken_link(session, cohort_id), unlogged)


def revisions(session: Session, convening_id: str) -> list[tuple[Closing, Reopening | None]]:
    """Every closing of a convening with the re-opening that ended it, oldest first."""
    rows = session.execute(
        sa.select(Closing, Reopening)
        .outerjoin(Reopening, Reopening.closing_id == Closing.id)
        .where(Closing.convening_id == convening_id)
        .order_by(Closing.revision)
    )
    return [(row[0], row[1]) for row in rows]


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    """The values as they read from a closing's bytes, so that both kinds of report look alike."""
    found: dict[str, Any] = json.loads(canonical(value))
    return found
