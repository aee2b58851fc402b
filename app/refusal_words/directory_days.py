"""Words for what the rules of regional days refuse."""

from flask_babel import lazy_gettext as _l

from app.refusal_words.saying import Saying

WORDS = {
    "directory.day_year": Saying(
        _l("Tahun ini di luar jangkauan"),
        _l("Pilih tanggal antara tahun %(first)s dan %(last)s."),
        400,
    ),
    "directory.day_known": Saying(
        _l("Hari ini sudah tercatat untuk daerah tersebut"),
        _l("Ubah catatan yang ada, atau gunakan nama lain."),
    ),
    "directory.day_ended": Saying(
        _l("Hari ini sudah dihapus dari daftar"), _l("Catat kembali bila masih berlaku.")
    ),
}
