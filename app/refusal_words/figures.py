"""Words for the refusals of cohorts/figures."""

from flask_babel import lazy_gettext as _l

from app.refusal_words.saying import Saying

WORDS: dict[str, Saying] = {
    "figures.future": Saying(
        _l("Tanggal itu belum tiba"),
        _l("Angka hanya ada untuk hari ini dan hari yang sudah lewat."), 400),
}
