"""Words for what turns refuse."""

from flask_babel import lazy_gettext as _l

from app.refusal_words.saying import Saying

WORDS = {
    "turns.earlier_in_progress": Saying(
        _l("Pertemuan ke-%(number)s masih berlangsung"),
        _l("Tutup dahulu pertemuan itu. Belum ada yang berubah."),
    ),
    "turns.incomplete": Saying(
        _l("%(count)s tindak lanjut belum lengkap"),
        _l("Pertemuan dapat ditutup setelah semuanya dilengkapi atau dihentikan. "
           "Belum ada yang berubah."),
    ),
    "turns.unsent_scans": Saying(
        _l("%(count)s pindaian pintu belum terkirim"),
        _l("Tunggu sampai terkirim, atau tutup juga: pindaian yang menyusul tercatat sebagai "
           "koreksi. Belum ada yang berubah."),
    ),
    "turns.reason_missing": Saying(
        _l("Alasannya belum ada"), _l("Tulis mengapa pertemuan ini dibuka kembali."), 400
    ),
    "turns.already_there": Saying(_l("Daerah ini sudah anggota kohort tujuan"), "", 400),
    "turns.same_cohort": Saying(_l("Pilih kohort yang lain"), "", 400),
}
