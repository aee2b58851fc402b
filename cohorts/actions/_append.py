"""Lower half: how an item's next event is written.

Only rules of this room and turns come here. The writer names the version it has seen; the
database (unique item and number) decides between two who saw the same one.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.actions.events import ItemMoved, ItemRaised
from cohorts.actions.standing import OF_EVENT, Standing, item
from cohorts.actions.tables import Closing, Item, ItemEvent, Lineage
from cohorts.directory.tables import Office, Organisation
from cohorts.ground.access import Actor
from cohorts.ground.base import new_id
from cohorts.ground.body import Body, keep
from cohorts.ground.chronicle import record
from cohorts.ground.refusal import Refusal
from cohorts.programme.tables import Cohort

NOTE_LIMIT = 4000
_TICK = dt.timedelta(microseconds=1)


@dataclasses.dataclass(frozen=True, kw_only=True)
class New:
    """An item to be raised. ``title`` and the rest are checked by the caller."""

    title: str
    origin: str
    criterion: str = ""
    office: Office | None = None
    original_due: dt.date | None = None
    due_on: dt.date | None = None
    convening_id: str | None = None
    template_id: str | None = None
    pledge_id: str | None = None
    pledge_target_id: str | None = None
    region_code: str | None = None
    first_raised: dt.datetime | None = None
    state: str = "open"
    blocked_by: str = ""
    escalation: int = 0


def lock_cohort(session: Session, cohort_id: str, *, shared: bool = False) -> Cohort:
    """Hold the cohort's row until the end of the transaction. Turns and numbering hold it alone,
    steps of single items together, so that a closing sees either all of a step or nothing.

    Raises Refusal ground.not_found.
    """
    found = session.scalars(
        sa.select(Cohort)
        .where(Cohort.id == cohort_id)
        .with_for_update(read=shared)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise Refusal("ground.not_found")
    return found


def fact_time(session: Session, cohort_id: str, now: dt.datetime) -> dt.datetime:
    """When a fact of the cohort counts as recorded: now, but always after the last closing, so
    that nothing written after it slips into the moment that it froze."""
    last = session.scalar(
        sa.select(sa.func.max(Closing.as_of)).where(Closing.cohort_id == cohort_id)
    )
    return now if last is None or last < now else last + _TICK


def region_of(session: Session, office: Office | None) -> str | None:
    """Code of the region whose government the office belongs to; None for a ministry."""
    if office is None:
        return None
    return session.scalar(
        sa.select(Organisation.region_code).where(Organisation.id == office.organisation_id)
    )


def raise_items(
    session: Session, cohort_id: str, new: list[New], actor: Actor, now: dt.datetime
) -> list[str]:
    """Raise items with consecutive numbers, in the order given; returns their ids. The cohort
    must be locked by the caller."""
    at = fact_time(session, cohort_id, now)
    number = session.scalar(
        sa.select(sa.func.coalesce(sa.func.max(Item.number), 0)).where(Item.cohort_id == cohort_id)
    )
    ids: list[str] = []
    pairs: list[tuple[Item, ItemEvent]] = []
    for offset, each in enumerate(new, start=1):
        row = Item(
            id=new_id(),
            cohort_id=cohort_id,
            number=(number or 0) + offset,
            origin=each.origin,
            convening_id=each.convening_id,
            template_id=each.template_id,
            pledge_id=each.pledge_id,
            pledge_target_id=each.pledge_target_id,
            region_code=each.region_code,
            first_raised=each.first_raised or at,
            raised_at=at,
            version=1,
        )
        event = ItemEvent(
            id=new_id(),
            item_id=row.id,
            seq=1,
            kind="raised",
            effective_at=at,
            recorded_at=at,
            actor_kind=actor.kind,
            actor_id=actor.id,
            title=each.title,
            criterion=each.criterion,
            state=each.state,
            owner_office_id=each.office.id if each.office else None,
            original_due=each.original_due,
            due_on=each.due_on,
            blocked_by=each.blocked_by,
            escalation=each.escalation,
        )
        pairs.append((row, event))
        ids.append(row.id)
        record(
            session,
            ItemRaised(
                subject=("item", row.id),
                cohort_id=cohort_id,
                number=row.number,
                origin=each.origin,
                region_code=each.region_code,
                office=each.office.name if each.office else None,
            ),
            actor,
            at,
        )
    session.add_all(row for row, _ in pairs)
    session.flush()
    session.add_all(event for _, event in pairs)
    session.flush()
    return ids


def step(
    session: Session,
    before: Standing,
    kind: str,
    actor: Actor,
    now: dt.datetime,
    *,
    note: str | None = None,
    on_behalf: bool = False,
    **changes: Any,
) -> Standing:
    """Write the next event of an item after ``before`` and return how it stands now.

    ``changes`` are columns of the event that differ from ``before``. Raises Refusal ground.stale
    (facts: number, version, kind) when somebody else wrote meanwhile.
    """
    taken = session.execute(
        sa.update(Item)
        .where(Item.id == before.id, Item.version == before.version)
        .values(version=before.version + 1)
    )
    if not getattr(taken, "rowcount", 0):
        raise stale(item(session, before.id))
    at = max(fact_time(session, before.cohort_id, now), before.recorded_at)
    values = {name: getattr(before, name) for name in OF_EVENT}
    values |= {"blocked_by": "", "drop_reason": None, "answered_by_id": None, **changes}
    if values["state"] == "blocked" and "blocked_by" not in changes:
        values["blocked_by"] = before.blocked_by
    if values["state"] == "dropped" and "drop_reason" not in changes:
        values |= {"drop_reason": before.drop_reason, "answered_by_id": before.answered_by_id}
    values |= {
        "kind": kind,
        "effective_at": at,
        "recorded_at": at,
        "actor_id": actor.id,
        "on_behalf": on_behalf,
        "note_id": keep(session, note),
    }
    event = ItemEvent(
        id=new_id(), item_id=before.id, seq=before.version + 1, actor_kind=actor.kind, **values
    )
    session.add(event)
    session.flush()
    after = item(session, before.id)
    record(
        session,
        ItemMoved(
            subject=("item", before.id),
            cohort_id=before.cohort_id,
            number=before.number,
            seq=after.version,
            kind=kind,
            status=after.status,
            region_code=before.region_code,
            on_behalf=on_behalf,
            drop_reason=after.drop_reason,
            note=session.get_one(Body, after.note_id).sha256 if after.note_id else None,
        ),
        actor,
        at,
    )
    return after


def replace(
    session: Session, parents: list[Standing], children: list[str], kind: str, now: dt.datetime
) -> None:
    """Write the lineage of a split, merge or transfer. The drops of the parents are the
    caller's."""
    for parent in parents:
        at = max(fact_time(session, parent.cohort_id, now), parent.recorded_at)
        session.add_all(
            Lineage(parent_id=parent.id, child_id=child, kind=kind, at=at) for child in children
        )
    session.flush()


def stale(present: Standing) -> Refusal:
    """Somebody else changed the item meanwhile; the facts say how it stands."""
    return Refusal(
        "ground.stale",
        item=present.label,
        version=present.version,
        kind=present.kind,
        status=present.status,
    )


def seen(present: Standing, version: int | None) -> None:
    """Insist that the writer has seen the item as it stands; None: it was read in this unit."""
    if version is not None and version != present.version:
        raise stale(present)
