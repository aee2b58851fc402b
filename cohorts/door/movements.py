"""What follows an admission: leaving, returning, and taking an admission back."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.door.doorway import Doorway, check_client_id, doorway, once
from cohorts.door.events import AdmissionUndone
from cohorts.door.presence import presences
from cohorts.door.tables import Act, Scan
from cohorts.ground import bounds, chronicle
from cohorts.ground.access import Actor
from cohorts.ground.base import new_id
from cohorts.ground.clock import day_in
from cohorts.ground.refusal import Refusal

_act = cast(sa.Table, Act.__table__)
_scan = cast(sa.Table, Scan.__table__)


def move(
    session: Session,
    *,
    convening_id: str,
    person_id: str,
    kind: Literal["leave", "return"],
    client_id: str,
    actor: Actor,
    now: dt.datetime,
    station_id: str | None = None,
) -> bool:
    """Note that somebody goes out or comes back in. False when this very record was known.

    It counts for who is inside, never for who came. Raises Refusal door.not_inside,
    door.not_outside, and what the door refuses.
    """
    check_client_id(client_id)
    door = doorway(session, convening_id, station_id, actor)
    if _known(session, client_id):
        return False
    part = day_in(now, door.timezone).isoformat()
    here = {p.person_id: p for p in presences(session, convening_id, known_by=now, part=part)}
    there = here.get(person_id)
    if kind == "leave" and (there is None or not there.inside):
        raise Refusal("door.not_inside")
    if kind == "return" and (there is None or there.inside):
        raise Refusal("door.not_outside")
    return _write(
        session, door, kind=kind, person_id=person_id, part=part, round_=_round(
            session, convening_id, part, person_id
        ), client_id=client_id, actor=actor, now=now,
    )


def undo(
    session: Session,
    *,
    act_id: str,
    reason: str,
    client_id: str,
    actor: Actor,
    now: dt.datetime,
    station_id: str | None = None,
) -> bool:
    """Take an admission back, with a reason; False when this very record was known.

    Nothing is removed: the admission stays, a row names it, and the next scan of the same person
    begins a new round. Raises Refusal door.nobody_admitted, door.undone_already,
    door.not_this_station, ground.needed (field reason), and what the door refuses.
    """
    check_client_id(client_id)
    admission = session.execute(
        sa.select(Act.convening_id, Act.part, Act.person_id, Act.round, Act.at).where(
            Act.id == act_id, Act.kind == "admit"
        )
    ).one_or_none()
    if admission is None:
        raise Refusal("door.nobody_admitted")
    door = doorway(session, admission.convening_id, station_id, actor)
    if not door.may_undo:
        raise Refusal("door.not_this_station", right="undo")
    if _known(session, client_id):
        return False
    why = bounds.needed(reason, most=200, field="reason")
    earlier = session.scalar(sa.select(Act.at).where(Act.undoes_id == act_id))
    if earlier is None and _write(
        session, door, kind="undo", person_id=admission.person_id, part=admission.part,
        round_=admission.round, client_id=client_id, actor=actor, now=now,
        at=max(now, admission.at), undoes_id=act_id, reason=why,
    ):
        chronicle.record(
            session,
            AdmissionUndone(
                subject=("convening", admission.convening_id), cohort_id=door.cohort_id,
                act_id=act_id, person_id=admission.person_id,
            ),
            actor,
            now,
        )
        return True
    raise Refusal("door.undone_already", at=earlier or now)


def _known(session: Session, client_id: str) -> bool:
    return session.scalar(sa.select(Scan.act).where(Scan.client_id == client_id)) is not None


def _round(session: Session, convening_id: str, part: str, person_id: str) -> int:
    return session.scalar(
        sa.select(sa.func.count()).where(
            Act.convening_id == convening_id, Act.part == part, Act.person_id == person_id,
            Act.kind == "undo",
        )
    ) or 0


def _write(
    session: Session, door: Doorway, *, kind: str, person_id: str, part: str, round_: int,
    client_id: str, actor: Actor, now: dt.datetime, at: dt.datetime | None = None,
    undoes_id: str | None = None, reason: str = "",
) -> bool:
    """The act and its scan; False when the database already holds such an act."""
    act_id = new_id()
    same: dict[str, Any] = {
        "client_id": client_id, "convening_id": door.convening_id, "part": part,
        "person_id": person_id, "mode": "name", "station_id": door.station_id,
        "place": door.place, "actor": actor.id, "at": at or now, "received_at": now,
    }
    acted = {"id": act_id, "round": round_, "kind": kind, "undoes_id": undoes_id, "reason": reason}
    if not once(session, _act, acted | same):
        return False
    session.execute(sa.insert(_scan).values(
        act=kind, act_id=act_id, outcome="done", code=None, claimed_at=now, **same
    ))
    return True
