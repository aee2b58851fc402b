"""QR codes: as inline SVG for pages and print, as a PNG, and as the picture of a pass.

The picture of a pass is what a guest saves because a chat app's browser may forget
its storage: the code with its full quiet zone, and in letters what the door needs
when the code does not scan.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import qrcode
from PIL import Image, ImageDraw, ImageFont

Level = Literal["L", "M", "Q", "H"]
QUIET_ZONE = 4  # modules; ISO/IEC 18004 asks for four, and cheap cameras need them

_LEVELS = {
    "L": qrcode.constants.ERROR_CORRECT_L,
    "M": qrcode.constants.ERROR_CORRECT_M,
    "Q": qrcode.constants.ERROR_CORRECT_Q,
    "H": qrcode.constants.ERROR_CORRECT_H,
}


@lru_cache(maxsize=2048)
def _matrix(text: str, level: Level, quiet: int) -> tuple[tuple[bool, ...], ...]:
    """The modules of the code, quiet zone included; row by row, True is dark."""
    code = qrcode.QRCode(error_correction=_LEVELS[level], border=quiet)
    code.add_data(text)
    code.make(fit=True)
    return tuple(tuple(bool(module) for module in row) for row in code.get_matrix())


@lru_cache(maxsize=2048)
def svg(text: str, level: Level = "M", quiet: int = QUIET_ZONE) -> str:
    """The code as one inline SVG, black on white, one unit per module.

    Without width and height: the page decides. It carries no text of its own and is
    hidden from screen readers; the page says in words what the code is for.
    """
    matrix = _matrix(text, level, quiet)
    size = len(matrix)
    runs: list[str] = []
    for y, row in enumerate(matrix):
        x = 0
        while x < size:
            if not row[x]:
                x += 1
                continue
            start = x
            while x < size and row[x]:
                x += 1
            runs.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'shape-rendering="crispEdges" aria-hidden="true">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z" stroke="none"/>'
        f'<path fill="#000" d="{"".join(runs)}" stroke="none"/></svg>'
    )


def _picture(text: str, level: Level, quiet: int, scale: int) -> Image.Image:
    matrix = _matrix(text, level, quiet)
    size = len(matrix)
    small = Image.new("1", (size, size), 1)
    small.putdata([0 if dark else 1 for row in matrix for dark in row])
    return small.resize((size * scale, size * scale), Image.Resampling.NEAREST)


def png(text: str, level: Level = "M", quiet: int = QUIET_ZONE, scale: int = 10) -> bytes:
    """The code as a two-colour PNG, `scale` pixels per module."""
    out = io.BytesIO()
    _picture(text, level, quiet, scale).save(out, "PNG", optimize=True)
    return out.getvalue()


@dataclass(frozen=True)
class PassPicture:
    """What stands on the picture of a pass; every line is already in the guest's language."""

    token: str
    """What the code carries; no personal data."""
    short_code: str
    """Eight Crockford characters, shown in two groups of four."""
    short_code_label: str
    name: str
    office: str
    region: str
    convening: str
    when: str
    place: str
    heading: str
    sample: str = ""
    """The word that marks a sample (contoh); empty for a real pass."""


_WIDTH, _MARGIN = 1080, 72
_INK, _SECOND, _RED, _PAPER = "#1b2330", "#434c5a", "#c8102e", "#ffffff"


@lru_cache(maxsize=4)
def _font_files(folder: str) -> dict[tuple[str, str], str]:
    """(family, style) -> file, of the print fonts that the build has made."""
    found: dict[tuple[str, str], str] = {}
    for path in sorted(Path(folder).glob("*.ttf")) if folder else []:
        family, style = ImageFont.truetype(str(path), 10).getname()
        found[(family or "", style or "")] = str(path)
    return found


def _font(folder: str, family: str, bold: bool, size: int) -> ImageFont.FreeTypeFont:
    """The house's face, or Pillow's own where the front end has not been built."""
    files = _font_files(folder)
    for style in ("Bold", "SemiBold") if bold else ("Regular",):
        path = next((f for (fam, sty), f in files.items() if (fam, sty) == (family, style)), None)
        if path:
            return ImageFont.truetype(path, size)
    fallback = ImageFont.load_default(size)
    assert isinstance(fallback, ImageFont.FreeTypeFont)
    return fallback


def _lines(text: str, font: ImageFont.FreeTypeFont, width: int, most: int) -> list[str]:
    """Break at spaces to fit `width` pixels; a longer text ends with an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    cut = lines[:most]
    for i, line in enumerate(cut):
        rest = len(lines) > most and i == most - 1
        while line and font.getlength(line + ("…" if rest else "")) > width:
            line, rest = line[:-1], True
        cut[i] = line.rstrip() + ("…" if rest else "")
    return cut


def pass_picture(card: PassPicture, fonts: Path | None = None) -> bytes:
    """The pass as a PNG that a phone can keep: 1080 pixels wide, as tall as it needs.

    QR at level M with its four modules of quiet zone, black on white whatever the
    phone's theme; beneath it the short code and, in letters, who comes where.
    """
    folder = str(fonts) if fonts else ""
    inner = _WIDTH - 2 * _MARGIN
    code = _matrix(card.token, "M", QUIET_ZONE)
    scale = inner // len(code)
    qr = _picture(card.token, "M", QUIET_ZONE, scale)
    grouped = f"{card.short_code[:4]} {card.short_code[4:]}"
    # (text, serif?, bold?, size, colour, most lines, space before)
    above = [
        (card.heading, True, True, 52, _INK, 1, 0),
        (card.convening, False, True, 40, _INK, 2, 18),
        (card.when, False, False, 36, _SECOND, 2, 10),
        (card.place, False, False, 36, _SECOND, 2, 6),
    ]
    below = [
        (card.short_code_label, False, False, 32, _SECOND, 1, 0),
        (grouped, False, True, 84, _INK, 1, 4),
        (card.name, True, True, 52, _INK, 3, 28),
        (card.office, False, False, 38, _INK, 3, 10),
        (card.region, False, False, 38, _INK, 2, 6),
        (card.sample, False, False, 32, _SECOND, 1, 18),
    ]

    def measured(
        block: list[tuple[str, bool, bool, int, str, int, int]],
    ) -> tuple[list[tuple[str, ImageFont.FreeTypeFont, str, int]], int]:
        rows: list[tuple[str, ImageFont.FreeTypeFont, str, int]] = []
        height = 0
        for text, serif, bold, size, colour, most, before in block:
            font = _font(folder, "Source Serif 4" if serif else "Public Sans", bold, size)
            for i, line in enumerate(_lines(text, font, inner, most)):
                height += before if i == 0 else 0
                rows.append((line, font, colour, height))
                height += round(size * 1.3)
        return rows, height

    head, head_height = measured(above)
    foot, foot_height = measured(below)
    top = 64
    height = top + head_height + 24 + qr.height + 12 + foot_height + 64
    image = Image.new("RGB", (_WIDTH, height), _PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, _WIDTH, 9), fill=_RED)

    def write(rows: list[tuple[str, ImageFont.FreeTypeFont, str, int]], y: int) -> None:
        for line, font, colour, offset in rows:
            draw.text((_WIDTH // 2, y + offset), line, font=font, fill=colour, anchor="ma")

    write(head, top)
    image.paste(qr.convert("RGB"), ((_WIDTH - qr.width) // 2, top + head_height + 24))
    write(foot, top + head_height + 24 + qr.height + 12)
    out = io.BytesIO()
    image.quantize(colors=64).save(out, "PNG", optimize=True)
    return out.getvalue()
