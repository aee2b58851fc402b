"""Meals and access: told by whoever comes, read by organisers, gone with the person or the day."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import needs, seats
from cohorts.convenings.guests import deputy_guest
from cohorts.convenings.seat_tables import Need
from cohorts.ground.chronicle import ChronicleEntry
from cohorts.ground.refusal import Refusal
from tests.build import convenings as build
from tests.build.convenings import DOOR, HOUR, NOW, ORGANISER


def kept(session: Session) -> list[tuple[str, str]]:
    return [(row.diet, row.access) for row in session.scalars(sa.select(Need))]


def test_they_belong_to_whoever_comes_and_go_with_them(session: Session) -> None:
    invited = build.an_invited_head(session)
    seat, guest = invited.seat_id, invited.guest
    with pytest.raises(Refusal) as refused:
        needs.tell(session, seat, "Vegetarian", "", guest, NOW)
    assert refused.value.code == "convenings.nobody_comes"
    seats.attend(session, seat, guest, NOW)
    needs.tell(session, seat, " Vegetarian ", "", guest, NOW)
    needs.tell(session, seat, "vegetarian", "Kursi roda", guest, NOW)
    assert kept(session) == [("vegetarian", "Kursi roda")]
    entries = [str(e.data) for e in session.scalars(sa.select(ChronicleEntry))]
    assert not any("egetarian" in entry for entry in entries)
    over = build.a_hand_over(session, invited, NOW + HOUR)
    assert kept(session) == []
    with pytest.raises(Refusal):  # the deputy's meals are not the office's to tell
        needs.tell(session, seat, "Halal", "", guest, NOW + HOUR)
    needs.tell(session, seat, "Tanpa kacang", "", deputy_guest(over.id), NOW + HOUR)
    told = needs.of_convening(session, invited.convening.id, ORGANISER, NOW + HOUR)
    assert [(t.state.seat_id, t.diet) for t in told] == [(seat, "Tanpa kacang")]
    with pytest.raises(Refusal):
        needs.of_convening(session, invited.convening.id, DOOR, NOW)
    with pytest.raises(Refusal) as refused:
        needs.tell(session, seat, "x" * 201, "", deputy_guest(over.id), NOW)
    assert refused.value.code == "ground.too_long"
    needs.tell(session, seat, "", "", deputy_guest(over.id), NOW + HOUR)
    assert kept(session) == []
    needs.tell(session, seat, "Halal", "", deputy_guest(over.id), NOW + HOUR)
    build.a_second_hand_over(session, invited, over, NOW + HOUR)
    assert kept(session) == []


def test_they_are_deleted_the_day_after_and_counted_without_case(session: Session) -> None:
    invited = build.an_invited_head(session)
    seats.attend(session, invited.seat_id, invited.guest, NOW)
    needs.tell(session, invited.seat_id, "Vegetarian", "", invited.guest, NOW)
    closes = invited.convening.door_closes_at
    assert needs.forget(session, closes + dt.timedelta(hours=23)) == 0
    assert needs.forget(session, closes + dt.timedelta(hours=25)) == 1
    assert kept(session) == []
    assert needs.counts(["Vegetarian", "halal", "", " vegetarian"]) == [
        ("Vegetarian", 2), ("halal", 1)]  # fmt: skip
