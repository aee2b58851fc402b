"""Inviting by office: preview, one transaction, once; withdrawing and sending again."""

from __future__ import annotations

import dataclasses

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import (
    _turning,
    calendar,
    convening,
    delivery,
    guests,
    invitation,
    mandates,
    seats,
)
from cohorts.convenings.calendar import CalendarFacts
from cohorts.convenings.tables import Invitation
from cohorts.directory.tables import Office
from cohorts.ground.access import COMMAND
from cohorts.ground.links import Link, Links
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal
from tests.build import convenings as build
from tests.build import directory
from tests.build.convenings import DUMAI, HOUR, NOW, ORGANISER, SIAK, START

HEADS = ["kepala_daerah"]
BOTH = ["sekda", "kadiskominfo"]
LINKS = Links(b"l" * 32)


def two_regions(session: Session) -> str:
    cohort = build.a_cohort(session, SIAK, DUMAI)
    directory.a_holder(session, SIAK, "sekda")
    directory.a_holder(session, DUMAI, "sekda", standing="plt")
    directory.a_holder(session, SIAK, "kadiskominfo", email=None)
    return build.a_convening(session, cohort).id


def test_the_preview_counts_before_anything_is_sent(session: Session) -> None:
    convening_id = two_regions(session)
    seen = invitation.preview(session, convening_id, BOTH, NOW)
    assert (seen.new, seen.invited, seen.mailed, seen.without_address, seen.vacant) == (
        4, 0, 2, 2, 1,
    )  # fmt: skip
    # Dumai has no Kadiskominfo yet, Siak's has no address, Dumai's Sekda is a Plt.
    assert {line.office for line in seen.to_look_at} == {
        "Kepala Dinas Komunikasi dan Informatika Kota Dumai",
        "Kepala Dinas Komunikasi dan Informatika Kabupaten Siak",
        "Sekretaris Daerah Kota Dumai",
    }
    assert session.scalars(sa.select(Invitation)).all() == []


def test_an_office_is_invited_even_while_vacant_and_without_an_address(session: Session) -> None:
    convening_id = two_regions(session)
    done = invitation.invite(session, convening_id, BOTH, ORGANISER, NOW, seen=4)
    assert (done.new, done.mailed, done.already) == (4, 2, 0)
    names = session.scalars(
        sa.select(Office.name).join(Invitation, Invitation.office_id == Office.id)
    ).all()
    assert "Kepala Dinas Komunikasi dan Informatika Kota Dumai" in names
    assert invitation.rules(session, convening_id) == ["kadiskominfo", "sekda"]


def test_inviting_twice_adds_nothing(session: Session) -> None:
    convening_id = two_regions(session)
    invitation.invite(session, convening_id, BOTH, ORGANISER, NOW, seen=4)
    messages = session.scalar(sa.select(sa.func.count(Message.id)))
    again = invitation.invite(session, convening_id, BOTH, ORGANISER, NOW + HOUR, seen=4)
    assert (again.new, again.mailed, again.already) == (0, 0, 4)
    assert session.scalar(sa.select(sa.func.count(Message.id))) == messages


def test_a_list_that_changed_since_the_preview_is_shown_again(session: Session) -> None:
    convening_id = two_regions(session)
    with pytest.raises(Refusal) as refused:
        invitation.invite(session, convening_id, BOTH, ORGANISER, NOW, seen=3)
    assert refused.value.code == "convenings.changed_since_preview"
    assert refused.value.facts == {"seen": 3, "now": 4}
    assert session.scalars(sa.select(Invitation)).all() == []


def test_the_head_of_a_region_is_bupati_or_wali_kota_by_its_type(session: Session) -> None:
    invited = build.an_invited_head(session)
    names = session.scalars(
        sa.select(Office.name)
        .join(Invitation, Invitation.office_id == Office.id)
        .where(Invitation.convening_id == invited.convening.id)
        .order_by(Office.name)
    ).all()
    assert names == ["Bupati Siak", "Wali Kota Dumai"]


