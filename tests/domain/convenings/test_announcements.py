"""Writing to the guests: to whom it goes, once to each, and what stands in the way."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import announcements, invitation, seats
from cohorts.convenings.announcements import Group, announce, reach
from cohorts.ground.body import Body
from cohorts.ground.chronicle import ChronicleEntry
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal
from tests.build import convenings as build
from tests.build.convenings import DOOR, HOUR, NOW, ORGANISER, SIAK

REFERENCE = "ABCDEFGH12345678"
LATER = NOW + HOUR
EVERYBODY = Group()


def write(session: Session, made: build.Invited, **more: Any) -> int:
    asked = {
        "group": EVERYBODY, "subject": "Bus dari bandara", "text": "Berangkat pukul 07.00.",
        "actor": ORGANISER, "now": LATER, "reference": REFERENCE, "seen": 1} | more
    return announce(
        session, made.convening.id, asked.pop("group"), asked.pop("subject"), asked.pop("text"),
        asked.pop("actor"), asked.pop("now"), **asked)


def posted(session: Session) -> list[Message]:
    return list(session.scalars(
        sa.select(Message).where(Message.kind == "announcement").order_by(Message.id)))


def test_each_guest_gets_it_once_and_the_chronicle_keeps_what_and_to_whom(
    session: Session,
) -> None:
    made = build.an_invited_head(session)
    assert write(session, made) == 1, "Dumai has no address"
    assert write(session, made) == 1, "sent twice is sent once"
    (message,) = posted(session)
    assert (message.address, message.name) == (f"bupati.{SIAK}@contoh.example", "Bupati Siak")
    assert message.subject_id == message.facts["invitation_id"] == made.invitation.id
    kept = session.get_one(Body, message.facts["text_id"])
    assert kept.text == "Berangkat pukul 07.00."
    (event,) = session.scalars(sa.select(ChronicleEntry).where(
        ChronicleEntry.event == "convenings.announcement_sent"))
    assert event.data["recipients"] == 1
    assert "Berangkat" not in str(event.data), "words can be erased, the chronicle cannot"


def test_a_group_is_of_a_reply_a_region_and_a_role(session: Session) -> None:
    made = build.an_invited_head(session)
    seats.attend(session, made.seat_id, made.guest, LATER)

    def whom(group: Group) -> tuple[int, int]:
        found = reach(session, made.convening.id, group, LATER + HOUR)
        return len(found.recipients), len(found.unreached)

    assert whom(EVERYBODY) == (1, 1)
    assert whom(Group(frozenset({"attending"}))) == (1, 0)
    assert whom(Group(frozenset({"unanswered", "declined"}))) == (0, 1)
    assert whom(Group(region_code=SIAK)) == (1, 0)
    assert whom(Group(role_key="walikota")) == (0, 1)
    assert whom(Group(frozenset({"unanswered"}), SIAK)) == (0, 0)


def test_it_goes_to_whoever_comes_and_not_to_who_was_taken_off(session: Session) -> None:
    made = build.an_invited_head(session)
    over = build.a_hand_over(session, made, LATER)
    (one,) = reach(session, made.convening.id, EVERYBODY, LATER).recipients
    assert (one.deputy is not None and one.deputy.id, one.address) == (
        over.id, f"sekda.{SIAK}@contoh.example")
    assert write(session, made) == 1
    (message,) = posted(session)
    assert (message.subject_kind, message.subject_id) == ("hand_over", over.id)
    assert message.thread == f"deputy:{over.id}"
    invitation.withdraw(session, made.invitation.id, ORGANISER, LATER)
    assert reach(session, made.convening.id, EVERYBODY, LATER).recipients == ()


def test_where_mail_is_known_to_be_lost_nobody_is_written_to(session: Session) -> None:
    made = build.an_invited_head(session)
    session.execute(sa.update(Message).values(state="failed"))
    found = reach(session, made.convening.id, EVERYBODY, LATER)
    assert (len(found.recipients), len(found.unreached)) == (0, 2)


@pytest.mark.parametrize(("changed", "code"), [
    ({"actor": DOOR}, "ground.not_allowed"),
    ({"subject": " "}, "ground.needed"),
    ({"text": "\n"}, "ground.needed"),
    ({"subject": "x" * (announcements.SUBJECT + 1)}, "ground.too_long"),
    ({"text": "x" * (announcements.TEXT + 1)}, "ground.too_long"),
    ({"reference": "../../etc"}, "ground.not_found"),
    ({"seen": 2}, "convenings.recipients_changed"),
    ({"group": Group(role_key="walikota"), "seen": 0}, "convenings.nobody_reached"),
])
def test_what_is_refused_posts_nothing(
    session: Session, changed: dict[str, Any], code: str
) -> None:
    made = build.an_invited_head(session)
    with pytest.raises(Refusal) as no:
        write(session, made, **changed)
    assert no.value.code == code
    assert posted(session) == []


def test_a_draft_has_no_guests_to_write_to(session: Session) -> None:
    draft = build.a_draft(session, build.a_cohort(session, SIAK))
    with pytest.raises(Refusal) as no:
        announce(session, draft.id, EVERYBODY, "a", "b", ORGANISER,
                 NOW + dt.timedelta(days=1), reference=REFERENCE, seen=0)
    assert no.value.code == "convenings.not_announced"
