"""Words for what the rules of finding a date refuse."""

from flask_babel import lazy_gettext as _l

from app.refusal_words.saying import Saying

WORDS = {
    "convenings.poll_dates": Saying(
        _l("Jumlah pilihan tanggal belum sesuai"),
        _l(
            "Isi %(fewest)s sampai %(most)s tanggal yang berbeda, masing-masing dengan jam mulai "
            "dan selesai."
        ),
        400,
    ),
    "convenings.poll_date_past": Saying(
        _l("Pilihan tanggal ini sudah lewat"), _l("%(day)s tidak lagi dapat dipilih."), 400
    ),
    "convenings.poll_answer_by": Saying(
        _l("Batas jawaban belum sesuai"),
        _l("Pilih waktu sesudah sekarang dan sebelum pilihan tanggal yang pertama."),
        400,
    ),
    "convenings.poll_nobody": Saying(
        _l("Belum ada daerah yang ditanya"),
        _l("Pilih daerah anggota yang ditanya. Yang wajib hadir harus ikut ditanya."),
        400,
    ),
    "convenings.poll_not_member": Saying(
        _l("Daerah ini bukan anggota kohort"),
        _l("Muat ulang halaman; keanggotaannya mungkin baru berubah."),
    ),
    "convenings.poll_incomplete": Saying(
        _l("Masih ada tanggal yang belum dijawab"),
        _l("Pilih satu jawaban untuk setiap tanggal."),
        400,
    ),
    "convenings.poll_decided": Saying(
        _l("Tanggal sudah ditetapkan"), _l("Jawaban dan pilihan tidak dapat diubah lagi.")
    ),
    "convenings.poll_cancelled": Saying(
        _l("Pencarian tanggal ini sudah dibatalkan"),
        _l("Bila masih diperlukan, mulai pencarian yang baru."),
    ),
    "convenings.poll_reason": Saying(
        _l("Alasannya belum diisi"),
        _l("Tulis alasan singkat; yang sudah menjawab akan membacanya."),
        400,
    ),
}
