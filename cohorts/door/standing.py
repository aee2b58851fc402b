"""As whom a person may come in: derived from the seats at the moment in question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cohorts.convenings.chain import SeatState
from cohorts.convenings.pass_ids import seat_behind, seats_touching


@dataclass(frozen=True)
class Standing:
    """One office for which the person comes. ``post`` is what the person is: the deputy's own
    post, or the office itself with its standing ("Plt. Sekretaris Daerah …"). A companion's
    standing never counts in figures."""

    office_id: str
    office: str
    office_en: str
    region_code: str | None
    region: str
    deputy: bool
    post: str
    post_en: str
    companion: bool


@dataclass(frozen=True)
class NoStanding:
    """Why the person may not come in. ``replaced``: ``by_person`` (an id) comes for ``office``
    now; ``revoked``: nobody does, since ``since``; ``unknown``: never on a seat here."""

    code: str
    office: str = ""
    by_person: str | None = None
    since: dt.datetime | None = None


def standing(
    session: Session, *, convening_id: str, person_id: str, at: dt.datetime
) -> tuple[Standing, ...] | NoStanding:
    """As whom the person may come in at the instant (domain rules, sections 1 and 4).

    All offices at once: a person with two of them is one presence for both. The holder of an
    invited office that has not answered may simply turn up.
    """
    states = seats_touching(session, convening_id, person_id, at)
    return standings_in(states, person_id) or _why_not(states, person_id)


def standings_in(states: Iterable[SeatState], person_id: str) -> tuple[Standing, ...]:
    """As whom the person comes on these seats; empty when as nobody."""
    found: dict[str, Standing] = {}
    for state in states:
        seat = seat_behind(state, True, person_id)
        if seat is None:
            continue
        comer = state.comes
        one = Standing(
            office_id=state.office_id, office=state.office, office_en=state.office_en,
            region_code=state.region_code, region=state.region or state.organisation,
            deputy=seat.hand_over_id is not None, post=seat.post,
            post_en=comer.post_en if comer is not None else state.office_en,
            companion=seat.kind == "companion",
        )
        # Two seats of one office are one standing; the office's own weighs more than a companion's.
        if one.office_id not in found or found[one.office_id].companion:
            found[one.office_id] = one
    return tuple(found.values())


def may_stand_on(state: SeatState) -> str | None:
    """The id of the person who comes for the seat, or would if its holder turned up."""
    if state.comes is not None:
        return state.comes.person.person_id
    holder = state.holder.person.person_id if state.holder is not None else None
    return holder if holder and seat_behind(state, True, holder) else None


def _why_not(states: Iterable[SeatState], person_id: str) -> NoStanding:
    """Somebody else comes (replaced), or nobody does (revoked)."""
    gone: NoStanding | None = None
    for state in states:
        comer = state.comes
        if comer is not None:
            since = state.answer.at if state.answer else None
            return NoStanding("replaced", state.titled, comer.person.person_id, since)
        ends = [s.revoked_at for s in state.steps if s.person.person_id == person_id]
        ended = max((e for e in ends if e is not None), default=None)
        gone = NoStanding("revoked", state.titled, None, ended or state.withdrawn_at)
    return gone or NoStanding("unknown")
