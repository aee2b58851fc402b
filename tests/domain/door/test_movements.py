"""Leaving, returning, and taking an admission back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.door import movements, stations
from cohorts.door.presence import present
from cohorts.door.roll import attendance
from cohorts.door.tables import Act, Scan
from cohorts.ground.chronicle import ChronicleEntry
from cohorts.ground.refusal import Refusal
from tests.build.door import ORGANISER, a_door, a_guest, a_station, minutes, scan

DAY = "2022-11-21"


def test_who_leaves_is_out_and_has_still_come(session: Session) -> None:
    door = a_door(session)
    guest = a_guest(session, door)
    scan(session, door, guest.code)

    def go(kind: str, minute: int) -> None:
        movements.move(
            session, convening_id=door.id, person_id=guest.person_id, kind=kind,  # type: ignore[arg-type]
            client_id=f"move-{minute:04}", actor=ORGANISER, now=minutes(minute),
        )

    assert present(session, door.id, DAY, minutes(1)) == {guest.person_id}
    go("leave", 10)
    assert present(session, door.id, DAY, minutes(11)) == set()
    assert present(session, door.id, DAY, minutes(9)) == {guest.person_id}
    with pytest.raises(Refusal, match=r"door\.not_inside"):
        go("leave", 12)
    go("return", 20)
    assert present(session, door.id, DAY, minutes(21)) == {guest.person_id}
    with pytest.raises(Refusal, match=r"door\.not_outside"):
        go("return", 22)
    assert len(attendance(session, door.id, minutes(30))) == 1
    assert scan(session, door, guest.code, now=minutes(25)).outcome == "already"


def test_who_never_came_neither_leaves_nor_returns(session: Session) -> None:
    door = a_door(session)
    guest = a_guest(session, door)
    for kind, code in (("leave", r"door\.not_inside"), ("return", r"door\.not_outside")):
        with pytest.raises(Refusal, match=code):
            movements.move(
                session, convening_id=door.id, person_id=guest.person_id, kind=kind,  # type: ignore[arg-type]
                client_id="move-0001", actor=ORGANISER, now=minutes(1),
            )


def test_an_undo_names_its_admission_and_needs_a_reason(session: Session) -> None:
    door = a_door(session)
    guest = a_guest(session, door)
    answer = scan(session, door, guest.code)
    assert answer.act_id
    with pytest.raises(Refusal, match=r"ground\.needed"):
        movements.undo(session, act_id=answer.act_id, reason="  ", client_id="undo-00001",
                       actor=ORGANISER, now=minutes(1))
    with pytest.raises(Refusal, match=r"ground\.too_long"):
        movements.undo(session, act_id=answer.act_id, reason="x" * 201, client_id="undo-00001",
                       actor=ORGANISER, now=minutes(1))
    assert movements.undo(
        session, act_id=answer.act_id, reason="Salah orang", client_id="undo-00001",
        actor=ORGANISER, now=minutes(1))
    act = session.scalars(sa.select(Act).where(Act.kind == "undo")).one()
    assert (act.undoes_id, act.reason) == (answer.act_id, "Salah orang")
    assert attendance(session, door.id, minutes(2)) == []
    told = session.scalars(
        sa.select(ChronicleEntry).where(ChronicleEntry.event == "door.admission_undone")).one()
    assert told.data == {"act_id": answer.act_id, "person_id": guest.person_id}


def test_an_admission_is_taken_back_once(session: Session) -> None:
    door = a_door(session)
    answer = scan(session, door, a_guest(session, door).code)
    assert answer.act_id
    undo = {"act_id": answer.act_id, "reason": "Salah orang", "actor": ORGANISER}
    assert movements.undo(session, client_id="undo-00001", now=minutes(1), **undo)  # type: ignore[arg-type]
    assert not movements.undo(session, client_id="undo-00001", now=minutes(2), **undo)  # type: ignore[arg-type]
    with pytest.raises(Refusal, match=r"door\.undone_already") as refusal:
        movements.undo(session, client_id="undo-00002", now=minutes(3), **undo)  # type: ignore[arg-type]
    assert refusal.value.facts["at"] == minutes(1)
    assert session.scalar(sa.select(sa.func.count()).where(Act.kind == "undo")) == 1


def test_only_an_admission_can_be_taken_back(session: Session) -> None:
    door = a_door(session)
    a_guest(session, door)
    with pytest.raises(Refusal, match=r"door\.nobody_admitted"):
        movements.undo(session, act_id="NOSUCHACT0000001", reason="x", client_id="undo-00001",
                       actor=ORGANISER, now=minutes(1))


def test_a_station_takes_back_only_with_the_right_and_at_its_own_convening(
    session: Session,
) -> None:
    door, other = a_door(session), a_door(session)
    answer = scan(session, door, a_guest(session, door).code)
    assert answer.act_id
    for station, code in (
        (a_station(session, door, may_undo=False), r"door\.not_this_station"),
        (a_station(session, other), r"ground\.not_allowed"),
    ):
        with pytest.raises(Refusal, match=code):
            movements.undo(
                session, act_id=answer.act_id, reason="x", client_id="undo-00001",
                actor=stations.actor_of(station), now=minutes(1), station_id=station.id)
    assert session.scalar(sa.select(sa.func.count()).where(Scan.act == "undo")) == 0
