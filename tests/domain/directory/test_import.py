"""A file of people and offices: read as people write, planned, taken over once, in one piece."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from cohorts.directory import appointments, contacts, importing, merging, offices, people
from cohorts.directory.changes import Plan
from cohorts.directory.columns import COLUMNS, guess, titles_of
from cohorts.directory.exporting import written
from cohorts.directory.regions import finder
from cohorts.directory.sheets import ERROR_CODES, Reader, number_of
from cohorts.directory.tables import Appointment, ContactPoint, Office, Person
from cohorts.ground.access import COMMAND
from cohorts.ground.chronicle import ChronicleEntry
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
    the_directory,
)

SIAK = {"daerah": "Kab. Siak", "jabatan": "Sekda", "nama": "Siti Contoh"}
NIP = "198001012005012001"


def read(session: Session, *lines: dict[str, str]) -> Reader:
    the_directory(session)
    reader = Reader(finder(session), offices.roles(session), "Daftar contoh")
    reader.take((n, cells) for n, cells in enumerate(lines, start=2))
    return reader


def plan(session: Session, *lines: dict[str, str]) -> Plan:
    reader = read(session, *lines)
    made = importing.preview(session, reader.rows, TODAY)
    made.errors = [*reader.errors, *made.errors]
    return made


def take(session: Session, *lines: dict[str, str], seen: str = "", actor: Any = ORGANISER) -> Plan:
    reader = read(session, *lines)
    assert not reader.errors
    seen = seen or importing.preview(session, reader.rows, TODAY).mark
    return importing.import_rows(
        session, reader.rows, seen=seen, today=TODAY, actor=actor, now=NOW)


def wrong(session: Session, *lines: dict[str, str]) -> list[tuple[int, str, str]]:
    found = plan(session, *lines).errors
    assert {e.code for e in found} <= ERROR_CODES.keys()
    return [(e.row, e.column, e.code) for e in found]


def counts(session: Session) -> list[int]:
    return [session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in (Office, Person, Appointment, ContactPoint, ChronicleEntry)]


# --- what lists look like -------------------------------------------------------------------------


def test_the_header_is_found_below_titles_over_merged_cells_and_column_numbers() -> None:
    found = guess([
        ["DAFTAR PEJABAT PEMERINTAH DAERAH", ""],
        [""],
        ["No", "Kab./Kota", "Jabatan", "Nama Lengkap", "N I P", "Kontak", "", ""],
        ["", "", "", "", "", "E-mail", "No. HP/WA", "Telp. Kantor"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)"],
        ["1", "Kab. Siak", "Bupati", "Contoh", "", "a@contoh.id", "0812", ""],
    ])
    assert found.first == 5
    assert found.heads[5:] == ("Kontak E-mail", "Kontak No. HP/WA", "Kontak Telp. Kantor")
    assert found.columns == (
        None, "daerah", "jabatan", "nama", None, "surel", "wa", "telepon_jabatan")
    assert not found.exact


def test_a_downloaded_header_is_known_exactly_and_a_strange_file_guesses_nothing() -> None:
    assert guess([list(COLUMNS)]).exact
    assert guess([[*COLUMNS, "galat"]]).exact
    strange = guess([["Apel", "Jeruk"], ["1", "2"]])
    assert strange.columns == (None, None)
    assert guess([["Daerah", "Jabatan", "Email"]]).columns == ("daerah", "jabatan", "surel_jabatan")


@pytest.mark.parametrize(
    ("name", "three"),
    [
        ("Dr. H. Siti Contoh, S.IP., M.Si.", ("Dr. H.", "Siti Contoh", "S.IP., M.Si.")),
        ("Contoh, Budi", ("", "Contoh, Budi", "")),
        ("H. M. Contoh", ("H.", "M. Contoh", "")),
    ],
)
def test_titles_are_taken_out_of_a_name(name: str, three: tuple[str, str, str]) -> None:
    assert titles_of(name) == three


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("81234567890", "+6281234567890"),  # the zero in front is lost
        ("6281234567890", "+6281234567890"),
        ("6281234567890.0", "+6281234567890"),
        ("8.1234567890E+10", "+6281234567890"),
        ("'081234567890", "+6281234567890"),
        ("761123456", "+62761123456"),
        ("0812-3456-7890", "+6281234567890"),
    ],
)
def test_numbers_that_excel_changed_are_what_they_were(given: str, kept: str) -> None:
    assert contacts.normal_value("phone", number_of(given)) == kept


@pytest.mark.parametrize(
    ("cells", "office", "standing"),
    [
        ({"daerah": "Kab. Siak", "jabatan": "Bupati"}, "Bupati Siak", None),
        ({"jabatan": "Plt. Bupati Siak"}, "Bupati Siak", "plt"),
        ({"jabatan": "Walikota Bandung"}, "Wali Kota Bandung", None),
        ({"kode": "14.08", "jabatan": "kepala daerah"}, "Bupati Siak", None),
        ({"jabatan": "Sekda Kab. Siak"}, "Sekretaris Daerah Kabupaten Siak", None),
        ({"lembaga": "Pemerintah Kabupaten Siak", "jabatan": "Sekda"},
         "Sekretaris Daerah Kabupaten Siak", None),
        ({"daerah": "siak", "jabatan": "Kepala Dinas Kominfo dan Persandian"},
         "Kepala Dinas Komunikasi dan Informatika Kabupaten Siak", None),
        ({"daerah": "Kab. Siak", "jabatan": "Kepala Bidang Informatika"},
         "Kepala Bidang Informatika Kabupaten Siak", None),
        ({"lembaga": "Badan Contoh", "jenis_lembaga": "badan", "jabatan": "Deputi Layanan"},
         "Deputi Layanan Badan Contoh", None),
    ],
)
def test_posts_are_known_as_lists_call_them(
    session: Session, cells: dict[str, str], office: str, standing: str | None
) -> None:
    made = plan(session, {**cells, "nama": "Siti Contoh", "status": "-"})
    assert made.errors == []
    assert [o["name"] for o in made.offices] == [office]
    assert [t["standing"] for t in made.terms] == [standing or "definitive"]


def test_what_is_wrong_is_told_by_row_and_column(session: Session) -> None:
    assert wrong(
        session,
        {"daerah": "Bandung", "jabatan": "Juru kunci", "nama": "A"},
        {**SIAK, "nip": "1.98001E+17", "mulai": "31/02/2022"},
        {**SIAK, "surel": "bukan", "wa": "8,12346E+10", "telepon": "0812 (tetangga)"},
        {"daerah": "Kab. Siak", "jabatan": "Wali Kota", "status": "mantan", "wa": "0812345678"},
        {"jabatan": "Sekda", "nama": "B"},
        {"kode": "14.08", "lembaga": "Badan Contoh", "jabatan": "Sekda"},
        {"lembaga": "Badan Contoh", "jabatan": "Direktur"},
        {**SIAK, "mulai": "2022-05-01", "berakhir": "2021-05-01", "nip": "123"},
    ) == [
        (2, "daerah", "region_two"), (2, "jabatan", "role"),
        (3, "nip", "rounded"), (3, "mulai", "day"),
        (4, "surel", "email"), (4, "wa", "rounded"), (4, "telepon", "label"),
        (5, "jabatan", "role_elsewhere"), (5, "status", "standing"), (5, "nama", "needed"),
        (6, "daerah", "one_place"),
        (7, "lembaga", "one_place"),
        (9, "nip", "nip"), (9, "berakhir", "ends_before"),
        (8, "jenis_lembaga", "needed"),
    ]


# --- what a file changes --------------------------------------------------------------------------


def test_a_file_is_taken_over_in_one_piece_and_a_second_time_changes_nothing(
    session: Session,
) -> None:
    lines: tuple[dict[str, str], ...] = (
        {**SIAK, "gelar_depan": "Dr.", "nip": NIP, "surel_jabatan": "sekda@contoh.id, "
         "tu@contoh.id (TU)", "wa": "81234567890", "mulai": "3 Mei 2021"},
        {"daerah": "Kab. Siak", "jabatan": "Plt. Kadiskominfo", "nama": "Dr. Siti Contoh"},
        {"daerah": "Kab. Siak", "jabatan": "Bupati", "surel_jabatan": "bupati@contoh.id"},
    )
    made = take(session, *lines)
    assert (len(made.offices), len(made.people), len(made.terms), len(made.addresses)) == (
        3, 1, 2, 4)
    held = session.scalars(sa.select(Appointment).order_by(Appointment.from_on)).all()
    assert [(h.office.name, h.person.full_name, h.standing, h.from_on) for h in held] == [
        ("Sekretaris Daerah Kabupaten Siak", "Dr. Siti Contoh", "definitive", dt.date(2021, 5, 3)),
        ("Kepala Dinas Komunikasi dan Informatika Kabupaten Siak", "Dr. Siti Contoh", "plt", TODAY),
    ]
    points = {c.value: c for c in session.scalars(sa.select(ContactPoint))}
    assert (points["tu@contoh.id"].label, points["tu@contoh.id"].source) == ("tu", "Daftar contoh")
    assert points["+6281234567890"].appointment_id == held[0].id
    before = counts(session)
    again = take(session, *lines)
    assert (again.touches, again.unchanged, counts(session)) == ([], 3, before)
    assert session.scalar(sa.select(ChronicleEntry.event)) == "directory.imported"


def test_only_who_may_edit_the_directory_takes_a_file_over(session: Session) -> None:
    with pytest.raises(Refusal, match="not_allowed"):
        take(session, SIAK, actor=AUDITOR)


def test_a_new_holder_ends_the_one_before_on_the_day_the_file_says(session: Session) -> None:
    old = a_holder(session, "14.08", name="Contoh Lama")
    contacts.add_contact(session, appointment_id=old.id, channel="phone", value="0812345678",
                         source="contoh", from_on=TODAY, actor=COMMAND, now=NOW)
    assert wrong(session, SIAK) == [(2, "mulai", "handover_day")]
    assert wrong(session, {**SIAK, "mulai": "2019-05-01"}) == [(2, "mulai", "held")]
    made = take(session, {**SIAK, "mulai": "2022-05-01"})
    assert [(e.person, e.until_on) for e in made.endings] == [
        ("Contoh Lama", dt.date(2022, 5, 1))]
    session.expire_all()
    assert old.until_on == dt.date(2022, 5, 1)
    retired = session.scalar(
        sa.select(ContactPoint.until_on).where(ContactPoint.appointment_id == old.id))
    assert retired == old.until_on
    ended = session.scalar(
        sa.select(ChronicleEntry.data).where(ChronicleEntry.event == "directory.appointment_ended"))
    assert ended is not None
    assert ended["addresses_retired"] == 1


def test_the_statements_do_not_grow_with_the_terms_that_end(session: Session) -> None:
    the_directory(session)
    told: list[str] = []

    def statements(codes: list[str]) -> int:
        for n, code in enumerate(codes):
            old = a_holder(session, code, name=f"Contoh Lama {n}")
            contacts.add_contact(
                session, appointment_id=old.id, channel="phone", value=f"081234567{n}",
                source="contoh", from_on=TODAY, actor=COMMAND, now=NOW)
        lines = [{**SIAK, "daerah": "", "kode": code, "mulai": "2022-05-01"} for code in codes]
        engine = session.get_bind()
        rows = read(session, *lines).rows
        seen = importing.preview(session, rows, TODAY).mark
        session.flush()
        told.clear()
        sa.event.listen(engine, "before_cursor_execute", note)
        made = importing.import_rows(
            session, rows, seen=seen, today=TODAY, actor=ORGANISER, now=NOW)
        sa.event.remove(engine, "before_cursor_execute", note)
        assert len(made.endings) == len(codes)
        return len(told)

    def note(*given: Any) -> None:
        if not given[2].startswith("INSERT INTO chronicle"):  # one line for each term, as ever
            told.append(given[2])

    few = statements(["14.08", "14.09"])
    assert statements(["32.11", "32.73", "11.01", "11.02", "11.03", "11.04"]) == few


def test_a_file_may_say_itself_when_a_term_ended_in_any_order(session: Session) -> None:
    old = a_holder(session, "14.08", name="Contoh Lama")
    lines = ({**SIAK, "mulai": "2022-06-01"}, {**SIAK, "nama": "Contoh Lama", "berakhir":
              "2022-05-01"})
    take(session, *lines)
    session.expire_all()
    assert old.until_on == dt.date(2022, 5, 1)
    assert take(session, *lines).touches == []
    assert wrong(session, {**SIAK, "nama": "Contoh Lama", "mulai": "2021-01-04",
                           "berakhir": "2022-05-02"}) == [(2, "berakhir", "until")]


def test_an_acting_holder_becomes_definitive_and_stands_beside_nobody(session: Session) -> None:
    a_holder(session, "14.08", name="Siti Contoh", standing="plt")
    assert take(session, SIAK).touches == [], "an empty standing changes none"
    promoted = {**SIAK, "status": "definitif"}
    assert wrong(session, promoted) == [(2, "mulai", "handover_day")]
    take(session, {**promoted, "mulai": "2022-05-01"})
    held = appointments.history(session, session.scalars(sa.select(Office.id)).one())
    assert [(h.standing, h.from_on, h.until_on) for h in held] == [
        ("definitive", dt.date(2022, 5, 1), None),
        ("plt", dt.date(2021, 1, 4), dt.date(2022, 5, 1)),
    ]


def test_lines_that_contradict_one_another_or_the_directory_are_told(session: Session) -> None:
    a_holder(session, "14.08", name="Siti Contoh")
    person = a_person(session, "Contoh Lain", nip=NIP)
    gone = an_office(session, "14.08", "kabag")
    offices.end_office(session, gone.id, ended_on=TODAY, actor=COMMAND, now=NOW)
    other = {"daerah": "Kab. Kampar", "jabatan": "Sekda", "mulai": "2022-05-01"}
    assert wrong(
        session,
        {**SIAK, "mulai": "2021-02-01"},
        {**SIAK, "mulai": "2021-01-04", "nip": NIP},
        {**SIAK, "jabatan": "Kepala Bagian"},
        {**other, "nama": "Contoh Satu"},
        {**other, "nama": "Contoh Dua"},
        {**other, "nama": "Contoh Satu"},
        {**other, "nama": "Contoh Satu", "id_orang": "0000000000000000"},
        {"daerah": "Kab. Kampar", "jabatan": "Bupati", "nama": "Siti Contoh",
         "nip": "198001012005012000"},
    ) == [
        (2, "mulai", "since"), (3, "nip", "nip_other"), (4, "jabatan", "office_over"),
        (6, "nama", "two_holders"), (7, "nama", "twice"), (8, "id_orang", "id"),
        (9, "nip", "rounded"),
    ]
    assert people.nip_of(session, person.id) == NIP


def test_a_person_is_corrected_by_id_and_completed_by_name(session: Session) -> None:
    held = a_holder(session, "14.08", name="Siti Contoh")
    take(session, {**SIAK, "nama": "SITI CONTOH", "gelar_belakang": "M.Si.", "nip": NIP})
    session.expire_all()
    assert (held.person.full_name, held.person.nip) == ("Siti Contoh, M.Si.", NIP)
    made = take(session, {**SIAK, "nama": "Siti Contoh Baru", "id_orang": held.person_id})
    assert [c.fields for c in made.changes] == [{"name": ("Siti Contoh", "Siti Contoh Baru")}]
    session.expire_all()
    assert (held.person.name, held.person.search_key) == ("Siti Contoh Baru", "siticontohbaru")


def test_nothing_is_written_when_the_directory_changed_in_a_way_that_matters(
    session: Session,
) -> None:
    seen = plan(session, {**SIAK, "mulai": "2022-05-01"}).mark
    an_office(session, "32.11", "bupati")  # elsewhere: it does not matter
    assert plan(session, {**SIAK, "mulai": "2022-05-01"}).mark == seen
    a_holder(session, "14.08", name="Contoh Lain")
    before = counts(session)
    with pytest.raises(Refusal) as refused:
        take(session, {**SIAK, "mulai": "2022-05-01"}, seen=seen)
    assert refused.value.code == "directory.import_changed"
    assert counts(session) == before


# --- export is import -----------------------------------------------------------------------------


def export(session: Session, *, nips: bool = True) -> list[dict[str, str]]:
    return [
        {column: str(cell) for column, cell in zip(COLUMNS, cells, strict=True) if cell is not None}
        for cells in written(session, TODAY, nips=nips)
    ]


NAME = st.text("abcd '=+-@", min_size=1, max_size=9).map(lambda t: f"{t.strip()} Contoh".strip())
TITLE = st.sampled_from(["", "Dr.", "H.", "=1+1", "@x"])
HOLDERS = st.lists(
    st.tuples(
        st.sampled_from(["14.08", "32.11", "32.73"]),
        st.sampled_from(["bupati", "walikota", "sekda", "kabid", "operator"]),
        st.sampled_from([None, "Kepala Bidang Informatika", "Kepala Kantor Siak", "Sekda"]),
        NAME, TITLE, st.sampled_from(["definitive", "plt"]), st.integers(0, 900),
        st.sampled_from([None, 1000, 1200, 5000]),
        st.sampled_from(["email", "phone", "whatsapp"]),
        st.sampled_from(["office", "tu", "ajudan", "personal"]),
    ),
    min_size=1, max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
@given(HOLDERS, st.booleans())
def test_what_is_exported_is_imported_unchanged(
    session: Session, holders: list[tuple[Any, ...]], merged: bool
) -> None:
    the_directory(session)
    nested = session.begin_nested()
    made: list[str] = []
    for n, (code, role, title, name, front, standing, begun, ended, channel, label) in enumerate(
        holders
    ):
        begin = dt.date(2019, 1, 1)
        try:
            office = offices.ensure_office(
                session, region_code=code, role_key=role, title=title, actor=COMMAND, now=NOW)
            person = people.add_person(
                session, name=name, front_title=front, actor=COMMAND, now=NOW,
                nip=None if n % 2 else f"1980010120050120{n:02}")
            held = appointments.appoint(
                session, office_id=office.id, person_id=person.id, standing=standing,
                from_on=begin + dt.timedelta(begun),
                until_on=begin + dt.timedelta(ended) if ended else None, actor=COMMAND, now=NOW)
            made.append(person.id)
            value = f"n{n}@contoh.id" if channel == "email" else f"+62812345678{n:02}"
            own = {"office_id": office.id} if n % 3 else {"appointment_id": held.id}
            contacts.add_contact(
                session, **own, channel=channel, value=value, label=label, source="contoh",
                from_on=TODAY, actor=COMMAND, now=NOW)
        except Refusal:
            continue
    if merged and len(made) > 1:
        numbers = [people.nip_of(session, one) for one in made[:2]]
        if None in numbers:
            merging.merge(
                session, kept_id=made[0], merged_id=made[1], actor=COMMAND, now=NOW)
    lines = export(session)
    for told in (lines, export(session, nips=False)):
        found = plan(session, *told)
        assert found.errors == []
        assert found.touches == []
        assert len(told) == found.rows
    nested.rollback()


def test_an_export_holds_whole_numbers_only_for_who_may_see_them(session: Session) -> None:
    held = a_holder(session, "14.08", name="Siti Contoh", email=None)
    people.correct_person(session, held.person_id, name="Siti Contoh", front_title="Dr.",
                          back_title="", nip=NIP, actor=COMMAND, now=NOW)
    an_address(session, held.office, "sekda@contoh.id")
    assert export(session) == [{
        "kode": "14.08", "daerah": "Kabupaten Siak", "jabatan": "Sekretaris Daerah",
        "peran": "Sekretaris Daerah", "surel_jabatan": "sekda@contoh.id", "wa_jabatan": "",
        "telepon_jabatan": "", "id_orang": held.person_id, "gelar_depan": "Dr.",
        "nama": "Siti Contoh", "gelar_belakang": "", "nip": NIP, "status": "definitif",
        "mulai": "2021-01-04", "surel": "", "wa": "", "telepon": "", "sumber": "contoh",
    }]
    assert "nip" not in export(session, nips=False)[0]
