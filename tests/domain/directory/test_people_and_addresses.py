"""Who holds an office, and where a letter to it goes."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from cohorts.directory import appointments, contacts, people
from cohorts.directory.tables import Appointment
from cohorts.ground.access import COMMAND
from cohorts.ground.refusal import Refusal
from tests.build.directory import (
    AUDITOR,
    NOW,
    ORGANISER,
    TODAY,
    a_holder,
    a_person,
    an_address,
    an_office,
)

JANUARY = dt.date(2021, 1, 4)
MAY = dt.date(2022, 5, 1)


def appoint(session: Session, office_id: str, name: str, **more: object) -> Appointment:
    person = a_person(session, name)
    given = {"from_on": MAY, "actor": ORGANISER, "now": NOW, **more}
    return appointments.appoint(session, office_id=office_id, person_id=person.id, **given)


def test_a_person_keeps_titles_apart_from_the_name(session: Session) -> None:
    person = people.add_person(
        session,
        name="  Nama   Contoh ",
        front_title="Dr. H.",
        back_title="S.IP., M.Si.",
        nip="19800229 200501 1 001",
        actor=ORGANISER,
        now=NOW,
    )
    assert person.full_name == "Dr. H. Nama Contoh, S.IP., M.Si."
    assert person.nip == "198002292005011001"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": "N" * 500}, "ground.too_long"),
        ({"name": "   "}, "ground.needed"),
        ({"name": "Nama", "front_title": "D" * 61}, "ground.too_long"),
        ({"name": "Nama", "nip": "123"}, "directory.nip_form"),
        ({"name": "Nama", "nip": "198002302005011001"}, "directory.nip_form"),
        ({"name": "Nama", "nip": "١٩٨٠٠٢٢٩٢٠٠٥٠١١٠٠١"}, "directory.nip_form"),
    ],
)
def test_what_is_no_name_or_number_is_refused_by_field(
    session: Session, given: dict[str, str], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        people.add_person(session, actor=ORGANISER, now=NOW, **given)
    assert refused.value.code == code
    assert refused.value.field in given


def test_two_people_do_not_share_a_number(session: Session) -> None:
    a_person(session, "Satu Contoh", nip="198001012005011001")
    with pytest.raises(Refusal) as refused:
        a_person(session, "Dua Contoh", nip="198001012005011001")
    assert refused.value.code == "directory.nip_known"


def test_markup_in_a_name_is_kept_as_text(session: Session) -> None:
    assert a_person(session, "<b>Nama</b>").name == "<b>Nama</b>"


@pytest.mark.parametrize("query", ["contoh siti", "Dr. Siti Contoh, M.Si.", "SITI", "siti c"])
def test_a_person_is_found_whatever_titles_are_typed(session: Session, query: str) -> None:
    wanted = a_person(session, "Siti Contoh", front_title="Hj.")
    a_person(session, "Budi Contoh")
    assert [p.id for p in people.search(session, query)] == [wanted.id]


def test_correcting_a_person_says_which_fields(session: Session) -> None:
    person = a_person(session, "Siti Contoh")
    people.correct_person(
        session,
        person.id,
        name="Siti Rahma Contoh",
        front_title="",
        back_title="M.Si.",
        nip=None,
        actor=ORGANISER,
        now=NOW,
    )
    assert person.full_name == "Siti Rahma Contoh, M.Si."
    assert [p.id for p in people.search(session, "rahma")] == [person.id]


def test_an_office_has_one_definitive_holder(session: Session) -> None:
    held = a_holder(session)
    with pytest.raises(Refusal) as refused:
        appoint(session, held.office_id, "Lain Contoh")
    assert refused.value.code == "directory.office_held"


def test_succession_ends_the_one_before_on_the_same_day(session: Session) -> None:
    held = a_holder(session)
    next_one = appoint(session, held.office_id, "Lain Contoh", succeed=True)
    assert held.until_on == MAY
    assert appointments.holder(session, held.office_id, MAY - dt.timedelta(days=1)) is held
    assert appointments.holder(session, held.office_id, MAY) is next_one


def test_a_plh_acts_beside_the_definitive_holder_and_ceases(session: Session) -> None:
    held = a_holder(session)
    stands = appoint(session, held.office_id, "Plh Contoh", standing="plh")
    assert appointments.holder(session, held.office_id, TODAY) is stands
    appointments.end_appointment(
        session, stands.id, until_on=dt.date(2022, 9, 1), actor=ORGANISER, now=NOW
    )
    assert appointments.holder(session, held.office_id, TODAY) is held


def test_one_person_may_hold_two_offices(session: Session) -> None:
    held = a_holder(session, role="kadiskominfo")
    sekda = an_office(session, role="sekda")
    appointments.appoint(
        session,
        office_id=sekda.id,
        person_id=held.person_id,
        standing="plt",
        from_on=MAY,
        actor=ORGANISER,
        now=NOW,
    )
    both = appointments.offices_held(session, held.person_id, TODAY)
    assert [o.role_key for o in both] == ["sekda", "kadiskominfo"]


def test_a_pool_has_several_holders_and_no_one_holder(session: Session) -> None:
    pool = an_office(session, role="operator")
    for name in ("Budi Contoh", "Ani Contoh"):
        appoint(session, pool.id, name)
    assert appointments.holder(session, pool.id, TODAY) is None
    listed = appointments.members_of_pool(session, pool.id, TODAY)
    assert [h.person.name for h in listed] == ["Ani Contoh", "Budi Contoh"]


def test_a_vacant_office_has_no_holder(session: Session) -> None:
    assert appointments.holder(session, an_office(session).id, TODAY) is None


def test_an_appointment_ends_once_and_not_before_it_begins(session: Session) -> None:
    held = a_holder(session)
    end = {"actor": ORGANISER, "now": NOW}
    with pytest.raises(Refusal) as refused:
        appointments.end_appointment(session, held.id, until_on=dt.date(2020, 1, 1), **end)
    assert refused.value.code == "directory.ends_before_it_begins"
    appointments.end_appointment(session, held.id, until_on=MAY, **end)
    with pytest.raises(Refusal) as refused:
        appointments.end_appointment(session, held.id, until_on=MAY, **end)
    assert refused.value.code == "directory.appointment_over"


def test_ending_an_appointment_retires_its_own_addresses_and_no_others(session: Session) -> None:
    held = a_holder(session, email="kantor@contoh.example")
    own = contacts.add_contact(
        session,
        appointment_id=held.id,
        channel="email",
        value="pribadi@contoh.example",
        label="personal",
        source="contoh",
        from_on=JANUARY,
        actor=ORGANISER,
        now=NOW,
    )
    appointments.end_appointment(session, held.id, until_on=MAY, actor=ORGANISER, now=NOW)
    session.expire_all()
    assert own.until_on == MAY
    left = contacts.contacts_of(session, held.office_id, TODAY)
    assert [c.value for c in left] == ["kantor@contoh.example"]


def test_mail_goes_to_a_confirmed_address_of_the_office_first(session: Session) -> None:
    held = a_holder(session, email=None)
    more = {"channel": "email", "source": "x", "from_on": JANUARY, "actor": COMMAND, "now": NOW}
    own = contacts.add_contact(
        session, appointment_id=held.id, value="diri@contoh.example", label="personal", **more
    )
    assert contacts.mail_address(session, held.office_id, TODAY) is own
    office = an_address(session, held.office, "kantor@contoh.example", confirmed=False)
    assert contacts.mail_address(session, held.office_id, TODAY) is office
    contacts.confirm_contact(session, own.id, actor=ORGANISER, now=NOW)
    assert contacts.mail_address(session, held.office_id, TODAY) is own
    sure = contacts.confirmed_addresses(session, held.office_id, TODAY)
    assert [c.value for c in sure] == ["diri@contoh.example"]


def test_an_office_without_address_has_none(session: Session) -> None:
    assert contacts.mail_address(session, an_office(session).id, TODAY) is None


def test_the_same_address_is_added_once(session: Session) -> None:
    office = an_office(session)
    one = an_address(session, office, "Sekda@Contoh.example ", confirmed=False)
    two = an_address(session, office, "sekda@contoh.example")
    assert one is two
    assert one.confirmed_at == NOW


def test_an_ended_address_is_not_written_to(session: Session) -> None:
    office = an_office(session)
    point = an_address(session, office, "sekda@contoh.example")
    contacts.end_contact(session, point.id, until_on=TODAY, actor=ORGANISER, now=NOW)
    assert contacts.mail_address(session, office.id, TODAY) is None
    assert contacts.offices_reached_by(session, "sekda@contoh.example", TODAY) == []
    yesterday = TODAY - dt.timedelta(days=1)
    assert contacts.mail_address(session, office.id, yesterday) is point


def test_a_lost_link_is_answered_to_confirmed_addresses_only(session: Session) -> None:
    office = an_office(session)
    an_address(session, office, "pasti@contoh.example")
    an_address(session, office, "belum@contoh.example", confirmed=False)
    assert contacts.offices_reached_by(session, "PASTI@contoh.example", TODAY) == [office.id]
    assert contacts.offices_reached_by(session, "belum@contoh.example", TODAY) == []
    assert contacts.offices_reached_by(session, "bukan alamat", TODAY) == []


@pytest.mark.parametrize("number", ["0812-3456-7890", "+62 812 3456 7890", "62812 34567890"])
def test_numbers_are_kept_in_one_form(number: str) -> None:
    assert contacts.normal_value("whatsapp", number) == "+6281234567890"


@pytest.mark.parametrize("given", ["sekda@kab siak.example", "sekda", "@x.id", "a@b", "a@b..c"])
def test_what_is_no_address_of_mail_is_refused(given: str) -> None:
    with pytest.raises(Refusal) as refused:
        contacts.normal_value("email", given)
    assert refused.value.code == "directory.email_form"


@given(st.text(max_size=60), st.sampled_from(["email", "whatsapp", "phone"]))
def test_an_address_is_accepted_or_refused_and_never_breaks(text: str, channel: str) -> None:
    with contextlib.suppress(Refusal):
        kept = contacts.normal_value(channel, text)
        assert contacts.normal_value(channel, kept) == kept


def test_only_who_keeps_the_directory_adds_addresses_and_holders(session: Session) -> None:
    office = an_office(session)
    person = a_person(session)
    for act in (
        lambda: people.add_person(session, name="X", actor=AUDITOR, now=NOW),
        lambda: appointments.appoint(
            session, office_id=office.id, person_id=person.id, from_on=MAY, actor=AUDITOR, now=NOW
        ),
        lambda: contacts.add_contact(
            session,
            office_id=office.id,
            channel="email",
            value="a@contoh.example",
            source="x",
            from_on=MAY,
            actor=AUDITOR,
            now=NOW,
        ),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code == "ground.not_allowed"
