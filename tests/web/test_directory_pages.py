"""The directory's pages: find, add a holder, give an address, correct a name."""

from __future__ import annotations

import pytest
from flask import Flask

from app.unit import unit
from tests.build.directory import a_holder
from tests.web.pages import Pages


@pytest.fixture
def kept(app: Flask) -> dict[str, str]:
    """A holder of Siak's Sekda, by the ids that addresses need."""
    with app.app_context(), unit() as session:
        held = a_holder(session, "14.08", "sekda", name="Siti Contoh")
        return {"office": held.office_id, "person": held.person_id, "appointment": held.id}


def test_the_directory_opens_by_province_in_both_languages(staff: Pages) -> None:
    page = staff.get("/o/directory")
    assert page.h1 == "Direktori"
    assert "552 daerah" in page.text
    assert staff.in_language("en").get("/o/directory").h1 == "Directory"
    province = staff.get("/o/directory?province=34")
    assert province.lines(".rows a") == [
        "Provinsi Daerah Istimewa Yogyakarta", "Kabupaten Kulon Progo", "Kabupaten Bantul",
        "Kabupaten Gunungkidul", "Kabupaten Sleman", "Kota Yogyakarta"]


def test_one_field_finds_regions_offices_and_people(staff: Pages, kept: dict[str, str]) -> None:
    assert "Kabupaten Toli-Toli" in staff.get("/o/directory?q=tolitoli").text
    assert "Sekretaris Daerah Kabupaten Siak" in staff.get("/o/directory?q=sekda+siak").text
    found = staff.get("/o/directory?q=Dr.+siti+contoh,+M.Si.")
    assert found.lines(".rows .person-name") == ["Siti Contoh contoh"]
    nothing = staff.get("/o/directory?q=%3Cb%3Eatlantis")
    assert "Tidak ada yang cocok dengan “<b>atlantis”" in nothing.text


def test_a_region_without_offices_offers_the_usual_ones(staff: Pages) -> None:
    page = staff.get("/o/directory/regions/81.71")
    assert page.h1 == "Kota Ambon"
    assert "WIT" in page.one(".pagehead-line").get_text()
    after = staff.submit(page, "/usual")
    assert after.lines("tbody th")[:2] == ["Wali Kota Ambon", "Wakil Wali Kota Ambon"]
    assert "Regional Secretary, Ambon City" in staff.in_language("en").get(after.url).text


def test_an_unknown_region_is_a_plain_page(staff: Pages) -> None:
    assert staff.get("/o/directory/regions/99.99", status=404).h1 == "Daerah ini tidak dikenal"


def test_an_office_is_added_with_a_title_of_its_own(staff: Pages) -> None:
    page = staff.get("/o/directory/regions/14.08/offices/new")
    after = staff.submit(page, role_key="kabid", title="Kepala Bidang Informatika")
    assert after.h1 == "Kepala Bidang Informatika Kabupaten Siak"
    assert "Belum ada pemangku yang tercatat" in after.text
    assert "Tanpa alamat" in after.text


def test_a_succession_is_recorded_with_a_new_person(staff: Pages, kept: dict[str, str]) -> None:
    page = staff.get(f"/o/directory/offices/{kept['office']}/appointments/new")
    assert page.h1 == "Catat pergantian"
    after = staff.submit(
        page, person_id="new", name="Budi Contoh", front_title="Drs.", standing="pj",
        from_on="2022-05-01")
    assert after.lines(".timeline .person-name") == ["Drs. Budi Contoh", "Siti Contoh contoh"]
    assert "4 Januari 2021 sampai 30 April 2022, Definitif" in after.text
    assert "Serah terima dari Siti Contoh kepada Drs. Budi Contoh" in after.text


def test_a_known_person_takes_a_second_office(staff: Pages, kept: dict[str, str]) -> None:
    office = staff.submit(
        staff.get("/o/directory/regions/14.08/offices/new"), role_key="kadiskominfo")
    page = staff.get(f"{office.url}/appointments/new?q=siti")
    after = staff.submit(page, person_id=kept["person"], standing="plt", from_on="2022-05-01")
    assert "Siti Contoh" in after.text
    person = staff.get(f"/o/directory/people/{kept['person']}")
    assert len(person.all(".timeline li")) == 2


