"""Scores: what an instrument said of a region for a year, from whom.

Shared by all cohorts. A row is never changed: a correction supersedes it, a withdrawal says that
the superseded value was wrong. A region has one value at a time for an instrument, year and kind.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from cohorts.directory.regions import region
from cohorts.directory.tables import Region
from cohorts.ground import bounds, chronicle
from cohorts.ground.access import Actor, demand
from cohorts.ground.base import new_id
from cohorts.ground.refusal import Refusal
from cohorts.programme.events import ScoreCorrected, ScoreRecorded
from cohorts.programme.instruments import checked_value, checked_year
from cohorts.programme.tables import SCORE_KINDS, Score

KEY = ("region_code", "instrument", "year", "kind")


def add_score(
    session: Session,
    *,
    region_code: str,
    instrument: str,
    year: int,
    value: Decimal,
    kind: str,
    source: str,
    actor: Actor,
    now: dt.datetime,
    published_on: dt.date | None = None,
) -> Score:
    """Record a score. ``published_on`` is the day it became known, where that is known.

    Raises Refusal programme.score_known, instrument_unknown, year_outside, value_off_scale,
    day_to_come, directory.region_unknown, ground.needed (the source).
    """
    demand(actor, "cohort.edit")
    facts = _checked(session, region_code, instrument, year, value, kind, published_on, now)
    said = bounds.needed(source, most=300, field="source")
    session.execute(sa.select(Region.code).where(Region.code == region_code).with_for_update())
    _not_known(session, facts, but="")
    made = Score(
        id=new_id(), source=said, withdrawn=False, recorded_at=now, recorded_by=actor.id, **facts
    )
    session.add(made)
    session.flush()
    chronicle.record(
        session,
        ScoreRecorded(
            subject=("score", made.id),
            region=region_code,
            instrument=instrument,
            year=year,
            kind=kind,
        ),
        actor,
        now,
    )
    return made


def correct_score(
    session: Session,
    score_id: str,
    *,
    instrument: str,
    year: int,
    value: Decimal,
    kind: str,
    source: str,
    actor: Actor,
    now: dt.datetime,
    published_on: dt.date | None = None,
) -> Score:
    """Supersede a score of the same region by a better record. Saying what stands adds nothing.
    Raises Refusal ground.stale and those of ``add_score``."""
    demand(actor, "cohort.edit")
    old = _head(session, score_id)
    facts = _checked(session, old.region_code, instrument, year, value, kind, published_on, now)
    said = bounds.needed(source, most=300, field="source")
    if all(getattr(old, name) == facts[name] for name in facts) and old.source == said:
        return old
    _not_known(session, facts, but=old.id)
    return _supersede(session, old, {**facts, "source": said, "withdrawn": False}, actor, now)


def withdraw_score(
    session: Session, score_id: str, *, source: str, actor: Actor, now: dt.datetime
) -> Score:
    """Say that a recorded value was wrong, and how that is known."""
    demand(actor, "cohort.edit")
    old = _head(session, score_id)
    kept = (*KEY, "value", "published_on")
    facts = {name: getattr(old, name) for name in kept}
    facts["source"] = bounds.needed(source, most=300, field="source")
    return _supersede(session, old, {**facts, "withdrawn": True}, actor, now)


def scores(
    session: Session,
    as_of: dt.datetime,
    *,
    region_codes: Iterable[str] | None = None,
    kind: str | None = None,
) -> list[Score]:
    """The scores on record at an instant, neither superseded nor withdrawn by then: by region,
    instrument, year. ``region_codes`` and ``kind`` narrow them."""
    later = aliased(Score)
    query = (
        sa.select(Score)
        .where(
            Score.recorded_at <= as_of,
            Score.withdrawn.is_(False),
            ~sa.select(later.id)
            .where(later.supersedes_id == Score.id, later.recorded_at <= as_of)
            .exists(),
        )
        .options(joinedload(Score.region))
        .order_by(Score.region_code, Score.instrument, Score.year, Score.kind, Score.id)
    )
    if region_codes is not None:
        query = query.where(Score.region_code.in_(list(region_codes)))
    if kind is not None:
        query = query.where(Score.kind == kind)
    return list(session.scalars(query))


def standing(session: Session, region_codes: Iterable[str]) -> list[Score]:
    """The scores of some regions that nothing supersedes or withdraws, whenever recorded."""
    return list(session.scalars(standing_rows(region_codes)))


def standing_rows(region_codes: Iterable[str]) -> sa.Select[Score]:
    """The query behind ``standing``."""
    later = aliased(Score)
    return sa.select(Score).where(
        Score.region_code.in_(list(region_codes)),
        Score.withdrawn.is_(False),
        ~sa.select(later.id).where(later.supersedes_id == Score.id).exists(),
    )


def score(session: Session, score_id: str) -> Score:
    """A score's row. Raises Refusal ground.not_found."""
    found = session.get(Score, score_id)
    if found is None:
        raise Refusal("ground.not_found")
    return found


def _head(session: Session, score_id: str) -> Score:
    found = score(session, score_id)
    session.execute(
        sa.select(Region.code).where(Region.code == found.region_code).with_for_update()
    )
    newer = session.scalar(sa.select(Score).where(Score.supersedes_id == score_id))
    if newer is not None or found.withdrawn:
        raise Refusal("ground.stale", newer=newer.id if newer is not None else found.id)
    return found


def _supersede(
    session: Session, old: Score, facts: dict[str, Any], actor: Actor, now: dt.datetime
) -> Score:
    made = Score(
        id=new_id(), supersedes_id=old.id, recorded_at=now, recorded_by=actor.id, **facts
    )
    session.add(made)
    session.flush()
    chronicle.record(
        session,
        ScoreCorrected(
            subject=("score", made.id), supersedes=old.id, withdrawn=made.withdrawn
        ),
        actor,
        now,
    )
    return made


def _checked(
    session: Session,
    region_code: str,
    instrument: str,
    year: int,
    value: Decimal,
    kind: str,
    published_on: dt.date | None,
    now: dt.datetime,
) -> dict[str, Any]:
    region(session, region_code)
    if kind not in SCORE_KINDS:
        raise ValueError(kind)
    if published_on is not None and published_on > day_in_indonesia(now):
        raise Refusal("programme.day_to_come", field="published_on", day=published_on)
    return {
        "region_code": region_code,
        "instrument": instrument,
        "year": checked_year(instrument, year),
        "value": checked_value(instrument, value),
        "kind": kind,
        "published_on": published_on,
    }


def day_in_indonesia(now: dt.datetime) -> dt.date:
    """The latest day that has begun anywhere in Indonesia."""
    return now.astimezone(dt.timezone(dt.timedelta(hours=9))).date()


def _not_known(session: Session, facts: dict[str, Any], *, but: str) -> None:
    for known in standing(session, [facts["region_code"]]):
        if known.id != but and all(getattr(known, name) == facts[name] for name in KEY):
            raise Refusal("programme.score_known", field="year", value=known.value)
