"""Official documents as PDF/A through Typst.

Every document is one template in templates/print/ and one frozen dataclass here. The
data travel as JSON in Typst's inputs, so no text can become code; pictures are SVG
that we drew ourselves. A warning of the compiler is an error: a missing font or an empty
box must not reach a regent's desk. A character that no typeface has (people paste them
into notes) is printed by its number, "[U+6F22]": nothing is lost and nothing fails.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import typst

from app.adapters import qr

Template = Literal["pledge", "minutes", "letter"]
STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]

PAD_WIDTH, PAD_HEIGHT = 328, 176  # the signing page's pad, in its own units
_MAX_POINTS = 20_000

_UNDISPLAYABLE = re.compile(
    r'the text `"(.+)"` could not be displayed|contains the codepoint `"(.+)"`', re.S)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")  # how the compiler names what it cannot print either
_MOST_REPAIRS = 40  # different characters without a typeface in one document


class PrintError(RuntimeError):
    """A document could not be typeset; the message is the compiler's."""


@dataclass(frozen=True)
class Target:
    """One line of the targets table; the figures are decimal strings, already localised."""

    name: str
    unit: str
    base: str
    goal: str


@dataclass(frozen=True)
class PledgeSheet:
    """A signed commitment, in the words that were signed."""

    number: str
    title: str
    version: str
    issuer: str
    place: str
    dated: str
    preamble: str
    clauses: Sequence[str]
    targets: Sequence[Target]
    closing: str
    signer_name: str
    signer_office: str
    on_behalf_of: str
    """The office a deputy signs for ("Bupati Siak"); empty when its holder signs."""
    region: str
    signed_at: str
    typed: str
    """The name as typed; empty when `strokes` holds a drawing."""
    strokes: Sequence[Sequence[tuple[int, int]]]
    """Polylines of whole numbers on a pad of 328 x 176; empty when typed."""
    evidence: Sequence[tuple[str, str]]
    """Label and value, in the order of the evidence record."""
    digest: str
    verify_url: str
    canonical: bytes
    """The exact bytes that were signed; attached to the file."""
    made: datetime
    sample: bool = False


@dataclass(frozen=True)
class FollowUp:
    """One line of the follow-up table of the minutes."""

    result: str
    action: str
    owner: str
    due: str


@dataclass(frozen=True)
class MinutesSheet:
    """The minutes (notula) of a convening that is closed."""

    title: str
    issuer: str
    number: str
    meeting: str
    day: str
    hours: str
    place: str
    agenda: Sequence[str]
    chair: str
    chair_office: str
    secretary: str
    participants: str
    opening: Sequence[str]
    discussion: Sequence[str]
    decisions: Sequence[str]
    follow_ups: Sequence[FollowUp]
    carried: Sequence[tuple[str, str]]
    """How the items of the cohort stood: label and figure."""
    ending: str
    signed_place: str
    attendance: Sequence[tuple[str, str, str]]
    """Region, office, name; no telephone number and no NIP."""
    digest: str
    revision: str
    made: datetime
    sample: bool = False


@dataclass(frozen=True)
class LetterSheet:
    """A surat undangan: to one office, or to several at once."""

    names: Sequence[str]
    """The lines of the kop, the government's first."""
    contact: Sequence[str]
    place: str
    dated: str
    number: str
    """Empty: "menunggu" is printed, since the number may be given later."""
    security: str
    attachment: str
    subject: str
    to: Sequence[str]
    """The offices; none: "Yth. Daftar Terlampir", and the list is attached."""
    to_place: str
    opening: str
    facts: Sequence[tuple[str, str]]
    delegation: str
    confirmation: str
    link: str
    """The office's own page; empty in a letter that several read."""
    ending: str
    signer_office: Sequence[str]
    signer_name: str
    signer_rank: str
    signer_nip: str
    copies: Sequence[str]
    listed: Sequence[tuple[str, str]]
    """Office and region of the attached list; empty without one."""
    programme: Sequence[tuple[str, str, str]]
    """Hours, what and who of the attached programme; empty without one."""
    made: datetime
    sample: bool = False


