"""How every status looks and what it is called: one table of (tone, icon, word) per kind.

A status is always a word with an icon; the tone only helps the eye. Templates ask for it through
the macro ``status(kind, value)``; nothing else in the product chooses a tone for a status.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Look:
    """Tone, icon and word of one status; ``solid`` fills the badge (the strongest of its kind)."""

    tone: str
    icon: str
    word: Any
    solid: bool = False


ITEM = {
    "open": Look("abu", icon="circle-dashed", word=_l("Belum mulai")),
    "in_progress": Look("nila", icon="circle-dot", word=_l("Berjalan")),
    "blocked": Look("kunyit", icon="triangle-alert", word=_l("Terkendala")),
    "claimed": Look("padi", icon="circle-check", word=_l("Diklaim selesai")),
    "done": Look("padi", icon="circle-check", word=_l("Diklaim selesai")),
    "verified": Look("padi", icon="badge-check", word=_l("Terverifikasi"), solid=True),
    "dropped": Look("abu", icon="ban", word=_l("Dihentikan")),
    "overdue": Look("bata", icon="clock-alert", word=_l("Lewat tenggat")),
    "returned": Look("kunyit", icon="undo-2", word=_l("Dikembalikan")),
}
REPLY = {
    "unanswered": Look("kunyit", icon="hourglass", word=_l("Belum menjawab")),
    "attending": Look("padi", icon="check", word=_l("Bersedia hadir")),
    "delegated": Look("nila", icon="corner-down-right", word=_l("Diwakilkan")),
    "declined": Look("abu", icon="x", word=_l("Tidak dapat hadir")),
    "outdated": Look("kunyit", icon="calendar-x", word=_l("Untuk jadwal lama")),
    "tentative": Look("kunyit", icon="hourglass", word=_l("Belum pasti")),
    "waiting": Look("abu", icon="clock", word=_l("Daftar tunggu")),
    "withdrawn": Look("abu", icon="ban", word=_l("Undangan ditarik")),
}
CONVENING = {
    "draft": Look("abu", icon="pencil-line", word=_l("Draf")),
    "announced": Look("nila", icon="megaphone", word=_l("Diumumkan")),
    "in_progress": Look("nila", icon="radio", word=_l("Berlangsung"), solid=True),
    "closed": Look("padi", icon="lock", word=_l("Ditutup")),
    "cancelled": Look("abu", icon="ban", word=_l("Dibatalkan")),
}
DELIVERY = {
    "waiting": Look("abu", icon="clock", word=_l("Menunggu dikirim")),
    "sending": Look("abu", icon="clock", word=_l("Sedang dikirim")),
    "sent": Look("nila", icon="send", word=_l("Terkirim")),
    "delivered": Look("padi", icon="mail-check", word=_l("Sampai")),
    "bounced": Look("bata", icon="mail-x", word=_l("Ditolak")),
    "suppressed": Look("bata", icon="ban", word=_l("Diblokir penyedia")),
    "reported": Look("kunyit", icon="circle-alert", word=_l("Dilaporkan sebagai spam")),
    "not_sent": Look("kunyit", icon="mail-warning", word=_l("Belum dikirim ke alamat ini")),
    "answered": Look("padi", icon="check", word=_l("Sudah menjawab")),
    "deferred": Look("kunyit", icon="mail-warning", word=_l("Ditahan")),
    "failed": Look("bata", icon="mail-x", word=_l("Gagal dikirim")),
    "no_address": Look("kunyit", icon="mail-question-mark", word=_l("Tanpa alamat")),
    "superseded": Look("abu", icon="minus", word=_l("Digantikan pesan lain")),
}
PRESENCE = {
    "admitted": Look("padi", icon="log-in", word=_l("Sudah masuk")),
    "already": Look("kunyit", icon="history", word=_l("Sudah masuk sebelumnya")),
    "provisional": Look("kunyit", icon="cloud-off", word=_l("Sementara")),
    "left": Look("abu", icon="log-out", word=_l("Sudah keluar")),
    "absent": Look("abu", icon="hourglass", word=_l("Belum hadir")),
    "refused": Look("bata", icon="octagon-x", word=_l("Ditolak di pintu")),
    "undone": Look("abu", icon="undo-2", word=_l("Dibatalkan")),
}
PLEDGE = {
    "draft": Look("abu", icon="pencil-line", word=_l("Draf")),
    "none": Look("abu", icon="circle-dashed", word=_l("Belum ditandatangani")),
    "offered": Look("kunyit", icon="hourglass", word=_l("Menunggu tanda tangan")),
    "signed": Look("padi", icon="check", word=_l("Ditandatangani")),
    "sealed": Look("padi", icon="badge-check", word=_l("Tersegel"), solid=True),
    "waiting_seal": Look("kunyit", icon="hourglass", word=_l("Menunggu segel")),
    "declined": Look("abu", icon="x", word=_l("Tidak menandatangani")),
    "withdrawn": Look("abu", icon="ban", word=_l("Dicabut")),
    "disputed": Look("bata", icon="circle-alert", word=_l("Disanggah")),
}
AFFIRMATION = {
    "not_asked": Look("abu", icon="circle-dashed", word=_l("Penerus belum ditanya")),
    "waiting": Look("kunyit", icon="hourglass", word=_l("Penerus belum menjawab")),
    "revoked": Look("abu", icon="ban", word=_l("Pertanyaan ditarik")),
    "reaffirmed": Look("padi", icon="check", word=_l("Ditegaskan kembali")),
    "amend": Look("nila", icon="pencil-line", word=_l("Diminta naskah baru")),
    "declined": Look("abu", icon="x", word=_l("Tidak dilanjutkan penerus")),
}
MEMBER = {
    "active": Look("padi", icon="check", word=_l("Masih anggota")),
    "left": Look("abu", icon="minus", word=_l("Sudah keluar")),
}
POLL = {
    "open": Look("nila", icon="hourglass", word=_l("Menunggu jawaban")),
    "decided": Look("padi", icon="check", word=_l("Ditetapkan")),
    "cancelled": Look("abu", icon="ban", word=_l("Dibatalkan")),
}
SAYS = {
    "yes": Look("padi", icon="check", word=_l("Bisa")),
    "if_needed": Look("nila", icon="circle-dot", word=_l("Bisa bila perlu")),
    "no": Look("bata", icon="x", word=_l("Tidak bisa")),
    "silent": Look("kunyit", icon="hourglass", word=_l("Belum menjawab")),
}
STATION = {
    "ready": Look("padi", icon="check", word=_l("Siap")),
    "waiting": Look("abu", icon="circle-dashed", word=_l("Belum terdaftar")),
    "revoked": Look("abu", icon="ban", word=_l("Dicabut")),
}

KINDS: dict[str, dict[str, Look]] = {
    "item": ITEM,
    "reply": REPLY,
    "convening": CONVENING,
    "delivery": DELIVERY,
    "presence": PRESENCE,
    "pledge": PLEDGE,
    "affirmation": AFFIRMATION,
    "member": MEMBER,
    "station": STATION,
    "poll": POLL,
    "says": SAYS,
}
FLAT = {"delivery", "presence", "station"}  # kinds that stand as plain text with an icon


def look(kind: str, value: object) -> Look:
    """Return how ``value`` of ``kind`` looks. Raises KeyError for a status nobody has named."""
    name = value.value if isinstance(value, Enum) else str(value)
    return KINDS[kind][name]


def is_flat(kind: str) -> bool:
    """Return whether statuses of ``kind`` are shown without the ground of a badge."""
    return kind in FLAT

MAIL_KINDS = {
    "invitation": _l("Surat undangan"),
    "invitation_update": _l("Perubahan acara"),
    "invitation_cancel": _l("Pembatalan acara"),
    "invitation_test": _l("Uji kirim undangan"),
    "reply_receipt": _l("Jawaban tercatat"),
    "deputy_link": _l("Tautan untuk wakil"),
    "poll_asked": _l("Pertanyaan tanggal"),
    "poll_reminder": _l("Pengingat pilihan tanggal"),
    "poll_cancelled": _l("Pencarian tanggal dibatalkan"),
    "link_again": _l("Tautan dikirim ulang"),
    "code": _l("Kode sekali pakai"),
    "password_link": _l("Tautan kata sandi"),
    "pledge_offer": _l("Naskah komitmen"),
    "pledge_receipt": _l("Tanda terima komitmen"),
    "pledge_notice": _l("Pemberitahuan komitmen"),
    "pledge_affirm": _l("Pertanyaan kepada penerus"),
    "closing_digest": _l("Ringkasan pertemuan"),
    "item_returned": _l("Tindak lanjut dikembalikan"),
    "reminder_reply": _l("Pengingat jawaban"),
    "announcement": _l("Pemberitahuan"),
    "reminder_coming": _l("Pengingat hadir"),
    "owner_link": _l("Tautan tindak lanjut"),
    "signing_code": _l("Kode tanda tangan"),
}


def mail_kind(kind: str) -> str:
    """Return what a kind of message is called; a kind without a name shows its code."""
    return str(MAIL_KINDS.get(kind, kind))
