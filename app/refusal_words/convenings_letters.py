"""Words for the refusals of cohorts/convenings about letters, their texts and their numbers."""

from flask_babel import lazy_gettext as _l

from app.refusal_words.saying import Saying

WORDS: dict[str, Saying] = {
    # The letterhead and its emblem
    "convenings.kop_names": Saying(
        _l("Nama pada kop terlalu banyak baris"), _l("Paling banyak %(limit)s baris."), 400),
    "convenings.emblem_type": Saying(
        _l("Lambang ini bukan gambar PNG atau JPEG"),
        _l("Simpan dahulu sebagai PNG atau JPEG, lalu unggah lagi."), 415),
    "convenings.emblem_broken": Saying(
        _l("Gambar ini tidak dapat dibaca"),
        _l("Berkasnya mungkin rusak. Simpan ulang sebagai PNG atau JPEG."), 400),
    "convenings.emblem_pixels": Saying(
        _l("Gambar ini terlalu besar"),
        _l("Paling banyak %(limit)s titik pada setiap sisi."), 400),
    "convenings.emblem_small": Saying(
        _l("Gambar ini terlalu kecil untuk dicetak"),
        _l("Setiap sisi paling sedikit %(least)s titik."), 400),
    # What the letter says
    "convenings.letterhead_unknown": Saying(
        _l("Instansi ini belum mempunyai kop surat"), _l("Buat kopnya dahulu."), 400),
    "convenings.signer_lines": Saying(
        _l("Jabatan penanda tangan terlalu panjang"),
        _l("Paling banyak %(limit)s baris."), 400),
    "convenings.copies_lines": Saying(
        _l("Tembusan terlalu banyak"), _l("Paling banyak %(limit)s baris."), 400),
    "convenings.head_without_rank": Saying(
        _l("Kepala daerah menandatangani tanpa pangkat dan NIP"),
        _l("Kosongkan pangkat dan NIP."), 400),
    # Numbers
    "convenings.pattern_needs_order": Saying(
        _l("Nomor untuk setiap surat perlu nomor urut"),
        _l("Cantumkan nama “urut” dalam kurung kurawal pada pola nomor."), 400),
    "convenings.one_letter_one_number": Saying(
        _l("Satu surat untuk semua memakai satu nomor"),
        _l("Pilih satu nomor, atau satu surat untuk setiap jabatan."), 400),
    "convenings.first_number": Saying(
        _l("Nomor urut ini tidak dapat dipakai"), _l("Antara 1 dan 999999."), 400),
    "convenings.number_given": Saying(
        _l("Nomor %(number)s sudah dipakai"),
        _l("Ubah pola atau nomor urut pertamanya. Belum ada nomor yang diberikan.")),
    "convenings.numbers_changed_since_preview": Saying(
        _l("Jumlah surat tanpa nomor sudah berubah"),
        _l("Tadi %(seen)s, sekarang %(now)s. Periksa dahulu, lalu beri nomor.")),
    # All letters as one file
    "convenings.nobody_invited": Saying(
        _l("Belum ada yang diundang"), _l("Surat dicetak setelah ada undangan.")),
    "convenings.too_many_letters": Saying(
        _l("Suratnya terlalu banyak untuk satu berkas"),
        _l("Paling banyak %(limit)s surat. Gunakan satu surat dengan daftar terlampir."), 400),
    # Texts of the invitation
    "convenings.chat_without_link": Saying(
        _l("Pesan WhatsApp ini tidak memuat tautan"),
        _l("Tanpa tautan, tamu tidak dapat menjawab. Cantumkan nama “tautan” dalam kurung "
           "kurawal."), 400),
}
