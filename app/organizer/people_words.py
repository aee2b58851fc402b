"""The columns of a file of people and offices and what is wrong in them, in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.organizer.row_words import error_words
from cohorts.directory.lines import RowError

COLUMN_WORDS = {
    "kode": _l("Kode wilayah, misalnya 14.08."),
    "daerah": _l("Nama daerah dengan jenisnya, misalnya Kab. Siak."),
    "jenis_lembaga": _l("Untuk lembaga yang baru: kementerian, badan, LSM, perguruan tinggi, atau "
                        "perusahaan."),
    "lembaga": _l("Nama lembaga, bila jabatannya bukan di pemerintah daerah."),
    "jabatan": _l("Jabatan, misalnya Sekda atau Kepala Bidang Informatika."),
    "peran": _l("Jenis jabatan seperti pada berkas unduhan. Boleh kosong."),
    "surel_jabatan": _l("Alamat surel jabatan: tetap berlaku ketika pemangkunya berganti."),
    "wa_jabatan": _l("Nomor WhatsApp jabatan."),
    "telepon_jabatan": _l("Nomor telepon jabatan."),
    "id_orang": _l("Nomor catatan orang pada berkas unduhan. Dengan ini, nama dapat diperbaiki."),
    "gelar_depan": _l("Gelar di depan nama."),
    "nama": _l("Nama pemangku. Gelar yang ikut tertulis dipisahkan sendiri. Kosong berarti hanya "
               "jabatannya."),
    "gelar_belakang": _l("Gelar di belakang nama."),
    "nip": _l("NIP, 18 angka. Boleh kosong."),
    "status": _l("definitif, Pj., Plt., atau Plh. Kosong berarti definitif."),
    "mulai": _l("Hari pertama menjabat. Kosong berarti hari ini."),
    "berakhir": _l("Hari pertama tanpa jabatan ini. Kosong bila masih menjabat."),
    "surel": _l("Alamat surel milik pemangku: berakhir bersama masa jabatannya."),
    "wa": _l("Nomor WhatsApp milik pemangku."),
    "telepon": _l("Nomor telepon milik pemangku."),
    "sumber": _l("Dari mana alamatnya diketahui. Kosong berarti nama berkasnya."),
}
FIELD_WORDS = {
    "front_title": _l("gelar depan"),
    "name": _l("nama"),
    "back_title": _l("gelar belakang"),
    "nip": _l("NIP"),
}
KIND_WORDS = {
    "organisation": _l("lembaga baru"),
    "office": _l("jabatan baru"),
    "person": _l("orang baru"),
    "correct": _l("orang diperbaiki"),
    "appoint": _l("masa jabatan baru"),
    "end": _l("masa jabatan berakhir"),
    "address": _l("alamat baru"),
}

_ROW: Mapping[str, Callable[[RowError], Any]] = {
    "one_place": lambda e: _("Isi daerah atau lembaga, salah satu."),
    "kind_of_place": lambda e: _("Jenis lembaga ini tidak dikenal."),
    "role": lambda e: _(
        "Jabatan ini tidak dikenal. Tulis seperti di daftar jabatan, atau isi kolom peran."),
    "role_elsewhere": lambda e: _("Jabatan ini tidak ada di daerah atau lembaga tersebut."),
    "office_over": lambda e: _("Jabatan %(name)s sudah dihapuskan.", name=e.given),
    "standing": lambda e: _("Status ini tidak dikenal."),
    "ends_before": lambda e: _("Tanggal akhir mendahului tanggal mulai."),
    "email": lambda e: _("“%(given)s” bukan alamat surel.", given=e.given),
    "phone": lambda e: _("“%(given)s” bukan nomor telepon.", given=e.given),
    "label": lambda e: _(
        "“%(given)s” tidak dikenal. Di dalam kurung tulis dinas, TU, ajudan, atau pribadi.",
        given=e.given),
    "labelled": lambda e: _(
        "Alamat ini tercatat sebagai alamat %(label)s. Perubahannya dicatat di halaman jabatan.",
        label=e.given),
    "rounded": lambda e: _(
        "Excel membulatkan angka ini, sehingga angka terakhirnya hilang. Jadikan kolomnya teks, "
        "lalu tulis kembali."),
    "nip": lambda e: _("NIP terdiri atas 18 angka dan diawali tanggal lahir."),
    "nip_other": lambda e: _("NIP ini milik %(name)s.", name=e.given),
    "nip_differs": lambda e: _(
        "Orang ini tercatat dengan NIP lain, berakhiran %(end)s.", end=e.given),
    "namesake": lambda e: _(
        "Ada beberapa orang bernama %(name)s di sini. Isi NIP atau nomor catatannya.",
        name=e.given),
    "id": lambda e: _("Tidak ada orang dengan nomor ini. Kosongkan, atau unduh berkas terbaru."),
    "twice": lambda e: _("Sudah disebut pada baris %(which)s.", which=e.given),
    "line_other": lambda e: _(
        "Baris %(which)s menulis hal lain tentang orang ini.", which=e.given),
    "two_holders": lambda e: _(
        "Baris %(which)s menyebut pejabat definitif lain pada masa yang sama.", which=e.given),
    "held": lambda e: _("Pada masa itu jabatan ini dipegang %(name)s.", name=e.given),
    "handover_day": lambda e: _(
        "Jabatan ini dipegang %(name)s. Isi tanggal mulai, agar masa jabatannya berakhir pada hari "
        "itu.", name=e.given),
    "since": lambda e: _(
        "Masa jabatan ini tercatat dengan tanggal mulai lain. Pilih tanggal itu, atau kosongkan di "
        "berkas."),
    "until": lambda e: _("Masa jabatan ini tercatat berakhir pada tanggal lain."),
    "over": lambda e: _("Masa jabatannya sudah berakhir, jadi tidak menerima alamat baru."),
}


def people_error_words(error: RowError) -> str:
    """Return what is wrong in a cell of a file of people and offices."""
    if error.code == "needed" and error.column == "nama":
        return str(_("Tulis nama pemangkunya, atau kosongkan semua kolom tentang pemangku."))
    if error.code == "needed" and error.column == "jenis_lembaga":
        return str(_("Lembaga ini baru. Pilih jenisnya."))
    said = _ROW.get(error.code)
    return str(said(error)) if said else error_words(error)
