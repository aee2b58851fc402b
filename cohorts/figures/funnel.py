"""The funnel and the two answers (domain rules, section 9), at any date.

Every figure is "n of N, as of a day, by a version of the definition", with the regions behind it:
no share leaves this module without them. The two answers:

    menindaklanjuti    (S1 in V) / V     regions that visited and have an own item verified
    mengikuti jejak    (P in V) / V      regions that visited and reached the threshold since

What is refused: shrinking N by dropping items or leaving the cohort, moving a due date, splitting
an item to finish a piece, raising it anew, counting claims, counting regions invited for their
index as visitors, and mixing instruments.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.actions.standing import Standing, items_at
from cohorts.directory.tables import Region
from cohorts.figures import facts
from cohorts.figures.facts import Commitment, Joined, Value, Visited
from cohorts.figures.follow_through import VERSION, Due, FollowUp, due_among, tally
from cohorts.ground.clock import day_in, end_of_day
from cohorts.ground.refusal import Refusal
from cohorts.programme.cohort import threshold
from cohorts.programme.tables import Cohort
from cohorts.programme.tables import Threshold as ThresholdRow

STAGES = ("V", "J", "A", "C", "S1", "S2", "S3", "I", "P")
ANSWERS = {"menindaklanjuti": "S1", "mengikuti_jejak": "P"}
NEVER_ASKED = Commitment("unknown")


@dataclass(frozen=True)
class Threshold:
    """The index by which "mengikuti jejak" is read."""

    instrument: str
    value: str
    source: str


@dataclass(frozen=True)
class RegionState:
    """All that the figures know of one region at T.

    ``improved`` is yes, no or unknown; ``reached`` is reached, below, already (above before the
    visit), unknown_before, no_score or no_threshold. ``due`` counts the classes of due root items;
    ``verified`` how many of all its root items are verified.
    """

    code: str
    name: str
    bare: str
    type: str
    province_code: str
    province: str
    visited: Visited | None
    joined: Joined | None
    attended: tuple[int, ...]
    commitment: Commitment
    verified: int
    due: Mapping[str, int]
    improved: str
    before_joining: Value | None
    since_joining: Value | None
    reached: str
    before: Value | None
    latest: Value | None

    @property
    def due_total(self) -> int:
        return sum(self.due.values())

    @property
    def level(self) -> int:
        """3 all due ones verified, 2 half of them, 1 at least one item, 0 none: for charts."""
        return 3 if _s3(self) else 2 if _s2(self) else 1 if _s1(self) else 0

    @property
    def assessed(self) -> bool:
        """Something of its own was due: otherwise S2 and S3 say "not assessed yet"."""
        return self.due_total > 0


@dataclass(frozen=True)
class Figure:
    """``n`` of ``of`` regions; ``rows`` are all ``of``, ``counted`` the codes of the ``n``, and
    ``unknown`` of those about which nothing is recorded."""

    key: str
    n: int
    of: int
    as_of: dt.date
    version: str
    rows: tuple[RegionState, ...]
    counted: frozenset[str]
    unknown: frozenset[str]


def _s1(region: RegionState) -> bool:
    return region.verified > 0


def _s2(region: RegionState) -> bool:
    return region.assessed and 2 * region.due.get("verified", 0) >= region.due_total


def _s3(region: RegionState) -> bool:
    return region.assessed and region.due.get("verified", 0) == region.due_total


def _never(_region: RegionState) -> bool:
    return False


COUNTS: Mapping[str, Callable[[RegionState], bool]] = {
    "V": lambda r: r.visited is not None,
    "J": lambda r: r.joined is not None,
    "A": lambda r: bool(r.attended),
    "C": lambda r: r.commitment.state == "signed",
    "S1": _s1,
    "S2": _s2,
    "S3": _s3,
    "I": lambda r: r.improved == "yes",
    "P": lambda r: r.reached == "reached",
}
UNKNOWN: Mapping[str, Callable[[RegionState], bool]] = {
    "C": lambda r: r.commitment.state == "unknown",
    "S2": lambda r: not r.assessed,
    "S3": lambda r: not r.assessed,
    "I": lambda r: r.improved == "unknown",
    "P": lambda r: r.reached in ("unknown_before", "no_score", "no_threshold"),
}


@dataclass(frozen=True)
class Funnel:
    """The whole of it at T, with FollowUp(T) as ``due``. ``visitors`` are V; ``invited`` members
    without a visit; ``others`` neither, but signatories all the same. The three never overlap and
    are never added up."""

    cohort_id: str
    at: dt.datetime
    as_of: dt.date
    version: str
    threshold: Threshold | None
    regions: tuple[RegionState, ...]
    institutions: Mapping[str, Visited]
    due: FollowUp

    @property
    def visitors(self) -> tuple[RegionState, ...]:
        return tuple(r for r in self.regions if r.visited is not None)

    @property
    def invited(self) -> tuple[RegionState, ...]:
        return tuple(r for r in self.regions if r.visited is None and r.joined is not None)

    @property
    def others(self) -> tuple[RegionState, ...]:
        return tuple(r for r in self.regions if r.visited is None and r.joined is None)

    @property
    def members(self) -> tuple[RegionState, ...]:
        """Ever joined."""
        return tuple(r for r in self.regions if r.joined is not None)

    @property
    def undated(self) -> tuple[RegionState, ...]:
        """Visited, but nobody knows when."""
        return tuple(r for r in self.visitors if r.visited and r.visited.first_on is None)

    def figure(self, stage: str, among: Iterable[RegionState] | None = None) -> Figure:
        """A stage among the visitors, or among another of the groups. Raises KeyError."""
        rows = self.visitors if among is None else tuple(among)
        counts, unknown = COUNTS[stage], UNKNOWN.get(stage, _never)
        counted = frozenset(r.code for r in rows if counts(r))
        return Figure(
            key=stage,
            n=len(counted),
            of=len(rows),
            as_of=self.as_of,
            version=self.version,
            rows=rows,
            counted=counted,
            unknown=frozenset(r.code for r in rows if r.code not in counted and unknown(r)),
        )

    def answer(self, name: str) -> Figure:
        """One of the two answers: menindaklanjuti, mengikuti_jejak. Raises KeyError."""
        return self.figure(ANSWERS[name])

    def apart(self, reached: str) -> tuple[RegionState, ...]:
        """Visitors printed beside P: already, unknown_before, no_score."""
        return tuple(r for r in self.visitors if r.reached == reached)


def moment_of(session: Session, cohort_id: str, day: dt.date, now: dt.datetime) -> dt.datetime:
    """The T that stands for a day: its last instant in the cohort's zone, or now while it runs.

    Raises Refusal figures.future, ground.not_found.
    """
    cohort = session.get(Cohort, cohort_id)
    if cohort is None:
        raise Refusal("ground.not_found")
    if day > day_in(now, cohort.timezone):
        raise Refusal("figures.future", field="at", day=day)
    return min(now, end_of_day(day, cohort.timezone) - dt.timedelta(microseconds=1))


def funnel(
    session: Session, cohort_id: str, at: dt.datetime, items: list[Standing] | None = None
) -> Funnel:
    """The funnel of a cohort as it was known at ``at``. Raises Refusal ground.not_found.

    ``items``: the cohort's items as of ``at``, where the caller has read them already.
    """
    cohort = session.get(Cohort, cohort_id)
    if cohort is None:
        raise Refusal("ground.not_found")
    day = day_in(at, cohort.timezone)
    visited, institutions = facts.visits(session, cohort_id, at)
    joined = facts.memberships(session, cohort_id, at)
    attended = facts.attended(session, cohort_id, at)
    committed = facts.commitments(session, cohort_id, at)
    signed = {code for code, one in committed.items() if one.state == "signed"}
    codes = sorted(visited.keys() | joined.keys() | signed)
    scores = facts.official_scores(session, codes, at, day)
    limit = threshold(session, cohort_id, at)
    if items is None:
        items = items_at(session, cohort_id, at)
    roots = due_among(session, items, dt.date.max, at)
    verified, due = _by_region(roots, day)
    found = []
    for region in session.scalars(
        sa.select(Region).where(Region.code.in_(codes)).order_by(Region.code)
    ):
        code = region.code
        own = scores.get(code, [])
        membership, visit = joined.get(code), visited.get(code)
        improved, first, since = _improved(own, membership)
        reached, before, latest = _reached(own, visit, membership, limit)
        found.append(
            RegionState(
                code=code,
                name=region.full_name,
                bare=region.name,
                type=region.type,
                province_code=region.province_code,
                province=region.province_name,
                visited=visit,
                joined=membership,
                attended=tuple(attended.get(code, ())),
                commitment=committed.get(code, NEVER_ASKED),
                verified=verified[code],
                due=dict(due[code]),
                improved=improved,
                before_joining=first,
                since_joining=since,
                reached=reached,
                before=before,
                latest=latest,
            )
        )
    return Funnel(
        cohort_id=cohort_id,
        at=at,
        as_of=day,
        version=VERSION,
        threshold=Threshold(limit.instrument, str(limit.value), limit.source) if limit else None,
        regions=tuple(found),
        institutions=institutions,
        due=tally((root for root in roots if _is_due(root, day)), at),
    )


def _is_due(root: Due, day: dt.date) -> bool:
    return root.item.original_due is not None and root.item.original_due <= day


def _by_region(
    roots: Iterable[Due], day: dt.date
) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """By region: verified root items whenever due, and the classes of the due ones."""
    verified: Counter[str] = Counter()
    due: dict[str, Counter[str]] = defaultdict(Counter)
    for root in roots:
        code = root.item.region_code
        if code is None:
            continue
        if root.status == "verified":
            verified[code] += 1
        if _is_due(root, day):
            due[code][root.status] += 1
    return verified, due


def _improved(
    scores: list[Value], joined: Joined | None
) -> tuple[str, Value | None, Value | None]:
    """Whether the latest official score is above the last one before joining, same instrument."""
    if joined is None:
        return "unknown", None, None
    first = _last(v for v in scores if v.effective_on <= joined.joined_on)
    if first is None:
        return "unknown", None, None
    since = _last(
        v for v in scores
        if v.instrument == first.instrument
        and v.effective_on > joined.joined_on
        and v.year > first.year
    )
    if since is None:
        return "unknown", first, None
    return ("yes" if since.value > first.value else "no"), first, since


def _reached(
    scores: list[Value],
    visited: Visited | None,
    joined: Joined | None,
    limit: ThresholdRow | None,
) -> tuple[str, Value | None, Value | None]:
    """At or above the threshold now, and below it before the visit (for a member that never
    visited: before joining). A visit without a date leaves what was before unknown."""
    if limit is None:
        return "no_threshold", None, None
    own = [v for v in scores if v.instrument == limit.instrument]
    since = visited.first_on if visited else joined.joined_on if joined else None
    latest = _last(own)
    before = _last(v for v in own if since is not None and v.effective_on < since)
    if latest is None:
        return "no_score", before, None
    if latest.value < limit.value:
        return "below", before, latest
    if before is None:
        return "unknown_before", None, latest
    return ("already" if before.value >= limit.value else "reached"), before, latest


def _last(values: Iterable[Value]) -> Value | None:
    """The one of the latest year; of a year published twice, the later."""
    return max(values, key=lambda v: (v.year, v.effective_on), default=None)
