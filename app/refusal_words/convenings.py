"""Words for the refusals of cohorts/convenings."""

from flask_babel import lazy_gettext as _l

from app.refusal_words.saying import Saying

WORDS: dict[str, Saying] = {
    # Planning
    "convenings.zone_unknown": Saying(
        _l("Zona waktu ini tidak dikenal"), _l("Pilih WIB, WITA, atau WIT."), 400),
    "convenings.ends_before_it_starts": Saying(
        _l("Acara selesai sebelum dimulai"), _l("Periksa jam mulai dan jam selesainya."), 400),
    "convenings.door_hours": Saying(
        _l("Jam pintu belum sesuai"),
        _l("Pintu ditutup setelah dibuka, dan tidak sebelum acara dimulai."), 400),
    "convenings.reply_by_after_start": Saying(
        _l("Tenggat jawaban terlalu lambat"),
        _l("Jawaban ditunggu paling lambat saat acara dimulai."), 400),
    "convenings.map_address": Saying(
        _l("Alamat peta belum lengkap"), _l("Mulai dengan https://."), 400),
    "convenings.phone": Saying(
        _l("Nomor telepon ini belum lengkap"), _l("Contoh: 0812-0000-0000."), 400),
    "convenings.required": Saying(_l("Bagian ini perlu diisi"), "", 400),
    "convenings.number_taken": Saying(
        _l("Pertemuan ke-%(number)s sudah ada"), _l("Gunakan nomor lain."), 400),
    "convenings.before_held": Saying(
        _l("Pertemuan ke-%(number)s sudah dimulai lebih dahulu"),
        _l("Pertemuan yang direncanakan tidak dapat dipindah ke sebelum itu. Pilih tanggal "
           "sesudahnya.")),
    "convenings.earlier_planned": Saying(
        _l("Pertemuan ke-%(number)s belum diselenggarakan"),
        _l("Mulai, pindahkan, atau batalkan dahulu pertemuan itu (%(title)s).")),
    "convenings.already_started": Saying(
        _l("Pertemuan ini sudah dimulai"),
        _l("Waktu, tempat, dan penunjukannya tidak dapat diubah lagi lewat halaman ini.")),
    "convenings.not_draft": Saying(
        _l("Pertemuan ini bukan rancangan lagi"), _l("Muat ulang halaman untuk melihatnya.")),
    "convenings.not_announced": Saying(
        _l("Pertemuan ini belum diumumkan, atau sudah selesai"),
        _l("Undangan dikirim setelah pertemuan diumumkan dan sebelum ditutup.")),
    "convenings.not_in_progress": Saying(
        _l("Pertemuan ini tidak sedang berlangsung"),
        _l("Hanya pertemuan yang berlangsung dapat ditutup.")),
    "convenings.not_closed": Saying(
        _l("Pertemuan ini belum ditutup"), _l("Hanya pertemuan yang ditutup dapat dibuka lagi.")),
    "convenings.not_planned": Saying(
        _l("Pertemuan ini tidak dapat dibatalkan"),
        _l("Hanya pertemuan yang belum dimulai dapat dibatalkan.")),
    "convenings.later_begun": Saying(
        _l("Pertemuan ke-%(number)s sudah dimulai"),
        _l("Sejak itu, pertemuan sebelumnya hanya dapat dikoreksi dengan catatan bertanggal.")),
    "convenings.reason_missing": Saying(
        _l("Alasannya belum ada"), _l("Tulis mengapa pertemuan ini dibatalkan."), 400),
    "convenings.cancelled": Saying(
        _l("Pertemuan ini dibatalkan"), _l("Undangan pengganti dikirim begitu waktunya pasti.")),
    "convenings.notice_changed": Saying(
        _l("Daftar yang diberi tahu berubah sejak ditampilkan"),
        _l("Sekarang %(now)s pesan akan ditulis. Periksa sekali lagi.")),
    "convenings.sessions": Saying(
        _l("Susunan acara belum sesuai"), _l("Setiap mata acara berlangsung satu menit sampai "
                                             "satu hari."), 400),
    "convenings.programme_full": Saying(
        _l("Sudah paling banyak"), _l("Paling banyak %(limit)s. Hapus dahulu yang tidak dipakai."),
        400),
    "convenings.programme_edge": Saying(
        _l("Tidak ada acara lain pada hari itu untuk bertukar tempat"),
        _l("Untuk pindah hari, ubah jam mulainya.")),
    "convenings.speaker_twice": Saying(
        _l("Nama ini sudah ada pada acara ini"), _l("Hapus dahulu bila perannya berganti."), 400),
    "convenings.material_missing": Saying(
        _l("Pilih satu: berkas atau alamat"), _l("Satu materi hanya satu dari keduanya."), 400),
    "convenings.material_address": Saying(
        _l("Alamat ini belum lengkap"), _l("Mulai dengan https://."), 400),
    "convenings.programme_closed": Saying(
        _l("Pertemuan ini sudah ditutup"),
        _l("Susunan acaranya tetap seperti saat diselenggarakan. Materi masih dapat "
           "ditambahkan.")),
    # Inviting
    "convenings.no_roles": Saying(
        _l("Belum ada jabatan yang dipilih"), _l("Pilih sedikitnya satu jabatan."), 400),
    "convenings.role_unknown": Saying(
        _l("Jabatan ini tidak dikenal"), _l("Pilih salah satu dari daftar."), 400),
    "convenings.changed_since_preview": Saying(
        _l("Daftarnya berubah sejak Anda memeriksanya"),
        _l("Tadi %(seen)s undangan baru, sekarang %(now)s. Belum ada yang dikirim. Periksa sekali "
           "lagi, lalu kirim.")),
    "convenings.invitation_withdrawn": Saying(
        _l("Undangan ini sudah ditarik"), _l("Undang jabatan itu lagi bila perlu.")),
    "convenings.no_address": Saying(
        _l("Jabatan ini belum mempunyai alamat surel"),
        _l("Isi alamatnya di direktori, atau sampaikan tautannya lewat WhatsApp.")),
    "convenings.address_changed": Saying(
        _l("Alamat jabatan ini baru saja diubah"),
        _l("Periksa alamat yang sekarang, lalu kirim sekali lagi.")),
    "convenings.same_address": Saying(
        _l("Alamat ini sama dengan yang lama"),
        _l("Isi alamat yang benar. Untuk mengirim ke alamat yang sama, pilih Kirim ulang.")),
    # Answering
    "convenings.reply_deadline_passed": Saying(
        _l("Batas waktu menjawab sudah lewat"),
        _l("Panitia masih dapat mencatat jawaban Bapak/Ibu.")),
    "convenings.door_closed": Saying(
        _l("Acara ini sudah selesai"), _l("Jawaban tidak dapat diubah lagi lewat tautan.")),
    "convenings.handed_over": Saying(
        _l("Undangan ini sudah diwakilkan kepada %(name)s"),
        _l("Cabut dahulu penunjukan itu bila jawabannya berubah.")),
    "convenings.name_missing": Saying(
        _l("Nama yang hadir belum ada"), _l("Tulis nama tanpa gelar."), 400),
    "convenings.reason_unknown": Saying(
        _l("Alasannya belum dipilih"), _l("Pilih salah satu alasan."), 400),
    "convenings.channel_unknown": Saying(
        _l("Cara kabarnya diterima belum dipilih"), _l("Pilih salah satu cara."), 400),
    # Handing over
    "convenings.in_person_only": Saying(
        _l("Undangan ini tidak dapat diwakilkan"),
        _l("Mengingat pentingnya acara ini, dimohon kehadiran Bapak/Ibu sendiri.")),
    "convenings.not_one_level_down": Saying(
        _l("%(post)s tidak dapat mewakili jabatan ini"),
        _l("Undangan ini dapat diwakilkan kepada pejabat satu tingkat di bawahnya."), 400),
    "convenings.twice_at_most": Saying(
        _l("Undangan ini tidak dapat diteruskan lagi"),
        _l("Sebuah undangan diteruskan paling banyak dua kali.")),
    "convenings.deputy_missing": Saying(
        _l("Wakilnya belum dipilih"), _l("Pilih salah satu pejabat."), 400),
    "convenings.right_not_held": Saying(
        _l("Wewenang ini tidak dapat diteruskan"),
        _l("Tidak diberikan kepada Bapak/Ibu, jadi tidak dapat diteruskan."), 400),
    "convenings.deputy_may_not_sign": Saying(
        _l("Wakil tidak menandatangani pada pertemuan ini"),
        _l("Hapus centang “Menandatangani”."), 400),
    "convenings.hand_over_revoked": Saying(
        _l("Penunjukan ini sudah dicabut"), _l("Gunakan tautan dari pesan terbaru.")),
    "convenings.signing_not_handed_over": Saying(
        _l("Wewenang menandatangani tidak disertakan"),
        _l("Penunjukan ini hanya untuk hadir dan berbicara.")),
    "convenings.letter_missing": Saying(
        _l("Surat tugas belum ada"), _l("Minta daerah mengunggahnya, atau unggahkan.")),
    "convenings.letter_changed": Saying(
        _l("Surat tugas baru saja diganti"),
        _l("Buka surat tugas yang baru, lalu terima bila sudah sesuai.")),
    "convenings.nobody_reached": Saying(
        _l("Tidak ada penerima yang dapat disurati"),
        _l("Ubah pilihan penerima, atau hubungi mereka lewat daftar telepon.")),
    "convenings.recipients_changed": Saying(
        _l("Penerimanya berubah sejak dilihat"),
        _l("Tadi %(seen)s, sekarang %(now)s. Periksa daftarnya, lalu kirim sekali lagi.")),
    "convenings.codes_used_up": Saying(
        _l("Kode sudah terlalu sering diminta"),
        _l("Kode baru dapat diminta besok. Hari ini, lampirkan surat tugas; panitia yang "
           "memeriksanya."),
        429),
    "convenings.no_confirmed_contact": Saying(
        _l("Belum ada surel resmi yang dipastikan"),
        _l("Lampirkan surat tugas; panitia yang memeriksanya.")),
}
