"""Words for the refusals of cohorts/directory."""

from flask_babel import lazy_gettext as _l

from app.refusal_words.saying import Saying

WORDS = {
    "directory.region_unknown": Saying(
        _l("Daerah ini tidak dikenal"),
        _l("Pilih kabupaten, kota, atau provinsi dari daftar."), 404),
    "directory.role_unknown": Saying(
        _l("Jabatan ini tidak dikenal"), _l("Pilih salah satu dari daftar."), 400),
    "directory.role_elsewhere": Saying(
        _l("Jabatan ini tidak ada di daerah tersebut"),
        _l("Kabupaten dipimpin bupati, kota dipimpin wali kota, provinsi dipimpin gubernur."), 400),
    "directory.office_ended": Saying(
        _l("Jabatan ini sudah dihapuskan"),
        _l("Jabatan yang sudah berakhir tidak lagi menerima pejabat atau alamat.")),
    "directory.nip_form": Saying(
        _l("NIP ini belum lengkap"),
        _l("NIP terdiri atas 18 angka dan diawali tanggal lahir. Boleh dikosongkan."), 400),
    "directory.nip_known": Saying(
        _l("NIP ini sudah dipakai orang lain"),
        _l("Periksa angkanya, atau cari orangnya di direktori.")),
    "directory.merge_itself": Saying(
        _l("Ini catatan yang sama"), _l("Pilih catatan lain untuk digabungkan."), 400),
    "directory.merged_away": Saying(
        _l("Catatan %(person)s sudah digabungkan"),
        _l("Buka catatan yang dipertahankan, atau batalkan dahulu penggabungannya.")),
    "directory.merge_keeps_others": Saying(
        _l("Catatan lain sudah digabungkan ke %(person)s"),
        _l("Pertahankan catatan itu, atau batalkan dahulu penggabungannya.")),
    "directory.merge_two_nips": Saying(
        _l("NIP keduanya berbeda"),
        _l("Dua NIP berarti dua orang. Bila salah satu keliru, perbaiki dahulu.")),
    "directory.not_merged": Saying(
        _l("Penggabungan ini sudah dibatalkan"),
        _l("Muat ulang halaman untuk melihat keadaannya.")),
    "directory.office_held": Saying(
        _l("Jabatan ini sudah mempunyai pejabat definitif"),
        _l("Akhiri dahulu masa jabatannya, atau catat sebagai pergantian. Pj., Plt., dan Plh. "
           "boleh berdampingan.")),
    "directory.appointed_already": Saying(
        _l("Orang ini sudah memegang jabatan tersebut"), _l("Tidak perlu dicatat lagi.")),
    "directory.appointment_over": Saying(
        _l("Masa jabatan ini sudah berakhir"), _l("Muat ulang halaman untuk melihat keadaannya.")),
    "directory.ends_before_it_begins": Saying(
        _l("Tanggal akhir mendahului tanggal mulai"), _l("Periksa kedua tanggal."), 400),
    "directory.email_form": Saying(
        _l("Alamat surel ini belum lengkap"), _l("Contoh: nama@daerah.go.id."), 400),
    "directory.phone_form": Saying(
        _l("Nomor ini belum lengkap"), _l("Contoh: 0812-3456-7890."), 400),
    "directory.contact_ended": Saying(
        _l("Alamat ini sudah tidak dipakai"), _l("Muat ulang halaman untuk melihat keadaannya.")),
    "directory.import_changed": Saying(
        _l("Direktori berubah setelah berkas ini diperiksa"),
        _l("Belum ada yang disimpan. Periksa sekali lagi apa yang akan berubah, lalu simpan.")),
    "directory.stands_for_itself": Saying(
        _l("Suatu jabatan tidak dapat mewakili dirinya sendiri"),
        _l("Pilih jabatan lain."), 400),
}