def signature_svg(strokes: Sequence[Sequence[tuple[int, int]]]) -> str:
    """Draw the polylines as one SVG; nothing of the client's is copied but whole numbers.

    Raises ValueError when a point lies off the pad or there are too many of them.
    """
    points = [p for line in strokes for p in line]
    if not points or len(points) > _MAX_POINTS:
        raise ValueError("a signature has between one point and twenty thousand")
    for x, y in points:
        if type(x) is not int or type(y) is not int:
            raise ValueError("a point is two whole numbers")
        if not (0 <= x <= PAD_WIDTH and 0 <= y <= PAD_HEIGHT):
            raise ValueError("a point lies on the pad")
    paths = []
    for line in strokes:
        if not line:
            continue
        first, *rest = line
        steps = "".join(f"L{x} {y}" for x, y in rest or [first])
        paths.append(f"M{first[0]} {first[1]}{steps}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {PAD_WIDTH} {PAD_HEIGHT}">'
        f'<path d="{"".join(paths)}" fill="none" stroke="#1b2330" stroke-width="2.4" '
        f'stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )


class Printer:
    """The compiler with its fonts, loaded once; safe to share between threads."""

    def __init__(self, templates: Path, fonts: Path) -> None:
        self._templates = templates
        self._lock = threading.Lock()
        self._fonts = typst.Fonts(
            include_system_fonts=False,
            # The compiler's own typefaces stand in for what ours lack: arrows, Greek.
            include_embedded_fonts=True,
            font_paths=[str(fonts)],
        )
        self._compilers: dict[Template, typst.Compiler] = {}

    def pledge(self, sheet: PledgeSheet) -> bytes:
        """A signed commitment as PDF/A-3, the signed bytes attached."""
        data = asdict(sheet)
        canonical: bytes = data.pop("canonical")
        drawn = signature_svg(sheet.strokes) if sheet.strokes else ""
        data.pop("strokes")
        data.pop("made")
        return self._print(
            "pledge",
            data,
            sheet.made,
            {
                "qr": qr.svg(sheet.verify_url, "Q"),
                "signature": drawn,
                "canonical": canonical.decode("utf-8"),
            },
        )

    def minutes(self, sheet: MinutesSheet) -> bytes:
        """The minutes with the follow-up table and the attendance list."""
        data = asdict(sheet)
        data.pop("made")
        return self._print("minutes", data, sheet.made, {})

    def letters(self, sheets: Sequence[LetterSheet], emblem: str = "") -> bytes:
        """Letters in one file, each with page numbers of its own; a QR leads to the invitation.

        ``emblem`` is an SVG picture for the kop of all of them. The file is titled after its
        addressee if it holds one letter, and made when the last of them was.
        """
        first = sheets[0]
        letters = []
        for sheet in sheets:
            data = asdict(sheet)
            data.pop("made")
            letters.append(data | {"qr": qr.svg(sheet.link, "M") if sheet.link else ""})
        named = f": {first.to[0]}" if len(sheets) == 1 and len(first.to) == 1 else ""
        data = {
            "title": first.subject + named,
            "author": first.names[0],
            "foot": first.subject,
            "sample": first.sample,
            "letters": letters,
        }
        made = max(sheet.made for sheet in sheets)
        return self._print("letter", data, made, {"emblem": emblem})

    def _print(
        self, template: Template, data: dict[str, Any], made: datetime, more: Mapping[str, str]
    ) -> bytes:
        inputs = {"data": json.dumps(data, ensure_ascii=False), **more}
        stamp = made.astimezone(UTC).replace(microsecond=0)
        with self._lock:
            compiler = self._compilers.get(template)
            if compiler is None:
                compiler = typst.Compiler(
                    str(self._templates / f"{template}.typ"),
                    root=str(self._templates),
                    font_paths=self._fonts,
                    ignore_system_fonts=True,
                )
                self._compilers[template] = compiler
            for _ in range(_MOST_REPAIRS):
                try:
                    result, warnings = compiler.compile_with_warnings(
                        format="pdf",
                        sys_inputs=inputs,
                        pdf_standards=STANDARDS,
                        timestamp=stamp,
                    )
                    break
                except typst.TypstError as why:
                    repaired = _spelled_out(inputs["data"], why.message)
                    if repaired == inputs["data"]:
                        raise PrintError(f"{template}: {why.message}") from None
                    inputs["data"] = repaired
            else:
                raise PrintError(f"{template}: too many characters without a typeface")
        if warnings:
            raise PrintError(f"{template}: {warnings[0].message}")
        assert isinstance(result, bytes)
        return result


def _spelled_out(data: str, message: str) -> str:
    """The data with the characters that the compiler names written by their numbers."""
    found = _UNDISPLAYABLE.search(message)
    named = (found[1] or found[2]) if found else ""
    for character in sorted(set(_ESCAPED.sub(lambda code: chr(int(code[1], 16)), named))):
        if not character.isascii():
            data = data.replace(character, f"[U+{ord(character):04X}]")
    return data
