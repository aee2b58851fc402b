"""Names and definitions of the figures, as they stand on the pages and on /method."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

STAGES = {
    "V": _l("Pernah berkunjung ke daerah rujukan"),
    "J": _l("Menjadi anggota kohort"),
    "A": _l("Hadir di sedikitnya satu pertemuan"),
    "C": _l("Menandatangani komitmen"),
    "S1": _l("Sedikitnya satu tindak lanjut tuntas"),
    "S2": _l("Separuh yang jatuh tempo tuntas"),
    "S3": _l("Semua yang jatuh tempo tuntas"),
    "I": _l("Indeks resmi naik sejak bergabung"),
    "P": _l("Indeks resmi sampai ke ambang"),
}
DEFINITIONS = {
    "V": _l("Daerah dengan sedikitnya satu kunjungan yang tercatat sampai hari itu. Kunjungan "
            "tanpa tanggal ikut dihitung dan disebut tersendiri. Kunjungan lembaga dan daerah "
            "yang diundang tanpa pernah berkunjung ditampilkan terpisah."),
    "J": _l("Daerah yang pernah menjadi anggota. Yang keluar tetap dihitung."),
    "A": _l("Sedikitnya satu orang dari daerah itu, bukan pendamping, tercatat masuk pada "
            "pertemuan yang terlaksana dan sudah ditutup."),
    "C": _l("Komitmen ditandatangani dan belum ditarik. Daerah yang belum pernah ditawari naskah "
            "disebut belum diketahui. Penanda tangan dari luar kohort ditampilkan terpisah."),
    "S1": _l("Sedikitnya satu tindak lanjut milik daerah itu terverifikasi. Klaim selesai belum "
             "dihitung. Tindak lanjut yang dipecah baru dihitung bila semua bagiannya tuntas."),
    "S2": _l("Dari tindak lanjut yang jatuh tempo menurut tenggat semula, separuh atau lebih "
             "terverifikasi. Yang dihentikan tetap dihitung dalam pembagi."),
    "S3": _l("Semua tindak lanjut yang jatuh tempo terverifikasi. Bila belum ada yang jatuh "
             "tempo: belum dinilai."),
    "I": _l("Nilai resmi terbaru di atas nilai resmi terakhir sebelum bergabung, pada instrumen "
            "yang sama."),
    "P": _l("Nilai resmi terbaru sama dengan atau di atas ambang, dan nilai resmi terakhir "
            "sebelum kunjungan di bawahnya. Yang sejak awal di atas ambang dan yang tidak punya "
            "nilai pembanding dicetak terpisah."),
}
REFUSED = (
    _l("Pembagi tidak mengecil karena tindak lanjut dihentikan atau daerah keluar."),
    _l("Tenggat yang diundur tidak mengeluarkan apa pun dari yang jatuh tempo; yang dipakai "
       "tenggat semula."),
    _l("Memecah tindak lanjut lalu menuntaskan sebagian tidak menambah apa pun."),
    _l("Mencatat ulang janji lama sebagai janji baru tidak menghapus yang lama."),
    _l("Klaim selesai tanpa pemeriksaan tidak dihitung."),
    _l("Daerah yang diundang karena indeksnya tidak dihitung sebagai pengunjung."),
    _l("Instrumen penilaian yang berbeda tidak pernah disambung, dirata-ratakan, atau diubah "
       "nilainya."),
)
REACHED = {
    "reached": _l("sampai ke ambang"),
    "below": _l("di bawah ambang"),
    "already": _l("sejak awal di atas ambang"),
    "unknown_before": _l("di atas ambang; nilai sebelum kunjungan tidak diketahui"),
    "no_score": _l("belum ada nilai resmi"),
    "no_threshold": _l("ambang belum ditetapkan"),
}
COMMITMENTS = {
    "signed": _l("ditandatangani"),
    "withdrawn": _l("ditarik"),
    "not_signed": _l("belum ditandatangani"),
    "unknown": _l("belum diketahui"),
}
IMPROVED = {"yes": _l("naik"), "no": _l("tidak naik"), "unknown": _l("belum diketahui")}
ENTRIES = {
    "visited": _l("pernah berkunjung"),
    "invited_as_high_performer": _l("diundang karena indeksnya"),
    "later": _l("bergabung kemudian"),
}
LEVELS = {
    3: _l("semua tuntas"),
    2: _l("separuh tuntas"),
    1: _l("sedikitnya satu tuntas"),
    0: _l("belum ada yang tuntas"),
}
CLASSES = {
    "verified": _l("terverifikasi"),
    "claimed": _l("diklaim selesai, belum diperiksa"),
    "in_progress": _l("berjalan"),
    "blocked": _l("terkendala"),
    "open": _l("belum mulai"),
    "dropped": _l("dihentikan"),
}
DROPS = {
    "left_cohort": _l("keluar dari kohort"),
    "not_feasible": _l("tidak dapat dilaksanakan"),
    "regulation_changed": _l("aturan berubah"),
    "force_majeure": _l("keadaan kahar"),
    "no_longer_relevant": _l("tidak lagi relevan"),
}
