"""Signing: by link and code, once, with everything that follows from it."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.actions.tables import Item
from cohorts.directory import contacts
from cohorts.ground.canonical import sha256
from cohorts.ground.codes import TRIES
from cohorts.ground.links import Link
from cohorts.ground.log import LogLeaf
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal
from cohorts.pledges import declining, marks, offers, promises, signing, withdrawing
from cohorts.pledges import text as texts
from cohorts.pledges.signatories import Signatory, behind
from cohorts.pledges.tables import Decline, Signature, SigningDraft
from tests.build import directory
from tests.build import pledges as build
from tests.build.pledges import CODES, NOW, ORGANISER

LATER = NOW + dt.timedelta(minutes=3)
DRAWN = [[[10 + i, 20 + i] for i in range(12)]]


def by_name(who: Signatory) -> marks.Mark:
    assert who.person is not None
    return marks.typed(who.person.name, name=who.person.full_name)


def asked(session: Session, who: Signatory) -> str:
    """Prepare and ask for a code; returns the right one."""
    signing.prepare(session, who, by_name(who), agreed=True, lang="id", now=NOW)
    return CODES.code(signing.ask_code(session, who, transport="files", now=NOW).id)


def sign(session: Session, who: Signatory, code: str, now: dt.datetime = LATER) -> signing.Answer:
    return signing.sign(session, CODES, who, code, transport="files", now=now)


def test_a_good_code_signs_and_the_promises_become_items(session: Session) -> None:
    scene = build.a_scene(session)
    who = build.comes_by_link(session, scene.pledge)
    answer = sign(session, who, asked(session, who))
    assert answer.outcome == "good"
    items = promises.promised(session, scene.pledge.id)
    assert [(i.title, i.due_on, i.origin) for i in items] == [
        ("Menerapkan satu praktik baik", build.DUE, "pledge"),
        ("Menyusun rencana aksi", dt.date(2023, 1, 20), "pledge"),
    ]
    owners = [session.get(type(scene.office), i.owner_office_id) for i in items]
    assert [o.name for o in owners if o] == [
        "Bupati Sumedang", "Sekretaris Daerah Kabupaten Sumedang"]


def test_signing_twice_gives_the_first_signature_and_nothing_more(session: Session) -> None:
    scene = build.a_scene(session)
    who = build.comes_by_link(session, scene.pledge)
    code = asked(session, who)
    first = sign(session, who, code)
    second = sign(session, who, code)
    assert second.outcome == "already"
    assert second.signature is first.signature
    assert session.scalar(sa.select(sa.func.count(Signature.id))) == 1
    assert session.scalar(sa.select(sa.func.count(Item.id))) == 2
    kinds = session.scalars(sa.select(Message.kind).order_by(Message.id)).all()
    assert sorted(kinds) == [
        "code", "job.print_pledge", "pledge_offer", "pledge_offer", "pledge_receipt"]


def test_the_promises_of_a_pledge_are_raised_once_however_often_they_are_kept(
    session: Session,
) -> None:
    scene = build.a_scene(session)
    signature = build.signed(session, scene.pledge)
    promises.keep(session, scene.pledge, actor=ORGANISER, now=LATER)
    assert session.scalar(sa.select(sa.func.count(Item.id))) == 2
    assert signature.pledge is scene.pledge


def test_a_wrong_code_is_counted_and_the_fifth_locks(session: Session) -> None:
    scene = build.a_scene(session)
    who = build.comes_by_link(session, scene.pledge)
    good = asked(session, who)
    wrong = f"{(int(good) + 1) % 1_000_000:06d}"
    answers = [sign(session, who, wrong) for _ in range(TRIES)]
    assert [a.tries_left for a in answers] == [4, 3, 2, 1, 0]
    assert [a.outcome for a in answers] == ["wrong"] * 4 + ["locked"]
    assert sign(session, who, good).outcome == "locked"
    assert signing.signature_of(session, scene.pledge.id) is None
    assert signing.prepared(session, who) is not None  # the drawing is not lost
    assert sign(session, who, asked(session, who)).outcome == "good"


def test_a_day_has_so_many_codes_that_none_is_guessed(session: Session) -> None:
    scene = build.a_scene(session)
    who = build.comes_by_link(session, scene.pledge)
    asked(session, who)
    for _ in range(signing.CODES_A_DAY - 1):
        signing.ask_code(session, who, transport="files", now=NOW)
    with pytest.raises(Refusal, match=r"pledges\.codes_used_up"):
        signing.ask_code(session, who, transport="files", now=NOW + dt.timedelta(hours=23))
    assert signing.CODES_A_DAY * TRIES <= 100, "one in ten thousand a day at most"
    signing.ask_code(session, who, transport="files", now=NOW + dt.timedelta(days=1))


def test_an_old_code_and_an_expired_one_sign_nothing(session: Session) -> None:
    scene = build.a_scene(session)
    who = build.comes_by_link(session, scene.pledge)
    first = asked(session, who)
    second = CODES.code(signing.ask_code(session, who, transport="files", now=NOW).id)
    assert first == second or sign(session, who, first).outcome == "wrong"
    assert sign(session, who, second, NOW + dt.timedelta(minutes=10)).outcome == "expired"


def test_a_code_for_one_commitment_opens_no_other(session: Session) -> None:
    scene = build.a_scene(session)
    mine = build.comes_by_link(session, scene.pledge)
    code = asked(session, mine)
    other = session.scalars(
        sa.select(type(scene.pledge)).where(type(scene.pledge).id != scene.pledge.id)).one()
    theirs = build.comes_by_link(session, other)
    signing.prepare(session, theirs, by_name(theirs), agreed=True, lang="id", now=NOW)
    with pytest.raises(Refusal, match=r"pledges\.not_prepared"):
        sign(session, theirs, code)


def test_the_code_goes_only_to_a_confirmed_address(session: Session) -> None:
    scene = build.a_scene(session)
    directory.an_address(session, scene.office, "ajudan@contoh.example", confirmed=False)
    for point in contacts.contacts_of(session, scene.office.id, NOW.date()):
        if point.confirmed_at is not None:
            contacts.end_contact(
                session, point.id, until_on=NOW.date(), actor=ORGANISER, now=NOW)
    who = build.comes_by_link(session, scene.pledge)
    signing.prepare(session, who, by_name(who), agreed=True, lang="id", now=NOW)
    with pytest.raises(Refusal, match=r"pledges\.no_confirmed_contact"):
        signing.ask_code(session, who, transport="files", now=NOW)


def test_other_confirmed_addresses_are_told_at_once(session: Session) -> None:
    scene = build.a_scene(session)
    directory.an_address(session, scene.office, "tu@contoh.example")
    directory.an_address(session, scene.office, "belum@contoh.example", confirmed=False)
    build.signed(session, scene.pledge)
    told = session.execute(
        sa.select(Message.kind, Message.address).where(
            Message.kind.in_(("pledge_receipt", "pledge_notice")))).all()
    assert sorted(kind for kind, _ in told) == ["pledge_notice", "pledge_receipt"]
    assert {address for _, address in told} == {
        "bupati.32.11@contoh.example", "tu@contoh.example"}


def test_outside_sample_cohorts_nothing_is_signed_while_mail_only_becomes_files(
    session: Session,
) -> None:
    scene = build.a_scene(session, sample=False)
    who = build.comes_by_link(session, scene.pledge)
    signing.prepare(session, who, by_name(who), agreed=True, lang="id", now=NOW)
    with pytest.raises(Refusal, match=r"pledges\.mail_not_sent"):
        signing.ask_code(session, who, transport="files", now=NOW)
    assert signing.ask_code(session, who, transport="smtp", now=NOW).bound == scene.pledge.sha256
    with pytest.raises(Refusal, match=r"pledges\.mail_not_sent"):
        sign(session, who, "000000")


def test_consent_is_never_assumed(session: Session) -> None:
    scene = build.a_scene(session)
    who = build.comes_by_link(session, scene.pledge)
    with pytest.raises(Refusal, match=r"pledges\.consent_missing"):
        signing.prepare(session, who, by_name(who), agreed=False, lang="id", now=NOW)
    assert session.scalar(sa.select(sa.func.count()).select_from(SigningDraft)) == 0


def test_a_vacant_office_can_read_but_nobody_signs_for_it(session: Session) -> None:
    scene = build.a_scene(session)
    made = offers.offer(
        session, scene.text.id, region_codes=["32.04"], actor=ORGANISER, now=NOW)
    who = build.comes_by_link(session, made.pledges[0])
    assert who.person is None
    with pytest.raises(Refusal, match=r"pledges\.no_holder"):
        signing.prepare(
            session, who, marks.Mark("typed", "Siapa", None), agreed=True, lang="id", now=NOW)


def test_a_voided_offer_is_not_signed_even_with_a_code_in_hand(session: Session) -> None:
    scene = build.a_scene(session)
    who = build.comes_by_link(session, scene.pledge)
    code = asked(session, who)
    offers.void(session, scene.pledge.id, actor=ORGANISER, now=LATER)
    with pytest.raises(Refusal, match=r"pledges\.void"):
        sign(session, who, code)


def test_a_signed_offer_is_not_voided(session: Session) -> None:
    scene = build.a_scene(session)
    build.signed(session, scene.pledge)
    with pytest.raises(Refusal, match=r"pledges\.already_signed"):
        offers.void(session, scene.pledge.id, actor=ORGANISER, now=LATER)


@pytest.mark.parametrize("link", [None, Link("NOTHINGLIKETHIS0", 1)])
def test_unknown_links_are_one_answer(session: Session, link: Link | None) -> None:
    with pytest.raises(Refusal, match=r"ground\.link_invalid"):
        behind(session, link, now=NOW)


def test_a_link_of_an_earlier_generation_is_the_same_answer(session: Session) -> None:
    scene = build.a_scene(session)
    scene.pledge.generation = 2
    with pytest.raises(Refusal, match=r"ground\.link_invalid"):
        behind(session, Link(scene.pledge.id, 1), now=NOW)


def test_the_evidence_names_who_what_how_and_with_which_consent(session: Session) -> None:
    scene = build.a_scene(session)
    signature = build.signed(session, scene.pledge)
    proof = json.loads(signature.evidence)
    assert sha256(signature.evidence) == signature.evidence_sha256
    assert proof["pledge"]["sha256"] == scene.pledge.sha256
    assert proof["signer"]["name"] == "Rahmat Contoh"
    assert proof["signer"]["office"] == "Bupati Sumedang"
    assert proof["identity"]["assurance"] == "L1"
    assert proof["identity"]["code"]["bound_to"] == scene.pledge.sha256
    assert proof["consent"]["language"] == "id"
    assert len(proof["consent"]["sha256"]) == 64


def test_the_evidence_holds_no_address_and_no_number(session: Session) -> None:
    scene = build.a_scene(session)
    signature = build.signed(session, scene.pledge)
    assert b"@contoh" not in signature.evidence
    assert b"+62" not in signature.evidence


def test_the_log_gets_a_leaf_with_the_hashes_and_no_name(session: Session) -> None:
    scene = build.a_scene(session)
    signature = build.signed(session, scene.pledge)
    leaf = session.get_one(LogLeaf, signature.leaf_id)
    event = json.loads(leaf.data)["event"]
    assert event["pledge_sha256"] == scene.pledge.sha256
    assert event["evidence_sha256"] == signature.evidence_sha256
    assert b"Rahmat" not in leaf.data


def test_the_public_code_ends_in_the_hash_of_what_was_signed(session: Session) -> None:
    scene = build.a_scene(session)
    signature = build.signed(session, scene.pledge)
    assert signature.public_code[-4:].lower() == scene.pledge.sha256[:4]
    assert len(signature.public_code) == 18


def test_a_drawn_signature_keeps_whole_numbers_only(session: Session) -> None:
    scene = build.a_scene(session)
    who = build.comes_by_link(session, scene.pledge)
    draft = signing.prepare(session, who, marks.drawn(DRAWN), agreed=True, lang="en", now=NOW)
    assert draft.strokes == DRAWN
    assert draft.typed == ""


@pytest.mark.parametrize("strokes", [
    "M0 0", [[["1", 2]]], [[[1.5, 2]] * 9], [[[True, 2]] * 9], [[[329, 2]] * 9], [[[1, 177]] * 9],
    [[[-1, 2]] * 9], [[[1, 2, 3]] * 9], [[[1, 2]] * 6001], [[[1, 2]]] * 301, [{"x": 1}],
])
def test_a_drawing_off_the_pad_or_of_anything_else_is_refused(strokes: object) -> None:
    with pytest.raises(Refusal, match=r"pledges\.strokes_invalid"):
        marks.drawn(strokes)


@pytest.mark.parametrize("strokes", [None, [], [[]], [[[1, 2]] * 7]])
def test_hardly_anything_drawn_is_nothing_drawn(strokes: object) -> None:
    with pytest.raises(Refusal, match=r"pledges\.strokes_missing"):
        marks.drawn(strokes)


@pytest.mark.parametrize("value", ["Dr. H. Rahmat Contoh, M.Si.", "RAHMAT", "rahmat contoh"])
def test_a_typed_name_need_not_carry_the_titles(value: str) -> None:
    assert marks.typed(value, name="Dr. H. Rahmat Contoh, M.Si.").typed == value


def test_a_foreign_or_empty_name_is_refused() -> None:
    with pytest.raises(Refusal, match=r"pledges\.name_differs"):
        marks.typed("Orang Lain", name="Rahmat Hidayat")
    with pytest.raises(Refusal, match=r"pledges\.name_missing"):
        marks.typed("  ", name="Rahmat Hidayat")
    with pytest.raises(Refusal, match=r"ground\.too_long"):
        marks.typed("Rahmat " * 100, name="Rahmat Hidayat")


def test_declining_has_a_reason_may_change_and_counts_once(session: Session) -> None:
    scene = build.a_scene(session)
    who = build.comes_by_link(session, scene.pledge)
    declining.decline(session, who, "targets", "", now=NOW)
    declining.decline(session, who, "targets", "", now=LATER)
    assert session.scalar(sa.select(sa.func.count(Decline.id))) == 1
    with pytest.raises(Refusal, match=r"pledges\.reason_missing"):
        declining.decline(session, who, "whatever", "", now=NOW)
    assert sign(session, who, asked(session, who)).outcome == "good"  # it may still sign
    with pytest.raises(Refusal, match=r"pledges\.already_signed"):
        declining.decline(session, who, "text", "", now=LATER)


def test_a_withdrawn_signature_stays_and_its_items_are_flagged(session: Session) -> None:
    scene = build.a_scene(session)
    signature = build.signed(session, scene.pledge)
    first = withdrawing.withdraw(session, signature.id, "Surat Bupati", actor=ORGANISER, now=LATER)
    again = withdrawing.withdraw(session, signature.id, "Lagi", actor=ORGANISER, now=LATER)
    assert again is first
    assert len(promises.promised(session, scene.pledge.id)) == 2
    assert promises.withdrawn(session, [scene.pledge.id]) == {scene.pledge.id}


def test_withdrawing_needs_a_reason_and_an_organiser(session: Session) -> None:
    scene = build.a_scene(session)
    signature = build.signed(session, scene.pledge)
    who = build.comes_by_link(session, scene.pledge)
    with pytest.raises(Refusal, match=r"pledges\.reason_missing"):
        withdrawing.withdraw(session, signature.id, " ", actor=ORGANISER, now=LATER)
    with pytest.raises(Refusal, match=r"ground\.not_allowed"):
        withdrawing.withdraw(session, signature.id, "x", actor=who.actor, now=LATER)


def test_an_office_outside_the_cohort_may_sign_and_promises_too(session: Session) -> None:
    scene = build.a_scene(session)
    directory.a_holder(session, "32.04", "bupati")
    made = offers.offer(
        session, scene.text.id, region_codes=["32.04"], actor=ORGANISER, now=NOW)
    build.signed(session, made.pledges[0])
    assert len(promises.promised(session, made.pledges[0].id)) == 2


def test_the_criterion_of_a_promise_carries_its_figures() -> None:
    assert promises.criterion("Indeks naik", "", "2.24", "3.50") == "Indeks naik (2.24 → 3.50)"
    assert promises.criterion("Dipakai", "praktik", "", "1") == "Dipakai (1 praktik)"
    assert promises.criterion("Ditetapkan", "", "", "") == "Ditetapkan"
    assert texts.MOST_TARGETS == 12
