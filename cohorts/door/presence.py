"""Who is there, derived from scans and undos: the same whatever order they arrived in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.door.tables import CAME, Act, Scan


@dataclass(frozen=True)
class First:
    """The first presence: the least (corrected time, client id)."""

    at: dt.datetime
    client_id: str
    place: str


@dataclass(frozen=True)
class Presence:
    """One person on one day. ``inside`` is False after a leave that no return followed."""

    person_id: str
    part: str
    first: First
    inside: bool


def acts_of(
    session: Session, convening_id: str, part: str, person_id: str
) -> Sequence[Any]:
    """Rows (kind, at, round, id) of one person's acts on one day."""
    return session.execute(
        sa.select(Act.kind, Act.at, Act.round, Act.id).where(
            Act.convening_id == convening_id, Act.part == part, Act.person_id == person_id
        )
    ).all()


def first_of(
    session: Session, convening_id: str, part: str, person_id: str,
    undone: Iterable[dt.datetime] = (),
) -> First | None:
    """One person's first presence on one day; scans up to the last undo do not count."""
    query = (
        sa.select(Scan.at, Scan.client_id, Scan.place)
        .where(
            Scan.convening_id == convening_id,
            Scan.person_id == person_id,
            Scan.part == part,
            Scan.act == "admit",
            Scan.outcome.in_(CAME),
        )
        .order_by(Scan.at, Scan.client_id)
        .limit(1)
    )
    last = max(undone, default=None)
    if last is not None:
        query = query.where(Scan.at > last)
    row = session.execute(query).one_or_none()
    return None if row is None else First(row.at, row.client_id, row.place)


def presences(
    session: Session, convening_id: str, *, known_by: dt.datetime, part: str | None = None
) -> list[Presence]:
    """Everybody's presence by day, from what had been received by ``known_by``. Two statements."""
    acts = sa.select(Act.person_id, Act.part, Act.kind, Act.at, Act.client_id).where(
        Act.convening_id == convening_id, Act.kind != "admit", Act.received_at <= known_by
    )
    scans = sa.select(Scan.person_id, Scan.part, Scan.at, Scan.client_id, Scan.place).where(
        Scan.convening_id == convening_id,
        Scan.act == "admit",
        Scan.outcome.in_(CAME),
        Scan.received_at <= known_by,
    )
    if part is not None:
        acts, scans = acts.where(Act.part == part), scans.where(Scan.part == part)
    undone: dict[tuple[str, str], dt.datetime] = {}
    moves: dict[tuple[str, str], tuple[dt.datetime, str, str]] = {}
    for person_id, day, kind, at, client_id in session.execute(acts):
        who = (person_id, day)
        if kind == "undo":
            undone[who] = max(undone.get(who, at), at)
        else:
            moves[who] = max(moves.get(who, (at, client_id, kind)), (at, client_id, kind))
    first: dict[tuple[str, str], First] = {}
    for came, day, at, client_id, place in session.execute(scans):
        assert came is not None  # a constraint: somebody came
        who = (came, day)
        if who in undone and at <= undone[who]:
            continue
        old = first.get(who)
        if old is None or (at, client_id) < (old.at, old.client_id):
            first[who] = First(at, client_id, place)
    return [
        Presence(
            person_id, day, one,
            inside=not (
                (person_id, day) in moves
                and moves[(person_id, day)][2] == "leave"
                and moves[(person_id, day)][0] >= one.at
            ),
        )
        for (person_id, day), one in sorted(first.items())
    ]


def present(session: Session, convening_id: str, part: str, at: dt.datetime) -> set[str]:
    """Ids of the persons who are inside at the instant of that day, as far as is known by then."""
    return {
        p.person_id
        for p in presences(session, convening_id, known_by=at, part=part)
        if p.inside and p.first.at <= at
    }
