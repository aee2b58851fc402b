"""Handing over: at most twice, with rights that are held, visible, and revocable."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import _turning, chain, guests, mandates, pass_ids, seats, sign_mandates
from cohorts.convenings.guests import deputy_guest
from cohorts.convenings.mandates import Deputy
from cohorts.convenings.names import Name
from cohorts.convenings.tables import HandOver, Pass, SignMandate
from cohorts.directory.tables import ContactPoint
from cohorts.ground.base import new_id
from cohorts.ground.codes import Challenge, Codes
from cohorts.ground.files import Kept
from cohorts.ground.links import Link
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal
from tests.build import convenings as build
from tests.build import directory
from tests.build.convenings import HOUR, NOW, ORGANISER, SIAK, START

CODES = Codes(b"c" * 32)
LETTER = Kept("a" * 64, 1200, "application/pdf")
LATE = dt.datetime(2022, 11, 18, 3, 0, tzinfo=dt.UTC)


def pass_of(session: Session, person_id: str) -> pass_ids.PassStanding:
    made = session.scalars(sa.select(Pass).where(Pass.person_id == person_id)).one()
    found = pass_ids.valid_pass(session, made.id)
    assert found is not None
    return found


def test_the_office_sends_its_deputy_and_both_facts_stay_apart(session: Session) -> None:
    invited = build.an_invited_head(session)
    over = build.a_hand_over(session, invited, NOW)
    state = invited.state(session, NOW)
    assert (state.state, state.office) == ("delegated", "Bupati Siak")
    assert state.comes is not None
    assert (state.comes.person.full_name, state.comes.post) == (
        "Syafrizal Contoh", "Sekretaris Daerah Kabupaten Siak",
    )  # fmt: skip
    assert (state.comes.may_speak, state.comes.may_sign) == (True, False)
    assert pass_of(session, over.person_id).behind[0].hand_over_id == over.id
    sent = session.scalars(sa.select(Message).where(Message.kind == "deputy_link")).one()
    assert (sent.address, sent.facts) == ("sekda.14.08@contoh.example", {"hand_over_id": over.id})


def test_a_second_step_is_the_last(session: Session) -> None:
    invited = build.an_invited_head(session)
    first = build.a_hand_over(session, invited, NOW)
    second = build.a_second_hand_over(session, invited, first, NOW + HOUR)
    state = invited.state(session, NOW + HOUR)
    assert [step.id for step in state.live] == [first.id, second.id]
    assert state.comes is not None
    assert state.comes.person.full_name == "Budi Contoh"
    assert pass_of(session, first.person_id).reason == "replaced"
    assert pass_of(session, second.person_id).valid
    third = Deputy(role_key="asisten", name=Name("Tiga Contoh"))
    for actor in (deputy_guest(second.id), ORGANISER):
        with pytest.raises(Refusal) as refused:
            mandates.hand_over(session, invited.seat_id, third, actor, NOW + 2 * HOUR)
        assert refused.value.code == "convenings.twice_at_most"


def test_a_right_that_is_not_held_cannot_be_passed_on(session: Session) -> None:
    invited = build.an_invited_head(session)
    first = build.a_hand_over(session, invited, NOW, may_speak=False, may_sign=False)
    for rights in ({"may_sign": True, "may_speak": False}, {"may_speak": True}):
        with pytest.raises(Refusal) as refused:
            build.a_second_hand_over(session, invited, first, NOW, **rights)
        assert refused.value.code == "convenings.right_not_held"
    assert build.a_second_hand_over(session, invited, first, NOW, may_speak=False).step == 2


def test_only_a_post_one_level_down_may_stand_in(session: Session) -> None:
    invited = build.an_invited_head(session)
    with pytest.raises(Refusal) as refused:
        build.a_hand_over(session, invited, NOW, role="kadiskominfo")
    assert refused.value.code == "convenings.not_one_level_down"
    elsewhere = directory.a_holder(session, "32.11", "sekda", name="Lain Contoh")
    with pytest.raises(Refusal) as other:
        mandates.hand_over(
            session, invited.seat_id, Deputy(office_id=elsewhere.office_id), invited.guest, NOW
        )
    assert other.value.code == "convenings.not_one_level_down"
    named = Deputy(role_key="sekda", post="Plh. Sekretaris Daerah", name=Name("Plh Contoh"))
    over = mandates.hand_over(session, invited.seat_id, named, invited.guest, NOW)
    assert (over.post, over.office_id) == ("Plh. Sekretaris Daerah", None)


def test_in_person_only_means_in_person(session: Session) -> None:
    invited = build.an_invited_head(session, policy="in_person_only")
    with pytest.raises(Refusal) as refused:
        build.a_hand_over(session, invited, NOW)
    assert refused.value.code == "convenings.in_person_only"


@pytest.mark.parametrize("policy", ["free", "assign"])
def test_a_free_policy_takes_whoever_is_named(session: Session, policy: str) -> None:
    invited = build.an_invited_head(session, policy=policy)
    deputy = Deputy(post="Staf Khusus", name=Name("Bebas Contoh"), whatsapp="0812 3456 7890")
    over = mandates.hand_over(session, invited.seat_id, deputy, invited.guest, NOW)
    assert (over.post, over.whatsapp) == ("Staf Khusus", "+6281234567890")


def test_the_form_offers_the_posts_that_may_stand_in_with_their_holders(
    session: Session,
) -> None:
    invited = build.an_invited_head(session)
    offered = mandates.choices(session, invited.state(session, NOW), invited.convening, NOW)
    assert [(c.office.name, c.holder.person.name) for c in offered.offices] == [
        ("Wakil Bupati Siak", "Nurlaila Contoh"),
        ("Sekretaris Daerah Kabupaten Siak", "Syafrizal Contoh"),
    ]
    build.a_hand_over(session, invited, NOW)
    second = mandates.choices(session, invited.state(session, NOW), invited.convening, NOW)
    assert [c.office.role_key for c in second.offices] == ["kadiskominfo"]


def test_sent_twice_it_is_one_hand_over_and_another_deputy_must_wait(session: Session) -> None:
    invited = build.an_invited_head(session)
    first = build.a_hand_over(session, invited, NOW)
    assert build.a_hand_over(session, invited, NOW + HOUR).id == first.id
    with pytest.raises(Refusal) as refused:
        build.a_hand_over(session, invited, NOW + HOUR, role="wabup")
    assert refused.value.code == "convenings.handed_over"
    assert refused.value.facts["name"] == "Syafrizal Contoh"


def test_the_office_cannot_answer_past_its_deputy(session: Session) -> None:
    invited = build.an_invited_head(session)
    build.a_hand_over(session, invited, NOW)
    for answer in (
        lambda: seats.attend(session, invited.seat_id, invited.guest, NOW),
        lambda: seats.decline(session, invited.seat_id, "ill", invited.guest, NOW),
    ):
        with pytest.raises(Refusal) as refused:
            answer()
        assert refused.value.code == "convenings.handed_over"


def test_revoking_ends_the_pass_at_once_and_the_seat_returns(session: Session) -> None:
    invited = build.an_invited_head(session)
    over = build.a_hand_over(session, invited, NOW)
    mandates.revoke(session, over.id, invited.guest, NOW + HOUR)
    mandates.revoke(session, over.id, invited.guest, NOW + 2 * HOUR)
    assert over.revoked_at == NOW + HOUR
    state = invited.state(session, NOW + HOUR)
    assert (state.state, state.comes) == ("unanswered", None)
    standing = pass_of(session, over.person_id)
    assert (standing.reason, standing.revoked_at) == ("revoked", NOW + HOUR)
    unsent = session.scalars(sa.select(Message).where(Message.kind == "deputy_link")).one()
    assert unsent.state == "superseded"
    seats.attend(session, invited.seat_id, invited.guest, NOW + 2 * HOUR)
    assert pass_of(session, over.person_id).reason == "replaced"


def test_revoking_the_first_step_takes_the_second_with_it(session: Session) -> None:
    invited = build.an_invited_head(session)
    first = build.a_hand_over(session, invited, NOW)
    second = build.a_second_hand_over(session, invited, first, NOW)
    mandates.revoke(session, first.id, invited.guest, NOW + HOUR)
    assert (first.revoked_at, second.revoked_at) == (NOW + HOUR, NOW + HOUR)
    # The former link still opens and can say who comes instead.
    assert guests.hand_over_by_link(session, Link(second.id, 1)).id == second.id
    seats.attend(session, invited.seat_id, invited.guest, NOW + 2 * HOUR)
    comes = invited.state(session, NOW + 2 * HOUR).comes
    assert comes is not None
    assert comes.person.full_name == "Rahmat Contoh"


def test_the_first_deputy_may_take_back_their_own_step_but_not_the_second_the_first(
    session: Session,
) -> None:
    invited = build.an_invited_head(session)
    first = build.a_hand_over(session, invited, NOW)
    second = build.a_second_hand_over(session, invited, first, NOW)
    with pytest.raises(Refusal) as refused:
        mandates.revoke(session, first.id, deputy_guest(second.id), NOW + HOUR)
    assert refused.value.code == "ground.not_allowed"
    mandates.revoke(session, second.id, deputy_guest(first.id), NOW + HOUR)
    comes = invited.state(session, NOW + HOUR).comes
    assert comes is not None
    assert comes.person.full_name == "Syafrizal Contoh"
    assert pass_of(session, first.person_id).valid


def test_by_link_a_hand_over_is_late_after_the_deadline_and_not_revoked_once_begun(
    session: Session,
) -> None:
    invited = build.an_invited_head(session)
    over = build.a_hand_over(session, invited, LATE)
    assert over.late
    _turning.set_started(session, invited.convening, ORGANISER, START)
    with pytest.raises(Refusal) as refused:
        mandates.revoke(session, over.id, invited.guest, START + HOUR)
    assert refused.value.code == "convenings.already_started"
    mandates.revoke(session, over.id, ORGANISER, START + HOUR)
    assert over.revoked_by == ORGANISER.id


def test_an_organiser_hands_over_on_behalf_and_it_says_so(session: Session) -> None:
    invited = build.an_invited_head(session)
    sekda = directory.an_office(session, SIAK, "sekda")
    over = mandates.hand_over(
        session, invited.seat_id, Deputy(office_id=sekda.id), ORGANISER, NOW
    )
    assert over.on_behalf
    answer = invited.state(session, NOW).answer
    assert answer is not None
    assert (answer.answer, answer.on_behalf) == ("delegated", True)


def test_where_the_convening_says_so_a_deputy_may_not_sign(session: Session) -> None:
    invited = build.an_invited_head(session, deputy_may_sign=False)
    with pytest.raises(Refusal) as refused:
        build.a_hand_over(session, invited, NOW, may_sign=True)
    assert refused.value.code == "convenings.deputy_may_not_sign"


def test_the_right_to_sign_takes_effect_when_the_surat_tugas_is_accepted(
    session: Session,
) -> None:
    invited = build.an_invited_head(session)
    over = build.a_hand_over(session, invited, NOW, may_sign=True)
    comes = invited.state(session, NOW).comes
    assert comes is not None
    assert not comes.may_sign, "asked for, not yet in effect"
    with pytest.raises(Refusal) as missing:
        sign_mandates.accept_letter(session, over.id, ORGANISER, NOW)
    assert missing.value.code == "convenings.letter_missing"
    sign_mandates.attach_letter(session, over.id, LETTER, invited.guest, NOW)
    with pytest.raises(Refusal) as guest:
        sign_mandates.accept_letter(session, over.id, invited.guest, NOW)
    assert guest.value.code == "ground.not_allowed"
    sign_mandates.accept_letter(session, over.id, ORGANISER, NOW + HOUR)
    sign_mandates.accept_letter(session, over.id, ORGANISER, NOW + 2 * HOUR)
    assert session.scalars(sa.select(SignMandate.at)).all() == [NOW + HOUR]
    comes = invited.state(session, NOW + HOUR).comes
    assert comes is not None
    assert comes.may_sign
    before = invited.state(session, NOW).comes
    assert before is not None
    assert not before.may_sign


def test_or_by_a_code_to_a_confirmed_address_of_the_office(session: Session) -> None:
    invited = build.an_invited_head(session)
    over = build.a_hand_over(session, invited, NOW, may_sign=True)
    challenge, point = sign_mandates.ask_sign_code(session, over.id, invited.guest, NOW)
    assert point.value == "bupati.14.08@contoh.example"
    sent = session.scalars(sa.select(Message).where(Message.kind == "code")).one()
    assert sent.address == point.value
    assert sent.facts["hand_over_id"] == over.id
    said = CODES.code(challenge.id)
    wrong = "000000" if said != "000000" else "111111"
    assert sign_mandates.confirm_sign_code(
        session, CODES, over.id, wrong, invited.guest, NOW) == "wrong"  # fmt: skip
    assert session.scalars(sa.select(SignMandate)).all() == []
    assert sign_mandates.confirm_sign_code(
        session, CODES, over.id, said, invited.guest, NOW) == "good"  # fmt: skip
    assert session.scalars(sa.select(SignMandate.by)).all() == ["code"]


def test_a_code_never_goes_to_an_unconfirmed_address(session: Session) -> None:
    invited = build.an_invited_head(session)
    over = build.a_hand_over(session, invited, NOW, may_sign=True)
    session.execute(
        sa.update(ContactPoint).values(confirmed_at=None, confirmed_by=None)
    )
    with pytest.raises(Refusal) as refused:
        sign_mandates.ask_sign_code(session, over.id, invited.guest, NOW)
    assert refused.value.code == "convenings.no_confirmed_contact"
    assert session.scalars(sa.select(Challenge)).all() == []


def test_the_code_of_one_deputy_is_worth_nothing_for_the_next(session: Session) -> None:
    invited = build.an_invited_head(session)
    first = build.a_hand_over(session, invited, NOW, may_sign=True)
    challenge, _ = sign_mandates.ask_sign_code(session, first.id, invited.guest, NOW)
    mandates.revoke(session, first.id, invited.guest, NOW)
    second = build.a_hand_over(session, invited, NOW, role="wabup", may_sign=True)
    assert (
        sign_mandates.confirm_sign_code(
            session, CODES, second.id, CODES.code(challenge.id), invited.guest, NOW
        )
        == "expired"
    )
    with pytest.raises(Refusal) as refused:
        sign_mandates.confirm_sign_code(
            session, CODES, first.id, CODES.code(challenge.id), invited.guest, NOW
        )
    assert refused.value.code == "convenings.hand_over_revoked"
    assert session.scalars(sa.select(SignMandate)).all() == []


def test_the_database_itself_keeps_the_chain_short_and_single(session: Session) -> None:
    invited = build.an_invited_head(session)
    over = build.a_hand_over(session, invited, NOW)
    for step, parent in ((1, None), (3, over.id), (2, None)):
        row = {
            "id": new_id(), "seat_id": invited.seat_id, "step": step, "parent_id": parent,
            "person_id": over.person_id, "post": "x", "whatsapp": "", "may_speak": True,
            "may_sign": False, "late": False, "on_behalf": False, "at": NOW, "actor": "test",
        }  # fmt: skip
        nested = session.begin_nested()
        with pytest.raises(sa.exc.IntegrityError):
            session.execute(sa.insert(HandOver).values(**row))
        nested.rollback()


def test_the_whole_chain_stays_visible_with_what_was_revoked(session: Session) -> None:
    invited = build.an_invited_head(session)
    wrong = build.a_hand_over(session, invited, NOW, role="wabup")
    mandates.revoke(session, wrong.id, invited.guest, NOW + HOUR)
    first = build.a_hand_over(session, invited, NOW + 2 * HOUR)
    second = build.a_second_hand_over(session, invited, first, NOW + 3 * HOUR)
    steps = chain.seats(session, at=NOW + 3 * HOUR, convening_id=invited.convening.id)[1].steps
    assert [(s.id, s.revoked_at is None) for s in steps] == [
        (wrong.id, False), (first.id, True), (second.id, True),
    ]  # fmt: skip
