"""The surat undangan on paper: its elements in their order, its list over pages, its own pages."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image
from pypdf import PdfReader

from app.adapters import emblem
from app.adapters import print as printing
from tests.adapters.test_print import LETTER, printer  # noqa: F401 - a fixture

Printer = printing.Printer


def pages(pdf: bytes) -> list[str]:
    """The text of each page without spaces: a line may break anywhere."""
    found = PdfReader(io.BytesIO(pdf)).pages
    return ["".join(page.extract_text().split()) for page in found]


def picture(size: tuple[int, int] = (300, 400), form: str = "PNG", mode: str = "RGBA") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, form)
    return out.getvalue()


def test_the_elements_stand_in_the_order_of_the_office_manual(
    printer: Printer,  # noqa: F811
) -> None:
    data, media_type = emblem.clean(picture())
    pdf = printer.letters([LETTER], emblem.as_svg(data, media_type))
    (page,) = pages(pdf)
    order = (
        "PEMERINTAHKABUPATENCONTOH", "DINASKOMUNIKASIDANINFORMATIKA", "JalanContohNomor1",
        "Contoh,4November2022", "Nomor:menunggu", "Sifat:Segera", "Lampiran:-",
        "Hal:UndanganPertemuanKetiga", "Yth.BupatiSiakdiTempat", "Denganhormat",
        "Hari,tanggal:Senin,21November2022", "Pukul:09.00WITA(08.00WIB)", "tidakdiwakilkan.",
        "Mohonkonfirmasi", LETTER.link, "Demikiandisampaikan", "a.n.BupatiContoh",
        "SekretarisDaerah,", "Dra.RatnaContoh,M.Si.", "PembinaUtamaMuda",
        "NIP197001011990012001", "Tembusan:", "MenteriDalamNegeri", "GubernurContoh",
    )  # fmt: skip
    at = [page.find(words) for words in order]
    assert -1 not in at, order[at.index(-1)]
    assert at == sorted(at)
    drawn = PdfReader(io.BytesIO(pdf))
    assert drawn.metadata is not None
    assert drawn.metadata.title == "Undangan Pertemuan Ketiga Living Lab: Bupati Siak"
    assert drawn.root_object["/MarkInfo"]["/Marked"] == True  # noqa: E712
    assert b"pdfaid:part" in pdf
    assert pdf != printer.letters([LETTER]), "the emblem is on it"


def test_a_head_of_region_signs_without_rank_and_nip(printer: Printer) -> None:  # noqa: F811
    head = replace(
        LETTER, signer_office=["Bupati Contoh"], signer_rank="", signer_nip="", copies=[]
    )
    (page,) = pages(printer.letters([head]))
    assert "BupatiContoh,Dra.RatnaContoh,M.Si." in page
    assert "NIP" not in page
    assert "Tembusan" not in page


def test_sixty_two_are_listed_over_pages_whose_head_is_repeated(
    printer: Printer,  # noqa: F811
) -> None:
    listed = [(f"Wali Kota Contoh {n:02d}", f"Kota Contoh {n:02d}") for n in range(1, 63)]
    shared = replace(LETTER, to=[], link="", listed=listed, number="005/1/KOMINFO/2022")
    found = pages(printer.letters([shared]))
    assert len(found) >= 3
    assert "Yth.DaftarTerlampirdiTempat" in found[0]
    assert "livinglab.example" not in found[0]
    assert "Nomor:005/1/KOMINFO/2022" in found[1]
    for page in found[1:]:
        assert "No.JabatanKabupaten/Kota" in page
    rest = "".join(found[1:])
    at = [rest.find(f"{n}WaliKotaContoh{n:02d}KotaContoh{n:02d}") for n in range(1, 63)]
    assert -1 not in at
    assert at == sorted(at)
    assert f"Halaman{len(found)}dari{len(found)}" in found[-1]


def test_up_to_five_are_named_in_the_letter_and_the_programme_is_attached(
    printer: Printer,  # noqa: F811
) -> None:
    few = replace(
        LETTER, to=["Bupati Siak", "Wali Kota Dumai"], link="",
        programme=[("09.00 s.d. 09.30 WITA", "Pembukaan", "Bupati Contoh"),
                   ("09.30 s.d. 10.00 WITA", "Penandatanganan", "")],
    )  # fmt: skip
    first, second = pages(printer.letters([few]))
    assert "Yth.1.BupatiSiak2.WaliKotaDumaidiTempat" in first
    assert "SUSUNANACARA" in second
    assert "PukulAcaraPengisi09.00s.d.09.30WITAPembukaanBupatiContoh" in second


def test_in_one_file_every_letter_counts_its_own_pages(printer: Printer) -> None:  # noqa: F811
    programme = [("09.00 s.d. 09.30 WITA", "Pembukaan", "")]
    letters = [
        replace(LETTER, to=["Bupati Siak"], programme=programme),
        replace(LETTER, to=["Wali Kota Dumai"]),
        replace(LETTER, to=["Bupati Belitung"], programme=programme),
    ]
    found = pages(printer.letters(letters))
    feet = [page[page.rfind("Halaman") :] for page in found]
    assert feet == [
        "Halaman1dari2", "Halaman2dari2", "Halaman1dari1", "Halaman1dari2", "Halaman2dari2",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ['#panic("x") $x$ *b* <l>', "x" * 300, "Nama Contoh " * 25])
def test_no_text_becomes_code_and_long_names_fit(printer: Printer, name: str) -> None:  # noqa: F811
    long = replace(
        LETTER, names=[name, name], to=[name], signer_office=[name], signer_name=name,
        opening=f"{name}\n\n{name}\n{name}", copies=[name] * 3, number=name[:80], subject=name,
    )  # fmt: skip
    assert name.replace(" ", "")[:8] in "".join(pages(printer.letters([long])))


def test_a_signature_never_stands_alone_on_a_page(printer: Printer) -> None:  # noqa: F811
    for lines in range(14, 36, 6):
        opening = "\n".join(f"Kalimat {n} dari alinea pembuka." for n in range(lines))
        for page in pages(printer.letters([replace(LETTER, opening=opening, copies=[])])):
            assert ("Dra.RatnaContoh" in page) == ("Demikiandisampaikan" in page)


def test_an_emblem_is_drawn_anew_without_what_came_with_it() -> None:
    exif = Image.Exif()
    exif[0x010E] = "rahasia"
    out = io.BytesIO()
    Image.new("RGB", (1600, 800), "blue").save(out, "JPEG", exif=exif, comment=b"rahasia")
    data, media_type = emblem.clean(out.getvalue() + b"<script>rahasia</script>")
    assert media_type == "image/jpeg"
    assert b"rahasia" not in data
    with Image.open(io.BytesIO(data)) as kept:
        assert kept.size == (400, 200)
        assert not kept.getexif()
    kept_png, png = emblem.clean(picture((120, 120), mode="P"))
    assert (png, kept_png[:4]) == ("image/png", b"\x89PNG")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"GIF89a" + b"x" * 200, "convenings.emblem_type"),
        (b"%PDF-1.7", "convenings.emblem_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "convenings.emblem_type"),
        (picture()[:200], "convenings.emblem_broken"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 90, "convenings.emblem_broken"),
        (picture((99, 400)), "convenings.emblem_small"),
        (picture((4001, 200), mode="1"), "convenings.emblem_pixels"),
        (picture((20_000, 20_000), mode="1"), "convenings.emblem_pixels"),
        (b"\xff\xd8\xff" + b"\x00" * 2_000_000, "ground.file_size"),
    ],
)
def test_what_is_no_picture_or_too_much_of_one_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(emblem.Refusal) as refused:
        emblem.clean(data)
    assert (refused.value.code, refused.value.field) == (code, "emblem")
