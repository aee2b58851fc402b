"""Words for what the rules of accounts refuse."""

from flask_babel import lazy_gettext as _l

from app.refusal_words.saying import Saying

WORDS = {
    "directory.account_known": Saying(
        _l("Alamat ini sudah mempunyai akun"), _l("Gunakan alamat lain, atau akun yang ada.")),
    "directory.account_address": Saying(
        _l("Alamat surel ini belum lengkap"), _l("Contoh: nama@daerah.go.id."), 400),
    "directory.password_short": Saying(
        _l("Kata sandi ini terlalu pendek"),
        _l("Paling sedikit %(least)s huruf. Beberapa kata biasa berturut-turut sudah baik."), 400),
    "directory.password_guessable": Saying(
        _l("Kata sandi ini mudah ditebak"), _l("Jangan gunakan nama atau alamat surel Anda."), 400),
}
