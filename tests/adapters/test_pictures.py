"""Uploaded pictures: the same view, upright, and nothing of who took it and where."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from app.adapters import pictures
from cohorts.ground.refusal import Refusal

PLACE = b"6 deg 51' S, 107 deg 55' E"
ORIENTATION, GPS, MAKER = 0x0112, 0x8825, 0x010F


def photo(size: tuple[int, int] = (60, 40), **more: object) -> bytes:
    """A JPEG as a phone takes it: lying on its side, with its place; left half red."""
    scene = Image.new("RGB", size, "blue")
    scene.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = scene.getexif()
    exif[ORIENTATION] = 6
    exif[MAKER] = PLACE.decode()
    exif.get_ifd(GPS)[1] = "S"
    out = io.BytesIO()
    scene.save(out, "JPEG", exif=exif, comment=PLACE, **more)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_photo_loses_place_phone_and_comment_and_stands_upright() -> None:
    given = photo()
    assert PLACE in given
    assert opened(given).getexif()
    clean = pictures.redrawn(given, "image/jpeg")
    shown = opened(clean)
    assert PLACE not in clean
    assert not shown.getexif()
    assert "comment" not in shown.info
    assert shown.size == (40, 60)
    red, blue = shown.convert("RGB").getpixel((20, 5)), shown.convert("RGB").getpixel((20, 55))
    assert red[0] > 200 > 60 > red[2]
    assert blue[2] > 200 > 60 > blue[0]


def test_a_png_loses_its_texts_and_keeps_what_is_clear() -> None:
    texts = PngInfo()
    texts.add_text("Author", PLACE.decode())
    out = io.BytesIO()
    Image.new("RGBA", (30, 30), (0, 120, 0, 0)).save(out, "PNG", pnginfo=texts)
    clean = pictures.redrawn(out.getvalue(), "image/png")
    assert PLACE in out.getvalue()
    assert PLACE not in clean
    assert opened(clean).getpixel((3, 3))[3] == 0


def test_a_large_photo_becomes_one_that_a_page_needs() -> None:
    given = photo((4000, 200))
    assert max(opened(pictures.redrawn(given, "image/jpeg")).size) <= pictures.LONGEST


def test_what_is_cut_off_or_only_looks_like_a_picture_is_refused() -> None:
    given = photo((600, 400))
    for data, kind in (
        (given[: len(given) // 2], "image/jpeg"),
        (b"\xff\xd8\xff\xe0 no picture", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n<script>", "image/png"),
        (given, "image/png"),
    ):
        with pytest.raises(Refusal, match=r"ground\.file_type"):
            pictures.redrawn(data, kind)


def test_a_picture_whose_own_description_is_broken_is_drawn_or_refused() -> None:
    """Pillow stumbles over it in ways of its own: that is no fault of ours."""
    out = io.BytesIO()
    Image.new("RGB", (160, 140)).save(out, "PNG")
    whole = out.getvalue()
    for name, data in ((b"pHYs", b"1"), (b"gAMA", b""), (b"cHRM", b"1"), (b"eXIf", b"II*\0")):
        chunk = struct.pack(">I", len(data)) + name + data
        chunk += struct.pack(">I", zlib.crc32(name + data))
        with contextlib.suppress(Refusal):
            pictures.redrawn(whole[:33] + chunk + whole[33:], "image/png")


def test_a_small_file_that_unfolds_into_a_huge_picture_is_refused_unread() -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 10_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(Refusal, match=r"ground\.file_type"):
        pictures.redrawn(out.getvalue(), "image/png")
