"""Words for what the room of action items refuses."""

from flask_babel import lazy_gettext as _l

from app.refusal_words.saying import Saying

_NOTHING = _l("Belum ada yang berubah.")

WORDS = {
    "actions.no_such_move": Saying(
        _l("Keadaan %(item)s sudah lain"),
        _l("Langkah ini tidak ada dari keadaannya sekarang. Muat ulang halaman untuk melihatnya."),
    ),
    "actions.own_claim": Saying(
        _l("Klaim Anda sendiri diperiksa orang lain"),
        _l("Mintalah pemeriksa lain. Belum ada yang berubah."),
        403,
    ),
    "actions.own_region": Saying(
        _l("Tindak lanjut daerah sendiri diperiksa pihak di luar daerah"), _NOTHING, 403
    ),
    "actions.note_missing": Saying(
        _l("Catatannya belum ada"), _l("Tulis sebabnya dalam satu atau dua kalimat."), 400
    ),
    "actions.blocker_missing": Saying(
        _l("Belum disebutkan siapa yang dapat menyelesaikannya"),
        _l("Sebutkan jabatan atau instansinya."),
        400,
    ),
    "actions.evidence_missing": Saying(
        _l("Buktinya belum ada"), _l("Unggah paling sedikit satu bukti."), 400
    ),
    "actions.evidence_too_many": Saying(
        _l("Buktinya terlalu banyak"), _l("Paling banyak %(limit)s sekali kirim."), 400
    ),
    "actions.evidence_link": Saying(
        _l("Alamat tautan ini tidak dapat dibuka"), _l("Awali dengan https://."), 400
    ),
    "actions.not_running": Saying(
        _l("Pertemuan ini tidak sedang berlangsung"),
        _l("Di dalam pertemuan, tindak lanjut dicatat hanya selama pertemuan berlangsung."),
    ),
    "actions.incomplete": Saying(
        _l("Tindak lanjut ini belum lengkap"),
        _l("Di luar pertemuan, isi penanggung jawab, tenggat, dan “selesai bila” sekaligus."),
        400,
    ),
    "actions.no_owner": Saying(
        _l("Tindak lanjut ini belum mempunyai penanggung jawab"),
        _l("Tetapkan penanggung jawabnya dahulu."),
    ),
    "actions.not_member": Saying(
        _l("Daerah ini bukan anggota kohort"), _l("Pilih jabatan di daerah anggota."), 400
    ),
    "actions.office_missing": Saying(
        _l("Jabatan itu belum ada di daerah ini"), _l("Tambahkan jabatannya di direktori."), 400
    ),
    "actions.owner_elsewhere": Saying(
        _l("Penanggung jawab baru berada di daerah lain"),
        _l("Pilih jabatan di daerah yang sama."),
        400,
    ),
    "actions.due_set": Saying(
        _l("Tenggat semula tidak diubah"),
        _l("Berikan perpanjangan dengan alasan; tenggat semula tetap tercatat."),
        400,
    ),
    "actions.due_not_later": Saying(
        _l("Tanggal ini tidak lebih lambat dari tenggat sekarang"),
        _l("Pilih tanggal sesudahnya."),
        400,
    ),
    "actions.due_past": Saying(
        _l("Tenggat ini sudah lewat"), _l("Pilih hari ini atau sesudahnya."), 400
    ),
    "actions.resolved": Saying(
        _l("%(item)s sudah selesai atau dihentikan"),
        _l("Buka kembali dahulu bila memang perlu diubah."),
    ),
    "actions.claimed": Saying(
        _l("%(item)s sedang menunggu pemeriksaan"),
        _l("Verifikasi atau kembalikan dahulu. Belum ada yang berubah."),
    ),
    "actions.drop_reason": Saying(
        _l("Alasannya belum dipilih"), _l("Pilih salah satu alasan dari daftar."), 400
    ),
    "actions.answer_missing": Saying(
        _l("Belum disebutkan tindak lanjut yang menggantikannya"),
        _l("Pilih tindak lanjut yang masih hidup."),
        400,
    ),
    "actions.answer_elsewhere": Saying(
        _l("Tindak lanjut pengganti milik daerah atau kohort lain"),
        _l("Pilih tindak lanjut dari daerah yang sama."),
        400,
    ),
    "actions.answer_due_later": Saying(
        _l("Tindak lanjut pengganti bertenggat lebih lambat"),
        _l("Keterlambatan tidak boleh hilang. Pilih yang tenggatnya sama atau lebih awal."),
        400,
    ),
    "actions.still_member": Saying(
        _l("Daerah ini masih anggota kohort"), _l("Pilih alasan lain."), 400
    ),
    "actions.replaced": Saying(
        _l("%(item)s sudah digantikan tindak lanjut lain"),
        _l("Lanjutkan pada penggantinya. Belum ada yang berubah."),
    ),
    "actions.split_parts": Saying(
        _l("Bagiannya belum cukup"), _l("Isi judul untuk dua sampai sepuluh bagian."), 400
    ),
    "actions.merge_parts": Saying(
        _l("Pilihannya belum cukup"),
        _l("Pilih dua sampai sepuluh tindak lanjut dari kohort yang sama."),
        400,
    ),
    "actions.merge_owners": Saying(
        _l("Penanggung jawabnya berbeda"),
        _l("Hanya tindak lanjut dengan penanggung jawab yang sama dapat digabung."),
        400,
    ),
    "actions.ask_open": Saying(
        _l("Permintaan ini sudah terkirim"), _l("Sekretariat belum menjawabnya.")
    ),
    "actions.ask_answered": Saying(_l("Permintaan ini sudah dijawab"), _NOTHING),
    "actions.template_lead": Saying(
        _l("Waktu paling singkat tidak wajar"), _l("Isi 0 sampai 365 hari."), 400
    ),
    "actions.escalation_level": Saying(
        _l("Tingkat ini tidak ada"), _l("Pilih tingkat 0 sampai 3."), 400
    ),
    "actions.agenda_frozen": Saying(
        _l("Acara pertemuan ini sudah dibekukan"),
        _l("Sejak dimulai, susunannya tetap seperti saat itu."),
    ),
    "actions.minutes_closed": Saying(
        _l("Notula ditulis selama pertemuan berlangsung"),
        _l("Buka kembali pertemuannya bila masih ada yang perlu dicatat."),
    ),
}
