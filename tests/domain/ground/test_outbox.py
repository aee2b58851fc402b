"""The outbox: once per key, in order per thread, nothing lost when a worker dies."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from cohorts.ground import outbox
from cohorts.ground.outbox import LEASE, Message

NOW = dt.datetime(2022, 11, 14, 2, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def post(session: Session, key: str, **more: object) -> bool:
    values: dict[str, object] = {"kind": "invitation", "subject": ("invitation", "I1"), "now": NOW}
    return outbox.post(session, key=key, **{**values, **more})  # type: ignore[arg-type]


def claim(session: Session, owner: str = "w1", at: dt.datetime = NOW) -> Message | None:
    return outbox.claim(session, owner=owner, now=at)


def state(session: Session, key: str) -> str:
    return session.scalars(
        select(Message.state).where(Message.key == key).execution_options(populate_existing=True)
    ).one()


def test_a_key_is_posted_once(session: Session) -> None:
    assert post(session, "k")
    assert not post(session, "k")
    assert len(session.scalars(select(Message)).all()) == 1


def test_what_is_claimed_is_not_claimed_again_until_its_lease_runs_out(session: Session) -> None:
    post(session, "k")
    assert claim(session) is not None
    assert claim(session, "w2", NOW + LEASE - MINUTE / 60) is None
    again = claim(session, "w2", NOW + LEASE + MINUTE)
    assert again is not None
    assert again.owner == "w2"


def test_a_worker_that_lost_its_lease_may_not_finish(session: Session) -> None:
    post(session, "k")
    first = claim(session)
    assert first is not None
    claim(session, "w2", NOW + LEASE + MINUTE)
    assert not outbox.finish(session, message_id=first.id, owner="w1", now=NOW)
    assert outbox.finish(session, message_id=first.id, owner="w2", now=NOW)
    assert state(session, "k") == "sent"


def test_a_cancel_never_overtakes_its_request(session: Session) -> None:
    post(session, "request", thread="guest:1")
    post(session, "cancel", thread="guest:1", kind="invitation_cancel")
    post(session, "other", thread="guest:2")
    taken = claim(session)
    assert taken is not None
    assert taken.key == "request"
    outbox.give_back(session, message_id=taken.id, owner="w1", now=NOW, error="no route")
    other = claim(session)
    assert other is not None
    assert other.key == "other"
    assert claim(session) is None  # the cancel waits for the request's next try


def test_an_unsent_request_is_superseded_and_no_longer_leaves(session: Session) -> None:
    post(session, "request", thread="guest:1")
    assert outbox.supersede(session, thread="guest:1", kinds=("invitation",)) == 1
    assert claim(session) is None
    assert state(session, "request") == "superseded"


def test_pauses_grow_and_after_a_day_it_fails_in_plain_sight(session: Session) -> None:
    post(session, "k")
    at, pauses = NOW, []
    while state(session, "k") == "ready":
        taken = claim(session, at=at)
        assert taken is not None
        outbox.give_back(session, message_id=taken.id, owner="w1", now=at, error="x" * 999)
        pauses.append(taken.due_at - at)
        at = taken.due_at
    assert pauses[:6] == [MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 60 * MINUTE, 60 * MINUTE]
    assert state(session, "k") == "failed"
    assert at - NOW >= dt.timedelta(hours=24)


def test_a_failed_message_can_be_sent_again(session: Session) -> None:
    post(session, "k")
    message = session.scalars(select(Message)).one()
    message.state = "failed"
    outbox.send_again(session, message, NOW)
    assert claim(session) is not None


def test_a_periodic_job_runs_once_per_slot(session: Session) -> None:
    hour = dt.timedelta(hours=1)
    assert outbox.take_slot(session, "sweep", hour, NOW)
    assert not outbox.take_slot(session, "sweep", hour, NOW + 59 * MINUTE)
    assert outbox.take_slot(session, "sweep", hour, NOW + hour)
