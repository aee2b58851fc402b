"""What calendars answer: the right thing, whatever the order, and never more than a link could."""

import dataclasses
import datetime as dt
import hashlib
import itertools
import random
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import calendar, chain, guest_mail, invitation, seats
from cohorts.convenings.convening import edit
from cohorts.convenings.guest_mail import CalendarWord, Incoming
from cohorts.convenings.mail_tables import GuestMail
from cohorts.convenings.tables import Convening, Reply
from cohorts.directory.contacts import add_contact
from cohorts.ground import files
from cohorts.ground.access import COMMAND
from cohorts.ground.files import Kept
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal
from tests.build import convenings as build
from tests.build.convenings import DOOR, HOUR, NOW, ORGANISER, Invited, an_invited_head

SHA = "a" * 64
OFFICE = "bupati.14.08@contoh.example"
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def bali(session: Session) -> Invited:
    files.register(session, Kept(SHA, 1, "message/rfc822"), NOW)
    return an_invited_head(session)


def says(
    session: Session, bali: Invited, partstat: str, *, now: dt.datetime = NOW + HOUR,
    key: str = "", text: str = "", automatic: bool = False, **more: object,
) -> GuestMail:
    """One answer of the office's own calendar."""
    word = CalendarWord(
        uid=calendar.uid(bali.convening.id), attendee=OFFICE, partstat=partstat, sequence=0,
        stamp=now, counter=False)
    word = dataclasses.replace(word, **more)  # type: ignore[arg-type]
    known = hashlib.sha256((key or f"{partstat}{word.stamp}{more}").encode()).hexdigest()
    mail = Incoming(known, "ajudan@contoh.example", text, automatic, word)
    return guest_mail.take(session, bali.invitation.id, mail, SHA, now)


def state(session: Session, bali: Invited, at: dt.datetime = NOW + 9 * HOUR) -> str:
    found = chain.who_comes(session, bali.invitation.id, at)
    assert found is not None
    return "outdated" if found.of_old_schedule else found.state


def replies(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Reply)) or 0


def moved(session: Session, bali: Invited, now: dt.datetime) -> None:
    found = session.get_one(Convening, bali.convening.id)
    plan = dataclasses.replace(build.PLAN, starts_at=build.START + HOUR)
    edit(session, found.id, plan, found.version, ORGANISER, now)


def test_a_calendar_answers_like_the_link_and_is_never_written_to(
    session: Session, bali: Invited
) -> None:
    made = says(session, bali, "ACCEPTED")
    assert (made.kind, state(session, bali)) == ("answer", "attending")
    reply = session.get_one(Reply, made.reply_id)
    assert (reply.on_behalf, reply.actor) == (False, f"invitation:{bali.invitation.id}")
    assert says(session, bali, "DECLINED", now=NOW + 2 * HOUR, text="Rapat lain").kind == "answer"
    assert state(session, bali) == "declined"
    last = session.scalars(sa.select(Reply).order_by(Reply.n.desc())).first()
    assert last is not None
    assert (last.reason, seats.body_text(session, last.note_id)) == ("other", "Rapat lain")
    assert says(session, bali, "TENTATIVE", now=NOW + 3 * HOUR).kind == "answer"
    assert state(session, bali) == "unanswered"
    kinds = set(session.scalars(sa.select(Message.kind)))
    assert kinds == {"invitation"}


def test_a_hundred_times_the_same_mail_is_one_answer(session: Session, bali: Invited) -> None:
    first = [says(session, bali, "ACCEPTED", key="satu") for _ in range(100)]
    assert len({one.id for one in first}) == 1
    # The same answer under another Message-ID says nothing new.
    assert says(session, bali, "ACCEPTED", key="dua").kind == "older"
    assert replies(session) == 1


def test_in_whatever_order_they_come_the_last_word_holds(
    session: Session, bali: Invited, count: Callable[[int, int], int]
) -> None:
    word = [("ACCEPTED", 1), ("TENTATIVE", 2), ("ACCEPTED", 3), ("DECLINED", 4)]
    now = NOW + 9 * HOUR
    orders = list(itertools.permutations(word))
    for order in random.Random(5).sample(orders, count(5, len(orders))):
        with session.begin_nested() as again:
            for partstat, n in order:
                says(session, bali, partstat, now=now, stamp=NOW + n * MINUTE, key=f"m{n}")
            assert state(session, bali) == "declined", order
            again.rollback()
        session.expire_all()


