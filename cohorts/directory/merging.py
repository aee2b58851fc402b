"""Two records of one person: merged so that one stands for both, and parted again.

A merge adds a row and moves nothing: appointments, replies and signatures keep the record they were
made with, and reads resolve it (``Person.kept_id``). Undoing adds another row, after which
everything reads as before. A record that keeps others is not merged away itself, so that a record
is at most one step away from the one that stands for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.directory.events import PeopleMerged, PeopleParted
from cohorts.directory.people import person
from cohorts.directory.tables import Person, PersonMerge, PersonMergeUndo
from cohorts.ground import chronicle
from cohorts.ground.access import Actor, demand
from cohorts.ground.refusal import Refusal


def merge(
    session: Session, *, kept_id: str, merged_id: str, actor: Actor, now: dt.datetime
) -> PersonMerge:
    """Let one record stand for two. Raises Refusal ground.not_found, directory.merge_itself,
    merged_away, merge_keeps_others, merge_two_nips."""
    demand(actor, "directory.edit")
    if kept_id == merged_id:
        raise Refusal("directory.merge_itself")
    for one in sorted((kept_id, merged_id)):  # in one order: two merges wait, and do not deadlock
        session.get(Person, one, with_for_update=True, populate_existing=True)
    kept, merged = person(session, kept_id), person(session, merged_id)
    session.expire(kept, ["kept_id"])  # read once the lock is held
    session.expire(merged, ["kept_id"])
    if kept.kept_id or merged.kept_id:
        raise Refusal("directory.merged_away", person=(kept if kept.kept_id else merged).own_name)
    if merges_into(session, merged_id):
        raise Refusal("directory.merge_keeps_others", field="keep", person=merged.own_name)
    nips = {p.nip for p in (kept, merged, *absorbed(session, kept_id)) if p.nip}
    if len(nips) > 1:
        raise Refusal("directory.merge_two_nips")
    before = session.scalar(sa.select(sa.func.count()).where(PersonMerge.merged_id == merged_id))
    made = PersonMerge(
        merged_id=merged_id, n=(before or 0) + 1, kept_id=kept_id, at=now, actor=actor.id
    )
    session.add(made)
    session.flush()
    session.expire(merged, ["kept_id"])
    chronicle.record(
        session, PeopleMerged(subject=("person", kept_id), merged_id=merged_id), actor, now
    )
    return made


def part(session: Session, merged_id: str, *, actor: Actor, now: dt.datetime) -> Person:
    """Undo the merge of a record: it stands for itself again. Raises Refusal ground.not_found,
    directory.not_merged."""
    demand(actor, "directory.edit")
    session.get(Person, merged_id, with_for_update=True, populate_existing=True)
    merged = person(session, merged_id)
    made = session.scalar(_in_force().where(PersonMerge.merged_id == merged_id))
    if made is None:
        raise Refusal("directory.not_merged")
    session.add(PersonMergeUndo(merge_id=made.id, at=now, actor=actor.id))
    session.flush()
    session.expire(merged, ["kept_id"])
    chronicle.record(
        session, PeopleParted(subject=("person", made.kept_id), merged_id=merged_id), actor, now
    )
    return merged


def merges_into(session: Session, kept_id: str) -> list[PersonMerge]:
    """The merges in force that a record keeps, the oldest first."""
    query = _in_force().where(PersonMerge.kept_id == kept_id)
    return list(session.scalars(query.order_by(PersonMerge.at, PersonMerge.id)))


def absorbed(session: Session, kept_id: str) -> Sequence[Person]:
    """The records that were merged into this one."""
    return session.scalars(
        sa.select(Person).where(Person.kept_id == kept_id).order_by(Person.search_key, Person.id)
    ).all()


def _in_force() -> sa.Select[PersonMerge]:
    undone = sa.exists().where(PersonMergeUndo.merge_id == PersonMerge.id)
    return sa.select(PersonMerge).where(~undone)
