"""Documents: typeset with our fonts alone, readable, and what was signed is inside."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from app.adapters import print as printing

ROOT = Path(__file__).resolve().parents[2]
MADE = datetime(2022, 11, 21, 3, 26, tzinfo=UTC)

PLEDGE = printing.PledgeSheet(
    number="7K2M9QA4-9F2C",
    title="Komitmen Bersama Implementasi Platform Kolaboratif Living Lab",
    version="2",
    issuer="Living Lab",
    place="Bali",
    dated="21 November 2022",
    preamble="Kami, para Bupati/Wali Kota, dengan ini menyatakan komitmen untuk:",
    clauses=["menetapkan tim koordinasi;", "meniru sedikitnya satu praktik baik daerah lain."],
    targets=[printing.Target("Praktik yang ditiru", "praktik", "0", "1")],
    closing="Demikian komitmen ini dibuat dengan sesungguhnya.",
    signer_name="Dr. H. Rahmat Contoh, M.Si.",
    signer_office="Bupati Siak",
    on_behalf_of="",
    region="Kabupaten Siak",
    signed_at="Senin, 21 November 2022 pukul 11.26 WITA",
    typed="Rahmat Contoh",
    strokes=[],
    evidence=[("Cara dikenali", "Tautan pribadi dan kode sekali pakai"), ("Bahasa", "Indonesia")],
    digest="9f2c11d870ab44e06c35e2f908b15d779f2c11d870ab44e06c35e2f908b15d77",
    verify_url="https://livinglab.example/v/7K2M9QA4-9F2C",
    canonical=b'{"schema":"livinglab/pledge@1"}',
    made=MADE,
    sample=True,
)
MINUTES = printing.MinutesSheet(
    title="Notula Pertemuan ke-3",
    issuer="Living Lab",
    number="",
    meeting="Pertemuan ke-3: Penandatanganan Komitmen Bersama",
    day="Senin, 21 November 2022",
    hours="09.00 s.d. 16.00 WITA",
    place="Kampus UID, Bali",
    agenda=["Pembukaan", "Penandatanganan"],
    chair="Dra. Ratna Contoh, M.Si.",
    chair_office="Ketua Sekretariat",
    secretary="Rina Contoh, S.Kom.",
    participants="62 daerah; daftar terlampir",
    opening=["Rapat dibuka pukul 09.05 WITA."],
    discussion=[],
    decisions=["Komitmen ditandatangani.", "Pertemuan berikutnya di Sumedang."],
    follow_ups=[
        printing.FollowUp("Tim belum ada", "Menetapkan tim", "Sekda Kab. Siak", "31 Jan 2023")
    ],
    carried=[("Dibawa ke pertemuan berikutnya", "292")],
    ending="Rapat ditutup pukul 16.00 WITA.",
    signed_place="Bali, 21 November 2022",
    attendance=[("Kab. Siak", "Bupati Siak", "Dr. H. Rahmat Contoh, M.Si.")] * 70,
    digest="ab" * 32,
    revision="1",
    made=MADE,
)
LETTER = printing.LetterSheet(
    names=["Pemerintah Kabupaten Contoh", "Dinas Komunikasi dan Informatika"],
    contact=["Jalan Contoh Nomor 1, Contoh", "Telepon 021 000"],
    place="Contoh",
    dated="4 November 2022",
    number="",
    security="Segera",
    attachment="-",
    subject="Undangan Pertemuan Ketiga Living Lab",
    to=["Bupati Siak"],
    to_place="Tempat",
    opening="Dengan hormat kami mengundang Saudara untuk hadir pada:",
    facts=[("Hari, tanggal", "Senin, 21 November 2022"), ("Pukul", "09.00 WITA (08.00 WIB)")],
    delegation="Dimohon kehadiran Saudara tidak diwakilkan.",
    confirmation="Mohon konfirmasi paling lambat 14 November 2022.",
    link="https://livinglab.example/u/7K2M9QA4XW3B5C6D.1.aaaaaaaaaaaaaaaaaaaaaa",
    ending="Demikian disampaikan, atas perhatian dan kehadirannya diucapkan terima kasih.",
    signer_office=["a.n. Bupati Contoh", "Sekretaris Daerah"],
    signer_name="Dra. Ratna Contoh, M.Si.",
    signer_rank="Pembina Utama Muda",
    signer_nip="197001011990012001",
    copies=["Menteri Dalam Negeri", "Gubernur Contoh"],
    listed=[],
    programme=[],
    made=MADE,
)


@pytest.fixture(scope="module")
def printer() -> printing.Printer:
    return printing.Printer(
        ROOT / "templates" / "print", ROOT / "app" / "static" / "dist" / "fonts-print"
    )


def text(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_pledge_says_who_promised_what_and_how_to_check_it(printer: printing.Printer) -> None:
    words = text(printer.pledge(PLEDGE))
    for said in (
        PLEDGE.title,
        "meniru sedikitnya satu praktik baik daerah lain.",
        "Praktik yang ditiru",
        "Dr. H. Rahmat Contoh, M.Si.",
        "tanda tangan elektronik tidak tersertifikasi",
        "https://livinglab.example/v/7K2M9QA4-9F2C",
        "9f2c11d8 70ab44e0",
        "Tautan pribadi dan kode sekali pakai",
        "CONTOH",
    ):
        assert said in words
    assert "BSrE" not in words
    assert "a.n." not in words


def test_the_signed_bytes_travel_inside_the_file(printer: printing.Printer) -> None:
    reader = PdfReader(io.BytesIO(printer.pledge(PLEDGE)))
    assert reader.attachments["komitmen.json"] == [PLEDGE.canonical]
    assert reader.metadata is not None
    assert reader.metadata.title == PLEDGE.title + ", Kabupaten Siak"


def test_it_is_an_archive_file_with_structure_for_screen_readers(
    printer: printing.Printer,
) -> None:
    pdf = printer.pledge(PLEDGE)
    assert b"pdfaid:part" in pdf
    assert b"pdfuaid:part" in pdf
    assert PdfReader(io.BytesIO(pdf)).root_object["/MarkInfo"]["/Marked"] == True  # noqa: E712


def test_a_deputy_signs_in_their_own_name_on_behalf_of_the_office(
    printer: printing.Printer,
) -> None:
    deputy = replace(PLEDGE, on_behalf_of="Bupati Siak", signer_office="Sekretaris Daerah")
    assert "a.n. Bupati Siak" in text(printer.pledge(deputy))


def test_a_drawn_signature_is_drawn_from_whole_numbers(printer: printing.Printer) -> None:
    drawn = replace(PLEDGE, typed="", strokes=[[(10, 20), (60, 90), (120, 30)], [(200, 100)]])
    assert printer.pledge(drawn) != printer.pledge(PLEDGE)
    svg = printing.signature_svg(drawn.strokes)
    assert "M10 20L60 90L120 30" in svg
    assert "M200 100L200 100" in svg  # a dot stays visible


@pytest.mark.parametrize(
    "strokes",
    [
        [],
        [[]],
        [[(-1, 5)]],
        [[(5, 177)]],
        [[(1.5, 2)]],
        [[('"/><script>', 1)]],
        [[(1, True)]],
        [[(1, 1)] * 20_001],
    ],
)
def test_a_drawing_that_is_not_one_is_refused(strokes: list[list[tuple[int, int]]]) -> None:
    with pytest.raises(ValueError, match=r"point|signature"):
        printing.signature_svg(strokes)


def test_the_same_pledge_gives_the_same_bytes(printer: printing.Printer) -> None:
    assert printer.pledge(PLEDGE) == printer.pledge(PLEDGE)


@pytest.mark.parametrize(
    "name", ['#panic("x")', "$x^2$ *bold* _it_ `raw` @ref <label>", "x" * 500, "Nama Contoh " * 40]
)
def test_no_text_becomes_code_and_long_names_fit(printer: printing.Printer, name: str) -> None:
    words = text(printer.pledge(replace(PLEDGE, signer_name=name, clauses=[name])))
    assert name[:8] in words


def test_arrows_and_comparisons_are_printed_as_they_are(printer: printing.Printer) -> None:
    follow = printing.FollowUp("0 → 1 praktik", "≥ 2,50 ≤ 3,50", "Sekda", "31 Jan 2023")
    words = text(printer.minutes(replace(MINUTES, follow_ups=[follow])))
    for said in ("0 → 1 praktik", "≥ 2,50 ≤ 3,50"):
        assert said in words


def test_a_letter_no_typeface_has_is_spelled_by_its_number_and_nothing_fails(
    printer: printing.Printer,
) -> None:
    words = text(printer.letters([replace(LETTER, opening="Terima kasih 漢字 🙏, salam.")]))
    assert "Terima kasih [U+6F22][U+5B57] [U+1F64F], salam." in words


@pytest.mark.parametrize("letter", ["\uf0b7", "\ue000", "\u0378"])
def test_the_bullet_of_a_word_processor_and_what_is_no_letter_are_spelled_as_well(
    printer: printing.Printer, letter: str
) -> None:
    """Pasted lists begin with a letter of a private typeface, which the compiler names escaped."""
    words = text(printer.letters([replace(LETTER, opening=f"{letter} Rapat dan salam.")]))
    assert f"[U+{ord(letter):04X}] Rapat dan salam." in words


def test_minutes_hold_the_follow_up_table_and_the_list_of_who_came(
    printer: printing.Printer,
) -> None:
    pdf = printer.minutes(MINUTES)
    words = text(pdf)
    for said in (
        "NOTULA",
        "Pimpinan rapat",
        "Notulis",
        "Rencana tindak lanjut",
        "Menetapkan tim",
        "Penanggung jawab",
        "Tgl. penyelesaian",
        "Dibawa ke pertemuan berikutnya",
        "Daftar hadir",
    ):
        assert said in words
    assert words.count("Bupati Siak") == 70
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert f"dari {len(pages)}" in words


def test_minutes_without_a_word_still_print(printer: printing.Printer) -> None:
    empty = replace(
        MINUTES,
        chair="",
        secretary="",
        agenda=[],
        decisions=[],
        follow_ups=[],
        carried=[],
        attendance=[],
    )
    assert "Tidak ada tindak lanjut baru" in text(printer.minutes(empty))
