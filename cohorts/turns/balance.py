"""From one closing to the next: what came in, what went out, what is carried. Read only.

brought + entered - left = carried, exactly, whatever happened in between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.actions.standing import Standing
from cohorts.actions.tables import Closing, ClosingItem, Reopening
from cohorts.convenings.tables import Convening


@dataclass(frozen=True)
class Balance:
    """``brought``: unresolved at the last closing before. ``new``: entered since, by origin;
    ``returned``: verified or dropped then and unresolved again. ``verified`` and ``dropped`` (by
    reason, the structural ones too) went out. ``carried``: unresolved now, and ``statuses`` how
    those stand."""

    previous: Convening | None
    brought: int
    new: Mapping[str, int]
    returned: int
    verified: int
    dropped: Mapping[str, int]
    carried: int
    statuses: Mapping[str, int]

    @property
    def entered(self) -> int:
        return sum(self.new.values()) + self.returned

    @property
    def left(self) -> int:
        return self.verified + sum(self.dropped.values())


def previous_closing(session: Session, convening: Convening) -> Closing | None:
    """The last closing that stands of an earlier convening of the cohort."""
    return session.scalars(
        sa.select(Closing)
        .join(Convening, Convening.id == Closing.convening_id)
        .outerjoin(Reopening, Reopening.closing_id == Closing.id)
        .where(
            Closing.cohort_id == convening.cohort_id,
            Closing.convening_id != convening.id,
            Convening.starts_at <= convening.starts_at,
            Reopening.closing_id.is_(None),
        )
        .order_by(Closing.place.desc())
        .limit(1)
    ).first()


def balance(session: Session, convening: Convening, items: Iterable[Standing]) -> Balance:
    """The balance of a convening over the cohort's items as they stand."""
    last = previous_closing(session, convening)
    before: dict[str, bool] = {}
    if last is not None:
        rows = session.execute(
            sa.select(ClosingItem.item_id, ClosingItem.unresolved).where(
                ClosingItem.closing_id == last.id
            )
        )
        before = {item_id: unresolved for item_id, unresolved in rows}  # noqa: C416 - a Row is no pair
    new: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    statuses: Counter[str] = Counter()
    returned = verified = 0
    for found in items:
        was = before.get(found.id)
        if found.unresolved:
            statuses[found.status] += 1
            if was is None:
                new[found.origin] += 1
            elif not was:
                returned += 1
        elif was and found.status == "verified":
            verified += 1
        elif was:
            dropped[found.drop_reason or ""] += 1
    return Balance(
        previous=last.convening if last is not None else None,
        brought=sum(before.values()),
        new=dict(new),
        returned=returned,
        verified=verified,
        dropped=dict(dropped),
        carried=sum(statuses.values()),
        statuses=dict(statuses),
    )
