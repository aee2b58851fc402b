"""What a file of people and offices is going to change: shown before, written after."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cohorts.directory.lines import Change, RowError
from cohorts.directory.sheets import PostRow


@dataclass(frozen=True)
class Ending:
    """A term that the file ends; ``until_on`` is the first day without it."""

    number: int
    term_id: str
    person_id: str
    office: str
    person: str
    until_on: dt.date


@dataclass(frozen=True)
class Touch:
    """A row that changes something: whom and what it is about, and the kinds of what it does, of
    organisation, office, person, correct, appoint, end, address."""

    number: int
    office: str
    person: str
    kinds: tuple[str, ...]


@dataclass
class Plan:
    """What is to be written, and what is wrong. The lists hold the values of new records."""

    errors: list[RowError] = field(default_factory=list)
    organisations: list[dict[str, Any]] = field(default_factory=list)
    offices: list[dict[str, Any]] = field(default_factory=list)
    people: list[dict[str, Any]] = field(default_factory=list)
    terms: list[dict[str, Any]] = field(default_factory=list)
    addresses: list[dict[str, Any]] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    corrections: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: int = 0
    touches: list[Touch] = field(default_factory=list)  # the rows that change something
    facts: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def unchanged(self) -> int:
        """How many rows say nothing new."""
        return self.rows - len(self.touches)

    @property
    def mark(self) -> str:
        """A hash of all that the plan would do, without the ids it makes up: two plans with one
        mark do the same."""
        return hashlib.sha256(repr(self.facts).encode()).hexdigest()

    def wrong(
        self, row: PostRow, column: str, code: str, given: object = "", choices: Iterable[str] = ()
    ) -> None:
        """Note what is wrong in a row."""
        self.errors.append(RowError(row.number, column, str(given)[:80], code, tuple(choices)))

    def does(self, *fact: Any) -> None:
        """Note a change, its kind first, in words that hold no new id."""
        self.facts.append(fact)
