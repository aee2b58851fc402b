"""Rules over the members, single offices, guests from outside, and the seats of an invitation."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import (
    chain,
    chairs,
    external,
    guest_lines,
    invitation,
    mandates,
    pass_ids,
    seats,
)
from cohorts.convenings.chain import SeatState
from cohorts.convenings.chairs import Chairs
from cohorts.convenings.external import Outside
from cohorts.convenings.mandates import Deputy
from cohorts.convenings.names import Name
from cohorts.convenings.pass_ids import expectations
from cohorts.convenings.tables import Invitation, Pass
from cohorts.directory.tables import Person
from cohorts.door.standing import standings_in
from cohorts.ground.base import new_id
from cohorts.ground.refusal import Refusal
from cohorts.programme.tables import Membership
from tests.build import convenings as build
from tests.build import directory
from tests.build.convenings import DOOR, DUMAI, HOUR, NOW, ORGANISER, SIAK

SENT = Chairs(itself=False, posts=(("kabid", 1), ("operator", 1)), companions=1)
MINISTER = Outside(
    "ministry", "Kementerian Contoh", "menteri", name="Anisa Contoh", email="menteri@contoh.go.id"
)


def of_siak(session: Session, convening_id: str) -> list[SeatState]:
    found = chain.seats(session, at=NOW + HOUR, convening_id=convening_id)
    return [state for state in found if state.region_code == SIAK]


@pytest.fixture
def sent(session: Session) -> list[SeatState]:
    """Kadiskominfo Siak is asked to send one Kabid and one operator, with one companion."""
    directory.the_directory(session)
    directory.a_holder(session, SIAK, "kadiskominfo", name="Budi Contoh", email=None)
    cohort = build.a_cohort(session, SIAK, DUMAI)
    made = build.a_convening(session, cohort, policy="in_person_only")
    invitation.invite(
        session, made.id, ["kadiskominfo"], ORGANISER, NOW, seats={"kadiskominfo": SENT}
    )
    return of_siak(session, made.id)


def test_an_office_sends_one_kabid_and_one_operator(
    session: Session, sent: list[SeatState]
) -> None:
    assert [(s.kind, s.post_key, s.seat) for s in sent] == [
        ("office", "kabid", "Kepala Bidang Kabupaten Siak"),
        ("office", "operator", "Operator Kabupaten Siak"),
        ("companion", None, "Pendamping Kepala Dinas Komunikasi dan Informatika Kabupaten Siak"),
    ]
    guest = build.office_guest(sent[0].invitation_id)
    with pytest.raises(Refusal) as refused:
        seats.attend(session, sent[0].seat_id, guest, NOW + HOUR, name=Name("Kepala Dinas"))
    assert refused.value.code == "convenings.seat_for_post"
    # Sending is no deputising: it is allowed although nobody may stand in, but that post only.
    wrong = Deputy(role_key="kabid", name=Name("Rina Contoh"))
    with pytest.raises(Refusal) as refused:
        mandates.hand_over(session, sent[1].seat_id, wrong, guest, NOW + HOUR)
    assert refused.value.code == "convenings.not_one_level_down"
    for state, name in ((sent[0], "Rina Contoh"), (sent[1], "Deni Contoh")):
        deputy = Deputy(role_key=state.post_key, name=Name(name))
        mandates.hand_over(session, state.seat_id, deputy, guest, NOW + HOUR)
    there = of_siak(session, sent[0].convening_id)
    assert [s.comes.person.name if s.comes else None for s in there] == [
        "Rina Contoh", "Deni Contoh", None]  # fmt: skip
    # Each seat has its own chain: the Kabid's ends, the operator's stays.
    seats.decline(session, sent[2].seat_id, "other", guest, NOW + HOUR)
    mandates.revoke(session, there[0].live[0].id, guest, NOW + HOUR)
    there = of_siak(session, sent[0].convening_id)
    assert [s.says for s in there] == ["unanswered", "delegated", "declined"]
    with pytest.raises(Refusal):
        mandates.hand_over(session, there[1].seat_id, deputy, ORGANISER, NOW + HOUR)


def test_a_companion_comes_by_name_and_never_counts(
    session: Session, sent: list[SeatState]
) -> None:
    companion, guest = sent[2], build.office_guest(sent[0].invitation_id)
    with pytest.raises(Refusal) as refused:
        mandates.hand_over(
            session, companion.seat_id, Deputy(post="Ajudan", name=Name("Deni")), guest, NOW
        )
    assert refused.value.code == "convenings.companion_by_name"
    with pytest.raises(Refusal) as refused:
        seats.attend(session, companion.seat_id, guest, NOW)
    assert refused.value.code == "convenings.nobody_comes"
    kabid = Deputy(role_key="kabid", name=Name("Rina Contoh"))
    mandates.hand_over(session, sent[0].seat_id, kabid, guest, NOW)
    told = build.mail(session, sent[0].invitation_id)
    with pytest.raises(Refusal) as refused:
        seats.attend(session, companion.seat_id, guest, NOW)
    assert refused.value.code == "convenings.name_missing"
    seats.attend(session, companion.seat_id, guest, NOW, name=Name("Deni Contoh"))
    assert build.mail(session, sent[0].invitation_id) == told  # no receipt, no calendar
    there = of_siak(session, sent[0].convening_id)
    comer = there[2].comes
    assert comer is not None
    assert (comer.post, comer.may_speak, comer.may_sign) == (there[2].seat, False, False)
    assert [s.companion for s in standings_in(there, comer.person.person_id)] == [True]
    assert chain.tally(there)["attending"] == 0
    expected = expectations(session, sent[0].convening_id, NOW)
    # The head of the office, unanswered, may not sit on a seat that is for somebody else.
    assert {e.person.name for e in expected if SIAK in e.region_codes} == {
        "Deni Contoh", "Rina Contoh"}


def test_what_was_asked_for_is_kept_and_a_supplement_says_who_is_new(session: Session) -> None:
    directory.the_directory(session)
    cohort = build.a_cohort(session, SIAK)
    made = build.a_convening(session, cohort)
    rule = {"kadiskominfo": Chairs(companions=2)}
    first = guest_lines.preview(session, made.id, ["kadiskominfo"], NOW, seats=rule)
    assert (first.new, first.seats, first.supplementary) == (1, 3, ())
    invitation.invite(session, made.id, ["kadiskominfo"], ORGANISER, NOW, seats=rule)
    assert chairs.of_rules(session, made.id) == rule
    later = NOW + dt.timedelta(days=3)
    session.add(Membership(
        id=new_id(), cohort_id=cohort.id, region_code=DUMAI, entry_path="later",
        joined_on=later.date(), recorded_at=later, recorded_by="test"))  # fmt: skip
    session.flush()
    kept = invitation.rules(session, made.id)
    seen = guest_lines.preview(
        session, made.id, [*kept, "sekda"], later, seats=chairs.of_rules(session, made.id)
    )
    told = {(line.region_code, line.role_key): line.why for line in seen.supplementary}
    assert told == {
        (DUMAI, "kadiskominfo"): "joined", (DUMAI, "sekda"): "rule", (SIAK, "sekda"): "rule",
    }  # fmt: skip
    done = invitation.invite(session, made.id, kept, ORGANISER, later, seen=1, seats=rule)
    assert (done.new, done.already) == (1, 1)
    row = session.scalars(sa.select(Invitation)).first()
    assert row is not None
    invitation.withdraw(session, row.id, ORGANISER, later)
    seen = guest_lines.preview(session, made.id, kept, later)
    assert [line.why for line in seen.supplementary] == ["withdrawn"]


def test_more_seats_are_added_to_whoever_is_invited_and_never_taken_away(
    session: Session,
) -> None:
    invited = build.an_invited_head(session)
    convening_id, heads = invited.convening.id, ["kepala_daerah"]
    more = {"kepala_daerah": Chairs(companions=2)}
    seen = guest_lines.preview(session, convening_id, heads, NOW, seats=more)
    assert (seen.new, seen.widened) == (0, 2)
    for _twice in range(2):
        invitation.invite(session, convening_id, heads, ORGANISER, NOW, seen=0, seats=more)
    invitation.invite(session, convening_id, heads, ORGANISER, NOW)
    assert chairs.of_invitations(session, [invited.invitation.id]) == {
        invited.invitation.id: Chairs(companions=2)}  # fmt: skip
    assert chairs.of_rules(session, convening_id) == more  # not asked about: it stays
    one = (session, convening_id, invited.invitation.id)
    assert chairs.more(*one, None, 1, ORGANISER, NOW) == 1
    assert chairs.more(*one, "operator", 2, ORGANISER, NOW) == 2
    assert chairs.of_invitations(session, [invited.invitation.id]) == {
        invited.invitation.id: Chairs(True, (("operator", 2),), 3)}  # fmt: skip
    # Another seat of the office says nothing about who had the office's own.
    own = invited.state(session, NOW).seat_id
    seats.attend(session, own, invited.guest, NOW)
    seats.decline(session, own, "ill", invited.guest, NOW)
    sent = next(s for s in of_siak(session, convening_id) if s.post_key == "operator")
    operator = Deputy(role_key="operator", name=Name("Deni Contoh"))
    mandates.hand_over(session, sent.seat_id, operator, invited.guest, NOW)
    head = session.scalars(sa.select(Pass).join(Person).where(Person.name == "Rahmat Contoh")).one()
    standing = pass_ids.valid_pass(session, head.id, NOW + HOUR)
    assert standing is not None
    assert standing.reason == "revoked"
    for post, number in ((None, 7), ("operator", 8), ("nobody", 1)):
        with pytest.raises(Refusal):
            chairs.more(*one, post, number, ORGANISER, NOW)
    with pytest.raises(Refusal):
        chairs.more(*one, None, 1, DOOR, NOW)
    nobody = {"kepala_daerah": Chairs(itself=False)}
    with pytest.raises(Refusal) as refused:
        invitation.invite(session, convening_id, heads, ORGANISER, NOW, seats=nobody)
    assert refused.value.code == "convenings.seats_none"


def test_a_minister_is_entered_and_invited_in_the_same_place(session: Session) -> None:
    invited = build.an_invited_head(session)
    convening_id = invited.convening.id
    office = external.enter(session, convening_id, MINISTER, ORGANISER, NOW)
    assert external.enter(session, convening_id, MINISTER, ORGANISER, NOW).id == office.id
    assert [o.id for o in external.known(session)] == [office.id]
    seen = guest_lines.preview(session, convening_id, [], NOW, offices=[office.id])
    assert [(x.region_code, x.region, x.why, x.address) for x in seen.lines] == [
        ("", "Kementerian Contoh", "single", True)]  # fmt: skip
    done = invitation.invite(session, convening_id, [], ORGANISER, NOW, offices=[office.id])
    assert (done.new, done.mailed) == (1, 1)
    assert guest_lines.single_offices(session, convening_id) == [office.id]
    state = next(
        s for s in chain.seats(session, at=NOW, convening_id=convening_id) if not s.region_code
    )
    assert (state.region, state.holder.person.name if state.holder else "") == (
        None, "Anisa Contoh")  # fmt: skip
    with pytest.raises(Refusal) as refused:
        invitation.invite(session, convening_id, [], ORGANISER, NOW, offices=["NOSUCHOFFICE0001"])
    assert refused.value.code == "convenings.office_unknown"
    with pytest.raises(Refusal):
        external.enter(session, convening_id, MINISTER, DOOR, NOW)
