"""The columns of a file of people and offices, and guessing which column of a found file is which.

A list that somebody else kept has titles above its header, a header of two rows with merged cells,
a row of column numbers under it, and names of its own for everything. The guess is a proposal: the
organiser corrects it on a page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cohorts.directory import spelling

COLUMNS = (
    "kode",
    "daerah",
    "jenis_lembaga",
    "lembaga",
    "jabatan",
    "peran",
    "surel_jabatan",
    "wa_jabatan",
    "telepon_jabatan",
    "id_orang",
    "gelar_depan",
    "nama",
    "gelar_belakang",
    "nip",
    "status",
    "mulai",
    "berakhir",
    "surel",
    "wa",
    "telepon",
    "sumber",
)
NEEDED = ("jabatan",)
LOOKED_AT = 30  # rows from the top among which the header is sought
_SYNONYMS = {
    "kode": "kode wilayah, kode daerah, kode kemendagri, kode kab kota, region code, code",
    "daerah": "kabupaten kota, kab kota, kabupaten, kab, kota, wilayah, nama daerah, pemda, "
    "pemerintah daerah, nama kabupaten kota, asal daerah, region, regency, city, regency city",
    "jenis_lembaga": "jenis instansi, kind of organisation, organisation kind",
    "lembaga": "instansi, nama instansi, nama lembaga, asal instansi, organisasi, unit kerja, "
    "organisation, organization, institution, agency",
    "jabatan": "nama jabatan, jabatan dinas, jabatan saat ini, position, post, office, title, "
    "job title",
    "peran": "jenis jabatan, role",
    "surel_jabatan": "email dinas, e mail dinas, email kantor, email jabatan, surel dinas, "
    "surel kantor, office email, email instansi",
    "wa_jabatan": "wa dinas, wa kantor, wa jabatan, whatsapp kantor, office whatsapp",
    "telepon_jabatan": "telepon kantor, telp kantor, telepon dinas, telp dinas, "
    "no telp kantor, nomor telepon kantor, office phone",
    "id_orang": "person id",
    "gelar_depan": "gelar di depan, front title",
    "nama": "nama lengkap, nama pejabat, nama pemangku, nama pemangku jabatan, nama dan gelar, "
    "nama lengkap dan gelar, nama peserta, name, full name",
    "gelar_belakang": "gelar di belakang, back title",
    "nip": "nomor induk pegawai, no nip, nip baru, employee number",
    "status": "status jabatan, keterangan jabatan, standing",
    "mulai": "tmt, tmt jabatan, tanggal mulai, mulai menjabat, tgl pelantikan, "
    "tanggal pelantikan, sejak, from, since, start",
    "berakhir": "tanggal berakhir, akhir jabatan, akhir masa jabatan, until, end",
    "surel": "email, e mail, alamat email, alamat surel, pos el, posel, mail, email pribadi, "
    "email address",
    "wa": "whatsapp, no wa, nomor wa, no hp wa, hp wa, no wa hp, no whatsapp, nomor whatsapp",
    "telepon": "telp, no telp, nomor telepon, no telepon, hp, no hp, nomor hp, ponsel, "
    "no ponsel, handphone, no handphone, telp hp, phone, mobile, phone number",
    "sumber": "sumber data, source",
}
_BY_WORDS = {
    name: column
    for column in COLUMNS
    for name in (column.replace("_", " "), *_SYNONYMS[column].split(", "))
}
_HINTS = (  # words of a longer header, the telling ones first
    ("nip", {"nip"}),
    ("surel", {"email", "surel", "mail", "posel"}),
    ("wa", {"wa", "whatsapp"}),
    ("telepon", {"telepon", "telp", "hp", "ponsel", "handphone", "phone"}),
    ("lembaga", {"instansi", "lembaga", "opd"}),
    ("daerah", {"kabupaten", "kab", "daerah", "wilayah"}),
    ("jabatan", {"jabatan"}),
    ("nama", {"nama", "name"}),
)
_OF_OFFICE = {"dinas", "kantor", "instansi", "resmi", "office"}
_ADDRESSES = ("surel", "wa", "telepon")
_COUNT = re.compile(r"\(?\d{1,3}\)?\.?")


@dataclass(frozen=True)
class Guess:
    """How a found table is read: ``first`` is the index of the first row below the header;
    ``heads`` the text of every column's header; ``columns`` one of COLUMNS for each, or None."""

    first: int
    heads: tuple[str, ...]
    columns: tuple[str | None, ...]

    @property
    def exact(self) -> bool:
        """Whether every column is called as we call it: a file that was downloaded here."""
        own = [_plain(head) for head in self.heads]
        return all(head.replace(" ", "_") in (*COLUMNS, "galat") for head in own) and all(
            column in self.columns for column in NEEDED
        )


