"""The steps of an item and who may take them: the table of the domain rules, section 8.

One table, one function. The named functions below it only say a step in a word.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.actions import authority, notices
from cohorts.actions._append import NOTE_LIMIT, lock_cohort, seen, step
from cohorts.actions.proof import Proof, attach, checked
from cohorts.actions.standing import Standing, item
from cohorts.actions.tables import ItemEvent
from cohorts.ground import bounds
from cohorts.ground.access import Actor
from cohorts.ground.refusal import Refusal
from cohorts.programme.members import is_member


@dataclasses.dataclass(frozen=True)
class Way:
    """Who may take a step. ``organizer``: not at all, in their own right, or on the owner's
    behalf (flagged)."""

    kind: str
    owner: bool = False
    mentor: bool = False
    organizer: Literal["no", "yes", "behalf"] = "no"
    needs_note: bool = False


_START = Way("started", owner=True, organizer="behalf")
_BLOCK = Way("blocked", owner=True, organizer="behalf")
_CLAIM = Way("claimed", owner=True, organizer="behalf")
_PAUSE = Way("paused", organizer="yes")
_RESTORE = Way("restored", organizer="yes")

WAYS: dict[tuple[str, str], Way] = {
    ("open", "in_progress"): _START,
    ("open", "blocked"): _BLOCK,
    ("open", "claimed"): _CLAIM,
    ("in_progress", "blocked"): _BLOCK,
    ("in_progress", "claimed"): _CLAIM,
    ("in_progress", "open"): _PAUSE,
    ("blocked", "open"): _PAUSE,
    ("blocked", "in_progress"): Way("unblocked", owner=True, mentor=True, organizer="yes"),
    ("blocked", "claimed"): _CLAIM,
    ("claimed", "in_progress"): Way("returned", owner=True, mentor=True, organizer="yes"),
    ("claimed", "verified"): Way("verified", mentor=True, organizer="yes"),
    ("verified", "in_progress"): Way("reopened", organizer="yes", needs_note=True),
    ("dropped", "open"): _RESTORE,
    ("dropped", "in_progress"): _RESTORE,
    # Progress may be written on any day without a change of state.
    ("in_progress", "in_progress"): Way(
        "progress", owner=True, organizer="behalf", needs_note=True
    ),
    ("blocked", "blocked"): Way("blocked", owner=True, organizer="behalf"),
}
"""(from, to) -> who. Dropping stands in drops.py: it needs a reason from a list."""


def move(
    session: Session,
    item_id: str,
    to: str,
    *,
    actor: Actor,
    now: dt.datetime,
    version: int | None = None,
    note: str = "",
    blocked_by: str = "",
    proofs: Sequence[Proof] = (),
) -> Standing:
    """Take an item to ``to`` (open, in_progress, blocked, claimed, verified) and return how it
    stands.

    ``version`` is what the writer saw (Refusal ground.stale when it has moved on); None trusts
    what this unit reads. ``note`` is kept as a body. ``blocked`` needs a note and ``blocked_by``,
    ``claimed`` at least one proof, a return or a re-opening a note. Raises Refusal
    actions.no_such_move, ground.not_allowed, actions.own_claim, actions.own_region,
    actions.note_missing, actions.blocker_missing, actions.evidence_missing, actions.replaced.
    """
    before = item(session, item_id)
    lock_cohort(session, before.cohort_id, shared=True)
    before = item(session, item_id)
    seen(before, version)
    way = WAYS.get((before.status, to))
    if way is None:
        raise Refusal("actions.no_such_move", item=before.label, status=before.status, to=to)
    capacity = _capacity(session, actor, before, way)
    note = bounds.lines(note, most=NOTE_LIMIT, field="note")
    kind = way.kind
    if kind == "returned":
        kind = "withdrawn" if capacity == "owner" else "returned"
    if not note and (way.needs_note or kind == "returned" or to == "blocked"):
        raise Refusal("actions.note_missing", field="note")
    changes: dict[str, Any] = {
        "state": "done" if to in ("claimed", "verified") else to,
        "verified": to == "verified",
    }
    if to == "blocked":
        changes["blocked_by"] = bounds.line(blocked_by, most=200, field="blocked_by")
        if not changes["blocked_by"]:
            raise Refusal("actions.blocker_missing", field="blocked_by")
    proofs = checked(proofs)
    if to == "claimed" and not proofs:
        raise Refusal("actions.evidence_missing", field="evidence")
    if to == "verified":
        _another(session, actor, before)
    if before.status == "dropped":
        _restorable(session, before)
    behalf = capacity == "organizer" and way.organizer == "behalf"
    after = step(session, before, kind, actor, now, note=note, on_behalf=behalf, **changes)
    attach(session, after.event_id, proofs, now)
    if kind == "returned":
        notices.returned(session, after, now)
    return after


def _capacity(session: Session, actor: Actor, found: Standing, way: Way) -> str:
    """owner, mentor or organizer: in which the actor takes the step."""
    if way.owner and authority.is_owner(session, actor, found):
        return "owner"
    organizes = authority.is_organizer(actor, found)
    if way.mentor:  # the step is a judgement: nobody judges their own region
        if found.region_code is not None and found.region_code in actor.regions:
            raise Refusal("actions.own_region")
        if authority.is_mentor(actor, found):
            return "organizer" if organizes else "mentor"
    if way.organizer != "no" and organizes:
        return "organizer"
    raise Refusal("ground.not_allowed", reason="no_role")


def _another(session: Session, actor: Actor, found: Standing) -> None:
    """Whoever claimed it, on whosever behalf, is not who verifies it."""
    claimant = session.scalars(
        sa.select(ItemEvent.actor_id)
        .where(ItemEvent.item_id == found.id, ItemEvent.kind == "claimed")
        .order_by(ItemEvent.seq.desc())
        .limit(1)
    ).first()
    if claimant == actor.id:
        raise Refusal("actions.own_claim")


def _restorable(session: Session, found: Standing) -> None:
    """What others stand for does not come back beside them; who has left does not either."""
    if found.drop_reason in ("split", "merged", "transferred"):
        raise Refusal("actions.replaced", item=found.label)
    if found.drop_reason == "left_cohort" and not is_member(
        session, found.cohort_id, found.region_code or ""
    ):
        raise Refusal("actions.not_member", region=found.region_code)


def start(session: Session, item_id: str, *, actor: Actor, now: dt.datetime,
          version: int | None = None, note: str = "") -> Standing:  # fmt: skip
    """The owner has begun."""
    return move(session, item_id, "in_progress", actor=actor, now=now, version=version, note=note)


def block(session: Session, item_id: str, *, reason: str, blocked_by: str, actor: Actor,
          now: dt.datetime, version: int | None = None) -> Standing:  # fmt: skip
    """Others must act first: why, and who."""
    return move(session, item_id, "blocked", actor=actor, now=now, version=version, note=reason,
                blocked_by=blocked_by)  # fmt: skip


def claim(session: Session, item_id: str, *, proofs: Sequence[Proof], actor: Actor,
          now: dt.datetime, version: int | None = None, note: str = "") -> Standing:  # fmt: skip
    """The owner says it is done, and shows it."""
    return move(session, item_id, "claimed", actor=actor, now=now, version=version, note=note,
                proofs=proofs)  # fmt: skip


def verify(session: Session, item_id: str, *, actor: Actor, now: dt.datetime,
           version: int | None = None, note: str = "") -> Standing:  # fmt: skip
    """Another has looked at the evidence and agrees."""
    return move(session, item_id, "verified", actor=actor, now=now, version=version, note=note)


def give_back(session: Session, item_id: str, *, note: str, actor: Actor, now: dt.datetime,
              version: int | None = None) -> Standing:  # fmt: skip
    """Withdraw one's own claim, or return somebody's with a note; the owner is told."""
    return move(session, item_id, "in_progress", actor=actor, now=now, version=version, note=note)
