"""Close a convening: the one moment at which the cohort's whole state is frozen.

Order of work as in the domain rules, section 8: already closed, not in progress or an earlier one
in progress, incomplete items, one as_of over all items, the closing in its chain and its hash in
the signed log, the digests. One transaction with the cohort's row locked; the caller's unit
commits.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.actions import record
from cohorts.actions._append import fact_time, lock_cohort
from cohorts.actions.standing import Standing, items_at
from cohorts.actions.tables import Closing, ClosingItem
from cohorts.convenings import _turning
from cohorts.convenings.convening import get, where
from cohorts.convenings.tables import Convening
from cohorts.door.tables import Station, StationConvening
from cohorts.ground import chronicle, log
from cohorts.ground.access import Actor, demand
from cohorts.ground.base import new_id
from cohorts.ground.canonical import canonical
from cohorts.ground.refusal import Refusal
from cohorts.programme.tables import Cohort
from cohorts.turns import _snapshot, digests
from cohorts.turns.balance import Balance, balance
from cohorts.turns.events import ClosingWritten


@dataclass(frozen=True)
class Unsent:
    """A station that last said it held scans not yet sent."""

    name: str
    gate: str
    unsent: int


@dataclass(frozen=True)
class ClosePreview:
    """What closing would do, for the page before it. ``incomplete``: items that block it, with
    what each lacks (``Standing.missing``). ``counts``: how many items would be recorded as carried
    n times. ``digests``: messages that would be posted."""

    convening: Convening
    earlier: Convening | None
    incomplete: list[Standing]
    balance: Balance
    counts: dict[int, int]
    unsent: list[Unsent]
    invited: int
    in_person: int
    represented: int
    people: int
    digests: int
    signed: int


def preview(session: Session, convening_id: str, *, now: dt.datetime) -> ClosePreview:
    """What closing this convening now would freeze and send. Reads only."""
    convening = get(session, convening_id)
    items = items_at(session, convening.cohort_id)
    times = _times(session, convening, items, held=True)
    came = _snapshot.attended(session, convening, now)
    return ClosePreview(
        convening=convening,
        earlier=_earlier_running(session, convening),
        incomplete=incomplete(items),
        balance=balance(session, convening, items),
        counts=dict(Counter(times[found.id] for found in items if found.unresolved)),
        unsent=unsent_stations(session, convening.id),
        invited=came["invited"],
        in_person=came["in_person"],
        represented=came["represented"],
        people=len(came["people"]),
        digests=len(digests.recipients(session, convening.cohort_id, items)),
        signed=len(_snapshot.commitments(session, convening.cohort_id, now)),
    )


def close(
    session: Session,
    convening_id: str,
    *,
    held: bool = True,
    despite_unsent: bool = False,
    actor: Actor,
    now: dt.datetime,
) -> Closing:
    """Close a convening that runs and return its closing. ``held`` False: not quorate, a snapshot
    that adds to no count.

    Closed already: the standing closing comes back and nothing is written or sent. Raises Refusal
    ground.not_allowed, convenings.not_in_progress, turns.earlier_in_progress, turns.incomplete
    (facts: items, count) and, unless ``despite_unsent``, turns.unsent_scans (facts: stations,
    count).
    """
    convening = get(session, convening_id)
    demand(actor, "convening.turn", where(convening))
    cohort = lock_cohort(session, convening.cohort_id)
    session.refresh(convening)
    last = record.last_closing(session, convening.id)
    if convening.state == "closed" and last is not None:
        return last
    if convening.state != "in_progress":
        raise Refusal("convenings.not_in_progress", state=convening.state)
    earlier = _earlier_running(session, convening)
    if earlier is not None:
        raise Refusal("turns.earlier_in_progress", number=earlier.number, title=earlier.title_id)
    items = items_at(session, cohort.id)
    lacking = incomplete(items)
    if lacking:
        raise Refusal(
            "turns.incomplete",
            count=len(lacking),
            items=[
                {"id": one.id, "number": one.number, "title": one.title, "missing": one.missing}
                for one in lacking
            ],
        )
    waiting = unsent_stations(session, convening.id)
    if waiting and not despite_unsent:
        raise Refusal(
            "turns.unsent_scans",
            count=sum(one.unsent for one in waiting),
            stations=[{"name": one.name, "unsent": one.unsent} for one in waiting],
        )
    as_of = max([fact_time(session, cohort.id, now), *(one.recorded_at for one in items)])
    revision = last.revision + 1 if last is not None else 1
    closing = _write(session, cohort, convening, items, revision, held, actor, as_of)
    _turning.set_closed(session, convening, actor, as_of)
    chronicle.record(
        session,
        ClosingWritten(
            subject=("convening", convening.id),
            cohort_id=cohort.id,
            closing_id=closing.id,
            revision=revision,
            held=held,
            carried=closing.summary["carried"],
            sha256=closing.sha256,
        ),
        actor,
        as_of,
    )
    digests.post(session, closing, items, now=as_of)
    session.flush()
    return closing


def incomplete(items: list[Standing]) -> list[Standing]:
    """Unresolved items without owner, due date or criterion: a convening is not closed over
    them."""
    return [found for found in items if found.unresolved and found.missing]


def unsent_stations(session: Session, convening_id: str) -> list[Unsent]:
    """Stations of the convening, not revoked, that last said they hold unsent scans."""
    rows = session.execute(
        sa.select(Station.name, Station.gate, Station.unsent)
        .join(StationConvening, StationConvening.station_id == Station.id)
        .where(
            StationConvening.convening_id == convening_id,
            Station.revoked_at.is_(None),
            Station.unsent > 0,
        )
        .order_by(Station.name)
    )
    return [Unsent(name, gate, unsent) for name, gate, unsent in rows]


def _write(
    session: Session,
    cohort: Cohort,
    convening: Convening,
    items: list[Standing],
    revision: int,
    held: bool,
    actor: Actor,
    as_of: dt.datetime,
) -> Closing:
    """The closing with its place in the chain, its rows, and its hash in the signed log."""
    times = _times(session, convening, items, held=held)
    came = _snapshot.attended(session, convening, as_of)
    signed = _snapshot.commitments(session, cohort.id, as_of)
    rates = _snapshot.rates(session, cohort.id, as_of, items)
    data = canonical(
        {
            **_snapshot.head(cohort, convening, revision=revision, held=held, as_of=as_of),
            "items": _snapshot.items(session, items, times),
            "members": _snapshot.members(session, cohort.id, as_of),
            "attendance": came,
            "commitments": signed,
            "rates": rates,
        }
    )
    place, previous = record.end_of_chain(session, cohort.id)
    digest = record.chain_hash(previous, data)
    leaf = log.append(
        session,
        "closing",
        {
            "cohort": cohort.slug,
            "number": convening.number,
            "revision": revision,
            "as_of": as_of,
            "previous": previous,
            "sha256": digest,
        },
        as_of,
    )
    closing = Closing(
        id=new_id(),
        cohort_id=cohort.id,
        convening_id=convening.id,
        revision=revision,
        place=place + 1,
        held=held,
        as_of=as_of,
        data=data,
        previous=previous,
        sha256=digest,
        leaf_id=leaf.id,
        summary=_summary(balance(session, convening, items), items, came, signed, rates),
        actor=actor.id,
    )
    session.add(closing)
    session.flush()
    rows = [
        {
            "closing_id": closing.id,
            "item_id": found.id,
            "seq": found.version,
            "unresolved": found.unresolved,
            "carried": times[found.id],
        }
        for found in items
    ]
    if rows:
        session.execute(sa.insert(ClosingItem), rows)
    return closing


def _summary(
    found: Balance,
    items: list[Standing],
    came: dict[str, Any],
    signed: list[dict[str, Any]],
    rates: dict[str, Any],
) -> dict[str, Any]:
    """Counts of a closing's data, for lists and charts."""
    return {
        "items": len(items),
        "brought": found.brought,
        "new": dict(found.new),
        "returned": found.returned,
        "verified": found.verified,
        "dropped": dict(found.dropped),
        "carried": found.carried,
        "statuses": dict(found.statuses),
        "invited": came["invited"],
        "in_person": came["in_person"],
        "represented": came["represented"],
        "people": len(came["people"]),
        "signed": sum(1 for one in signed if one["withdrawn_at"] is None),
        "rates": rates,
    }


def _times(
    session: Session, convening: Convening, items: list[Standing], *, held: bool
) -> dict[str, int]:
    """The carried count of every item once this convening has ended like this."""
    before = record.carried(session, convening.cohort_id)
    ends = int(held)
    return {
        found.id: before.get(found.id, 0) + (ends if found.unresolved else 0) for found in items
    }


def _earlier_running(session: Session, convening: Convening) -> Convening | None:
    return session.scalars(
        sa.select(Convening)
        .where(
            Convening.cohort_id == convening.cohort_id,
            Convening.id != convening.id,
            Convening.state == "in_progress",
            sa.or_(
                Convening.starts_at < convening.starts_at,
                sa.and_(
                    Convening.starts_at == convening.starts_at,
                    Convening.number < convening.number,
                ),
            ),
        )
        .order_by(Convening.starts_at, Convening.number)
        .limit(1)
    ).first()
