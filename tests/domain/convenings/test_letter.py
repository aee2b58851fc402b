"""The surat undangan: its kop, what it says, its numbers, all of them as one file."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cohorts.convenings import (
    convening,
    invitation,
    letter,
    letter_numbers,
    letter_runs,
    letterheads,
    own_texts,
)
from cohorts.convenings.letter import Terms
from cohorts.convenings.letter_tables import LetterNumber, OwnText
from cohorts.convenings.letterheads import Kop
from cohorts.directory.tables import Organisation, User
from cohorts.ground import files
from cohorts.ground.access import Actor, Held
from cohorts.ground.files import Kept
from cohorts.ground.outbox import Message
from cohorts.ground.refusal import Refusal
from tests.build import convenings as build
from tests.build import directory
from tests.build.convenings import DOOR, NOW, ORGANISER, SIAK, Invited, an_invited_head

KOP = Kop(names="Pemerintah Kabupaten Siak\n\n Dinas Komunikasi  dan Informatika ", phone="0764")
EACH = Terms(numbering="each", pattern="{klas}/{urut}/{unit}/{bulan}/{tahun}", unit="KOMINFO",
             first_number=2291)


@pytest.fixture
def bali(session: Session) -> Invited:
    return an_invited_head(session)


def refusal(act: object, *given: object, **more: object) -> tuple[str, str | None]:
    assert callable(act)
    with pytest.raises(Refusal) as refused:
        act(*given, **more)
    return refused.value.code, refused.value.field


def own_organisation(session: Session) -> str:
    directory.an_office(session, SIAK, "bupati")
    return session.scalars(sa.select(Organisation.id).where(Organisation.region_code == SIAK)).one()


def test_a_letterhead_belongs_to_an_organisation_and_keeps_its_emblem(session: Session) -> None:
    own = own_organisation(session)
    emblem = Kept("ab" * 32, 10, "image/png")
    letterheads.set_letterhead(session, own, KOP, 0, ORGANISER, NOW, emblem=emblem)
    assert refusal(letterheads.set_letterhead, session, own, KOP, 0, ORGANISER, NOW) == (
        "ground.stale", None)
    made = letterheads.set_letterhead(session, own, KOP, 1, ORGANISER, NOW)
    assert made.names == "Pemerintah Kabupaten Siak\nDinas Komunikasi dan Informatika"
    assert made.emblem_sha256 == "ab" * 32
    assert session.get(files.StoredFile, "ab" * 32) is not None
    gone = letterheads.set_letterhead(
        session, own, KOP, 2, ORGANISER, NOW, without_emblem=True)
    assert gone.emblem_sha256 is None
    assert [one.organisation_id for one in letterheads.letterheads(session)] == [own]
    too_many = dataclasses.replace(KOP, names="a\nb\nc\nd\ne")
    for kop, said in ((too_many, "convenings.kop_names"), (Kop(names=" \n"), "ground.needed")):
        assert refusal(letterheads.set_letterhead, session, own, kop, 3, ORGANISER, NOW) == (
            said, "names")
    assert refusal(letterheads.set_letterhead, session, own, KOP, 3, DOOR, NOW)[0] == (
        "ground.not_allowed")


WRONG: list[tuple[Terms, tuple[str, str]]] = [
    (Terms(opening="Yth. {jabatn}"), ("ground.text_name", "opening")),
    (Terms(ending="{tenggat"), ("ground.text_brace", "ending")),
    (Terms(mode="list", confirmation="{tautan}"), ("ground.text_name", "confirmation")),
    (Terms(subject="Undangan {jabatan}"), ("ground.text_name", "subject")),
    (Terms(signer_office="Pj. Bupati Siak", signer_nip="197001011990012001"),
     ("convenings.head_without_rank", "signer_nip")),
    (Terms(signer_office="Wali Kota Dumai", signer_rank="Pembina"),
     ("convenings.head_without_rank", "signer_rank")),
    (Terms(signer_office="Sekretaris Daerah", signer_nip="123"),
     ("directory.nip_form", "signer_nip")),
    (Terms(numbering="each", pattern="005/1/KOMINFO"),
     ("convenings.pattern_needs_order", "pattern")),
    (dataclasses.replace(EACH, mode="list"),
     ("convenings.one_letter_one_number", "numbering")),
    (Terms(numbering="one", unit=""), ("ground.needed", "unit")),
    (Terms(pattern="{nomor}"), ("ground.text_name", "pattern")),
    (dataclasses.replace(EACH, first_number=0), ("convenings.first_number", "first_number")),
    (Terms(first_number=10**30), ("convenings.first_number", "first_number")),
    (Terms(numbering="one", pattern="{unit}/{unit}/{urut}", unit="U" * 40),
     ("ground.too_long", "pattern")),
    (Terms(organisation_id="NOTTHERE00000000"),
     ("convenings.letterhead_unknown", "organisation_id")),
    (Terms(copies="x\n" * 16), ("convenings.copies_lines", "copies")),
    (Terms(signer_office="a\nb\nc\nd"), ("convenings.signer_lines", "signer_office")),
    (Terms(place="x" * 81), ("ground.too_long", "place")),
]  # fmt: skip


def test_what_a_letter_cannot_say_is_refused_beside_its_field(session: Session) -> None:
    made = build.a_draft(session, build.a_cohort(session, SIAK))
    for wanted, said in WRONG:
        assert refusal(letter.set_terms, session, made.id, wanted, 0, ORGANISER, NOW) == said
    assert letter.version(session, made.id) == 0


def test_a_deputy_head_and_a_secretary_for_the_head_sign_with_rank_and_nip(
    session: Session,
) -> None:
    made = build.a_draft(session, build.a_cohort(session, SIAK))
    for n, office in enumerate(("Wakil Bupati Siak", "a.n. Bupati Siak\nSekretaris Daerah")):
        wanted = Terms(signer_office=office, signer_rank="Pembina",
                       signer_nip="19700101 199001 2 001")  # fmt: skip
        letter.set_terms(session, made.id, wanted, n, ORGANISER, NOW)
        assert letter.terms(session, made.id).signer_nip == "197001011990012001"
        assert letter.terms(session, made.id).signer_office == office


def test_who_saves_second_is_told_and_an_auditor_may_not(session: Session) -> None:
    made = build.a_draft(session, build.a_cohort(session, SIAK))
    assert letter.terms(session, made.id) == Terms()
    letter.set_terms(session, made.id, Terms(place="Siak"), 0, ORGANISER, NOW)
    assert refusal(letter.set_terms, session, made.id, Terms(), 0, ORGANISER, NOW)[0] == (
        "ground.stale")
    assert refusal(letter.set_terms, session, made.id, Terms(), 1, directory.AUDITOR, NOW)[0] == (
        "ground.not_allowed")
    assert letter.terms(session, made.id).place == "Siak"


def test_each_letter_gets_a_number_once_and_who_comes_later_the_next(
    session: Session, bali: Invited
) -> None:
    own = bali.convening.id
    letter.set_terms(session, own, EACH, 0, ORGANISER, NOW)
    offered = letter_numbers.propose(session, bali.convening, NOW)
    assert offered == letter_numbers.Proposal(
        2, "005/2291/KOMINFO/XI/2022", "005/2292/KOMINFO/XI/2022")
    assert refusal(letter_numbers.give, session, own, 3, ORGANISER, NOW)[0] == (
        "convenings.numbers_changed_since_preview")
    assert letter_numbers.give(session, own, 2, ORGANISER, NOW) == 2
    assert letter_numbers.give(session, own, 2, ORGANISER, NOW) == 0
    before = letter_numbers.numbers(session, own)
    assert before[bali.invitation.id] == "005/2292/KOMINFO/XI/2022", "Dumai comes before Siak"

    invitation.withdraw(session, bali.invitation.id, ORGANISER, NOW)
    invitation.invite(session, own, ["sekda"], ORGANISER, NOW)
    later = dataclasses.replace(EACH, pattern="{urut}", first_number=1)
    letter.set_terms(session, own, later, 1, ORGANISER, NOW)
    assert letter_numbers.give(session, own, 2, ORGANISER, NOW) == 2
    after = letter_numbers.numbers(session, own)
    assert before.items() <= after.items()
    assert sorted(set(after.values()) - set(before.values())) == ["2293", "2294"]
    assert len(set(after.values())) == len(after)


def test_the_database_gives_no_number_twice(session: Session, bali: Invited) -> None:
    letter.set_terms(session, bali.convening.id, EACH, 0, ORGANISER, NOW)
    letter_numbers.give(session, bali.convening.id, 2, ORGANISER, NOW)
    taken = session.scalars(sa.select(LetterNumber)).first()
    invitation.invite(session, bali.convening.id, ["sekda"], ORGANISER, NOW)
    free = next(s.invitation_id for s in letter.addressees(session, bali.convening.id, NOW)
                if s.role_key == "sekda")  # fmt: skip
    assert taken is not None
    session.add(LetterNumber(
        invitation_id=free, convening_id=bali.convening.id, n=1, number=taken.number,
        given_at=NOW, given_by="x"))  # fmt: skip
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_a_pattern_that_would_repeat_a_number_gives_none(session: Session, bali: Invited) -> None:
    own = bali.convening.id
    first = dataclasses.replace(EACH, pattern="1{urut}", first_number=1)
    letter.set_terms(session, own, first, 0, ORGANISER, NOW)
    letter_numbers.give(session, own, 2, ORGANISER, NOW)  # 11, 12
    invitation.invite(session, own, ["sekda"], ORGANISER, NOW)
    again = dataclasses.replace(EACH, pattern="{urut}", first_number=11)
    letter.set_terms(session, own, again, 1, ORGANISER, NOW)
    assert refusal(letter_numbers.give, session, own, 2, ORGANISER, NOW)[0] == (
        "convenings.number_given")


def test_one_number_for_all_is_the_conventions_own_and_waiting_prints_what_came(
    session: Session, bali: Invited
) -> None:
    own = bali.convening.id
    said = Terms(numbering="one", unit="SETDA", first_number=7, dated=dt.date(2023, 1, 2))
    letter.set_terms(session, own, said, 0, ORGANISER, NOW)
    assert letter_numbers.give(session, own, 1, ORGANISER, NOW) == 1
    assert bali.convening.letter_number == "005/7/SETDA/2023"
    assert letter_numbers.propose(session, bali.convening, NOW) is None
    assert letter_numbers.number_of(bali.convening, said, {}, bali.invitation.id) == (
        "005/7/SETDA/2023")
    assert letter_numbers.number_of(bali.convening, EACH, {}, bali.invitation.id) == ""


def test_own_words_replace_the_houses_and_give_way_to_them_again(
    session: Session, bali: Invited
) -> None:
    own = bali.convening.id
    seen = own_texts.mark(session, own)
    words = {("chat", "id"): "Yth. {jabatan}\r\n{tautan}", ("mail_opening", "en"): ""}
    changed = own_texts.set_texts(session, own, words, seen, ORGANISER, NOW)
    assert changed == (("chat", "id"),)
    said = own_texts.texts(session, own)
    assert said["chat", "id"] == "Yth. {jabatan}\n{tautan}"
    assert said["mail_opening", "en"] == own_texts.DEFAULTS["mail_opening", "en"]
    other = {("chat", "id"): "Kepada {jabatan}: {tautan}"}
    assert refusal(own_texts.set_texts, session, own, other, seen, ORGANISER, NOW) == (
        "ground.stale", None)
    for text, code in (("{jabatn} {tautan}", "ground.text_name"),
                       ("Yth. {jabatan}", "convenings.chat_without_link"),
                       ("x" * 1501, "ground.too_long")):  # fmt: skip
        assert refusal(
            own_texts.set_texts, session, own, {("chat", "en"): text},
            own_texts.mark(session, own), ORGANISER, NOW) == (code, "chat_en")  # fmt: skip
    own_texts.set_texts(
        session, own, {("chat", "id"): ""}, own_texts.mark(session, own), ORGANISER, NOW)
    assert session.scalars(sa.select(OwnText)).all() == []


def test_a_test_goes_to_the_organisers_own_address_and_to_no_other(
    session: Session, bali: Invited
) -> None:
    session.add(User(id=ORGANISER.id, email="rina@lab.example", name="Rina", created_at=NOW))
    session.flush()
    own, guest = bali.convening.id, bali.invitation.id
    for _click in range(2):
        assert own_texts.send_test(session, own, guest, "en", ORGANISER, NOW) == (
            "rina@lab.example")
    sent = session.scalars(sa.select(Message).where(Message.kind == "invitation_test")).one()
    assert (sent.address, sent.lang, sent.thread) == ("rina@lab.example", "en", sent.key)
    nobody = Actor("command", "command", held=(Held("admin"),))
    assert refusal(own_texts.send_test, session, own, guest, "id", nobody, NOW)[0] == (
        "ground.not_allowed")
    other = convening.plan(session, bali.cohort.id, build.PLAN, ORGANISER, NOW)
    assert refusal(own_texts.send_test, session, other.id, guest, "id", ORGANISER, NOW)[0] == (
        "ground.not_found")


def test_all_letters_are_asked_for_once_and_made_by_the_worker(
    session: Session, bali: Invited
) -> None:
    own = bali.convening.id
    run = letter_runs.ask(session, own, "zip", ORGANISER, NOW)
    assert letter_runs.ask(session, own, "zip", ORGANISER, NOW).id == run.id
    assert run.total == 2
    job = session.scalars(sa.select(Message).where(Message.kind == "job.print_letters")).one()
    assert job.subject_id == run.id
    letter_runs.progress(session, run.id, 1, 2)
    letter_runs.finish(session, run.id, Kept("cd" * 32, 9, "application/zip"), 2, NOW)
    assert (run.done, run.size, run.finished_at) == (2, 9, NOW)
    assert session.get(files.StoredFile, "cd" * 32) is None, "the sweep takes it after a day"
    letter.set_terms(session, own, Terms(mode="list"), 0, ORGANISER, NOW)
    again = letter_runs.ask(session, own, "zip", ORGANISER, NOW + build.HOUR)
    assert (again.id != run.id, again.total) == (True, 1)
    assert letter_runs.latest(session, own) == again
    empty = build.a_convening(session, bali.cohort, days=30)
    for act, code in (((empty.id, "pdf", ORGANISER), "convenings.nobody_invited"),
                      ((own, "exe", ORGANISER), "ground.not_found"),
                      ((own, "pdf", DOOR), "ground.not_allowed")):  # fmt: skip
        assert refusal(letter_runs.ask, session, *act, NOW)[0] == code
