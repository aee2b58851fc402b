"""A successor is asked about a signed commitment; whatever they say, the signature stays."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.directory import appointments, contacts, merging
from cohorts.figures import facts
from cohorts.ground import log
from cohorts.ground.access import Actor, Held
from cohorts.ground.canonical import sha256
from cohorts.ground.links import Link
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal
from cohorts.pledges import affirming, offers, verification, withdrawing
from cohorts.pledges import text as texts
from cohorts.pledges.affirming import Affirmation
from cohorts.pledges.tables import AFFIRMATIONS, AffirmationRequest, Pledge, Signature
from cohorts.pledges.versions import standing
from tests.build import directory
from tests.build import pledges as build
from tests.build.pledges import NOW, ORGANISER

MONTH = NOW + dt.timedelta(days=30)
LATER = NOW + dt.timedelta(days=40)
FIRST_DAY = MONTH.date()
BY = {"actor": ORGANISER, "now": LATER}
ALREADY = "pledges.affirmed_already"


def succeed(session: Session, signature: Signature, name: str = "Baru Contoh", **more: object):
    person = directory.a_person(session, name)
    return appointments.appoint(
        session,
        office_id=signature.pledge.office_id,
        person_id=person.id,
        **{"from_on": FIRST_DAY, "succeed": True, "actor": ORGANISER, "now": MONTH, **more},
    )


@pytest.fixture
def signed(session: Session) -> Signature:
    """Bupati Sumedang has signed, and another holds the office a month later."""
    signature = build.signed(session, build.a_scene(session).pledge)
    succeed(session, signature)
    return signature


def opened(session: Session, request: AffirmationRequest) -> Affirmation:
    return affirming.behind(session, Link(request.id, request.generation))


def says(session: Session, request: AffirmationRequest, given: str, note: str = ""):
    actor = affirming.by_link(opened(session, request))
    return affirming.answer(session, request.id, given, note, actor=actor, now=LATER)


def matters(session: Session, office_id: str, now: dt.datetime) -> list[affirming.Matter]:
    return affirming.matters(session, standing(session, office_id), now)


def refused(act) -> str:
    with pytest.raises(Refusal) as found:
        act()
    return found.value.code


def test_an_answer_is_shown_and_changes_nothing_that_was_signed(
    session: Session, signed: Signature
) -> None:
    pledge = signed.pledge
    before = (pledge.data, signed.evidence, verification.find(session, signed.public_code).items)
    committed = facts.commitments(session, pledge.text.cohort_id, LATER)
    for n, given in enumerate(AFFIRMATIONS):  # one successor after another
        if n:
            day = FIRST_DAY + dt.timedelta(days=n)
            succeed(session, signed, f"Baru {n} Contoh", from_on=day, standing="pj")
        now = LATER + dt.timedelta(hours=n)
        request = affirming.ask(session, signed.id, actor=ORGANISER, now=now)
        shown = verification.find(session, signed.public_code).affirmations
        assert [q.state for q in shown] == [*AFFIRMATIONS[:n], "waiting"]
        made = says(session, request, given, "Target 2 terlalu rendah.")
        assert says(session, request, given) is made  # sent twice
        for other in set(AFFIRMATIONS) - {given}:
            assert refused(lambda r=request, o=other: says(session, r, o)) == ALREADY
        assert refused(lambda: affirming.ask(session, signed.id, **BY)) == ALREADY
        assert refused(lambda r=request: affirming.revoke(session, r.id, **BY)) == ALREADY
    found = verification.find(session, signed.public_code)
    assert [(q.state, q.who, q.post("id"), q.note) for q in found.affirmations] == [
        ("reaffirmed", "Baru Contoh", "Bupati Sumedang", "Target 2 terlalu rendah."),
        ("amend", "Baru 1 Contoh", "Pj. Bupati Sumedang", "Target 2 terlalu rendah."),
        ("declined", "Baru 2 Contoh", "Pj. Bupati Sumedang", "Target 2 terlalu rendah."),
    ]
    assert found.status == "valid"
    assert found.checks.good
    assert (pledge.data, signed.evidence, found.items) == before
    assert sha256(pledge.data) == pledge.sha256
    assert facts.commitments(session, pledge.text.cohort_id, LATER) == committed
    kinds = session.scalars(sa.select(log.LogLeaf.kind)).all()
    assert kinds.count("pledge.affirmation") == len(AFFIRMATIONS)


def test_one_mail_to_a_confirmed_address_and_none_elsewhere(
    session: Session, signed: Signature
) -> None:
    office = signed.pledge.office
    (point,) = contacts.confirmed_addresses(session, office.id, FIRST_DAY)
    contacts.end_contact(session, point.id, until_on=FIRST_DAY, **BY)
    directory.an_address(session, office, "belum@contoh.example", confirmed=False)
    request = affirming.ask(session, signed.id, **BY)

    def mailed() -> list[str]:
        return list(
            session.scalars(sa.select(Message.address).where(Message.kind == "pledge_affirm"))
        )

    assert mailed() == []
    directory.an_address(session, office, "pasti@contoh.example")
    for _ in range(2):
        assert affirming.ask(session, signed.id, **BY) is request
    assert mailed() == ["pasti@contoh.example"]


def test_a_question_taken_back_has_a_dead_link_and_may_be_put_again(
    session: Session, signed: Signature
) -> None:
    request = affirming.ask(session, signed.id, **BY)
    old = Link(request.id, request.generation)
    affirming.revoke(session, request.id, **BY)
    affirming.revoke(session, request.id, **BY)
    assert refused(lambda: affirming.behind(session, old)) == "ground.link_invalid"
    assert refused(lambda: affirming.behind(session, None)) == "ground.link_invalid"
    assert refused(lambda: says(session, request, "reaffirmed")) == "pledges.not_asked"
    (matter,) = matters(session, signed.pledge.office_id, LATER)
    assert matter.state == "not_asked"
    states = dict(
        session.execute(
            sa.select(Message.address, Message.state).where(Message.kind == "pledge_affirm")
        ).all()
    )
    assert set(states.values()) == {"superseded"}
    affirming.ask(session, signed.id, **BY)
    assert refused(lambda: affirming.behind(session, old)) == "ground.link_invalid"
    assert says(session, request, "reaffirmed").answer == "reaffirmed"


def test_asking_for_another_text_says_what_and_an_organiser_says_from_which_letter(
    session: Session, signed: Signature
) -> None:
    request = affirming.ask(session, signed.id, **BY)
    assert refused(lambda: says(session, request, "amend", "  ")) == "ground.needed"
    assert refused(lambda: says(session, request, "maybe")) == "pledges.affirmation_missing"
    assert refused(lambda: says(session, request, "declined", "x" * 2001)) == "ground.too_long"

    def by_letter(note: str, actor: Actor = ORGANISER):
        return affirming.answer(session, request.id, "declined", note, actor=actor, now=LATER)

    assert refused(lambda: by_letter("")) == "ground.needed"
    elsewhere = Actor("user", "X", held=(Held("organizer", "cohort", "OTHER"),))
    stranger = Actor("link", "OTHER", link="signer")
    for actor in (elsewhere, stranger):
        assert refused(lambda a=actor: by_letter("Surat 12", a)) == "ground.not_allowed"
    assert (
        refused(lambda: affirming.ask(session, signed.id, actor=elsewhere, now=LATER))
        == "ground.not_allowed"
    )
    assert by_letter("Surat 12/2022").on_behalf


def test_who_is_asked_is_the_holder_of_today_and_nobody_else(
    session: Session, signed: Signature
) -> None:
    office_id = signed.pledge.office_id
    early = {"actor": ORGANISER, "now": NOW + dt.timedelta(days=1)}
    assert refused(lambda: affirming.ask(session, signed.id, **early)) == "pledges.no_successor"
    (matter,) = matters(session, office_id, early["now"])
    assert matter.state == "settled"
    request = affirming.ask(session, signed.id, **BY)
    held = request.appointment
    appointments.end_appointment(session, held.id, until_on=LATER.date(), **BY)
    assert refused(lambda: says(session, request, "reaffirmed")) == "pledges.not_holder"
    assert refused(lambda: affirming.ask(session, signed.id, **BY)) == "pledges.no_successor"
    third = succeed(session, signed, "Ketiga Contoh", from_on=LATER.date(), standing="plt")
    assert refused(lambda: says(session, request, "reaffirmed")) == "pledges.not_holder"
    again = affirming.ask(session, signed.id, actor=ORGANISER, now=LATER + dt.timedelta(hours=1))
    assert again.id != request.id
    assert again.appointment_id == third.id
    says(session, again, "reaffirmed")
    # The same person goes on as definitive, and under another record: asked and answered.
    other = directory.a_person(session, "Ketiga Contoh")
    tomorrow = LATER + dt.timedelta(days=1)
    appointments.appoint(
        session,
        office_id=office_id,
        person_id=other.id,
        from_on=tomorrow.date(),
        succeed=True,
        **BY,
    )
    merging.merge(session, kept_id=third.person_id, merged_id=other.id, **BY)
    session.expire_all()
    (matter,) = matters(session, office_id, tomorrow)
    assert matter.state == "reaffirmed"
    told = verification.find(session, signed.public_code).affirmations
    assert [(q.who, q.state) for q in told] == [
        ("Baru Contoh", "waiting"),
        ("Ketiga Contoh", "reaffirmed"),
    ]


def test_all_who_were_not_asked_are_asked_at_once_and_nobody_twice(
    session: Session, signed: Signature
) -> None:
    cohort_id = signed.pledge.text.cohort_id
    other = session.scalars(sa.select(Pledge).where(Pledge.id != signed.pledge_id)).one()
    second = build.signed(session, other)
    assert [m.signature for m in affirming.to_ask(session, cohort_id, LATER)] == [signed]
    succeed(session, second, "Lain Contoh")
    elsewhere = Actor("user", "X", held=(Held("organizer", "cohort", "OTHER"),))
    assert (
        refused(lambda: affirming.ask_all(session, cohort_id, actor=elsewhere, now=LATER))
        == "ground.not_allowed"
    )
    made = affirming.ask_all(session, cohort_id, **BY)
    assert {request.signature_id for request in made} == {signed.id, second.id}
    assert affirming.ask_all(session, cohort_id, **BY) == []


def test_what_no_longer_stands_is_not_affirmed(session: Session, signed: Signature) -> None:
    request = affirming.ask(session, signed.id, **BY)
    text = texts.revise(session, signed.pledge.text_id, actor=ORGANISER, now=MONTH)
    offers.publish(session, text.id, actor=ORGANISER, now=MONTH)
    office_id = signed.pledge.office_id
    made = offers.offer(
        session, text.id, office_ids=[office_id], actor=ORGANISER, now=MONTH
    ).pledges
    assert matters(session, office_id, LATER)[0].signature is signed
    newer = build.signed(session, made[0], LATER)
    assert refused(lambda: says(session, request, "reaffirmed")) == "pledges.superseded"
    assert refused(lambda: affirming.ask(session, signed.id, **BY)) == "pledges.superseded"
    assert [m.signature for m in matters(session, office_id, LATER)] == [newer]
    withdrawing.withdraw(session, newer.id, "Surat", actor=ORGANISER, now=LATER)
    assert says(session, request, "reaffirmed").answer == "reaffirmed"
    withdrawing.withdraw(session, signed.id, "Surat", actor=ORGANISER, now=LATER)
    assert refused(lambda: affirming.ask(session, signed.id, **BY)) == "pledges.withdrawn"
    assert matters(session, office_id, LATER) == []
