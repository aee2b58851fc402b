"""Words for the refusals of cohorts/pledges."""

from flask_babel import lazy_gettext as _l

from app.refusal_words.saying import Saying

WORDS: dict[str, Saying] = {
    "pledges.draft_exists": Saying(
        _l("Kohort ini sudah mempunyai draf naskah versi %(version)s"),
        _l("Lanjutkan draf itu, atau terbitkan dahulu.")),
    "pledges.text_fixed": Saying(
        _l("Naskah yang sudah terbit tidak berubah lagi"),
        _l("Susun versi berikutnya. Tanda tangan pada versi ini tetap tersimpan.")),
    "pledges.text_incomplete": Saying(
        _l("Naskah ini belum lengkap"),
        _l("Lengkapi judul, pembuka, butir, target, dan ukurannya. Belum ada yang berubah.")),
    "pledges.target_number": Saying(
        _l("Nilai target ke-%(row)s bukan angka"),
        _l("Tulis angka, misalnya 3,52; atau kosongkan satuannya bila nilainya berupa kata."), 400),
    "pledges.target_owner": Saying(
        _l("Penanggung jawab target ke-%(row)s belum dipilih"),
        _l("Pilih jabatan di pemerintah daerah."), 400),
    "pledges.not_published": Saying(
        _l("Naskah ini belum terbit"),
        _l("Terbitkan naskah dahulu, lalu tawarkan kepada daerah.")),
    "pledges.cohort_mismatch": Saying(
        _l("Pertemuan ini milik kohort lain"), _l("Pilih pertemuan dari kohort yang sama.")),
    "pledges.office_without_region": Saying(
        _l("Jabatan ini bukan jabatan sebuah daerah"),
        _l("Komitmen ditawarkan kepada jabatan di pemerintah daerah.")),
    "pledges.void": Saying(
        _l("Naskah ini tidak lagi menunggu tanda tangan"),
        _l("Panitia menariknya kembali, atau menggantinya dengan versi baru. Gunakan tautan dari "
           "pesan terbaru.")),
    "pledges.already_signed": Saying(
        _l("Komitmen ini sudah ditandatangani"),
        _l("Kode verifikasinya %(public_code)s. Belum ada yang berubah.")),
    "pledges.no_holder": Saying(
        _l("Pemangku jabatan ini belum tercatat"),
        _l("Hubungi sekretariat agar nama pemangku jabatan dicatat, lalu buka lagi tautan ini.")),
    "pledges.no_mandate": Saying(
        _l("Hak menandatangani belum berlaku"),
        _l("Wakil menandatangani setelah surat tugasnya diterima panitia, atau setelah jabatan "
           "yang diwakili memastikannya dengan kode. Belum ada yang tercatat."), 403),
    "pledges.consent_missing": Saying(
        _l("Persetujuan belum dicentang"),
        _l("Centang bila Bapak/Ibu setuju, atau pilih Tolak."), 400),
    "pledges.name_missing": Saying(
        _l("Nama belum diketik"), _l("Ketik nama lengkap, atau gambar tanda tangan."), 400),
    "pledges.name_differs": Saying(
        _l("Nama ini tidak cocok dengan nama pemangku jabatan"),
        _l("Yang tercatat: %(name)s. Bila pejabatnya sudah berganti, hubungi sekretariat."), 400),
    "pledges.strokes_missing": Saying(
        _l("Tanda tangan belum digambar"),
        _l("Gambar dengan jari, atau pilih Ketik nama."), 400),
    "pledges.strokes_invalid": Saying(
        _l("Gambar tanda tangan tidak terbaca"),
        _l("Gambar sekali lagi, atau pilih Ketik nama."), 400),
    "pledges.not_prepared": Saying(
        _l("Belum ada tanda tangan yang disiapkan"),
        _l("Gambar tanda tangan atau ketik nama dahulu.")),
    "pledges.no_confirmed_contact": Saying(
        _l("Belum ada alamat surel jabatan yang dipastikan"),
        _l("Kode hanya dikirim ke alamat yang sudah dipastikan panitia. Hubungi sekretariat, atau "
           "tanda tangani di meja panitia.")),
    "pledges.codes_used_up": Saying(
        _l("Kode sudah terlalu sering diminta"),
        _l("Kode baru dapat diminta besok. Bila perlu hari ini, hubungi sekretariat, atau tanda "
           "tangani di meja panitia."),
        429),
    "pledges.mail_not_sent": Saying(
        _l("Kode belum dapat dikirim"),
        _l("Pengiriman surel belum diatur di sini, jadi tanda tangan lewat tautan belum dibuka. "
           "Hubungi sekretariat.")),
    "pledges.reason_missing": Saying(
        _l("Alasan belum diisi"), _l("Pilih atau tulis alasannya."), 400),
    "pledges.withdrawn": Saying(
        _l("Tanda tangan ini sudah ditarik"),
        _l("Tidak ada lagi yang perlu ditegaskan. Belum ada yang berubah.")),
    "pledges.superseded": Saying(
        _l("Jabatan ini sudah menandatangani versi berikutnya"),
        _l("Yang berlaku adalah lembar %(public_code)s. Belum ada yang berubah.")),
    "pledges.no_successor": Saying(
        _l("Belum ada penerus yang dapat ditanya"),
        _l("Jabatan ini lowong, atau masih dipangku penanda tangannya. Catat pemangku barunya "
           "dahulu.")),
    "pledges.not_asked": Saying(
        _l("Pertanyaan ini sudah ditarik"),
        _l("Tanyakan sekali lagi bila jawabannya tetap diperlukan.")),
    "pledges.not_holder": Saying(
        _l("Pejabat yang ditanya tidak lagi memangku jabatan ini"),
        _l("Pernyataan diberikan oleh pemangku jabatan hari ini. Belum ada yang berubah.")),
    "pledges.affirmed_already": Saying(
        _l("Pernyataan atas komitmen ini sudah diberikan"),
        _l("Pernyataan hanya diberikan sekali. Hubungi sekretariat bila ada yang keliru.")),
    "pledges.affirmation_missing": Saying(
        _l("Pernyataan belum dipilih"), _l("Pilih salah satu dari tiga jawaban."), 400),
    "pledges.not_signed": Saying(
        _l("Tanda tangan ini tidak ada"), _l("Belum ada yang berubah."), 404),
}