def test_a_word_on_the_web_is_older_or_newer_by_its_hour(session: Session, bali: Invited) -> None:
    seats.attend(session, bali.seat_id, bali.guest, NOW + 2 * HOUR)
    assert says(session, bali, "DECLINED", now=NOW + 3 * HOUR, stamp=NOW + HOUR).kind == "older"
    assert state(session, bali) == "attending"
    # A clock that runs ahead does not win over what comes after the mail did.
    far = NOW + 400 * HOUR
    assert says(session, bali, "DECLINED", now=NOW + 4 * HOUR, stamp=far).kind == "answer"
    seats.attend(session, bali.seat_id, bali.guest, NOW + 5 * HOUR)
    assert says(session, bali, "ACCEPTED", now=NOW + 6 * HOUR, stamp=NOW + 4 * HOUR).kind == "older"
    assert says(session, bali, "DECLINED", now=NOW + 7 * HOUR).kind == "answer"
    assert state(session, bali) == "declined"


def test_an_answer_for_the_old_date_is_kept_as_such_and_asked_again(
    session: Session, bali: Invited
) -> None:
    moved(session, bali, NOW + HOUR)
    made = says(session, bali, "ACCEPTED", now=NOW + 2 * HOUR)
    assert (made.kind, state(session, bali)) == ("answer", "outdated")
    starts = bali.convening.starts_at
    assert starts == build.START + HOUR  # no time was taken from anywhere
    assert says(session, bali, "ACCEPTED", now=NOW + 3 * HOUR, sequence=1).kind == "answer"
    assert state(session, bali) == "attending"
    # Once the new date is answered, a word on the old one changes nothing, however late.
    assert says(session, bali, "DECLINED", now=NOW + 4 * HOUR, sequence=0).kind == "older"
    assert state(session, bali) == "attending"
    assert says(session, bali, "DECLINED", now=NOW + 5 * HOUR, sequence=99).kind == "answer"
    assert state(session, bali) == "declined"


def test_an_answer_to_an_invitation_that_was_withdrawn_since_is_older(
    session: Session, bali: Invited
) -> None:
    invitation.withdraw(session, bali.invitation.id, ORGANISER, NOW)
    assert says(session, bali, "ACCEPTED", key="saat ditarik").kind == "older"
    invitation.invite(session, bali.convening.id, ["kepala_daerah"], ORGANISER, NOW + HOUR)
    assert says(session, bali, "ACCEPTED", key="lama").kind == "older"
    assert state(session, bali) == "unanswered"
    assert says(session, bali, "ACCEPTED", key="baru", sequence=2).kind == "answer"


@pytest.mark.parametrize(("more", "why"), [
    ({"attendee": "orang.lain@contoh.example"}, "stranger"),
    ({"attendee": ""}, "stranger"),
    ({"partstat": "DELEGATED"}, "unclear"),
    ({"partstat": "NEEDS-ACTION"}, "unclear"),
    ({"partstat": ""}, "unclear"),
    ({"now": build.PLAN.reply_by + MINUTE}, "convenings.reply_deadline_passed"),
    ({"now": build.PLAN.door_closes_at + MINUTE}, "convenings.door_closed"),
])
def test_what_cannot_be_recorded_waits_for_a_person(
    session: Session, bali: Invited, more: dict[str, object], why: str
) -> None:
    given = {"partstat": "ACCEPTED", **more}
    made = says(session, bali, **given)  # type: ignore[arg-type]
    assert (made.kind, made.why, made.reply_id) == ("confirm", why, None)
    assert replies(session) == 0
    assert guest_mail.waiting(session, bali.convening.id) == 1


