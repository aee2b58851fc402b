"""What is wrong in a cell or a file, in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.adapters.sheets import SheetError
from app.filters import NBSP
from cohorts.directory.lines import RowError

COLUMN_WORDS = {
    "id": _l("Nomor catatan. Kosongkan untuk catatan baru; terisi pada berkas unduhan."),
    "kode": _l("Kode wilayah, misalnya 14.08."),
    "daerah": _l("Nama daerah dengan jenisnya, misalnya Kab. Siak."),
    "lembaga": _l("Nama lembaga, bila yang datang bukan daerah."),
    "tanggal": _l("Tanggal kunjungan, 2022-10-31 atau 31/10/2022. Boleh kosong."),
    "sumber": _l("Dari mana hal ini diketahui."),
    "instrumen": _l("SPBE-2020 atau PEMDI-2026."),
    "tahun": _l("Tahun penilaian."),
    "nilai": _l("Nilai, misalnya 3,52."),
    "jenis": _l("resmi, penilaian mandiri, atau simulasi. Kosong berarti resmi."),
    "terbit": _l("Tanggal terbit. Boleh kosong."),
}

_ROW: Mapping[str, Callable[[RowError], Any]] = {
    "needed": lambda e: _("Bagian ini perlu diisi."),
    "region_unknown": lambda e: _("Daerah ini tidak dikenal. Tulis namanya dengan jenisnya."),
    "region_two": lambda e: _(
        "Ada dua: %(one)s dan %(two)s. Tulis jenisnya.", one=e.choices[0], two=e.choices[1]),
    "region_other": lambda e: _(
        "Kode dan nama menunjuk daerah yang berbeda. Menurut kodenya: %(name)s.",
        name=e.choices[0]),
    "one_visitor": lambda e: _("Isi daerah atau lembaga, salah satu."),
    "day": lambda e: _("Tanggal ini tidak ada. Contoh: 28/02/2023."),
    "day_to_come": lambda e: _("Tanggal ini belum tiba."),
    "number": lambda e: _("Tulis angka, misalnya 3,52."),
    "off_scale": lambda e: _("Nilai di luar skala, atau lebih dari dua angka desimal."),
    "instrument": lambda e: _("Instrumen ini tidak dikenal."),
    "year": lambda e: _("Instrumen ini tidak dipakai pada tahun tersebut."),
    "kind": lambda e: _("Jenis ini tidak dikenal."),
    "too_long": lambda e: _("Tulisan ini terlalu panjang."),
    "twice": lambda e: _("Sudah ada pada baris atau catatan %(which)s.", which=e.given),
    "id": lambda e: _("Tidak ada catatan berlaku dengan nomor ini. Unduh berkas terbaru."),
    "itself": lambda e: _("Daerah rujukan tidak mengunjungi dirinya sendiri."),
}


def error_words(error: RowError) -> str:
    """Return what is wrong in a cell."""
    return str(_ROW[error.code](error))


def sheet_error_words(error: SheetError) -> str:
    """Return what is wrong with a whole file."""
    words = {
        "empty": _("Berkas ini kosong."),
        "too_large": _("Berkas ini terlalu besar. Paling besar 10%(space)sMB.", space=NBSP),
        "too_many_rows": _("Barisnya terlalu banyak. Paling banyak 20.000."),
        "too_many_columns": _("Kolomnya terlalu banyak. Paling banyak 100."),
        "unpacks_too_large": _("Isi berkas ini terlalu besar bila dibuka. Salin barisnya ke lembar "
                               "baru, lalu simpan lagi."),
        "locked": _("Berkas ini dikunci dengan kata sandi. Buka di Excel, hapus kata sandinya, "
                    "lalu unggah lagi."),
        "old_excel": _("Berkas ini berformat Excel lama (XLS). Simpan sebagai XLSX atau CSV UTF-8, "
                       "lalu unggah lagi."),
        "not_a_workbook": _("Berkas ini rusak atau bukan berkas Excel. Simpan sebagai XLSX atau "
                            "CSV UTF-8, lalu unggah lagi."),
        "not_text": _("Berkas ini bukan CSV atau XLSX. Dari Excel: Simpan sebagai, XLSX atau CSV "
                      "UTF-8."),
        "no_header": _("Baris pertama perlu memuat nama kolom."),
        "double_column": _("Kolom %(name)s ada dua kali.", name=error.column),
        "cell_too_long": _("Baris %(row)s, kolom %(name)s: tulisannya terlalu panjang.",
                           row=error.row, name=error.column),
    }
    return str(words[error.code])
