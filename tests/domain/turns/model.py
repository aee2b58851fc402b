"""An independent model of carry-over: plain sets, written without a look at the rules' code.

Every item carries its own luggage (the convenings that ended with it unresolved); every promise (a
root) knows the leaves that stand for it now. Nothing here reads a database.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

UNRESOLVED = {"open", "in_progress", "blocked", "claimed"}
LEAST = ("open", "blocked", "in_progress", "claimed")
ANSWERED = {"duplicate", "transferred"}


@dataclass
class Thing:
    """An item as the model sees it."""

    id: str
    cohort: str
    region: str | None
    office: str | None
    status: str
    original_due: dt.date | None
    due_on: dt.date | None
    first_raised: dt.datetime
    reason: str | None = None
    answered_by: str | None = None
    root: bool = True
    luggage: set[str] = field(default_factory=set)
    template: str | None = None
    claimed_by: str | None = None

    @property
    def unresolved(self) -> bool:
        return self.status in UNRESOLVED


@dataclass
class Meeting:
    """A convening as the model sees it; ``frozen`` is its agenda once it has begun."""

    id: str
    cohort: str
    number: int
    starts_at: dt.datetime
    state: str = "draft"
    frozen: list[str] = field(default_factory=list)
    revision: int = 0


class Model:
    """Items, promises, convenings and members of every cohort."""

    def __init__(self) -> None:
        self.things: dict[str, Thing] = {}
        self.leaves: dict[str, set[str]] = {}  # item -> what it has become by splits and merges
        self.meetings: dict[str, Meeting] = {}
        self.members: dict[str, set[str]] = {}

    def add(self, thing: Thing) -> None:
        self.things[thing.id] = thing
        self.leaves[thing.id] = {thing.id}

    def of(self, cohort: str, *statuses: str) -> list[Thing]:
        return [
            t for t in self.things.values()
            if t.cohort == cohort and (not statuses or t.status in statuses)
        ]  # fmt: skip

    def unresolved(self, cohort: str) -> set[str]:
        return {t.id for t in self.of(cohort) if t.unresolved}

    def drop(self, item: str, reason: str, answered_by: str | None = None) -> None:
        thing = self.things[item]
        thing.status, thing.reason, thing.answered_by = "dropped", reason, answered_by

    def split(self, parent: str, children: list[Thing]) -> None:
        self._replace([parent], children, "split")

    def merge(self, parents: list[str], child: Thing) -> None:
        self._replace(parents, [child], "merged")

    def _replace(self, parents: list[str], children: list[Thing], reason: str) -> None:
        luggage = set().union(*(self.things[p].luggage for p in parents))
        for child in children:
            child.root, child.luggage = False, set(luggage)
            self.add(child)
        for parent in parents:
            self.drop(parent, reason)
            for leaves in self.leaves.values():
                if parent in leaves:
                    leaves.discard(parent)
                    leaves |= {child.id for child in children}

    def close(self, meeting: str, *, held: bool) -> None:
        own = self.meetings[meeting]
        own.state, own.revision = "closed", own.revision + 1
        if held:
            for thing in self.of(own.cohort):
                if thing.unresolved:
                    thing.luggage.add(meeting)

    def reopen(self, meeting: str) -> None:
        self.meetings[meeting].state = "in_progress"
        for thing in self.things.values():
            thing.luggage.discard(meeting)

    def carried(self, cohort: str) -> dict[str, int]:
        return {t.id: len(t.luggage) for t in self.of(cohort) if t.luggage}

    def planned(self, cohort: str) -> list[Meeting]:
        """Planned convenings, the next one first."""
        return sorted(
            (m for m in self.meetings.values()
             if m.cohort == cohort and m.state in ("draft", "announced")),
            key=lambda m: (m.starts_at, m.number),
        )  # fmt: skip

    def begun(self, cohort: str) -> list[Meeting]:
        return sorted(
            (m for m in self.meetings.values()
             if m.cohort == cohort and m.state in ("in_progress", "closed")),
            key=lambda m: (m.starts_at, m.number),
        )  # fmt: skip

    def standing_for(self, leaf: str) -> set[str]:
        """The items that answer for a leaf: itself, or those of whoever answers for it."""
        thing = self.things[leaf]
        if thing.reason not in ANSWERED:
            return {leaf}
        assert thing.answered_by is not None
        return set().union(*(self.standing_for(one) for one in self.leaves[thing.answered_by]))

    def verdicts(self, cohort: str, day: dt.date) -> dict[str, tuple[str, str | None]]:
        """Class and reason of every due promise."""
        found = {}
        for root, leaves in self.leaves.items():
            thing = self.things[root]
            if not thing.root or thing.cohort != cohort:
                continue
            if thing.original_due is None or thing.original_due > day:
                continue
            if all(self.things[leaf].reason in ANSWERED for leaf in leaves):
                continue
            parts = [
                self.things[one] for leaf in leaves for one in self.standing_for(leaf)
            ]
            least = [s for s in LEAST if any(p.status == s for p in parts)]
            gone = [p for p in parts if p.status == "dropped"]
            if least:
                found[root] = (least[0], None)
            elif gone:
                found[root] = ("dropped", gone[0].reason)
            else:
                found[root] = ("verified", None)
        return found
