"""The table of regional days, and where its days are shown."""

from __future__ import annotations

import datetime as dt

from flask import Flask

from app.extensions import db
from app.unit import unit
from tests.build import convenings as build
from tests.build import directory
from tests.build.convenings import SIAK
from tests.web.pages import Pages
from tests.web.test_calendar import day


def test_a_day_is_kept_shown_where_dates_are_chosen_corrected_and_ended(
    staff: Pages, app: Flask
) -> None:
    with app.app_context():
        with unit() as session:
            directory.the_directory(session)
            convening_id = build.a_draft(session, build.a_cohort(session, SIAK)).id
        db.session.remove()
    empty = staff.get(staff.get("/o/calendar").link("Hari daerah"))
    assert "Belum ada hari daerah" in empty.text
    form = staff.get(empty.link("Catat hari daerah"))
    wrong = staff.submit(form, status=400, region="Siak Raya", day="1957-11-21", name_id="X")
    assert "tidak dikenal" in wrong.text
    listed = staff.submit(
        wrong, region="Provinsi Riau", yearly="y", name_id="Hari Jadi Riau", name_en="Riau Day"
    )
    assert "21 November, setiap tahun sejak 1957" in listed.text
    assert "Hari Jadi Riau, Provinsi Riau (hari daerah, tidak libur)" in day(
        staff.get("/o/calendar?month=2022-11"), "2022-11-21"
    )
    line = "Senin, 21 November 2022: Hari Jadi Riau, Provinsi Riau (hari daerah, tidak libur)."
    assert line in staff.get(f"/o/convenings/{convening_id}").text
    corrected = staff.submit(staff.get(listed.link("Ubah")), day_off="y")
    assert "Perubahan tersimpan" in corrected.text
    english = staff.in_language("en").get(f"/o/convenings/{convening_id}")
    assert "Riau Day, Riau Province (regional holiday)." in english.text
    assert "Hari Jadi Riau" in staff.get("/o/regional-days?q=prov.+riau").text
    assert "Hari Jadi Riau" not in staff.get("/o/regional-days?q=siak").text
    edit = staff.get(listed.link("Ubah"))
    ended = staff.submit(edit, "/end")
    assert "Belum ada hari daerah" in ended.text
    assert line not in staff.get(f"/o/convenings/{convening_id}").text


def test_two_editors_are_told_of_one_another(staff: Pages, app: Flask) -> None:
    with app.app_context():
        with unit() as session:
            directory.the_directory(session)
        db.session.remove()
    listed = staff.submit(
        staff.get("/o/regional-days/new"), region=SIAK, day="2022-11-21", name_id="Pilkada"
    )
    mine, theirs = (staff.get(listed.link("Ubah")) for _ in range(2))
    staff.submit(theirs, day_off="y")
    told = staff.submit(mine, status=409, name_id="Pemilihan bupati")
    assert "Yang baru saja disimpan orang lain" in told.text
    assert "Pemilihan bupati" in staff.submit(told).text


def test_a_reader_of_one_cohort_s_conflicts_meets_a_person_by_name_only_with_the_directory(
    staff: Pages, app: Flask
) -> None:
    with app.app_context():
        with unit() as session:
            held = directory.a_holder(session, SIAK, "sekda", name="Rangkap Contoh")
            office = directory.an_office(session, "32.73", "kadiskominfo")
            directory.appointments.appoint(
                session,
                office_id=office.id,
                person_id=held.person_id,
                standing="definitive",
                from_on=dt.date(2021, 1, 4),
                actor=directory.COMMAND,
                now=directory.NOW,
            )
            build.a_convening(session, build.a_cohort(session, "32.73"))
            mine = build.a_draft(session, build.a_cohort(session, SIAK))
            ids = mine.id, mine.cohort_id
        db.session.remove()
    page = staff.get(f"/o/convenings/{ids[0]}").text
    assert "Rangkap Contoh diharapkan di keduanya, sebagai Sekretaris Daerah Kabupaten Siak" in page
    assert "dan Kepala Dinas Komunikasi dan Informatika Kota Bandung" in page
    mentor = Pages(app).signed_in("mentor", "cohort", ids[1])
    page = mentor.get(f"/o/convenings/{ids[0]}").text
    assert "1 orang diharapkan di keduanya" in page
    assert "Rangkap" not in page
