"""Words for the refusals of floor 0."""

from flask_babel import lazy_gettext as _l

from app.refusal_words.saying import Saying

WORDS = {
    "ground.not_allowed": Saying(
        _l("Anda tidak berwenang melakukan ini"),
        _l("Belum ada yang berubah. Mintalah hak ini kepada sekretariat bila Anda memerlukannya."),
        403,
    ),
    "ground.link_invalid": Saying(
        _l("Tautan ini tidak berlaku"),
        _l("Mungkin terpotong saat disalin, sudah diganti, atau ditarik kembali oleh panitia. "
           "Gunakan tautan dari pesan terbaru."),
        404,
    ),
    "ground.too_many": Saying(
        _l("Terlalu banyak percobaan"),
        _l("Silakan coba lagi beberapa menit lagi. Belum ada yang berubah."),
        429,
    ),
    "ground.stale": Saying(
        _l("Data ini baru saja diubah orang lain"),
        _l("Isian Anda belum disimpan dan masih ada di halaman ini. Bandingkan dahulu, lalu simpan "
           "sekali lagi."),
    ),
    "ground.not_found": Saying(
        _l("Halaman ini tidak ada"),
        _l("Alamatnya mungkin keliru, atau isinya tidak untuk Anda."),
        404,
    ),
    "ground.file_type": Saying(
        _l("Jenis berkas ini tidak diterima"),
        _l("Gunakan PDF atau foto (PNG, JPEG)."),
        415,
    ),
    "ground.file_size": Saying(
        _l("Berkas terlalu besar"),
        _l("Paling besar %(limit)s. Perkecil, atau foto ulang."),
        413,
    ),
    "ground.needed": Saying(
        _l("Bagian ini perlu diisi"),
        "",
        400,
    ),
    "ground.too_long": Saying(
        _l("Tulisan ini terlalu panjang"),
        _l("Paling banyak %(limit)s huruf."),
        400,
    ),
    "ground.text_name": Saying(
        _l("Nama %(name)s tidak dikenal"),
        _l("Yang dapat dipakai: %(allowed)s."),
        400,
    ),
    "ground.text_brace": Saying(
        _l("Kurung kurawal di “%(near)s” belum lengkap"),
        _l("Setiap kurung dibuka dan ditutup. Untuk mencetak kurung kurawal, tulis dua kali."),
        400,
    ),
}
