"""Follow-through: of what was due, how much is verified (domain rules, section 9).

due(T) are the root items with an original due date up to T, minus duplicates and transferred ones,
for which their named item answers. Every due root is in exactly one class, so the classes sum to
due(T). Nothing makes N smaller: not dropping, not leaving, not extending, not splitting.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.actions.standing import Standing, items_at, items_by_id
from cohorts.actions.tables import Lineage
from cohorts.ground.clock import day_in
from cohorts.programme.tables import Cohort

VERSION = "1.0"
CLASSES = ("verified", "claimed", "in_progress", "blocked", "open", "dropped")
LEAST_FINISHED = ("open", "blocked", "in_progress", "claimed")
ANSWERED = ("duplicate", "transferred")
REPLACED = ("split", "merged")


@dataclass(frozen=True, slots=True)
class Due:
    """A due root item and its class; ``reason`` says why a dropped one was."""

    item: Standing
    status: str
    reason: str | None = None


@dataclass(frozen=True)
class FollowUp:
    """FollowUp(T) is ``verified`` of ``due``; what stands beside it sums with it to ``due``.
    ``dropped`` counts by reason. ``as_of`` is T, ``version`` that of the definition."""

    as_of: dt.datetime
    due: int
    verified: int
    claimed: int
    in_progress: int
    blocked: int
    open: int
    dropped: Mapping[str, int]
    version: str = VERSION

    @property
    def dropped_in_all(self) -> int:
        return sum(self.dropped.values())


class Family:
    """Items with whoever stands for them: parts of a split, the merged one, the item that answers
    for a duplicate or a transferred one (in another cohort too), all as of one moment."""

    def __init__(
        self, session: Session, items: Iterable[Standing], at: dt.datetime | None
    ) -> None:
        self.items = {found.id: found for found in items}
        self.children: dict[str, list[str]] = defaultdict(list)
        self.parts_of_something: set[str] = set()
        frontier = list(self.items)
        while frontier:
            self._read_lineage(session, frontier)
            wanted = {
                other
                for item_id in frontier
                if item_id in self.items
                for other in (*self.children[item_id], self.items[item_id].answered_by_id)
                if other is not None and other not in self.items
            }
            self.items |= items_by_id(session, wanted, at)
            frontier = [item_id for item_id in wanted if item_id in self.items]

    def _read_lineage(self, session: Session, ids: list[str]) -> None:
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            query = sa.select(Lineage.parent_id, Lineage.child_id).where(
                Lineage.parent_id.in_(some), Lineage.kind.in_(("split", "merge"))
            )
            for parent_id, child_id in session.execute(query.order_by(Lineage.child_id)):
                self.children[parent_id].append(child_id)
                self.parts_of_something.add(child_id)

    def leaves(self, found: Standing) -> list[Standing]:
        """What a root has become by splits and merges: itself, or its parts' parts."""
        if found.drop_reason not in REPLACED:
            return [found]
        seen: dict[str, Standing] = {}
        for child_id in self.children[found.id]:
            for leaf in self.leaves(self.items[child_id]):
                seen[leaf.id] = leaf
        return list(seen.values())

    def answering(self, leaf: Standing, seen: frozenset[str] = frozenset()) -> list[Standing]:
        """Who stands for a part: itself, or whoever answers for a duplicate or transferred one."""
        if leaf.drop_reason not in ANSWERED or leaf.id in seen:
            return [leaf]
        answer = self.items.get(leaf.answered_by_id or "")
        if answer is None:
            return [leaf]
        seen = seen | {leaf.id}
        return [one for part in self.leaves(answer) for one in self.answering(part, seen)]

    def classify(self, root: Standing) -> tuple[str, str | None] | None:
        """The class of a root and its reason; None when another item answers for all of it."""
        leaves = self.leaves(root)
        if all(leaf.drop_reason in ANSWERED for leaf in leaves):
            return None
        parts = [one for leaf in leaves for one in self.answering(leaf)]
        statuses = {part.status for part in parts}
        for status in LEAST_FINISHED:
            if status in statuses:
                return status, None
        dropped = sorted(
            (part.number, part.drop_reason) for part in parts if part.status == "dropped"
        )
        if dropped:
            return "dropped", dropped[0][1]
        return "verified", None


def due_at(session: Session, cohort_id: str, at: dt.datetime) -> list[Due]:
    """The due roots of a cohort as of a moment, each with its class, by number."""
    cohort = session.get_one(Cohort, cohort_id)
    items = items_at(session, cohort_id, at)
    return due_among(session, items, day_in(at, cohort.timezone), at)


def due_among(
    session: Session, items: list[Standing], day: dt.date, at: dt.datetime | None = None
) -> list[Due]:
    """The due roots among a cohort's items on a day. ``at``: the moment that the items were read
    for; None when they are the present ones."""
    family = Family(session, items, at)
    found = []
    for root in items:
        if root.id in family.parts_of_something or root.original_due is None:
            continue
        if root.original_due > day:
            continue
        verdict = family.classify(root)
        if verdict is not None:
            found.append(Due(root, *verdict))
    return found


def tally(dues: Iterable[Due], as_of: dt.datetime) -> FollowUp:
    """Count the classes."""
    statuses: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    for due in dues:
        statuses[due.status] += 1
        if due.status == "dropped":
            dropped[due.reason or ""] += 1
    return FollowUp(
        as_of=as_of,
        due=sum(statuses.values()),
        verified=statuses["verified"],
        claimed=statuses["claimed"],
        in_progress=statuses["in_progress"],
        blocked=statuses["blocked"],
        open=statuses["open"],
        dropped=dict(sorted(dropped.items())),
    )


def follow_up(session: Session, cohort_id: str, at: dt.datetime) -> FollowUp:
    """FollowUp(T) of a cohort at any moment, past or present."""
    return tally(due_at(session, cohort_id, at), at)


def by_region(dues: Iterable[Due]) -> dict[str, list[Due]]:
    """The due roots by the region that owns them; those of ministries under ""."""
    found: dict[str, list[Due]] = defaultdict(list)
    for due in dues:
        found[due.item.region_code or ""].append(due)
    return dict(found)
