"""The data of a convening's minutes (notula): who came, what was decided, what follows.

While it runs they are read live; once closed, attendance and follow-up come from the closing's
bytes, so that the printed minutes never change.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from cohorts.actions import agenda, record
from cohorts.actions.minute_notes import notes_of
from cohorts.actions.standing import items_at
from cohorts.actions.tables import Closing
from cohorts.convenings.convening import get
from cohorts.convenings.tables import Convening
from cohorts.turns import _snapshot, past


@dataclass(frozen=True)
class Note:
    """One discussion or decision; ``text`` is None when it was erased."""

    kind: str
    text: str | None
    item_id: str | None
    at: dt.datetime


@dataclass(frozen=True)
class Minutes:
    """``attendance`` has invited, in_person, represented and people (see the closing's data);
    ``follow_up`` are the items that were on the agenda or raised in the meeting and are not
    settled, ``settled`` those that are, in the shape of the closing's items. ``closing`` is None
    while the convening runs."""

    convening: Convening
    closing: Closing | None
    as_of: dt.datetime
    attendance: dict[str, Any]
    discussions: list[Note]
    decisions: list[Note]
    follow_up: list[dict[str, Any]]
    settled: list[dict[str, Any]]
    commitments: list[dict[str, Any]]


def minutes(session: Session, convening_id: str, *, now: dt.datetime) -> Minutes:
    """The minutes of a convening that runs or is closed; of a planned one they are empty."""
    convening = get(session, convening_id)
    last = record.last_closing(session, convening_id)
    closing = last if last is not None and convening.state == "closed" else None
    notes = [
        Note(note.kind, body.text, note.item_id, note.at)
        for note, body in notes_of(session, convening_id)
    ]
    spoken_of = {line.item.id for line in agenda.agenda(session, convening_id)}
    if closing is not None:
        report = past.read(closing)
        items, came, signed = report.items, report.attendance, report.commitments
    else:
        standing = items_at(session, convening.cohort_id)
        times = record.carried(session, convening.cohort_id)
        items = _snapshot.items(session, standing, times)
        came = _snapshot.attended(session, convening, now)
        signed = _snapshot.commitments(session, convening.cohort_id, now)
    here = [one for one in items if one["id"] in spoken_of]
    unsettled = ("open", "in_progress", "blocked", "claimed")
    return Minutes(
        convening=convening,
        closing=closing,
        as_of=closing.as_of if closing is not None else now,
        attendance=came,
        discussions=[note for note in notes if note.kind == "discussion"],
        decisions=[note for note in notes if note.kind == "decision"],
        follow_up=[one for one in here if one["status"] in unsettled],
        settled=[one for one in here if one["status"] not in unsettled],
        commitments=signed,
    )
