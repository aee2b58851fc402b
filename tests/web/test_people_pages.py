"""People's pages: records that may be one person, side by side, merged and parted again."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from app.unit import unit
from cohorts.directory import appointments, contacts
from cohorts.directory.tables import Person
from tests.build.directory import COMMAND, NOW, a_person, an_office
from tests.web.pages import Pages

NIP = "198001012005011001"
SINCE = dt.date(2022, 5, 1)


@pytest.fixture
def two(app: Flask) -> dict[str, str]:
    """Two records of one operator in the same pool; the second has a NIP and an address."""
    with app.app_context(), unit() as session:
        pool = an_office(session, "14.08", "operator")
        one, other = (
            a_person(session, "Ani Contoh", back_title="S.Kom."),
            a_person(session, "Ani Contoh", nip=NIP),
        )
        held: dict[str, str] = {}
        for person in (one, other):
            held[person.id] = appointments.appoint(
                session,
                office_id=pool.id,
                person_id=person.id,
                from_on=SINCE,
                actor=COMMAND,
                now=NOW,
            ).id
        contacts.add_contact(
            session,
            appointment_id=held[other.id],
            channel="whatsapp",
            value="0812-3456-7890",
            label="personal",
            source="contoh",
            from_on=SINCE,
            actor=COMMAND,
            now=NOW,
        )
        return {"one": one.id, "other": other.id, "office": pool.id}


def merge(staff: Pages, two: dict[str, str], *, keep: str = "one") -> None:
    page = staff.get(f"/o/directory/people/{two['one']}/merge/{two['other']}")
    staff.submit(page, keep=two[keep])


def test_the_directory_leads_to_the_records_that_may_be_one(
    staff: Pages, two: dict[str, str]
) -> None:
    assert "Periksa catatan ganda" in staff.get("/o/directory").text
    page = staff.get("/o/directory/duplicates")
    assert page.h1 == "Catatan ganda"
    assert "nama dan jabatan sama" in page.text
    assert "Operator" in page.text
    assert staff.in_language("en").get("/o/directory/duplicates").h1 == "Duplicate records"


def test_lists_hide_all_but_the_end_of_a_number(staff: Pages, two: dict[str, str]) -> None:
    merging = f"/o/directory/people/{two['one']}/merge/{two['other']}"
    choosing = f"/o/directory/offices/{two['office']}/appointments/new?q=ani"
    for url in ("/o/directory/duplicates", "/o/directory?q=ani", merging, choosing):
        text = staff.get(url).text
        assert "•••• 1001" in text
        assert NIP not in text
    assert NIP in staff.get(f"/o/directory/people/{two['other']}").text


def test_two_records_stand_side_by_side_and_are_merged(staff: Pages, two: dict[str, str]) -> None:
    page = staff.get(f"/o/directory/people/{two['one']}/merge/{two['other']}")
    assert page.h1 == "Gabungkan catatan"
    assert page.lines(".cols-2 h2") == ["Ani Contoh, S.Kom.", "Ani Contoh"]
    assert "+6281234567890" in page.text
    after = staff.submit(page, keep=two["one"])
    assert after.h1 == "Ani Contoh, S.Kom."
    assert len(after.all(".timeline li a")) == 2
    assert "Catatan Ani Contoh digabungkan ke sini" in after.lines(".timeline .second")
    assert "+6281234567890" in after.text
    assert NIP in after.text
    assert "Catatan yang digabungkan ke sini" in after.text
    assert "Tidak ada catatan ganda" in staff.get("/o/directory/duplicates").text
    assert staff.get("/o/directory?q=ani").lines(".rows .person-name") == [
        "Ani Contoh, S.Kom. contoh"
    ]


def test_a_merged_record_points_to_the_kept_one_and_is_parted_there(
    staff: Pages, two: dict[str, str]
) -> None:
    merge(staff, two)
    gone = staff.get(f"/o/directory/people/{two['other']}")
    assert gone.h1 == "Ani Contoh"
    assert "Catatan ini digabungkan ke Ani Contoh, S.Kom." in gone.text
    after = staff.submit(gone, "/part")
    assert after.h1 == "Ani Contoh"
    assert NIP in after.text
    assert NIP not in staff.get(f"/o/directory/people/{two['one']}").text
    assert len(staff.get(f"/o/directory/people/{two['one']}").all(".timeline li a")) == 1


def test_a_merge_is_undone_from_the_kept_record_too(staff: Pages, two: dict[str, str]) -> None:
    merge(staff, two, keep="other")
    after = staff.submit(staff.get(f"/o/directory/people/{two['other']}"), "/part")
    assert after.h1 == "Ani Contoh, S.Kom."
    assert "nama dan jabatan sama" in staff.get("/o/directory/duplicates").text


def test_two_numbers_are_refused_beside_the_choice(
    staff: Pages, app: Flask, two: dict[str, str]
) -> None:
    with app.app_context(), unit() as session:
        session.get_one(Person, two["one"]).nip = "197901012005011001"
    page = staff.get(f"/o/directory/people/{two['one']}/merge/{two['other']}")
    again = staff.submit(page, status=400, keep=two["one"])
    assert "NIP keduanya berbeda" in again.text


def test_a_record_is_not_put_beside_itself_or_nobody(staff: Pages, two: dict[str, str]) -> None:
    for other in (two["one"], "0000000000000000"):
        staff.get(f"/o/directory/people/{two['one']}/merge/{other}", status=404)


def test_the_titles_stand_in_fields_of_their_own(staff: Pages, two: dict[str, str]) -> None:
    page = staff.get(f"/o/directory/people/{two['other']}/edit")
    after = staff.submit(
        page, front_title="Dr.", name="Ani Contoh", back_title="M.T.", nip="19800101 200501 1 001"
    )
    assert after.h1 == "Dr. Ani Contoh, M.T."
    wrong = staff.submit(
        staff.get(f"/o/directory/people/{two['other']}/edit"), status=400, nip="123"
    )
    assert "NIP terdiri atas 18 angka" in wrong.text