def test_a_second_definitive_holder_is_refused_and_nothing_is_lost(
    staff: Pages, kept: dict[str, str]
) -> None:
    page = staff.get(f"/o/directory/offices/{kept['office']}/appointments/new")
    again = staff.submit(
        page, status=400, person_id="new", name="Budi Contoh", standing="definitive",
        from_on="2022-05-01", succeed=None)
    assert "Jabatan ini sudah mempunyai pejabat definitif" in again.text
    assert again.one("#name")["value"] == "Budi Contoh"
    assert "Budi Contoh" not in staff.get("/o/directory?q=budi").lines(".person-name")


def test_a_name_of_500_letters_and_a_wrong_number_are_told_beside_their_fields(
    staff: Pages, kept: dict[str, str]
) -> None:
    page = staff.get(f"/o/directory/people/{kept['person']}/edit")
    again = staff.submit(page, status=400, name="N" * 500)
    assert "Paling panjang 120 huruf" in again.one("#name-e").get_text()
    again = staff.submit(page, status=400, nip="123")
    assert "18 angka" in again.one("#nip-e").get_text()
    after = staff.submit(page, name="Siti <b>Rahma</b> Contoh", back_title="M.Si.")
    assert after.h1 == "Siti <b>Rahma</b> Contoh, M.Si."


def test_an_address_is_added_confirmed_and_ended(staff: Pages, kept: dict[str, str]) -> None:
    url = f"/o/directory/offices/{kept['office']}/contacts/new"
    again = staff.submit(staff.get(url), status=400, value="sekda@kab siak.example", source="x")
    assert "Alamat surel ini belum lengkap" in again.one("#value-e").get_text()
    after = staff.submit(
        staff.get(url), owner=kept["appointment"], value="siti@contoh.example", source="telepon",
        label="personal")
    assert "siti@contoh.example" in after.text
    confirm = [f for f in after.all("form") if str(f["action"]).endswith("/confirm")]
    assert len(confirm) == 1
    sure = staff.submit(after, str(confirm[0]["action"]))
    assert "belum dipastikan" not in sure.text
    contact = str(confirm[0]["action"]).split("/")[-2]
    gone = staff.submit(sure, f"{contact}/end")
    assert "siti@contoh.example" not in gone.lines("aside .strong")
    assert gone.lines(".timeline .second")[:3] == [
        "Alamat dipastikan oleh Rina Contoh", "Alamat dicatat", "Alamat tidak dipakai lagi"]
    assert "Alamat dicatat" in staff.get(f"/o/directory/people/{kept['person']}").text


def test_ending_an_appointment_leaves_the_office_vacant(
    staff: Pages, kept: dict[str, str]
) -> None:
    page = staff.get(f"/o/directory/appointments/{kept['appointment']}/hand-over")
    asked = staff.submit(page, until_on="2022-05-01")
    assert "Tekan sekali lagi untuk mengakhiri" in asked.text
    early = staff.submit(asked, until_on="2020-05-01")
    assert staff.submit(early, status=400).one("#until_on-e")
    after = staff.submit(asked)
    assert "Jabatan ini lowong" in after.text
    assert "Lowong" in staff.get(f"/o/directory/offices/{kept['office']}").text
    assert "sudah berakhir" in staff.submit(asked, status=409).text


def test_who_may_only_look_sees_no_button_and_is_refused(
    pages: Pages, kept: dict[str, str]
) -> None:
    auditor = pages.signed_in(role="auditor")
    page = auditor.get(f"/o/directory/offices/{kept['office']}")
    assert "Catat pergantian" not in page.text
    auditor.get(f"/o/directory/offices/{kept['office']}/appointments/new", status=403)
    auditor.post("/o/directory/regions/14.08/usual", status=403)
    pages.signed_in(role="mentor").get("/o/directory", status=403)


@pytest.mark.parametrize(
    "url",
    ["/o/directory/offices/X", "/o/directory/people/X", "/o/directory/appointments/X/hand-over"],
)
def test_what_is_not_there_is_a_plain_page(staff: Pages, url: str) -> None:
    assert staff.get(url, status=404).h1 == "Halaman ini tidak ada"
