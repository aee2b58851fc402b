"""Who comes along: companions by name or by number, up to the seats that were granted.

A companion who is not named yet has a placeholder for a name and a pass of their own; the name
given later is written in its place, so that the pass stays. Companions never count in figures.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from cohorts.convenings import chain, seats
from cohorts.convenings.chain import SeatState
from cohorts.convenings.names import Name
from cohorts.ground.access import Actor
from cohorts.ground.refusal import Refusal

UNNAMED = "Pendamping"


def of_invitation(session: Session, invitation_id: str, now: dt.datetime) -> list[SeatState]:
    """The companions' seats of an invitation, in their order."""
    found = chain.seats(session, at=now, invitation_id=invitation_id, withdrawn=True)
    return [state for state in found if state.kind == "companion"]


def name_of(state: SeatState) -> str:
    """The name given for a companion; empty while it is a placeholder, or nobody comes."""
    named = state.answer.person if state.wanted and state.answer else None
    return named.name if named is not None and named.name != _unnamed(state) else ""


def bring(
    session: Session,
    invitation_id: str,
    names: Sequence[str],
    actor: Actor,
    now: dt.datetime,
) -> int:
    """Say who comes along: one entry for each companion, empty for one without a name yet; nobody
    else does. Returns how many answers changed; saying it twice changes nothing.

    Raises Refusal convenings.companions_many (facts: most) and those of ``seats.attend`` and
    ``seats.decline``.
    """
    granted = of_invitation(session, invitation_id, now)
    if len(names) > len(granted):
        raise Refusal("convenings.companions_many", field="number", most=len(granted))
    changed = 0
    for index, state in enumerate(granted):
        before = state.answer.id if state.answer else None
        if index < len(names):
            name = Name(names[index].strip() or _unnamed(state))
            changed += seats.attend(session, state.seat_id, actor, now, name=name).id != before
        elif state.wanted:
            seats.decline(session, state.seat_id, "other", actor, now)
            changed += 1
    return changed


def _unnamed(state: SeatState) -> str:
    return f"{UNNAMED} {state.position}"
