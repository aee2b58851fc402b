"""Two presses at the same moment, from two connections: one answer, one invitation, one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import invitation, mandates, seats
from cohorts.convenings.mandates import Deputy
from cohorts.convenings.tables import HandOver, Invitation, Pass, Reply
from cohorts.ground.base import prepare_engine
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal
from tests.build import convenings as build
from tests.build import directory
from tests.build.convenings import HOUR, NOW, ORGANISER, SIAK

TOGETHER = 4


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    made = sa.create_engine(database_url)
    prepare_engine(made)
    yield made
    made.dispose()


def at_once(engine: sa.Engine, act: Callable[[Session], object]) -> list[str]:
    """Do the same in several connections that start together; what each was told."""
    barrier = Barrier(TOGETHER)

    def one(_n: int) -> str:
        barrier.wait()
        with (
            engine.connect().execution_options(write=True) as connection,
            Session(connection) as session,
        ):
            try:
                act(session)
                session.commit()
            except Refusal as refusal:
                session.rollback()
                return refusal.code
        return "done"

    with ThreadPoolExecutor(TOGETHER) as pool:
        return list(pool.map(one, range(TOGETHER)))


def prepared(engine: sa.Engine) -> build.Invited:
    with (
        engine.connect().execution_options(write=True) as connection,
        Session(connection, expire_on_commit=False) as session,
    ):
        invited = build.an_invited_head(session)
        seats_of = invited.invitation.seats
        assert len(seats_of) == 1
        session.commit()
        return invited


def count(engine: sa.Engine, what: type) -> int:
    with Session(engine) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(what)) or 0


def test_an_answer_pressed_four_times_is_one_answer(engine: sa.Engine) -> None:
    invited = prepared(engine)
    told = at_once(
        engine, lambda s: seats.attend(s, invited.seat_id, invited.guest, NOW + HOUR)
    )
    assert told == ["done"] * TOGETHER
    assert (count(engine, Reply), count(engine, Pass)) == (1, 1)


def test_one_seat_goes_to_one_deputy(engine: sa.Engine) -> None:
    invited = prepared(engine)
    with Session(engine) as session:
        posts = [directory.an_office(session, SIAK, r).id for r in ("wabup", "sekda")] * 2

    def act(session: Session) -> None:
        post = posts.pop()
        mandates.hand_over(session, invited.seat_id, Deputy(office_id=post), invited.guest, NOW)

    told = at_once(engine, act)
    # Two name one deputy and two the other: whoever is first wins, and saying it twice is fine.
    assert sorted(told) == ["convenings.handed_over"] * 2 + ["done"] * 2
    assert count(engine, HandOver) == 1


def test_two_organisers_inviting_at_once_invite_once(engine: sa.Engine) -> None:
    invited = prepared(engine)
    before = count(engine, Message)
    told = at_once(
        engine,
        lambda s: invitation.invite(s, invited.convening.id, ["sekda"], ORGANISER, NOW, seen=2),
    )
    assert told == ["done"] * TOGETHER
    assert count(engine, Invitation) == 4
    assert count(engine, Message) == before + 1