def test_a_region_that_has_left_is_not_invited(session: Session) -> None:
    from cohorts.programme.tables import Membership, MembershipEnd

    convening_id = two_regions(session)
    left = session.scalars(sa.select(Membership).where(Membership.region_code == DUMAI)).one()
    session.add(
        MembershipEnd(membership_id=left.id, left_on=NOW.date(), reason="contoh",
                      recorded_at=NOW, recorded_by="test")
    )  # fmt: skip
    session.flush()
    assert invitation.preview(session, convening_id, ["sekda"], NOW).new == 1


@pytest.mark.parametrize(
    ("roles", "code"),
    [([], "convenings.no_roles"), (["raja"], "convenings.role_unknown")],
)
def test_somebody_must_be_chosen(session: Session, roles: list[str], code: str) -> None:
    convening_id = two_regions(session)
    with pytest.raises(Refusal) as refused:
        invitation.invite(session, convening_id, roles, ORGANISER, NOW)
    assert refused.value.code == code


def test_a_draft_invites_nobody_and_neither_does_a_stranger(session: Session) -> None:
    cohort = build.a_cohort(session, SIAK)
    draft = build.a_draft(session, cohort)
    with pytest.raises(Refusal) as refused:
        invitation.invite(session, draft.id, ["sekda"], ORGANISER, NOW)
    assert refused.value.code == "convenings.not_announced"
    convening.announce(session, draft.id, COMMAND, NOW)
    with pytest.raises(Refusal) as stranger:
        invitation.invite(session, draft.id, ["sekda"], build.DOOR, NOW)
    assert stranger.value.code == "ground.not_allowed"


def test_each_invitation_has_one_message_with_frozen_facts(session: Session) -> None:
    invited = build.an_invited_head(session)
    message = session.scalars(
        sa.select(Message).where(Message.subject_id == invited.invitation.id)
    ).one()
    facts = CalendarFacts.from_json(message.facts["calendar"])
    assert (message.kind, message.address) == ("invitation", "bupati.14.08@contoh.example")
    assert (facts.uid, facts.sequence, facts.method, facts.partstat) == (
        f"convening-{invited.convening.id.lower()}@living-lab", 0, "REQUEST", "NEEDS-ACTION",
    )  # fmt: skip
    assert (facts.starts_at, facts.zone, facts.place) == (
        START, "Asia/Makassar", "Kampus UID, Serangan, Kota Denpasar",
    )  # fmt: skip
    assert facts.revised == NOW
    assert calendar.still_holds(session, message)


def test_an_unsent_request_overtaken_by_an_update_is_superseded(session: Session) -> None:
    invited = build.an_invited_head(session)
    moved = dataclasses.replace(
        convening.as_planned(invited.convening), starts_at=START + HOUR, venue="Hotel lain"
    )
    convening.edit(
        session, invited.convening.id, moved, invited.convening.version, ORGANISER, NOW + HOUR
    )
    # The guest has seen nothing yet: what leaves is an invitation, not a correction.
    assert build.mail(session, invited.invitation.id) == [
        ("invitation", "superseded"),
        ("invitation", "ready"),
    ]
    old, new = session.scalars(
        sa.select(Message)
        .where(Message.subject_id == invited.invitation.id)
        .order_by(Message.id)
    )
    assert not calendar.still_holds(session, old)
    assert calendar.still_holds(session, new)
    assert CalendarFacts.from_json(new.facts["calendar"]).revised == NOW + HOUR


def test_a_cancel_whose_request_never_left_is_not_sent(session: Session) -> None:
    invited = build.an_invited_head(session)
    told = _turning.set_cancelled(session, invited.convening, "Banjir", ORGANISER, NOW + HOUR)
    assert told == 0
    assert build.mail(session, invited.invitation.id) == [("invitation", "superseded")]


def test_whoever_has_the_event_is_told_of_its_end_one_number_higher(session: Session) -> None:
    invited = build.an_invited_head(session)
    build.it_leaves(session, invited.invitation.id, NOW)
    assert _turning.set_cancelled(session, invited.convening, "Banjir", ORGANISER, NOW + HOUR) == 1
    assert build.mail(session, invited.invitation.id)[-1] == ("invitation_cancel", "ready")
    last = session.scalars(sa.select(Message).order_by(Message.id.desc())).first()
    assert last is not None
    facts = CalendarFacts.from_json(last.facts["calendar"])
    assert (facts.method, facts.sequence, facts.revised) == ("CANCEL", 1, NOW + HOUR)


