"""What a name in braces stands for, for one reader in one language (cohorts.ground.braces)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import filters
from app import invitation_texts as texts
from app.extensions import settings
from app.mail.compose import page
from cohorts.convenings.chain import SeatState
from cohorts.convenings.own_texts import NAMES, Key
from cohorts.convenings.tables import Convening
from cohorts.ground import braces

ORDINALS = ("", "Pertama", "Kedua", "Ketiga", "Keempat", "Kelima", "Keenam", "Ketujuh",
            "Kedelapan", "Kesembilan", "Kesepuluh")
NAME_WORDS = {
    "jabatan": _l("jabatan yang diundang, dengan sebutan pemangkunya"),
    "daerah": _l("daerah atau instansi jabatan itu"),
    "tautan": _l("tautan jawaban pribadi jabatan itu"),
    "pertemuan": _l("pertemuan keberapa"),
    "acara": _l("judul pertemuan"),
    "kohort": _l("nama kohort"),
    "hari": _l("hari dan tanggal"),
    "pukul": _l("jam mulai, juga menurut zona waktu pembaca"),
    "tempat": _l("tempat dan alamat"),
    "pakaian": _l("pakaian"),
    "tenggat": _l("batas waktu menjawab"),
    "narahubung": _l("nama dan nomor narahubung"),
    "penyelenggara": _l("nama penyelenggara"),
}
assert tuple(NAME_WORDS) == NAMES
DEAD = "CONTOH"
"""What stands for a token in previews and tests: no link, so that nothing can be answered."""


@dataclass(frozen=True)
class Reader:
    """Who reads: the office, its region, the zone in which it reads hours, its own link."""

    office: str
    region: str
    zone: str | None
    link: str


def dead_link() -> str:
    """An address like a guest's own that opens nothing."""
    return page("invitation", DEAD)


def reader_of(state: SeatState, link: str, lang: str) -> Reader:
    """A guest as the reader of a text."""
    return Reader(
        texts.office_of(state, lang), texts.region_of(state, lang), state.timezone, link)


def nobody(lang: str) -> Reader:
    """An office that does not exist, for a preview before anybody is invited."""
    with force_locale(lang):
        return Reader(_("Bupati Contoh"), _("Kabupaten Contoh"), None, dead_link())


def values(convening: Convening, reader: Reader, lang: str) -> dict[str, str]:
    """Name -> what it stands for."""
    zone = convening.timezone
    found = {
        "jabatan": reader.office,
        "daerah": reader.region,
        "tautan": reader.link,
        "pertemuan": _number(convening, lang),
        "acara": texts.convening_title(convening, lang),
        "kohort": convening.cohort.name_en if lang == "en" else convening.cohort.name_id,
        "hari": texts.days(convening, lang),
        "pukul": filters.both_clocks(convening.starts_at, zone, reader.zone, lang),
        "tempat": texts.place(convening),
        "pakaian": convening.dress,
        "tenggat": filters.moment(convening.reply_by, zone, lang, reader.zone),
        "narahubung": ", ".join(
            part for part in (convening.contact_name, convening.contact_phone) if part),
        "penyelenggara": settings().organiser_name,
    }
    assert tuple(found) == NAMES
    return found


def filled(text: str, convening: Convening, reader: Reader, lang: str) -> str:
    """A text of a convening as one reader sees it."""
    return braces.fill(text, values(convening, reader, lang))


def chat(
    said: Mapping[Key, str], convening: Convening, state: SeatState, link: str, lang: str
) -> str:
    """The invitation as a WhatsApp message to one guest; ``said`` are the convening's texts."""
    return filled(said["chat", lang], convening, reader_of(state, link, lang), lang)


def mail_words(
    said: Mapping[Key, str], convening: Convening, reader: Reader, lang: str
) -> dict[str, list[list[str]]]:
    """What the invitation's mail says in the organisers' words: paragraphs of lines."""
    return {
        name: [
            paragraph.split("\n")
            for paragraph in filled(said[f"mail_{name}", lang], convening, reader, lang).split(
                "\n\n")
        ]
        for name in ("opening", "ending")
    }


def _number(convening: Convening, lang: str) -> str:
    """ "Pertemuan Ketiga", as a letter says it; in English "3rd convening"."""
    if lang == "en":
        return texts.convening_number(convening, lang)
    n = convening.number
    return f"Pertemuan {ORDINALS[n] if n < len(ORDINALS) else f'ke-{n}'}"
