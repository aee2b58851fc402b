"""What the post office says of a message: each event once, and the same picture in any order."""

import datetime as dt
import itertools
import random

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.ground import mail_events, outbox
from cohorts.ground.mail_events import MailEvent, Told
from cohorts.ground.outbox import Message, reference

NOW = dt.datetime(2022, 11, 21, 4, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def a_sent_message(session: Session, key: str = "surat", now: dt.datetime = NOW) -> Message:
    outbox.post(session, key=key, kind="invitation", subject=("invitation", "X"), now=now,
                address="bupati@contoh.id")
    message = session.scalars(sa.select(Message).where(Message.key == key)).one()
    outbox.claim(session, owner="w", now=now)
    outbox.finish(session, message_id=message.id, owner="w", now=now, receipt="sendgrid:1")
    session.refresh(message)
    return message


def told(message: Message, *outcomes: str, at: dt.datetime = NOW) -> list[Told]:
    """These events, a minute apart."""
    return [
        Told(f"{message.id}-{n}-{what}", reference(message), what, f"kata {n}", at + n * MINUTE)
        for n, what in enumerate(outcomes)
    ]


def test_a_hundred_times_in_any_order_is_once(session: Session) -> None:
    message = a_sent_message(session)
    batch = told(message, "deferred", "deferred", "delivered", "reported")
    chance = random.Random(7)
    kept = 0
    for _ in range(100):
        some = chance.choices(batch, k=chance.randint(1, 9))  # the same one twice in a batch, too
        kept += mail_events.keep(session, some, NOW)
    kept += mail_events.keep(session, batch, NOW)
    assert kept == len(batch)
    assert session.scalar(sa.select(sa.func.count()).select_from(MailEvent)) == len(batch)
    assert mail_events.latest(session, [message])[message.id].outcome == "reported"


def test_whatever_order_they_come_in_the_last_word_is_the_same(session: Session) -> None:
    for n, order in enumerate(itertools.permutations(range(3))):
        message = a_sent_message(session, f"surat {n}")
        batch = told(message, "deferred", "delivered", "bounced")
        for at in order:
            mail_events.keep(session, [batch[at]], NOW)
        assert mail_events.latest(session, [message])[message.id].outcome == "bounced", order


def test_of_two_at_one_second_the_more_telling_holds(session: Session) -> None:
    message = a_sent_message(session)
    one, two = told(message, "delivered", "deferred")
    same = Told(two.id, two.reference, two.outcome, two.reason, one.at)
    mail_events.keep(session, [same, one], NOW)
    assert mail_events.latest(session, [message])[message.id].outcome == "delivered"


def test_an_event_may_come_before_its_message_is_noted_as_sent(session: Session) -> None:
    outbox.post(session, key="dini", kind="invitation", subject=("invitation", "X"), now=NOW,
                address="bupati@contoh.id")
    message = session.scalars(sa.select(Message).where(Message.key == "dini")).one()
    mail_events.keep(session, told(message, "delivered"), NOW)
    assert mail_events.latest(session, [message]) == {}
    outbox.claim(session, owner="w", now=NOW)
    outbox.finish(session, message_id=message.id, owner="w", now=NOW)
    session.refresh(message)
    assert mail_events.latest(session, [message])[message.id].outcome == "delivered"


def test_what_was_said_of_an_earlier_sending_does_not_hold_for_the_next(session: Session) -> None:
    message = a_sent_message(session)
    mail_events.keep(session, told(message, "bounced"), NOW)
    later = NOW + 10 * MINUTE
    outbox.send_again(session, message, later)
    outbox.claim(session, owner="w", now=later)
    outbox.finish(session, message_id=message.id, owner="w", now=later)
    session.refresh(message)
    assert mail_events.latest(session, [message]) == {}
    mail_events.keep(session, [Told("baru", reference(message), "delivered", "", later)], later)
    assert mail_events.latest(session, [message])[message.id].outcome == "delivered"


def test_an_event_of_another_message_touches_nothing(session: Session) -> None:
    message = a_sent_message(session)
    other = Told("lain", f"m{message.id}-000000000000", "bounced", "", NOW)
    assert mail_events.keep(session, [other], NOW) == 1
    assert mail_events.latest(session, [message]) == {}
