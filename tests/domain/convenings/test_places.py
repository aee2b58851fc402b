"""Capacity and the waiting list: never too many, in the order of the answers, nobody forgotten."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from threading import Barrier, Lock

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import (
    chain,
    companions,
    invitation,
    mandates,
    needs,
    pass_ids,
    places,
    seats,
)
from cohorts.convenings.chain import SeatState
from cohorts.convenings.chairs import Chairs
from cohorts.convenings.mandates import Deputy
from cohorts.convenings.names import Name
from cohorts.convenings.places import Limits
from cohorts.convenings.seat_tables import Need
from cohorts.convenings.tables import Convening, Invitation, Pass, Seat
from cohorts.ground.base import prepare_engine
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal
from tests.build import convenings as build
from tests.build import directory
from tests.build.convenings import DOOR, DUMAI, HOUR, NOW, ORGANISER, SIAK

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def bali(session: Session) -> Convening:
    """Head and Sekda of Siak and Dumai are invited, each with a companion; two seats are free."""
    directory.the_directory(session)
    made = build.a_convening(session, build.a_cohort(session, SIAK, DUMAI), policy="free")
    roles = ["kepala_daerah", "sekda"]
    more = dict.fromkeys(roles, Chairs(companions=1))
    directory.a_holder(session, SIAK, "bupati", name="Rahmat Contoh")
    invitation.invite(session, made.id, roles, ORGANISER, NOW, seats=more)
    places.set_limits(session, made.id, Limits(seats=2), ORGANISER, NOW)
    return made


def own(session: Session, convening: Convening, now: dt.datetime = NOW) -> list[SeatState]:
    found = chain.seats(session, at=now, convening_id=convening.id, withdrawn=True)
    return [state for state in found if state.kind == "office"]


def comes(session: Session, state: SeatState, now: dt.datetime) -> None:
    guest = build.office_guest(state.invitation_id)
    seats.attend(session, state.seat_id, guest, now, name=Name(f"Tamu {state.seat_id[:6]}"))


def said(session: Session, convening: Convening, now: dt.datetime) -> list[str]:
    return [state.state for state in own(session, convening, now)]


def test_whoever_is_too_late_waits_without_a_pass_and_moves_up_by_itself(
    session: Session, bali: Convening
) -> None:
    first, second, third, fourth = own(session, bali)
    for n, state in enumerate((first, second, third, fourth), 1):
        comes(session, state, NOW + n * MINUTE)
    comes(session, third, NOW + 5 * MINUTE)  # pressed twice: still one answer, still waiting
    at = NOW + 6 * MINUTE
    assert said(session, bali, at) == ["attending", "attending", "waiting", "waiting"]
    assert places.outlook(session, bali.id).free == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(Pass)) == 2
    assert chain.tally(own(session, bali, at))["waiting"] == 2
    expected = {i for e in pass_ids.expectations(session, bali.id, at) for i in e.invitation_ids}
    assert expected == {first.invitation_id, second.invitation_id}
    seats.decline(session, first.seat_id, "ill", build.office_guest(first.invitation_id), at)
    assert said(session, bali, at) == ["declined", "attending", "attending", "waiting"]
    assert session.scalar(sa.select(sa.func.count()).select_from(Pass)) == 3
    # A change of mind goes to the end of the list.
    comes(session, first, at + MINUTE)
    invitation.withdraw(session, second.invitation_id, ORGANISER, at + 2 * MINUTE)
    assert said(session, bali, at + HOUR)[2:] == ["attending", "attending"]
    assert own(session, bali, at + HOUR)[0].state == "waiting"
    # What was so on an earlier day can still be read.
    assert said(session, bali, NOW + 4 * MINUTE) == ["attending", "attending", "waiting", "waiting"]


def test_what_one_guest_eats_is_not_told_of_another_who_is_named_while_waiting(
    session: Session, bali: Convening
) -> None:
    head, *others = sorted(own(session, bali), key=lambda one: one.holder is None)
    for n, state in enumerate(others[:2], 1):
        comes(session, state, NOW + n * MINUTE)
    guest = build.office_guest(head.invitation_id)
    seats.attend(session, head.seat_id, guest, NOW + 3 * MINUTE)  # its holder, who has to wait
    needs.tell(session, head.seat_id, "tanpa udang", "", guest, NOW + 4 * MINUTE)
    assert session.scalar(sa.select(sa.func.count()).select_from(Need)) == 1
    seats.attend(session, head.seat_id, guest, NOW + 5 * MINUTE, name=Name("Orang Lain"))
    assert session.scalar(sa.select(sa.func.count()).select_from(Need)) == 0


def test_the_mail_says_wait_and_then_come_and_the_calendar_follows(
    session: Session, bali: Convening
) -> None:
    bupati = next(s for s in own(session, bali) if s.holder is not None)
    others = [s for s in own(session, bali) if s.seat_id != bupati.seat_id]
    for state in others[:2]:
        comes(session, state, NOW)
    seats.attend(session, bupati.seat_id, build.office_guest(bupati.invitation_id), NOW + MINUTE)

    def receipts() -> list[tuple[str, bool]]:
        rows = session.scalars(
            sa.select(Message)
            .where(
                Message.kind == "reply_receipt",
                Message.thread == f"guest:{bupati.invitation_id}",
            )
            .order_by(Message.id)
        )
        return [(m.facts["answer"], m.facts["calendar"] is not None) for m in rows]

    assert receipts() == [("waiting", False)]
    assert places.set_limits(session, bali.id, Limits(), ORGANISER, NOW + HOUR) == 1
    assert receipts() == [("waiting", False), ("placed", True)]
    assert places.set_limits(session, bali.id, Limits(), ORGANISER, NOW + HOUR) == 0


def test_a_region_at_its_own_limit_is_passed_over_and_guests_without_one_have_none(
    session: Session, bali: Convening
) -> None:
    places.set_limits(session, bali.id, Limits(seats=3, per_region=1), ORGANISER, NOW)
    by_region: dict[str | None, list[SeatState]] = {}
    for state in own(session, bali):
        by_region.setdefault(state.region_code, []).append(state)
    for state in (*by_region[SIAK], *by_region[DUMAI]):
        comes(session, state, NOW)
    taken = {(s.region_code, s.state) for s in own(session, bali, NOW)}
    assert taken == {(c, w) for c in (SIAK, DUMAI) for w in ("attending", "waiting")}
    assert places.outlook(session, bali.id).free == 1
    dumai = by_region[DUMAI][0]
    seats.decline(session, dumai.seat_id, "ill", build.office_guest(dumai.invitation_id), NOW)
    assert [s.state for s in own(session, bali, NOW) if s.region_code == DUMAI] == [
        "declined", "attending"]  # fmt: skip


def test_a_seat_that_waits_is_handed_over_and_keeps_its_turn(
    session: Session, bali: Convening
) -> None:
    first, second, third, fourth = own(session, bali)
    for state in (first, second, third, fourth):
        comes(session, state, NOW)
    guest = build.office_guest(third.invitation_id)
    over = mandates.hand_over(
        session, third.seat_id, Deputy(post="Staf Ahli", name=Name("Deni Contoh")), guest, NOW
    )
    now = own(session, bali)[2]
    assert (now.state, now.comes) == ("waiting", None)
    # A deputy who is taken back leaves the seat to the office, which names another.
    given = mandates.hand_over(
        session, first.seat_id, Deputy(post="Staf Ahli", name=Name("Ayu Contoh")), ORGANISER, NOW
    )
    mandates.revoke(session, given.id, ORGANISER, NOW)
    assert own(session, bali)[2].state == "waiting"
    seats.decline(session, first.seat_id, "ill", ORGANISER, NOW)
    moved = own(session, bali)[2].comes
    assert moved is not None
    assert moved.hand_over_id == over.id


def test_limits_are_set_by_whoever_invites_and_take_no_seat_away(
    session: Session, bali: Convening
) -> None:
    for state in own(session, bali)[:2]:
        comes(session, state, NOW)
    places.set_limits(session, bali.id, Limits(seats=1), ORGANISER, NOW)
    assert places.outlook(session, bali.id).taken == 2
    for wrong in (Limits(seats=0), Limits(per_region=-1), Limits(seats=10**9)):
        with pytest.raises(Refusal) as refused:
            places.set_limits(session, bali.id, wrong, ORGANISER, NOW)
        assert refused.value.code == "convenings.capacity"
    with pytest.raises(Refusal):
        places.set_limits(session, bali.id, Limits(seats=9), DOOR, NOW)


def test_whatever_happens_the_list_is_what_a_plain_queue_would_be(
    session: Session, bali: Convening, count: Callable[[int, int], int]
) -> None:
    """Random answers, changes of mind, withdrawals and limits against a queue written down
    beside them: seats and their order must be the same after every act."""
    every = chain.seats(session, at=NOW, convening_id=bali.id)
    for seed in range(count(1, 60)):
        chance = random.Random(seed)
        now = NOW + seed * HOUR
        places.set_limits(session, bali.id, Limits(seats=2), ORGANISER, now)
        limit, taken, queue = 2, [], []  # type: ignore[var-annotated]
        for state in every:
            seats.decline(session, state.seat_id, "other", ORGANISER, now)
        for _act in range(16):
            now += MINUTE
            one = chance.choice(every)
            what = chance.choice(("come", "come", "come", "stay", "limit"))
            if what == "come":
                seats.attend(session, one.seat_id, ORGANISER, now, name=Name(f"T {one.seat_id}"))
                if one.seat_id not in (*taken, *queue):
                    (taken if len(taken) < limit else queue).append(one.seat_id)
            elif what == "stay":
                seats.decline(session, one.seat_id, "other", ORGANISER, now)
                gone = {one.seat_id}
                mine = [s for s in every if s.invitation_id == one.invitation_id]
                comers = {s.seat_id for s in mine if s.kind == "office"} & {*taken, *queue}
                if not comers - gone:
                    gone = {s.seat_id for s in mine}  # companions stay at home with it
                taken = [s for s in taken if s not in gone]
                queue = [s for s in queue if s not in gone]
            else:
                limit = chance.randint(1, 8)
                places.set_limits(session, bali.id, Limits(seats=limit), ORGANISER, now)
            while queue and len(taken) < limit:
                taken.append(queue.pop(0))
            seen = places.outlook(session, bali.id)
            assert [w.seat_id for w in seen.waiting] == queue, seed
            assert seen.taken == len(taken), seed
            states = chain.seats(session, at=now, convening_id=bali.id)
            assert {s.seat_id for s in states if s.comes} == set(taken), seed


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    made = sa.create_engine(database_url)
    prepare_engine(made)
    yield made
    made.dispose()


def test_fifty_who_press_together_never_take_more_seats_than_there_are(engine: sa.Engine) -> None:
    roles = ["kepala_daerah", "sekda", "kadiskominfo", "asisten"]
    with (
        engine.connect().execution_options(write=True) as connection,
        Session(connection, expire_on_commit=False) as session,
    ):
        directory.the_directory(session)
        made = build.a_convening(session, build.a_cohort(session, SIAK, DUMAI))
        more = dict.fromkeys(roles, Chairs(companions=7))
        invitation.invite(session, made.id, roles, ORGANISER, NOW, seats=more)
        for state in own(session, made):
            comes(session, state, NOW)
        places.set_limits(session, made.id, Limits(seats=28), ORGANISER, NOW)
        found = chain.seats(session, at=NOW, convening_id=made.id)
        every = [state for state in found if state.kind == "companion"][:50]
        session.commit()
    assert len(every) == 50
    barrier = Barrier(len(every))
    one_writer = Lock() if engine.dialect.name == "sqlite" else nullcontext()  # as unit() has it

    def press(state: SeatState) -> None:
        barrier.wait()
        with (
            one_writer,
            engine.connect().execution_options(write=True) as connection,
            Session(connection) as session,
        ):
            comes(session, state, NOW + HOUR)
            session.commit()

    with ThreadPoolExecutor(len(every)) as pool:
        list(pool.map(press, every))
    with Session(engine) as session:
        there = chain.seats(session, at=NOW + HOUR, convening_id=made.id)
        assert Counter(s.state for s in there if s.wanted) == {"attending": 28, "waiting": 30}
        assert session.scalar(sa.select(sa.func.count()).select_from(Pass)) == 28


def test_companions_come_by_number_get_names_later_and_keep_their_pass(
    session: Session, bali: Convening
) -> None:
    places.set_limits(session, bali.id, Limits(), ORGANISER, NOW)
    state = own(session, bali)[0]
    guest = build.office_guest(state.invitation_id)
    comes(session, state, NOW)
    assert companions.bring(session, state.invitation_id, [""], guest, NOW) == 1
    assert companions.bring(session, state.invitation_id, [""], guest, NOW) == 0
    seat = companions.of_invitation(session, state.invitation_id, NOW)[0]
    assert seat.comes is not None
    assert (seat.comes.person.name, companions.name_of(seat)) == ("Pendamping 1", "")
    companions.bring(session, state.invitation_id, ["Ayu Contoh"], guest, NOW)
    named = companions.of_invitation(session, state.invitation_id, NOW)[0]
    assert named.comes is not None
    assert named.comes.person.person_id == seat.comes.person.person_id
    assert companions.name_of(named) == "Ayu Contoh"
    with pytest.raises(Refusal) as refused:
        companions.bring(session, state.invitation_id, ["", ""], guest, NOW)
    assert refused.value.code == "convenings.companions_many"
    companions.bring(session, state.invitation_id, [], guest, NOW)
    assert companions.of_invitation(session, state.invitation_id, NOW)[0].state == "declined"
    companions.bring(session, state.invitation_id, [""], guest, NOW)
    seats.decline(session, state.seat_id, "ill", guest, NOW)
    assert companions.of_invitation(session, state.invitation_id, NOW)[0].state == "declined"
    with pytest.raises(Refusal) as alone:
        companions.bring(session, state.invitation_id, ["Ayu Contoh"], guest, NOW)
    assert alone.value.code == "convenings.nobody_comes"


def test_an_office_that_is_invited_again_with_its_old_answer_takes_its_turn(
    session: Session, bali: Convening
) -> None:
    every = own(session, bali)
    for state in every[:3]:
        comes(session, state, NOW)
    invitation.withdraw(session, every[0].invitation_id, ORGANISER, NOW + MINUTE)
    assert own(session, bali, NOW + MINUTE)[2].state == "attending"
    roles = ["kepala_daerah", "sekda"]
    invitation.invite(session, bali.id, roles, ORGANISER, NOW + 2 * MINUTE)
    again = session.get_one(Invitation, every[0].invitation_id)
    assert again.withdrawn_at is None
    assert own(session, bali, NOW + 2 * MINUTE)[0].state == "waiting"
    assert session.scalar(sa.select(sa.func.count()).select_from(Seat)) == 8
