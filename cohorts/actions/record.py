"""Closings as tables: which items each left unresolved, and the carried count read from them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.actions.tables import Closing, ClosingItem, Item, Lineage, Reopening
from cohorts.ground.canonical import sha256


def closings(session: Session, cohort_id: str) -> list[Closing]:
    """Every closing of the cohort in the order of its chain, superseded revisions included."""
    return list(
        session.scalars(
            sa.select(Closing).where(Closing.cohort_id == cohort_id).order_by(Closing.place)
        )
    )


def end_of_chain(session: Session, cohort_id: str) -> tuple[int, str]:
    """Place and hash of the cohort's last closing; (0, "") before the first."""
    row = session.execute(
        sa.select(Closing.place, Closing.sha256)
        .where(Closing.cohort_id == cohort_id)
        .order_by(Closing.place.desc())
        .limit(1)
    ).one_or_none()
    return (row.place, row.sha256) if row is not None else (0, "")


def last_closing(session: Session, convening_id: str) -> Closing | None:
    """The newest revision of a convening's closing, re-opened since or not."""
    return session.scalars(
        sa.select(Closing)
        .where(Closing.convening_id == convening_id)
        .order_by(Closing.revision.desc())
        .limit(1)
    ).first()


def is_reopened(session: Session, closing: Closing) -> bool:
    """Whether the convening was opened again after this closing."""
    return session.get(Reopening, closing.id) is not None


def chain_hash(previous: str, data: bytes) -> str:
    """Hex SHA-256 of a closing: over the hash of the cohort's closing before it (empty for the
    first) and its canonical bytes."""
    return sha256(previous.encode("ascii") + data)


def broken_link(session: Session, cohort_id: str) -> int | None:
    """The place of the first closing whose bytes or predecessor are not what its hash says; None
    when the whole chain holds. Anybody can do the same with the bytes alone."""
    previous = ""
    for place, closing in enumerate(closings(session, cohort_id), start=1):
        if (
            closing.place != place
            or closing.previous != previous
            or closing.sha256 != chain_hash(previous, closing.data)
        ):
            return place
        previous = closing.sha256
    return None


def ancestors(
    session: Session, cohort_id: str, at: dt.datetime | None = None
) -> dict[str, frozenset[str]]:
    """Every ancestor by split or merge of each item of the cohort (as of ``at``); items without
    are not there."""
    parents: dict[str, set[str]] = defaultdict(set)
    query = (
        sa.select(Lineage.child_id, Lineage.parent_id)
        .join(Item, Item.id == Lineage.child_id)
        .where(Item.cohort_id == cohort_id, Lineage.kind.in_(("split", "merge")))
        .order_by(Item.number)
    )
    if at is not None:
        query = query.where(Lineage.at <= at)
    for child, parent in session.execute(query):
        parents[child].add(parent)
    found: dict[str, frozenset[str]] = {}
    for child, direct in parents.items():  # by number: a parent comes before its children
        above = [found.get(parent, frozenset()) for parent in direct]
        found[child] = frozenset(direct).union(*above)
    return found


def carried(
    session: Session, cohort_id: str, at: dt.datetime | None = None
) -> dict[str, int]:
    """How often each item was carried; items never carried are not there.

    Distinct convenings that were held and ended, by their current revision, with the item or an
    ancestor of it unresolved (domain rules, section 8). A convening that is open again has not
    ended, so it does not count until it is closed anew. With ``at``: as it was recorded by then.
    """
    query = (
        sa.select(ClosingItem.item_id, Closing.convening_id)
        .join(Closing, Closing.id == ClosingItem.closing_id)
        .outerjoin(Reopening, _reopened_by(at))
        .where(
            Closing.cohort_id == cohort_id,
            Closing.held,
            ClosingItem.unresolved,
            Reopening.closing_id.is_(None),
        )
    )
    if at is not None:
        query = query.where(Closing.as_of <= at)
    ended: dict[str, set[str]] = defaultdict(set)
    for item_id, convening_id in session.execute(query):
        ended[item_id].add(convening_id)
    return counts(ended, ancestors(session, cohort_id, at))


def counts(
    ended: dict[str, set[str]], above: dict[str, frozenset[str]]
) -> dict[str, int]:
    """Distinct convenings per item over itself and its ancestors."""
    found = {item_id: len(convenings) for item_id, convenings in ended.items()}
    for item_id, ancestry in above.items():
        own = ended.get(item_id, set())
        every = own.union(*(ended.get(ancestor, ()) for ancestor in ancestry))
        if every:
            found[item_id] = len(every)
    return found


def carried_of(session: Session, cohort_id: str, item_ids: Iterable[str]) -> dict[str, int]:
    """``carried`` for some items, with 0 for those never carried."""
    every = carried(session, cohort_id)
    return {item_id: every.get(item_id, 0) for item_id in item_ids}


def passage(session: Session, cohort_id: str, item_id: str) -> list[tuple[Closing, ClosingItem]]:
    """The closings, by their current revision, that an item or its ancestors went through."""
    family = {item_id, *ancestors(session, cohort_id).get(item_id, ())}
    rows = session.execute(
        sa.select(Closing, ClosingItem)
        .join(ClosingItem, ClosingItem.closing_id == Closing.id)
        .outerjoin(Reopening, Reopening.closing_id == Closing.id)
        .where(ClosingItem.item_id.in_(family), Reopening.closing_id.is_(None))
        .order_by(Closing.place)
    )
    seen: dict[str, tuple[Closing, ClosingItem]] = {}
    for closing, row in rows:
        best = seen.get(closing.id)
        if best is None or row.item_id == item_id or (row.unresolved and not best[1].unresolved):
            seen[closing.id] = (closing, row)
    return list(seen.values())


def _reopened_by(at: dt.datetime | None) -> sa.ColumnElement[bool]:
    same = Reopening.closing_id == Closing.id
    return same if at is None else sa.and_(same, Reopening.at <= at)
