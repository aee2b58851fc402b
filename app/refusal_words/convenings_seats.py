"""Words for the refusals of cohorts/convenings about seats, waiting and what a reply says more."""

from flask_babel import lazy_gettext as _l

from app.refusal_words.saying import Saying

WORDS: dict[str, Saying] = {
    "convenings.office_unknown": Saying(
        _l("Salah satu jabatan tidak ada lagi"),
        _l("Cari lagi jabatannya, lalu periksa sekali lagi."), 400),
    "convenings.seats_none": Saying(
        _l("Undangan ini tanpa kursi"),
        _l("Pilih pejabatnya sendiri, atau sebutkan siapa yang ditugaskan."), 400),
    "convenings.seats_many": Saying(
        _l("Kursinya terlalu banyak"), _l("Paling banyak %(most)s kursi untuk tiap jenis."), 400),
    "convenings.seat_for_post": Saying(
        _l("Kursi ini untuk %(post)s"), _l("Tunjuk siapa yang hadir."), 400),
    "convenings.companion_by_name": Saying(
        _l("Kursi pendamping tidak diwakilkan"), _l("Ganti saja nama pendampingnya."), 400),
    "convenings.capacity": Saying(
        _l("Jumlah kursinya belum sesuai"),
        _l("Isi angka dari 1 sampai %(most)s, atau kosongkan."), 400),
    "convenings.nobody_comes": Saying(
        _l("Belum ada yang hadir untuk kursi ini"),
        _l("Jawab undangannya dahulu. Yang mewakili mengisinya lewat tautannya sendiri.")),
    "convenings.companions_many": Saying(
        _l("Pendampingnya terlalu banyak"), _l("Tersedia %(most)s kursi untuk pendamping."), 400),
}