def test_withdrawing_ends_link_and_pass_and_being_invited_again_gives_new_ones(
    session: Session,
) -> None:
    invited = build.an_invited_head(session)
    build.it_leaves(session, invited.invitation.id, NOW)
    row = invited.invitation
    old = LINKS.read("invitation", LINKS.make("invitation", row.id, row.generation))
    assert guests.invitation_by_link(session, old).id == row.id
    invitation.withdraw(session, row.id, ORGANISER, NOW + HOUR)
    invitation.withdraw(session, row.id, ORGANISER, NOW + HOUR)
    assert build.mail(session, row.id) == [("invitation", "sent"), ("invitation_cancel", "ready")]
    for link in (old, Link(row.id, row.generation), None, Link("NOSUCHINVITATION", 1)):
        with pytest.raises(Refusal) as refused:
            guests.invitation_by_link(session, link)
        assert refused.value.code == "ground.link_invalid"
    again = invitation.invite(session, invited.convening.id, HEADS, ORGANISER, NOW + 2 * HOUR)
    assert (again.new, again.already) == (1, 1)
    build.it_leaves(session, row.id, NOW + 2 * HOUR)
    numbers = [
        m.facts["calendar"]["sequence"]
        for m in session.scalars(
            sa.select(Message).where(Message.subject_id == row.id).order_by(Message.id)
        )
    ]
    assert numbers == [0, 1, 2], "Outlook and Apple ignore what does not count up"
    with pytest.raises(Refusal):
        guests.invitation_by_link(session, old)
    new = LINKS.read("invitation", LINKS.make("invitation", row.id, row.generation))
    assert guests.invitation_by_link(session, new).id == row.id


def test_sending_again_keeps_the_answer_and_waits_for_the_one_in_the_queue(
    session: Session,
) -> None:
    invited = build.an_invited_head(session)
    assert delivery.send_again(session, invited.invitation.id, ORGANISER, NOW) is False
    build.it_leaves(session, invited.invitation.id, NOW)
    seats.attend(session, invited.seat_id, invited.guest, NOW + HOUR)
    assert delivery.send_again(session, invited.invitation.id, ORGANISER, NOW + 2 * HOUR)
    last = session.scalars(sa.select(Message).order_by(Message.id.desc())).first()
    assert last is not None
    assert (last.kind, last.facts["calendar"]["partstat"]) == ("invitation", "ACCEPTED")
    dumai = session.scalars(
        sa.select(Invitation).where(Invitation.id != invited.invitation.id)
    ).one()
    with pytest.raises(Refusal) as refused:
        delivery.send_again(session, dumai.id, ORGANISER, NOW)
    assert refused.value.code == "convenings.no_address"
    assert set(delivery.deliveries(session, invited.convening.id)) == {invited.invitation.id}


def test_withdrawing_revokes_the_deputies_too(session: Session) -> None:
    invited = build.an_invited_head(session)
    over = build.a_hand_over(session, invited, NOW + HOUR)
    invitation.withdraw(session, invited.invitation.id, ORGANISER, NOW + 2 * HOUR)
    assert over.revoked_at == NOW + 2 * HOUR
    with pytest.raises(Refusal) as refused:
        mandates.revoke(session, over.id, build.DOOR, NOW + 3 * HOUR)
    assert refused.value.code == "ground.not_allowed"


def test_the_number_of_queries_does_not_grow_with_the_guests(session: Session) -> None:
    from cohorts.convenings import chain

    convening_id = build.an_invited_head(session).convening.id
    counts = []
    connection = session.connection()

    def counted() -> int:
        said: list[str] = []

        def listen(_c: object, _cur: object, statement: str, *_rest: object) -> None:
            said.append(statement)

        sa.event.listen(connection, "before_cursor_execute", listen)
        chain.seats(session, at=NOW + HOUR, convening_id=convening_id)
        sa.event.remove(connection, "before_cursor_execute", listen)
        return len(said)

    session.expunge_all()
    counts.append(counted())
    invitation.invite(session, convening_id, BOTH, ORGANISER, NOW + HOUR)
    session.expunge_all()
    counts.append(counted())
    assert counts[0] == counts[1] <= 8
