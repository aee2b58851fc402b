"""Words for what the rules of accounts refuse."""

from flask_babel import lazy_gettext as _l

from app.refusal_words.saying import Saying

WORDS = {
    "directory.account_known": Saying(
        _l("Alamat ini sudah mempunyai akun"), _l("Gunakan alamat lain, atau akun yang ada.")),
    "directory.account_address": Saying(
        _l("Alamat surel ini belum lengkap"), _l("Contoh: nama@daerah.go.id."), 400),
    "directory.account_closed": Saying(
        _l("Akun ini sudah ditutup atau tidak mempunyai peran"),
        _l("Beri peran lebih dahulu; tautannya dikirim sekaligus.")),
    "directory.account_in_use": Saying(
        _l("Akun ini sudah dipakai"),
        _l("Pemiliknya sudah mempunyai kata sandi, dan dapat meminta tautan baru di halaman "
           "masuk.")),
    "directory.invited_just_now": Saying(
        _l("Tautannya baru saja dikirim"),
        _l("Tunggu %(minutes)s menit sebelum mengirimnya lagi."), 429),
    "directory.grant_scope": Saying(
        _l("Peran ini tidak berlaku di tempat tersebut"),
        _l("Administrator berlaku untuk semua kohort, petugas pintu untuk pertemuan atau kohort, "
           "pemeriksa untuk daerah atau kohort."), 400),
    "directory.grant_out_of_reach": Saying(
        _l("Peran ini bukan wewenang Anda"),
        _l("Sekretariat suatu kohort mengatur kohortnya sendiri beserta pertemuannya. Selebihnya "
           "diatur administrator."), 403),
    "directory.grant_until_past": Saying(
        _l("Tanggal akhir sudah lewat"),
        _l("Pilih hari ini atau sesudahnya, atau kosongkan."), 400),
    "directory.grant_known": Saying(
        _l("Peran ini sudah dipegangnya"),
        _l("Untuk memperpanjang, pilih tanggal akhir yang lebih jauh.")),
    "directory.grant_over": Saying(
        _l("Peran ini sudah berakhir"), _l("Muat ulang halaman untuk melihat keadaannya.")),
    "directory.last_administrator": Saying(
        _l("Ini administrator yang terakhir"),
        _l("Tetapkan dahulu administrator lain yang masanya sama panjang.")),
    "directory.last_organizer": Saying(
        _l("Ini akun sekretariat yang terakhir"),
        _l("Tetapkan dahulu penggantinya dengan masa yang sama panjang. Kohort tidak boleh tanpa "
           "sekretariat.")),
    "directory.password_short": Saying(
        _l("Kata sandi ini terlalu pendek"),
        _l("Paling sedikit %(least)s huruf. Beberapa kata biasa berturut-turut sudah baik."), 400),
    "directory.password_guessable": Saying(
        _l("Kata sandi ini mudah ditebak"), _l("Jangan gunakan nama atau alamat surel Anda."), 400),
}
