"""The programme of a convening (susunan acara), written as a whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import tables
from cohorts.convenings.convening import where
from cohorts.convenings.events import ProgrammeSet
from cohorts.ground import bounds
from cohorts.ground.access import Actor, demand
from cohorts.ground.base import new_id
from cohorts.ground.chronicle import record
from cohorts.ground.refusal import Refusal

MOST = 60


@dataclass(frozen=True)
class Line:
    """One session: an aware start, its length in minutes, a title, who speaks."""

    starts_at: dt.datetime
    minutes: int
    title_id: str
    title_en: str = ""
    speaker: str = ""


def programme(session: Session, convening_id: str) -> list[tables.Session]:
    """The sessions in their order."""
    return list(
        session.scalars(
            sa.select(tables.Session)
            .where(tables.Session.convening_id == convening_id)
            .order_by(tables.Session.position)
        )
    )


def set_programme(
    session: Session,
    convening_id: str,
    lines: Sequence[Line],
    version: int,
    actor: Actor,
    now: dt.datetime,
) -> tables.Convening:
    """Replace the programme. It is no part of the schedule: nobody is asked again.

    Raises Refusal ground.stale, ground.too_long, convenings.required, convenings.sessions.
    """
    convening = session.get(
        tables.Convening, convening_id, with_for_update=True, populate_existing=True
    )
    if convening is None:
        raise Refusal("ground.not_found")
    demand(actor, "convening.edit", where(convening))
    if convening.version != version:
        raise Refusal("ground.stale", changed=("programme",))
    if convening.state == "cancelled":
        raise Refusal("convenings.cancelled")
    if len(lines) > MOST or any(not 1 <= line.minutes <= 24 * 60 for line in lines):
        raise Refusal("convenings.sessions", field="minutes")
    for line in lines:
        for name in ("title_id", "title_en", "speaker"):
            bounds.line(getattr(line, name), most=200, field=name)
        if not line.title_id.strip():
            raise Refusal("convenings.required", field="title_id")
    session.execute(
        sa.delete(tables.Session).where(tables.Session.convening_id == convening_id)
    )
    ordered = sorted(lines, key=lambda line: line.starts_at)
    session.add_all(
        tables.Session(
            id=new_id(),
            convening_id=convening_id,
            position=position,
            starts_at=line.starts_at,
            minutes=line.minutes,
            title_id=_line(line.title_id),
            title_en=_line(line.title_en or line.title_id),
            speaker=_line(line.speaker),
        )
        for position, line in enumerate(ordered, start=1)
    )
    convening.version += 1
    record(
        session,
        ProgrammeSet(
            subject=("convening", convening.id),
            cohort_id=convening.cohort_id,
            sessions=len(lines),
        ),
        actor,
        now,
    )
    session.flush()
    return convening


def _line(text: str) -> str:
    return bounds.line(text, most=200, field="title_id")
