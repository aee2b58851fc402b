"""QR codes: what is drawn is what was asked for, with the quiet zone that cameras need."""

from __future__ import annotations

import io
import re

from PIL import Image

from app.adapters import qr

CARD = qr.PassPicture(
    token="LL1." + "k3JdQ0xT9mW2vB7nR5cY8hP1sL6fG4aZ" * 3,
    short_code="7K2M9QA4",
    short_code_label="Kode pendek",
    name="Dr. H. Nama Contoh, S.IP., M.Si.",
    office="Bupati Siak",
    region="Kabupaten Siak",
    convening="Pertemuan ke-3: Penandatanganan Komitmen Bersama",
    when="Senin, 21 November 2022 pukul 09.00 WITA (08.00 WIB)",
    place="Kampus UID, Bali",
    heading="Kartu masuk",
    sample="contoh",
)


def _dark_modules(svg: str) -> set[tuple[int, int]]:
    path = svg.split('fill="#000" d="')[1].split('"')[0]
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path)
    return {(int(x) + i, int(y)) for x, y, w in runs for i in range(int(w))}


def test_the_svg_draws_the_same_modules_as_the_png() -> None:
    svg = qr.svg("https://livinglab.example/v/7k2m9qa4-9f2c", "Q")
    picture = Image.open(
        io.BytesIO(qr.png("https://livinglab.example/v/7k2m9qa4-9f2c", "Q", scale=1))
    ).convert("1")
    from_png = {
        (x, y)
        for x in range(picture.width)
        for y in range(picture.height)
        if picture.getpixel((x, y)) == 0
    }
    assert _dark_modules(svg) == from_png
    assert f'viewBox="0 0 {picture.width} {picture.height}"' in svg


def test_four_modules_of_white_stand_on_every_side() -> None:
    svg = qr.svg("LL1.ABC")
    size = int(svg.split('viewBox="0 0 ')[1].split(" ")[0])
    dark = _dark_modules(svg)
    assert min(x for x, _ in dark) == 4
    assert min(y for _, y in dark) == 4
    assert max(x for x, _ in dark) <= size - 5
    assert max(y for _, y in dark) <= size - 5


def test_a_higher_level_makes_a_denser_code() -> None:
    text = "LL1." + "A" * 60
    assert len(_dark_modules(qr.svg(text, "Q"))) > len(_dark_modules(qr.svg(text, "L")))


def test_the_svg_holds_nothing_of_the_text_it_encodes() -> None:
    assert "onload" not in qr.svg('"><svg onload="alert(1)">')
    assert "<script" not in qr.svg("</svg><script>alert(1)</script>")


def test_the_picture_of_a_pass_carries_the_code_black_on_white_with_its_quiet_zone() -> None:
    image = Image.open(io.BytesIO(qr.pass_picture(CARD))).convert("RGB")
    assert image.width == 1080
    size = int(qr.svg(CARD.token, "M").split('viewBox="0 0 ')[1].split(" ")[0])
    scale = (1080 - 2 * 72) // size
    dark = _dark_modules(qr.svg(CARD.token, "M"))
    left = (1080 - size * scale) // 2
    # find the code by its first finder pattern, then compare every module
    top = (
        next(
            y
            for y in range(image.height)
            if all(
                image.getpixel((left + (4 + i) * scale + scale // 2, y)) == (0, 0, 0)
                for i in range(7)
            )
        )
        - 4 * scale
    )
    seen = {
        (x, y)
        for x in range(size)
        for y in range(size)
        if image.getpixel((left + x * scale + scale // 2, top + y * scale + scale // 2))
        == (0, 0, 0)
    }
    assert seen == dark


def test_a_name_of_five_hundred_characters_still_gives_a_picture() -> None:
    for name in ("x" * 500, "Nama Contoh " * 42, ""):
        card = qr.PassPicture(**{**CARD.__dict__, "name": name})
        image = Image.open(io.BytesIO(qr.pass_picture(card)))
        assert image.width == 1080
        assert image.height < 2600


def test_the_same_pass_gives_the_same_bytes() -> None:
    assert qr.pass_picture(CARD) == qr.pass_picture(CARD)
