"""Words for the refusals of cohorts/programme."""

from flask_babel import lazy_gettext as _l

from app.refusal_words.saying import Saying

WORDS: dict[str, Saying] = {
    "programme.slug_form": Saying(
        _l("Alamat kohort ini belum sesuai"),
        _l("Gunakan huruf kecil, angka, dan tanda hubung, misalnya living-lab-2022."), 400),
    "programme.slug_known": Saying(
        _l("Alamat ini sudah dipakai kohort lain"), _l("Pilih alamat lain.")),
    "programme.ends_before_it_begins": Saying(
        _l("Kohort ini berakhir sebelum mulai"), _l("Periksa kedua tanggal."), 400),
    "programme.zone_unknown": Saying(
        _l("Zona waktu ini tidak dikenal"), _l("Pilih WIB, WITA, atau WIT."), 400),
    "programme.instrument_unknown": Saying(
        _l("Instrumen ini tidak dikenal"), _l("Pilih salah satu dari daftar."), 400),
    "programme.value_off_scale": Saying(
        _l("Nilai ini di luar skala"),
        _l("Antara %(low)s dan %(high)s, paling banyak dua angka desimal."), 400),
    "programme.year_outside": Saying(
        _l("Instrumen ini tidak dipakai pada tahun tersebut"),
        _l("Tahun yang dapat dicatat: %(years)s."), 400),
    "programme.member_already": Saying(
        _l("%(region)s sudah menjadi anggota"), _l("Anggota sejak %(since)s.")),
    "programme.member_overlap": Saying(
        _l("Pada tanggal itu %(region)s masih menjadi anggota"),
        _l("Pilih tanggal sesudah keluarnya.")),
    "programme.not_member": Saying(
        _l("Daerah ini bukan anggota kohort"), _l("Muat ulang halaman untuk melihat keadaannya.")),
    "programme.left_before_joining": Saying(
        _l("Tanggal keluar mendahului tanggal masuk"), _l("Anggota sejak %(since)s."), 400),
    "programme.left_already": Saying(
        _l("Daerah ini sudah keluar dari kohort"), _l("Keluar sejak %(left_on)s.")),
    "programme.entry_path_unknown": Saying(
        _l("Jalur masuk ini tidak dikenal"), _l("Pilih salah satu dari daftar."), 400),
    "programme.visitor_missing": Saying(
        _l("Sebutkan daerah atau lembaga"),
        _l("Satu kunjungan dicatat untuk satu daerah atau satu lembaga."), 400),
    "programme.visit_known": Saying(
        _l("Kunjungan ini sudah tercatat"),
        _l("%(visitor)s sudah tercatat dengan tanggal yang sama.")),
    "programme.visit_itself": Saying(
        _l("Daerah rujukan tidak mengunjungi dirinya sendiri"), _l("Pilih daerah lain."), 400),
    "programme.day_to_come": Saying(
        _l("Tanggal ini belum tiba"), _l("Catat setelah terjadi."), 400),
    "programme.score_known": Saying(
        _l("Nilai ini sudah tercatat"),
        _l("Untuk daerah, instrumen, tahun, dan jenis ini sudah ada nilai %(value)s. Perbaiki yang "
           "ada.")),
    "programme.import_errors": Saying(
        _l("Belum ada yang disimpan"),
        _l("Ada baris yang perlu diperbaiki. Impor berlaku seluruhnya atau tidak sama sekali.")),
}
