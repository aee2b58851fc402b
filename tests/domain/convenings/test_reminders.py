"""Reminders: the right one to the right guest, each once, on working days."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import convening, invitation, mandates, reminders, seats
from cohorts.convenings.tables import Convening
from cohorts.ground.outbox import Message
from cohorts.ground.red_days import is_working_day
from tests.build import convenings as build
from tests.build import directory
from tests.build.convenings import DUMAI, HOUR, NOW, ORGANISER, SIAK, Invited, an_invited_head

DAY = dt.timedelta(days=1)
ZONE = ZoneInfo("Asia/Makassar")


def at(month: int, day: int, hour: int = 8, minute: int = 0) -> dt.datetime:
    """Wall clock of Bali in 2022, as UTC."""
    return dt.datetime(2022, month, day, hour, minute, tzinfo=ZONE).astimezone(dt.UTC)


def posted(session: Session) -> list[tuple[str, str]]:
    """Step and address of every reminder, in order."""
    rows = session.scalars(
        sa.select(Message).where(Message.kind.in_(reminders.KINDS)).order_by(Message.id)
    )
    return [(m.facts["step"], m.address) for m in rows]


def steps_posted(session: Session) -> list[str]:
    return [step for step, _ in posted(session)]


@pytest.fixture
def bali(session: Session) -> Invited:
    """Invited on Friday 4 November; answers due Monday 14, 17.00 WITA; held Monday 21."""
    return an_invited_head(session)


def test_the_moments_are_working_mornings_of_the_venue(session: Session, bali: Invited) -> None:
    found = [(s.name, s.at) for s in reminders.steps(bali.convening)]
    assert found == [
        ("reply_7", at(11, 7)),
        ("reply_3", at(11, 11)),
        ("reply_last", at(11, 14)),
        ("coming", at(11, 18)),  # the Friday before a Monday
    ]


def test_what_falls_on_a_holiday_comes_before_it() -> None:
    plan = Convening(
        timezone="Asia/Jakarta",
        reply_by=dt.datetime(2023, 4, 28, 9, 0, tzinfo=dt.UTC),
        starts_at=dt.datetime(2023, 5, 2, 2, 0, tzinfo=dt.UTC),
    )
    days = {s.name: s.at.astimezone(ZoneInfo("Asia/Jakarta")).date() for s in reminders.steps(plan)}
    assert days == {  # Lebaran and its joint leave: 19 to 25 April; 1 May is Labour Day
        "reply_3": dt.date(2023, 4, 18),  # with the one of 21 April, of which the later holds
        "reply_last": dt.date(2023, 4, 28),
        "coming": dt.date(2023, 4, 28),
    }


def test_a_deadline_before_office_hours_is_reminded_of_the_day_before(
    session: Session, bali: Invited
) -> None:
    bali.convening.reply_by = at(11, 15, 7)
    last = next(s for s in reminders.steps(bali.convening) if s.name == "reply_last")
    assert last.at == at(11, 14)


def test_who_has_not_answered_is_reminded_by_each_step_once(
    session: Session, bali: Invited
) -> None:
    moment = NOW
    while moment < bali.convening.starts_at:
        reminders.post_due(session, moment)
        moment += HOUR * 2
    assert posted(session) == [
        (step, "bupati.14.08@contoh.example") for step in ("reply_7", "reply_3", "reply_last")
    ]


def test_who_cannot_be_reached_by_mail_is_left_to_the_call_list(
    session: Session, bali: Invited
) -> None:
    reminders.post_due(session, at(11, 7))
    assert len(posted(session)) == 1  # Dumai has no address
    sent = session.scalars(sa.select(Message).where(Message.kind == "invitation")).one()
    sent.state = "failed"
    session.flush()
    reminders.post_due(session, at(11, 11))
    assert len(posted(session)) == 1
    sent.address = "lama@contoh.example"  # failed at an address that was corrected since
    session.flush()
    reminders.post_due(session, at(11, 11))
    assert len(posted(session)) == 2


@pytest.mark.parametrize("answer", ["attend", "decline", "hand_over"])
def test_an_answer_ends_the_reminders_of_the_deadline(
    session: Session, bali: Invited, answer: str
) -> None:
    when = at(11, 5)
    if answer == "attend":
        seats.attend(session, bali.seat_id, bali.guest, when)
    elif answer == "decline":
        seats.decline(session, bali.seat_id, "ill", bali.guest, when)
    else:
        build.a_hand_over(session, bali, when)
    for day in (7, 11, 14):
        reminders.post_due(session, at(11, day))
    assert posted(session) == []


def test_who_comes_is_reminded_once_before_the_day(session: Session, bali: Invited) -> None:
    seats.attend(session, bali.seat_id, bali.guest, at(11, 5))
    for hour in (7, 8, 9, 16):
        reminders.post_due(session, at(11, 18, hour))
    assert posted(session) == [("coming", "bupati.14.08@contoh.example")]


def test_a_deputy_is_reminded_with_their_own_link(session: Session, bali: Invited) -> None:
    given = build.a_hand_over(session, bali, at(11, 5))
    reminders.post_due(session, at(11, 18))
    found = session.scalars(sa.select(Message).where(Message.kind == "reminder_coming")).one()
    assert (found.subject_kind, found.subject_id) == ("hand_over", given.id)
    assert found.address == "sekda.14.08@contoh.example"


def test_a_deputy_without_address_is_reminded_through_the_office(
    session: Session, bali: Invited
) -> None:
    post = mandates.Deputy(post="Asisten", name=mandates.Name("Adi Contoh"))
    bali.convening.policy = "free"
    mandates.hand_over(session, bali.seat_id, post, bali.guest, at(11, 5))
    reminders.post_due(session, at(11, 18))
    found = session.scalars(sa.select(Message).where(Message.kind == "reminder_coming")).one()
    assert (found.subject_kind, found.subject_id) == ("invitation", bali.invitation.id)


@pytest.mark.parametrize("ended", ["withdrawn", "cancelled", "in_progress"])
def test_nobody_is_reminded_of_what_is_off_or_has_begun(
    session: Session, bali: Invited, ended: str
) -> None:
    if ended == "withdrawn":
        invitation.withdraw(session, bali.invitation.id, ORGANISER, at(11, 6))
    elif ended == "cancelled":
        bali.convening.cancelled_at = at(11, 6)
        bali.convening.state = "cancelled"
    else:
        bali.convening.started_at = at(11, 6)
        bali.convening.state = "in_progress"
    session.flush()
    reminders.post_due(session, at(11, 7))
    assert posted(session) == []


def test_a_worker_that_slept_sends_only_the_latest(session: Session, bali: Invited) -> None:
    reminders.post_due(session, at(11, 14, 9))
    assert steps_posted(session) == ["reply_last"]
    reminders.post_due(session, at(11, 14, 10))
    assert steps_posted(session) == ["reply_last"]


@pytest.mark.parametrize(
    "moment", [at(11, 12, 9), at(11, 13, 9), at(11, 11, 7, 59), at(11, 11, 17), at(11, 14, 17, 1)]
)
def test_nothing_leaves_on_days_off_at_night_or_after_the_deadline(
    session: Session, bali: Invited, moment: dt.datetime
) -> None:
    reminders.post_due(session, moment)
    assert posted(session) == []


def test_who_was_invited_today_is_not_reminded_today(session: Session) -> None:
    made = an_invited_head(session, now=at(11, 11, 6))
    reminders.post_due(session, at(11, 11))
    assert posted(session) == []
    reminders.post_due(session, at(11, 14))
    assert steps_posted(session) == ["reply_last"]
    assert made.invitation.withdrawn_at is None


def test_a_new_schedule_is_reminded_of_anew(session: Session, bali: Invited) -> None:
    reminders.post_due(session, at(11, 7))
    _move(session, bali, 14 * DAY, at(11, 8))
    reminders.post_due(session, at(11, 11))
    assert steps_posted(session) == ["reply_7"]
    reminders.post_due(session, at(11, 21))
    assert steps_posted(session) == ["reply_7", "reply_7"]


def test_a_reminder_that_waited_is_dropped_when_it_no_longer_helps(
    session: Session, bali: Invited
) -> None:
    reminders.post_due(session, at(11, 11))
    message = session.scalars(sa.select(Message).where(Message.kind == "reminder_reply")).one()
    assert reminders.still_holds(session, message, at(11, 11, 9))
    assert not reminders.still_holds(session, message, at(11, 14))  # the next one is due
    seats.attend(session, bali.seat_id, bali.guest, at(11, 11, 10))
    assert not reminders.still_holds(session, message, at(11, 11, 11))


def test_the_reminder_of_a_deputy_falls_with_the_mandate(session: Session, bali: Invited) -> None:
    given = build.a_hand_over(session, bali, at(11, 5))
    reminders.post_due(session, at(11, 18))
    message = session.scalars(sa.select(Message).where(Message.kind == "reminder_coming")).one()
    assert reminders.still_holds(session, message, at(11, 18, 9))
    mandates.revoke(session, given.id, bali.guest, at(11, 18, 10))
    assert not reminders.still_holds(session, message, at(11, 18, 11))


def test_the_preview_names_who_gets_what_and_what_has_gone(session: Session, bali: Invited) -> None:
    reminders.post_due(session, at(11, 7))
    ahead = reminders.outlook(session, bali.convening, at(11, 7, 9))
    said = {o.step.name: (len(o.messages), [r.state.office for r in o.waiting]) for o in ahead}
    assert said == {
        "reply_7": (1, []),
        "reply_3": (0, ["Bupati Siak"]),
        "reply_last": (0, ["Bupati Siak"]),
        "coming": (0, []),
    }


@pytest.mark.parametrize("seed", range(3))
def test_no_guest_gets_a_reminder_twice_whatever_the_ticks(session: Session, seed: int) -> None:
    chance = random.Random(seed)
    bali = an_invited_head(session)
    directory.an_address(
        session, directory.an_office(session, DUMAI, "walikota"), "walikota@contoh.example"
    )
    span = bali.convening.starts_at + DAY - NOW
    moments = [NOW + span * chance.random() for _ in range(40)]
    if seed % 2:
        moments.sort()
    answers = sorted(NOW + span * 0.9 * chance.random() for _ in range(3))
    for moment in moments:
        while answers and answers[0] <= moment:
            _answer(session, bali, chance, answers.pop(0))
        reminders.post_due(session, moment)
        if chance.random() < 0.5:
            reminders.post_due(session, moment)
    rows = session.scalars(sa.select(Message).where(Message.kind.in_(reminders.KINDS))).all()
    once = Counter((m.subject_id, m.facts["step"], m.facts["schedule"]) for m in rows)
    assert set(once.values()) <= {1}
    for message in rows:
        here = message.posted_at.astimezone(ZONE)
        assert is_working_day(here.date())
        assert 8 <= here.hour < 17
        assert message.posted_at < dt.datetime.fromisoformat(message.facts["until"])


def _answer(session: Session, bali: Invited, chance: random.Random, now: dt.datetime) -> None:
    """One thing a guest or an organiser may do at any time."""
    act = chance.choice(("attend", "decline", "hand_over", "move"))
    live = bali.state(session, now).live
    if act == "move" and now < bali.convening.reply_by:
        _move(session, bali, DAY, now)
    elif live:
        mandates.revoke(session, live[0].id, ORGANISER, now)
    elif act == "attend":
        seats.attend(session, bali.seat_id, ORGANISER, now)
    elif act == "decline":
        seats.decline(session, bali.seat_id, "ill", ORGANISER, now)
    else:
        office = directory.an_office(session, SIAK, "sekda")
        mandates.hand_over(
            session, bali.seat_id, mandates.Deputy(office_id=office.id), ORGANISER, now
        )


def _move(session: Session, bali: Invited, by: dt.timedelta, now: dt.datetime) -> None:
    plan = convening.as_planned(bali.convening)
    names = ("starts_at", "ends_at", "reply_by", "door_opens_at", "door_closes_at")
    moved = dataclasses.replace(plan, **{name: getattr(plan, name) + by for name in names})
    convening.edit(session, bali.convening.id, moved, bali.convening.version, ORGANISER, now)
