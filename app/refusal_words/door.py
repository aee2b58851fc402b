"""Words for the refusals of cohorts/door."""

from flask_babel import lazy_gettext as _l

from app.refusal_words.saying import Saying

WORDS: dict[str, Saying] = {
    "door.enrolment_over": Saying(
        _l("Kode pendaftaran sudah habis"),
        _l("Berlaku sepuluh menit dan untuk satu ponsel. "
           "Minta sekretariat menampilkan kode baru."), 410),
    "door.no_station": Saying(
        _l("Ponsel ini belum menjadi pemindai"),
        _l("Pindai kode pendaftaran dari layar sekretariat dengan kamera ponsel."), 403),
    "door.station_revoked": Saying(
        _l("Ponsel ini bukan pemindai lagi"),
        _l("Sekretariat mencabutnya, atau pintu ini memakai ponsel lain."), 403),
    "door.not_this_station": Saying(
        _l("Pemindai ini tidak diberi hak itu"),
        _l("Antar ke meja registrasi, atau minta sekretariat."), 403),
    "door.no_convening": Saying(
        _l("Pertemuan ini sudah selesai"),
        _l("Pemindai didaftarkan untuk pertemuan yang belum ditutup.")),
    "door.client_id": Saying(
        _l("Catatan ini tidak lengkap"), _l("Muat ulang halaman pemindai, lalu coba lagi."), 400),
    "door.nobody_admitted": Saying(
        _l("Catatan masuk ini tidak ada"), _l("Lihat kembali catatan terakhir."), 404),
    "door.undone_already": Saying(
        _l("Catatan ini sudah dibatalkan"), _l("Tidak perlu dibatalkan lagi.")),
    "door.not_inside": Saying(
        _l("Orang ini tidak sedang di dalam"), _l("Periksa dulu keadaannya di daftar tamu.")),
    "door.not_outside": Saying(
        _l("Orang ini tidak tercatat keluar"), _l("Periksa dulu keadaannya di daftar tamu.")),
}