def test_any_address_of_the_office_in_use_speaks_for_it_and_an_ended_one_does_not(
    session: Session, bali: Invited
) -> None:
    from cohorts.convenings import delivery

    add_contact(
        session, channel="email", value="Sespri@Siak.contoh.example", source="surat",
        from_on=NOW.date(), office_id=bali.invitation.office_id, actor=COMMAND, now=NOW)
    made = says(session, bali, "ACCEPTED", attendee="sespri@siak.contoh.example")
    assert made.kind == "answer"
    delivery.correct_address(
        session, bali.invitation.id, "tu@siak.contoh.example", "telepon", ORGANISER, NOW,
        seen=OFFICE)
    made = says(session, bali, "DECLINED", now=NOW + 2 * HOUR)
    assert (made.kind, made.why) == ("confirm", "stranger")


def test_a_calendar_never_undoes_a_hand_over_nor_names_who_comes(
    session: Session, bali: Invited
) -> None:
    build.a_hand_over(session, bali, NOW + HOUR)
    for partstat in ("ACCEPTED", "DECLINED", "TENTATIVE"):
        made = says(session, bali, partstat, now=NOW + 2 * HOUR, key=partstat)
        assert (made.kind, made.why) == ("confirm", "convenings.handed_over")
    assert state(session, bali) == "delegated"
    vacant = invited_without_holder(session, bali)
    word = CalendarWord(calendar.uid(bali.convening.id), "wako@dumai.contoh.example", "ACCEPTED",
                        0, NOW, counter=False)
    made = guest_mail.take(
        session, vacant, Incoming("v", "wako@dumai.contoh.example", "", False, word), SHA, NOW)
    assert (made.kind, made.why) == ("confirm", "convenings.name_missing")


def invited_without_holder(session: Session, bali: Invited) -> str:
    """Dumai, vacant, with an address by now."""
    from cohorts.convenings.tables import Invitation

    dumai = session.scalars(sa.select(Invitation).where(
        Invitation.convening_id == bali.convening.id, Invitation.id != bali.invitation.id)).one()
    add_contact(
        session, channel="email", value="wako@dumai.contoh.example", source="laman",
        from_on=NOW.date(), office_id=dumai.office_id, actor=COMMAND, now=NOW)
    return dumai.id


def test_words_wait_until_somebody_has_read_them_and_machines_are_not_heard(
    session: Session, bali: Invited
) -> None:
    def words(key: str, **more: object) -> GuestMail:
        mail = dataclasses.replace(
            Incoming(key, "tu@siak.contoh.example", "Mohon nomor surat.", False, None),
            **more)  # type: ignore[arg-type]
        return guest_mail.take(session, bali.invitation.id, mail, SHA, NOW)

    machine = words("cuti", automatic=True)
    assert (machine.kind, machine.text_id) == ("automatic", None)
    assert says(session, bali, "ACCEPTED", key="libur", automatic=True).kind == "automatic"
    counter = says(session, bali, "TENTATIVE", key="geser", counter=True, text="Bisa pukul 13?")
    other = says(session, bali, "ACCEPTED", key="lain", uid="acara-lain@tempat.lain")
    note = says(session, bali, "ACCEPTED", key="catatan", text="Datang bersama ajudan")
    message = words("biasa")
    assert [one.kind for one in (counter, other, note, message)] == [
        "counter", "message", "answer", "message"]
    assert guest_mail.waiting(session, bali.convening.id) == 4
    assert state(session, bali) == "attending"
    with pytest.raises(Refusal) as refused:
        guest_mail.mark_read(session, message.id, DOOR, NOW)
    assert refused.value.code == "ground.not_allowed"
    for _ in range(2):
        guest_mail.mark_read(session, message.id, ORGANISER, NOW + HOUR)
    assert (message.read_at, message.read_by) == (NOW + HOUR, ORGANISER.id)
    assert guest_mail.waiting(session, bali.convening.id) == 3
    shown = guest_mail.mails(session, invitation_id=bali.invitation.id)
    assert [guest_mail.waits(one) for one in shown] == [True, True, True, False]
    assert machine not in shown


def test_the_same_bytes_are_one_job(session: Session, bali: Invited) -> None:
    kept = Kept("b" * 64, 10, "message/rfc822")
    assert guest_mail.post(session, bali.invitation.id, kept, NOW) is True
    assert guest_mail.post(session, bali.invitation.id, kept, NOW + HOUR) is False
