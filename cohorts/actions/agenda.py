"""The agenda of a convening: derived while it is planned, frozen from its start.

Every unresolved item of a cohort stands on its earliest planned convening, at once and once; with
none planned it stands in the cohort's inbox. Only what a person adds (a place, a note, hidden) is
a row.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.actions import record
from cohorts.actions._append import NOTE_LIMIT
from cohorts.actions.events import AgendaNoted
from cohorts.actions.standing import Standing, item, items_at, items_by_id
from cohorts.actions.tables import AgendaNote, AgendaRow, Item, ItemEvent
from cohorts.convenings.tables import PLANNED, Convening
from cohorts.ground import bounds, chronicle
from cohorts.ground.access import Actor, Where, demand
from cohorts.ground.base import new_id
from cohorts.ground.body import keep
from cohorts.ground.refusal import Refusal

ESCALATE_AFTER = dt.timedelta(days=30)


@dataclass(frozen=True)
class Line:
    """One item on an agenda: how it stands (now), how often it was carried into this convening
    (frozen at the start), and what a person added. ``new``: raised after the agenda was frozen."""

    item: Standing
    carried: int
    position: int
    hidden: bool = False
    note_id: str | None = None
    new: bool = False


def next_planned(session: Session, cohort_id: str) -> Convening | None:
    """The earliest planned convening of the cohort: the one that carries what is unresolved."""
    return session.scalars(
        sa.select(Convening)
        .where(Convening.cohort_id == cohort_id, Convening.state.in_(PLANNED))
        .order_by(Convening.starts_at, Convening.number)
        .limit(1)
    ).first()


def agenda(session: Session, convening_id: str) -> list[Line]:
    """The agenda of a convening. Planned: all unresolved items when it is the earliest planned
    one, otherwise what a person placed there by hand. Begun: the frozen rows, then what was raised
    in it since. Cancelled: nothing."""
    convening = session.get(Convening, convening_id)
    if convening is None:
        raise Refusal("ground.not_found")
    if convening.state == "cancelled":
        return []
    if convening.state not in PLANNED:
        return _frozen(session, convening)
    notes = _notes(session, convening_id)
    first = next_planned(session, convening.cohort_id)
    every = items_at(session, convening.cohort_id)
    if first is not None and first.id == convening.id:
        wanted = [found for found in every if found.unresolved]
    else:
        placed = {key for key, note in notes.items() if note.position is not None}
        wanted = [found for found in every if found.id in placed]
    return _lines(session, convening.cohort_id, wanted, notes)


def inbox(session: Session, cohort_id: str) -> list[Line]:
    """Unresolved items that stand on no agenda because no convening is planned."""
    if next_planned(session, cohort_id) is not None:
        return []
    wanted = [found for found in items_at(session, cohort_id) if found.unresolved]
    return _lines(session, cohort_id, wanted, {})


def annotate(
    session: Session,
    convening_id: str,
    item_id: str,
    *,
    actor: Actor,
    now: dt.datetime,
    position: int | None = None,
    hidden: bool = False,
    note: str = "",
) -> AgendaNote:
    """Place an item on a planned agenda by hand, hide it, or write a note beside it. Raises
    Refusal actions.agenda_frozen once the convening has begun."""
    convening = session.get(Convening, convening_id)
    found = item(session, item_id)
    if convening is None or convening.cohort_id != found.cohort_id:
        raise Refusal("ground.not_found")
    demand(actor, "convening.edit", Where(convening.cohort_id, convening.id))
    if convening.state not in PLANNED:
        raise Refusal("actions.agenda_frozen")
    row = session.get(AgendaNote, (convening_id, item_id))
    if row is None:
        row = AgendaNote(convening_id=convening_id, item_id=item_id)
        session.add(row)
    row.position = position
    row.hidden = hidden
    row.note_id = keep(session, bounds.lines(note, most=NOTE_LIMIT, field="note"))
    session.flush()
    chronicle.record(
        session,
        AgendaNoted(
            subject=("convening", convening_id),
            cohort_id=convening.cohort_id,
            number=found.number,
        ),
        actor,
        now,
    )
    return row


def freeze(session: Session, convening: Convening) -> int:
    """Write the agenda of a convening that starts as rows; returns how many. A turn's part, once:
    a convening that is opened again keeps the agenda it began with."""
    lines = agenda(session, convening.id)
    rows = [
        {
            "id": new_id(),
            "convening_id": convening.id,
            "item_id": line.item.id,
            "position": line.position,
            "seq": line.item.version,
            "carried": line.carried,
            "hidden": line.hidden,
        }
        for line in lines
    ]
    if rows:
        session.execute(sa.insert(AgendaRow), rows)
    return len(rows)


def proposed_level(found: Standing, carried: int, today: dt.date) -> int:
    """The level of escalation that the rule proposes: 1 (Sekda) thirty days after the due date or
    when carried twice, 2 (head of the region) when both; never below the present one."""
    if not found.unresolved or found.status == "claimed":
        return found.escalation
    late = found.due_on is not None and today >= found.due_on + ESCALATE_AFTER
    return max(found.escalation, int(late) + int(carried >= 2))


def _frozen(session: Session, convening: Convening) -> list[Line]:
    rows = session.scalars(
        sa.select(AgendaRow)
        .where(AgendaRow.convening_id == convening.id)
        .order_by(AgendaRow.position)
    ).all()
    frozen = {row.item_id for row in rows}
    raised = session.scalars(
        sa.select(Item.id)
        .join(ItemEvent, sa.and_(ItemEvent.item_id == Item.id, ItemEvent.seq == 1))
        .where(
            Item.convening_id == convening.id,
            Item.raised_at >= convening.started_at,
            Item.origin.in_(("meeting", "template", "pledge")),
        )
        .order_by(Item.number)
    ).all()
    new = [item_id for item_id in raised if item_id not in frozen]
    notes = _notes(session, convening.id)
    standing = items_by_id(session, [*frozen, *new])
    lines = [
        Line(
            standing[row.item_id],
            row.carried,
            row.position,
            row.hidden,
            notes[row.item_id].note_id if row.item_id in notes else None,
        )
        for row in rows
    ]
    start = len(lines) + 1
    lines += [
        Line(standing[item_id], 0, position, new=True)
        for position, item_id in enumerate(new, start=start)
    ]
    return lines


def _lines(
    session: Session, cohort_id: str, wanted: list[Standing], notes: dict[str, AgendaNote]
) -> list[Line]:
    """In order: placed by hand, then escalated and often carried first, then by due date."""
    times = record.carried(session, cohort_id)

    def rank(found: Standing) -> tuple[int, int, int, dt.date, int]:
        note = notes.get(found.id)
        placed = note.position if note and note.position is not None else 1_000_000
        due = found.due_on or dt.date.max
        return (placed, -found.escalation, -times.get(found.id, 0), due, found.number)

    lines = []
    for position, found in enumerate(sorted(wanted, key=rank), start=1):
        note = notes.get(found.id)
        lines.append(
            Line(
                found,
                times.get(found.id, 0),
                position,
                bool(note and note.hidden),
                note.note_id if note else None,
            )
        )
    return lines


def _notes(session: Session, convening_id: str) -> dict[str, AgendaNote]:
    rows = session.scalars(sa.select(AgendaNote).where(AgendaNote.convening_id == convening_id))
    return {row.item_id: row for row in rows}