def guess(rows: Sequence[Sequence[str]]) -> Guess:
    """Find the header among the first rows and say what each column holds.

    The header is the row that names most of our columns, together with the row below it where that
    names more ("Kontak" over "Surel" and "WA"). A row of column numbers under it is passed over.
    """
    best = Guess(1 if rows else 0, tuple(rows[0]) if rows else (), ())
    found = 0
    for at in range(min(len(rows), LOOKED_AT)):
        heads = tuple(rows[at])
        for first, titles in ((at + 1, heads), (at + 2, _under(heads, rows, at + 1))):
            columns = _columns(titles)
            n = sum(column is not None for column in columns)
            if n > found:
                best, found = Guess(first, titles, columns), n
    first = best.first
    if first < len(rows) and _counted(rows[first]):
        first += 1
    return Guess(first, best.heads, best.columns or (None,) * len(best.heads))


def _under(heads: Sequence[str], rows: Sequence[Sequence[str]], at: int) -> tuple[str, ...]:
    """The titles of a header of two rows: the upper one stands over the cells to its right that
    are empty in it, as a merged cell does."""
    if at >= len(rows):
        return ()
    lower = rows[at]
    titles: list[str] = []
    over = ""
    for i in range(max(len(heads), len(lower))):
        upper = heads[i] if i < len(heads) else ""
        below = lower[i] if i < len(lower) else ""
        over = upper or (over if below else "")
        titles.append(f"{over} {below}".strip() if below else upper)
    # A row of data looks like a second header only where it names no column by itself.
    own = sum(column is not None for column in _columns(lower))
    return tuple(titles) if own else ()


def _columns(heads: Sequence[str]) -> tuple[str | None, ...]:
    """What each title means; each of ours once, the plainest title first."""
    found: list[str | None] = [_BY_WORDS.get(_plain(head)) for head in heads]
    for i, column in enumerate(found):
        if column in found[:i]:
            found[i] = None
    for i, head in enumerate(heads):
        if found[i] is None and head:
            hinted = _hinted(head)
            found[i] = hinted if hinted not in found else None
    if "nama" not in found:  # without holders an address is the office's
        for i, column in enumerate(found):
            own = f"{column}_jabatan"
            if column in _ADDRESSES and own not in found:
                found[i] = own
    return tuple(found)


def _hinted(head: str) -> str | None:
    if len(head) > 60:
        return None
    heard = set(_plain(head).split())
    for column, telling in _HINTS:
        if heard & telling:
            of_office = column in _ADDRESSES and heard & _OF_OFFICE
            return f"{column}_jabatan" if of_office else column
    return None


def _plain(head: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", head.casefold()).split())


def _counted(row: Sequence[str]) -> bool:
    """Whether a row only numbers the columns: 1 2 3, or (1) (2) (3)."""
    filled = [cell for cell in row if cell]
    return len(filled) > 1 and all(_COUNT.fullmatch(cell) for cell in filled)


def titles_of(name: str) -> tuple[str, str, str]:
    """A name written with its titles, in three: ("Dr. H.", "Nama Contoh", "S.IP., M.Si."). What
    follows a comma is left where it is when it is no title."""
    own, comma, behind = name.partition(",")
    back = behind.strip()
    if comma and not all(spelling.fold(word) in spelling.TITLES for word in _each(back)):
        own, back = name, ""
    words = own.split()
    front = 0
    while front < len(words) - 1 and spelling.fold(words[front]) in spelling.TITLES:
        front += 1
    return " ".join(words[:front]), " ".join(words[front:]), back


def _each(text: str) -> list[str]:
    return [word for word in re.split(r"[,\s]+", text) if word]
