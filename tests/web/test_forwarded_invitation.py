"""A forwarded invitation obtains no right to sign: each way as somebody would try it, by the pages.

The attacker has what a forwarded message gives: the link of the office invited, and all that can be
reached from it. They also read the mailbox of another office of the region, the sekda's, which the
directory knows as confirmed. They do not read the mailbox of the office invited.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from jinja2 import FileSystemBytecodeCache

from app import create_app
from app.extensions import db, keys
from app.filters import utc_now
from cohorts.convenings.sign_mandates import CODES_A_DAY
from cohorts.directory.tables import ContactPoint, Office, Person
from cohorts.ground import codes
from cohorts.ground.codes import Challenge, Codes
from cohorts.ground.links import Links
from cohorts.ground.outbox import Message
from cohorts.pledges.tables import Decline, Signature, SigningDraft
from tests.build import directory
from tests.databases import Databases, settings_for
from tests.web.forwarded import PDF, Forwarded, World, allow, attach

EVIL = "jahat@contoh.example"


@pytest.fixture(scope="module")
def world(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, key_dir: Path,
    compiled: FileSystemBytecodeCache,
) -> Iterator[World]:
    """One database for all: each way has a region of its own."""
    home = tmp_path_factory.mktemp("forwarded")
    app = create_app(
        settings_for(home, databases.copy("sqlite"), key_dir=key_dir), testing=True)
    app.jinja_env.bytecode_cache = compiled
    yield World(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def attacker(world: World) -> Forwarded:
    return Forwarded(world)


def test_the_honest_way_by_the_office_s_own_mailbox(attacker: Forwarded) -> None:
    attacker.name_oneself(name="Jujur Contoh")
    attacker.ask()
    assert attacker.codes_went_to() == {attacker.office_mail}
    assert attacker.who_may_sign() == []
    assert attacker.enter(attacker.code()) == 302
    assert attacker.who_may_sign() == ["Jujur Contoh"]
    text = attacker.pages.get(attacker.pages.get(attacker.deputy_url()).link("Komitmen Bersama"))
    consent = attacker.pages.get(text.url + "/sign")
    assert "Jujur Contoh" in consent.text, "a deputy signs under their own name"
    assert f"Kepala {attacker.region}" not in consent.text


def test_the_honest_way_by_a_surat_tugas_that_an_organiser_accepts(attacker: Forwarded) -> None:
    attacker.name_oneself(name="Jujur Contoh")
    attach(attacker)
    staff = attacker.pages.signed_in("organizer")
    guest = staff.get(f"/o/convenings/{attacker.convening_id}/guests/{attacker.invitation_id}")
    staff.submit(guest, "/accept")
    assert attacker.who_may_sign() == ["Jujur Contoh"]


def test_an_address_written_into_the_form_gets_no_code(attacker: Forwarded) -> None:
    before = attacker.count(ContactPoint)
    attacker.name_oneself(email=EVIL, contact=EVIL, whatsapp="0812 0000 1111")
    attacker.ask(email=EVIL, address=EVIL, contact_point_id="SEKDA", office_id="SEKDA")
    attacker.pages.submit(attacker.pages.get("/lost-link"), email=EVIL)
    attacker.ask(attacker.deputy_url(), email=f"sekda.{attacker.region}@contoh.example")
    assert attacker.codes_went_to() == {attacker.office_mail}
    assert attacker.count(ContactPoint) == before
    assert attacker.who_may_sign() == []


def test_an_address_that_nobody_confirmed_gets_no_code(attacker: Forwarded) -> None:
    def mails_the_secretariat(session: object) -> None:
        office = session.get_one(Office, attacker.office_id)  # type: ignore[attr-defined]
        directory.an_address(session, office, EVIL, confirmed=False)  # type: ignore[arg-type]
        known = session.scalars(sa.select(ContactPoint).where(  # type: ignore[attr-defined]
            ContactPoint.value == attacker.office_mail)).one()
        known.until_on = utc_now().date()

    attacker.in_unit(mails_the_secretariat)
    attacker.name_oneself()
    attacker.ask(status=409)
    assert attacker.codes_went_to() == set()
    assert attacker.who_may_sign() == []


def test_who_names_oneself_reads_but_neither_signs_nor_declines(attacker: Forwarded) -> None:
    attacker.name_oneself()
    text = attacker.pages.get(attacker.pages.get(attacker.deputy_url()).link("Komitmen Bersama"))
    token = attacker.pages.token()
    drafts, declines = attacker.count(SigningDraft), attacker.count(Decline)
    for form, data in (
        ("sign", {"method": "typed", "typed": f"Kepala {attacker.region} Contoh", "agreed": "y"}),
        ("sign", {"method": "typed", "typed": "Jahat Contoh", "agreed": "y"}),
        ("check", {}), ("code/again", {}), ("code", {"code": "123456"}),
        ("decline", {"reason": "not_ready"}),
    ):
        answer = attacker.pages.client.post(
            f"{text.url}/{form}", data={"csrf_token": token} | data)
        assert answer.status_code >= 400, form
    assert (attacker.count(SigningDraft), attacker.count(Decline)) == (drafts, declines)
    assert attacker.count(Signature) == 0


def test_the_office_s_own_signing_page_gives_no_code_either(attacker: Forwarded) -> None:
    page = attacker.pages.submit(attacker.pages.get(attacker.url), "/attend")
    sign = attacker.pages.get(attacker.pages.get(page.link("Komitmen Bersama")).url + "/sign")
    name = f"Kepala {attacker.region} Contoh"
    check = attacker.pages.submit(sign, typed=name, method="typed", agreed="y")
    attacker.pages.submit(check)
    with attacker.app.app_context():
        told = set(db.session.scalars(
            sa.select(Message.address).where(Message.facts["purpose"].as_string() == "sign")))
    assert told == {attacker.office_mail}
    assert attacker.count(Signature) == 0


def test_codes_cannot_be_guessed(attacker: Forwarded) -> None:
    attacker.name_oneself()
    own = attacker.deputy_url()
    attacker.ask()
    right = attacker.code()
    wrong = [f"{n:06d}" for n in range(codes.TRIES + 1) if f"{n:06d}" != right][:codes.TRIES]
    for number, guess in enumerate(wrong):
        assert attacker.enter(guess, (attacker.url, own)[number % 2]) == 400
    assert attacker.enter(right) == 400, "the right one comes too late"
    for number in range(1, CODES_A_DAY):
        attacker.ask((attacker.url, own)[number % 2])
    for url in (attacker.url, own):
        attacker.ask(url, status=429)
    attacker.pages.submit(attacker.pages.get(attacker.url), "/revoke")
    attacker.name_oneself(name="Lain Contoh")
    attacker.ask(status=429)
    assert CODES_A_DAY * codes.TRIES <= 100, "one in ten thousand a day at most"
    assert attacker.who_may_sign() == []


def test_the_code_before_the_newest_opens_nothing(attacker: Forwarded) -> None:
    attacker.name_oneself()
    attacker.ask()
    before = attacker.code()
    attacker.ask()
    assert attacker.enter(before) == 400
    assert attacker.who_may_sign() == []


def test_the_code_of_a_former_deputy_opens_nothing(attacker: Forwarded) -> None:
    attacker.name_oneself(name="Jujur Contoh")
    attacker.ask()
    before = attacker.code()
    attacker.pages.submit(attacker.pages.get(attacker.url), "/revoke")
    attacker.name_oneself()
    assert attacker.enter(before) == 400, "none was sent for this one"
    attacker.ask()
    assert attacker.enter(before) == 400
    assert attacker.who_may_sign() == []


def test_the_code_of_another_office_opens_nothing(attacker: Forwarded, world: World) -> None:
    own = Forwarded(world)
    own.name_oneself()
    own.ask()
    attacker.name_oneself()
    attacker.ask()
    assert attacker.enter(own.code()) == 400
    assert attacker.who_may_sign() == []


def test_the_code_of_another_convening_opens_nothing(attacker: Forwarded, world: World) -> None:
    other = Forwarded(world, signs=False, region=attacker.region)
    allow(other, deputies=True)
    other.name_oneself()
    other.ask()
    attacker.name_oneself()
    attacker.ask()
    assert attacker.enter(other.code()) == 400
    assert attacker.who_may_sign() == []
    allow(other, deputies=False)


def test_a_code_for_something_else_opens_nothing(attacker: Forwarded) -> None:
    attacker.name_oneself()
    (over,) = attacker.steps()
    made: list[str] = []
    attacker.in_unit(lambda session: made.append(codes.issue(
        session, purpose="sign", subject_id=over.id, bound="0" * 64, contact_point_id=None,
        now=utc_now()).id))
    with attacker.app.app_context():
        code = Codes(keys().code).code(made[0])
    assert attacker.enter(code) == 400
    attacker.ask()
    assert attacker.enter(code) == 400
    assert attacker.who_may_sign() == []


def test_a_code_that_is_ten_minutes_old_opens_nothing(attacker: Forwarded) -> None:
    attacker.name_oneself()
    attacker.ask()
    attacker.in_unit(lambda session: session.execute(
        sa.update(Challenge).values(expires_at=utc_now() - dt.timedelta(seconds=1))))
    assert attacker.enter(attacker.code()) == 400
    assert attacker.who_may_sign() == []


def test_the_link_of_a_revoked_deputy_does_nothing(attacker: Forwarded) -> None:
    attacker.name_oneself()
    former = attacker.deputy_url()
    attacker.ask()
    code = attacker.code()
    attacker.pages.submit(attacker.pages.get(attacker.url), "/revoke")
    assert attacker.enter(code, former) == 302
    for act, data in (("mandate", {"send": "1"}), ("delegate", {
        "deputy": "other", "name": "Lain Contoh", "free_post": "Staf", "may_sign": "y"}),
        ("letter", {"letter": (io.BytesIO(PDF), "surat.pdf")}), ("revoke", {})):
        attacker.pages.post(f"{former}/{act}", data)
    (over,) = attacker.steps()
    assert over.letter_sha256 is None
    assert attacker.who_may_sign() == []


def test_a_surat_tugas_is_accepted_by_an_organiser_of_the_cohort_only(attacker: Forwarded) -> None:
    attacker.name_oneself()
    attach(attacker)
    (over,) = attacker.steps()
    address = f"/o/convenings/{attacker.convening_id}/guests/{attacker.invitation_id}/accept"
    readers = {
        302: [attacker.pages],
        403: [attacker.pages.signed_in(role, scope="all") for role in ("auditor", "door_officer")]
        + [attacker.pages.signed_in("organizer", scope="cohort", scope_id="OTHERCOHORT00001")],
    }
    for status, who in readers.items():
        for reader in who:
            answer = reader.client.post(address, data={
                "csrf_token": reader.token(), "hand_over": over.id,
                "letter": over.letter_sha256 or ""})
            assert answer.status_code == status
    assert attacker.who_may_sign() == []


def test_a_surat_tugas_changed_after_it_was_read_is_not_accepted(attacker: Forwarded) -> None:
    attacker.name_oneself()
    attach(attacker)
    staff = attacker.pages.signed_in("organizer")
    guest = staff.get(f"/o/convenings/{attacker.convening_id}/guests/{attacker.invitation_id}")
    attach(attacker, PDF + b"another")
    staff.submit(guest, "/accept", 409)
    assert attacker.who_may_sign() == []


def test_nobody_confirms_an_address_by_link(attacker: Forwarded) -> None:
    made: list[str] = []

    def unconfirmed(session: object) -> None:
        office = session.get_one(Office, attacker.office_id)  # type: ignore[attr-defined]
        made.append(directory.an_address(
            session, office, EVIL, confirmed=False).id)  # type: ignore[arg-type]

    attacker.in_unit(unconfirmed)
    attacker.name_oneself()
    for address in (f"/o/directory/contacts/{made[0]}/confirm",
                    f"/o/directory/offices/{attacker.office_id}/contacts/new"):
        answer = attacker.pages.client.post(address, data={
            "csrf_token": attacker.pages.token(), "owner": "office", "channel": "email",
            "value": EVIL, "source": "Saya", "confirmed": "y"})
        assert answer.headers["Location"].startswith("/auth/sign-in")
    attacker.ask()
    assert attacker.codes_went_to() == {attacker.office_mail}


def test_a_right_that_was_not_given_is_not_added_by_sending_the_form_again(
    attacker: Forwarded,
) -> None:
    attacker.name_oneself(name="Jujur Contoh", may_sign="")
    for data in ({"may_sign": "y"}, {"may_sign": "true", "name": "Jujur Contoh"}):
        attacker.name_oneself(**data)
    assert [step.may_sign for step in attacker.steps()] == [False]
    for url in (attacker.url, attacker.deputy_url()):
        attacker.ask(url)
    assert attacker.codes_went_to() == set()
    assert attacker.who_may_sign() == []


def test_the_second_hand_gains_no_right_that_the_first_was_not_given(attacker: Forwarded) -> None:
    attacker.name_oneself(name="Jujur Contoh", may_sign="")
    attacker.name_oneself(attacker.deputy_url(), status=400)
    assert len(attacker.steps()) == 1
    assert attacker.who_may_sign() == []


def test_the_second_hand_does_not_inherit_a_right_in_effect(attacker: Forwarded) -> None:
    attacker.name_oneself(name="Jujur Contoh")
    attacker.ask()
    attacker.enter(attacker.code())
    attacker.name_oneself(attacker.deputy_url())
    assert [step.may_sign for step in attacker.steps()] == [True, True]
    assert attacker.who_may_sign() == []
    attacker.ask(attacker.deputy_url())
    assert attacker.codes_went_to() == {attacker.office_mail}


def test_a_right_in_effect_does_not_go_to_the_next_deputy(attacker: Forwarded) -> None:
    attacker.name_oneself(name="Jujur Contoh")
    attacker.ask()
    attacker.enter(attacker.code())
    attacker.pages.submit(attacker.pages.get(attacker.url), "/revoke")
    attacker.name_oneself()
    assert attacker.who_may_sign() == []


def test_the_name_behind_a_right_in_effect_stays(attacker: Forwarded) -> None:
    attacker.name_oneself(name="Jujur Contoh")
    attacker.ask()
    attacker.enter(attacker.code())
    token = attacker.pages.token()
    for url in (attacker.url, attacker.deputy_url()):
        for act in ("name", "attend"):
            attacker.pages.client.post(
                f"{url}/{act}", data={"csrf_token": token, "name": "Jahat Contoh"})
    attacker.name_oneself()
    assert attacker.who_may_sign() == ["Jujur Contoh"]
    with attacker.app.app_context():
        person = db.session.get_one(Person, attacker.steps()[-1].person_id)
        assert person.name == "Jujur Contoh"


def test_where_no_deputy_signs_the_form_cannot_ask_for_it(world: World) -> None:
    attacker = Forwarded(world, signs=False)
    attacker.name_oneself(status=400)
    assert attacker.steps() == []


def test_a_convening_that_takes_it_back_ends_what_was_in_effect(world: World) -> None:
    attacker = Forwarded(world, signs=False)
    allow(attacker, deputies=True)
    attacker.name_oneself()
    attacker.ask()
    assert attacker.enter(attacker.code()) == 302
    allow(attacker, deputies=False)
    assert attacker.who_may_sign() == []


def test_no_token_of_one_purpose_opens_another(attacker: Forwarded) -> None:
    attacker.name_oneself()
    (over,) = attacker.steps()
    token, seat = attacker.url.rsplit("/", 1)[1], attacker.deputy_url().rsplit("/", 1)[1]
    with attacker.app.app_context():
        raised = Links(keys().link).make("seat", over.id, 2)
    for address in (f"/s/{token}", f"/s/{seat}", f"/u/pass/{token}", f"/u/items/{token}",
                    f"/s/{over.id}.1.{token.rsplit('.', 1)[1]}", f"/u/{raised}"):
        attacker.pages.get(address, 404)
