"""Taking over a file of visits or scores: all of it or nothing, and a second time nothing new.

The rows come checked (see sheets.py). What only the database knows is checked here, under the lock:
ids that are not, or no longer, current, and lines that would say a thing twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.directory.lines import Change, RowError
from cohorts.directory.tables import Region
from cohorts.ground import chronicle
from cohorts.ground.access import Actor, Where, demand
from cohorts.ground.base import new_id
from cohorts.ground.refusal import Refusal
from cohorts.programme import scores, visits
from cohorts.programme.cohort import cohort
from cohorts.programme.events import ScoresImported, VisitsImported
from cohorts.programme.sheets import ScoreRow, VisitRow
from cohorts.programme.tables import Cohort, Score, Visit

VISIT_KEY = ("region_code", "institution", "visited_on")
VISIT_FACTS = (*VISIT_KEY, "source")
SCORE_FACTS = (*scores.KEY, "value", "published_on", "source")


@dataclass(frozen=True)
class Outcome:
    """What a file changes; the numbers are rows. ``new`` are their numbers in the file."""

    new: tuple[int, ...]
    changes: tuple[Change, ...]
    unchanged: int
    errors: tuple[RowError, ...] = ()

    @property
    def added(self) -> int:
        """How many records are new."""
        return len(self.new)

    @property
    def corrected(self) -> int:
        """How many records are superseded."""
        return len(self.changes)


def preview_visits(session: Session, cohort_id: str, rows: Sequence[VisitRow]) -> Outcome:
    """What taking over the rows would change now. Reads only."""
    return _compared(_visits(session, cohort_id), rows, VISIT_KEY, VISIT_FACTS)[0]


def preview_scores(session: Session, rows: Sequence[ScoreRow]) -> Outcome:
    """What taking over the rows would change now. Reads only."""
    known = _scores(session, {row.region_code for row in rows})
    return _compared(known, rows, scores.KEY, SCORE_FACTS)[0]


def import_visits(
    session: Session, cohort_id: str, rows: Sequence[VisitRow], actor: Actor, now: dt.datetime
) -> Outcome:
    """Take over checked rows in one piece. Raises Refusal programme.import_errors (facts: errors)
    and then nothing has changed."""
    demand(actor, "cohort.edit", Where(cohort_id=cohort_id))
    session.execute(sa.select(Cohort.id).where(Cohort.id == cohort_id).with_for_update())
    cohort(session, cohort_id)
    outcome, made = _compared(_visits(session, cohort_id), rows, VISIT_KEY, VISIT_FACTS)
    _write(session, Visit, outcome, made, {"cohort_id": cohort_id}, actor, now)
    _tell(session, VisitsImported, ("cohort", cohort_id), cohort_id, outcome, actor, now)
    return outcome


def import_scores(
    session: Session, rows: Sequence[ScoreRow], actor: Actor, now: dt.datetime
) -> Outcome:
    """Take over checked rows in one piece. Raises Refusal programme.import_errors (facts: errors)
    and then nothing has changed."""
    demand(actor, "cohort.edit")
    codes = sorted({row.region_code for row in rows})
    session.execute(
        sa.select(Region.code)
        .where(Region.code.in_(codes))
        .order_by(Region.code)
        .with_for_update()
    )
    outcome, made = _compared(_scores(session, codes), rows, scores.KEY, SCORE_FACTS)
    _write(session, Score, outcome, made, {}, actor, now)
    _tell(session, ScoresImported, ("scores", "all"), None, outcome, actor, now)
    return outcome


def _compared(
    known: Sequence[sa.Row[Any]],
    rows: Sequence[VisitRow | ScoreRow],
    key: tuple[str, ...],
    facts: tuple[str, ...],
) -> tuple[Outcome, list[dict[str, Any]]]:
    """What the rows change, and the values of the rows to write."""
    by_id = {record.id: record for record in known}
    by_key = {_of(record, key): record for record in known}
    named = {row.id for row in rows if row.id}
    new: list[int] = []
    changes: list[Change] = []
    errors: list[RowError] = []
    made: list[dict[str, Any]] = []
    for row in rows:
        values = dict(zip(facts, _of(row, facts), strict=True))
        same = by_key.get(_of(row, key))
        old = by_id.get(row.id) if row.id else same
        if row.id and old is None:
            errors.append(RowError(row.number, "id", row.id, "id"))
        elif old is not None and same is not None and same is not old and same.id not in named:
            errors.append(RowError(row.number, "daerah", _what(same), "twice"))
        elif old is None:
            new.append(row.number)
            made.append({**values, "supersedes_id": None})
        else:
            differing = {
                name: (getattr(old, name), value)
                for name, value in values.items()
                if getattr(old, name) != value
            }
            if differing:
                changes.append(Change(row.number, _what(old), differing))
                made.append({**values, "supersedes_id": old.id})
    unchanged = len(rows) - len(new) - len(changes) - len(errors)
    return Outcome(tuple(new), tuple(changes), unchanged, tuple(errors)), made


def _of(thing: object, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(thing, name) for name in names)


def _what(record: sa.Row[Any]) -> str:
    named = record._mapping
    if "instrument" in named:
        return f"{named['full_name']}, {named['instrument']} {named['year']}"
    return str(named["full_name"] or named["institution"])


def _visits(session: Session, cohort_id: str) -> Sequence[sa.Row[Any]]:
    """What stands of a cohort's visits, as bare columns: objects would hold the lock longer."""
    facts = (getattr(Visit, name) for name in VISIT_FACTS)
    query = visits.standing_rows(cohort_id).outerjoin(Visit.region)
    return session.execute(query.with_only_columns(Visit.id, *facts, Region.full_name)).all()


def _scores(session: Session, codes: Iterable[str]) -> Sequence[sa.Row[Any]]:
    facts = (getattr(Score, name) for name in SCORE_FACTS)
    query = scores.standing_rows(codes).join(Score.region)
    return session.execute(query.with_only_columns(Score.id, *facts, Region.full_name)).all()


def _write(
    session: Session,
    table: type[Visit] | type[Score],
    outcome: Outcome,
    made: list[dict[str, Any]],
    more: dict[str, Any],
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Core inserts: ten thousand rows hold the write lock for a moment only."""
    if outcome.errors:
        raise Refusal("programme.import_errors", errors=list(outcome.errors))
    if not made:
        return
    own = {**more, "withdrawn": False, "recorded_at": now, "recorded_by": actor.id}
    session.execute(
        sa.insert(table), [{"id": new_id(), **own, **values} for values in made]
    )


def _tell(
    session: Session,
    event: type[VisitsImported] | type[ScoresImported],
    subject: tuple[str, str],
    cohort_id: str | None,
    outcome: Outcome,
    actor: Actor,
    now: dt.datetime,
) -> None:
    if not outcome.new and not outcome.changes:
        return
    chronicle.record(
        session,
        event(
            subject=subject,
            cohort_id=cohort_id,
            added=outcome.added,
            corrected=outcome.corrected,
            unchanged=outcome.unchanged,
        ),
        actor,
        now,
    )
    session.flush()
