"""The form of an announcement: to whom, and the words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import HiddenField, SelectField

from app.forms import Form, paragraph
from app.forms import text as line
from cohorts.convenings.announcements import SUBJECT, TEXT


class AnnouncementForm(Form):
    """``reference`` makes sending twice one sending; ``seen`` and ``checked`` say how many
    recipients of which group the page showed. What there is to choose from is filled in by the
    view."""

    reference = HiddenField()
    seen = HiddenField()
    checked = HiddenField()
    reply = SelectField(_l("Jawaban"))
    region = SelectField(_l("Daerah"))
    role = SelectField(_l("Jabatan"))
    subject = line(_l("Perihal"), most=SUBJECT)
    text = paragraph(
        lazy_pgettext("surat", "Isi"), most=TEXT, render_kw={"rows": 8},
        description=_l("Salam, nama pertemuan, dan tautan penerima ditambahkan sendiri. Baris "
                       "kosong memisahkan paragraf."))
